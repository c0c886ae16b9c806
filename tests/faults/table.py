"""The table of faults and commands."""

import collections

WIDTH = 80


def print_table(outcomes):
    """A block a workload: how many of each fault, the exit codes, what is
    there afterwards, and a message."""
    by_work = collections.defaultdict(lambda: collections.defaultdict(list))
    for outcome in outcomes:
        by_work[outcome.work][outcome.fault].append(outcome)
    for work, faults in by_work.items():
        count = sum(len(found) for found in faults.values())
        print(f"\n{work}: {count} faults")
        print("  fault          n  exit codes     afterwards")
        for fault, found in faults.items():
            codes = collections.Counter(o.code for o in found)
            shown = " ".join(str(code) for code in sorted(codes))
            after = ", ".join(sorted({o.after for o in found}))
            print(f"  {fault:13}{len(found):3}  {shown:13}  {after}"[:WIDTH])
            said = next((o.message for o in found
                         if o.code not in (0, 1) and o.message), "")
            if said:
                print("      " + said.splitlines()[0][:WIDTH - 6])
