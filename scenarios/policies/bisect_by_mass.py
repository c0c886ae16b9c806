#!/usr/bin/env python3
"""A selection policy for rebisect: halve the probability, not the commits.

    select: ["exec:scenarios/policies/bisect_by_mass.py:error=0.1:stop=0.95"]

Every suspect has a probability of being the culprit, which each verdict
changes by Bayes' rule; `error` is how often a verdict is wrong. What is tested
is the commit that splits the probability most evenly. When one suspect has
more than `stop`, the search is over. scenarios/policies/README.md has the protocol
("Policies as programs"). Meant to be read, and for some thousand suspects.
"""

import json
import sys


def ancestors_of(parents):
    """By suspect: itself and all suspects that it contains. Parents come
    first."""
    ancestors = []
    for commit, its in enumerate(parents):
        union = {commit}
        for parent in its:
            union |= ancestors[parent]
        ancestors.append(union)
    return ancestors


class Search:
    def __init__(self, graph, error, stop):
        self.error = error
        self.stop = stop
        self.ancestors = ancestors_of(graph["parents"])
        self.prior = graph["prior"] or [1] * len(self.ancestors)
        self.untestable = set(graph["untestable"])
        for commit in self.untestable:
            self.prior[commit] = 0  # it touches nothing that is looked at

    def posterior(self, observations):
        mass = list(self.prior)
        for seen in observations:
            inside = self.ancestors[seen["commit"]]
            for culprit in range(len(mass)):
                right = (culprit in inside) == seen["bad"]
                mass[culprit] *= 1 - self.error if right else self.error
            total = sum(mass)  # never lets it underflow
            if total > 0:
                mass = [m / total for m in mass]
        total = sum(mass)
        return [m / total for m in mass] if total > 0 else mass

    def next(self, question):
        mass = self.posterior(question["observations"])
        best = max(range(len(mass)), key=lambda c: mass[c])
        closed = self.untestable | set(question["skipped"])
        candidates = []
        for commit in range(len(mass)):
            if commit not in closed:
                below = sum(mass[c] for c in self.ancestors[commit])
                if below < 1 - 1e-12:  # else its verdict says nothing
                    candidates.append((abs(below - 0.5), commit))
        if mass[best] >= self.stop or not candidates:
            return {"done": {"culprit": best, "confidence": min(1, mass[best])}}
        return {"test": [min(candidates)[1]]}


def main():
    hello = json.loads(sys.stdin.readline())
    if hello.get("rebisect") != "policy/1" or hello.get("kind") != "select":
        sys.exit("this is a selection policy; give it to --select")
    error = float(hello["parameters"].get("error", "0.05"))
    stop = float(hello["parameters"].get("stop", "0.95"))
    print(json.dumps({"rebisect": "policy/1"}), flush=True)
    search = None
    for line in sys.stdin:
        message = json.loads(line)
        if "graph" in message:
            search = Search(message["graph"], error, stop)
            continue
        answer = search.next(message)
        answer["id"] = message["id"]
        print(json.dumps(answer), flush=True)


main()
