#!/usr/bin/env python3
"""A verdict policy for rebisect: bad after k crashes in n runs.

    rebisect whatif --verdict exec:scenarios/policies/k_of_n.py:k=2:n=10 LOG

Says the same as the built-in threshold. scenarios/policies/README.md has the protocol
("Policies as programs"): a JSON object a line, a question in, an answer out.
"""

import json
import sys


def judge(question, k, n):
    outcomes = [run["outcome"] for run in question["runs"]]
    if question["runs_alike"]:  # the record says "all runs", not how many
        outcomes = outcomes * 10
    if n > 0:
        outcomes = outcomes[:n]
    bad = outcomes.count("crashed")
    good = outcomes.count("ok")
    left = max(0, n - len(outcomes))
    usable = bad + good > 0 and 2 * (bad + good) >= len(outcomes) + left
    reason = "bad needs %d of %s" % (k, n if n > 0 else len(outcomes))
    if bad >= k:
        return {"verdict": "bad", "reason": reason}
    if bad + left < k and usable:
        return {"verdict": "good", "reason": reason}
    if left > 0:
        return {"verdict": "more-runs", "runs": left, "reason": reason}
    return {"verdict": "skip", "reason": "too few runs crashed or passed"}


def main():
    hello = json.loads(sys.stdin.readline())
    if hello.get("rebisect") != "policy/1" or hello.get("kind") != "verdict":
        sys.exit("this is a verdict policy; give it to --verdict")
    parameters = hello["parameters"]
    k = int(parameters.get("k", "2"))
    n = int(parameters.get("n", "10"))
    print(json.dumps({"rebisect": "policy/1"}), flush=True)
    for line in sys.stdin:
        question = json.loads(line)
        answer = judge(question, k, n)
        answer["id"] = question["id"]
        print(json.dumps(answer), flush=True)


main()
