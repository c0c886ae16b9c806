#!/usr/bin/env python3
"""Compares the choices of bayes_line with git_bayesect's rule.

A restatement of the rule from its description, in numpy and scipy; no code of
git_bayesect. On a line of n commits, the oldest first, with
culprit b: a test of commit i is bad with one unknown rate where i >= b, and
with another where i < b, both Beta(1/2, 1/2) beforehand. The posterior of b is
proportional to B(1/2 + bad, 1/2 + good) of the verdicts from b on, times the
same of those before b. What is tested is the commit whose verdict is expected
to leave the least entropy of the posterior.

    bayes_line [COMMITS [SEARCHES [MOST_TESTS]]] | bayes_line.py [COMMITS]

Prints how many choices agree (a choice whose expected entropy is within 1e-9
of the least is one of several that are as good) and the processor times of a
step. Exit
code 1 if a choice does not agree.
"""

import sys
import time

import numpy as np
from scipy.special import betaln, xlogy


def below_and_from(counts):
    """By culprit: the verdicts before it, and those from it on."""
    before = np.concatenate(([0.0], np.cumsum(counts)[:-1]))
    return before, counts.sum() - before


def expected_entropies(bad, good):
    """By candidate: the entropy expected after a test of it."""
    bad_before, bad_from = below_and_from(bad)
    good_before, good_from = below_and_from(good)
    log_posterior = betaln(0.5 + bad_from, 0.5 + good_from) + betaln(
        0.5 + bad_before, 0.5 + good_before
    )
    posterior = np.exp(log_posterior - log_posterior.max())
    posterior /= posterior.sum()
    # The next verdict: culprits up to the candidate have it among "from".
    bad_if_from = (0.5 + bad_from) / (1 + bad_from + good_from)
    bad_if_before = (0.5 + bad_before) / (1 + bad_before + good_before)
    expected = 0.0
    for if_from, if_before in (
        (bad_if_from, bad_if_before),
        (1 - bad_if_from, 1 - bad_if_before),
    ):
        below = posterior * if_from
        above = posterior * if_before
        chance = np.cumsum(below) + (above.sum() - np.cumsum(above))
        terms = np.cumsum(xlogy(below, below)) + (
            xlogy(above, above).sum() - np.cumsum(xlogy(above, above))
        )
        # chance * H(posterior after it) = -terms + chance * ln(chance)
        expected = expected + xlogy(chance, chance) - terms
    return expected


def main():
    commits = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    search, bad, good = None, None, None
    same = ties = steps = 0
    took = 0.0
    ours = None
    for line in sys.stdin:
        words = line.split()
        if words[0] == "us":
            ours = float(words[1])
            continue
        if words[0] != search:
            search = words[0]
            bad, good = np.zeros(commits), np.zeros(commits)
        chosen, verdict = int(words[1]), int(words[2])
        begin = time.process_time()
        expected = expected_entropies(bad, good)
        best = int(np.argmin(expected))
        took += time.process_time() - begin
        steps += 1
        if best == chosen:
            same += 1
        elif expected[chosen] - expected[best] < 1e-9:
            ties += 1
        else:
            print(
                f"search {search}: chose {chosen}, the rule {best}: "
                f"{expected[chosen]} against {expected[best]}"
            )
        (bad if verdict else good)[chosen] += 1
    theirs = took / steps * 1e6
    print(
        f"{steps} choices: {same} the same, {ties} others as good (ties), "
        f"{steps - same - ties} different; a step {theirs:.1f} us with numpy, "
        f"{ours:.2f} us ours: {theirs / ours:.0f} times"
    )
    sys.exit(0 if same + ties == steps else 1)


if __name__ == "__main__":
    main()
