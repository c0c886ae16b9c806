"""Lets reads, writes, memory, threads and the rest fail under every command,
and looks at what comes of it.

usage: faults.py SOURCE PROGRAM INJECT SCRATCH [--few] [--only WORDS]

INJECT makes one system call of a run go wrong (inject.cc). Each workload of
workloads.py is run once to see which calls it makes, and then with a fault at
every one of them, or, where they are many, at some spread evenly over them; in
addition with streams that are closed or full, with limits on memory and on the
size of files, on a full disk, and with inputs that come in small pieces.
moments.py changes repositories while they are read.

What has to hold each time:
  - no crash, no hang; an error is told ("error: ...") and ends with 2
  - the exit code of a run that nothing disturbed only with its results
  - no file under its final name that is not whole: the old or the new one
  - nothing else left behind (by SIGKILL only what has a name of its own)
  - the same command once more gives the results of an undisturbed run
Interrupted and short reads and writes, a clock that jumps, and what happens to
the standard error must not be noticed at all.

--few runs a small part of it, always the same, for ctest; without it a table
is printed. Exits with 1 when something was found, with 77 when programs may
not be traced here.
"""

import argparse
import concurrent.futures
import os
import pathlib
import shutil
import sys

import moments
import runs
import sweep
import table
import workloads

SKIPPED = 77


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    for name in ("source", "program", "inject", "scratch"):
        parser.add_argument(name, type=pathlib.Path)
    parser.add_argument("--few", action="store_true")
    parser.add_argument("--only", default="")
    given = parser.parse_args()
    scratch = given.scratch.resolve()
    shutil.rmtree(scratch, ignore_errors=True)
    inputs = workloads.Inputs(given.source.resolve(),
                              str(given.program.resolve()), scratch / "inputs")
    bench = runs.Bench(inputs, str(given.inject.resolve()), scratch)
    if not bench.can_trace():
        print("skipped: no program may be traced here")
        return SKIPPED
    works = [work for work in workloads.WORKLOADS if given.only in work.name]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as threads:
        cases = [case for found in threads.map(
            lambda work: sweep.cases_of(bench, work, given.few), works)
                 for case in found]
        if not given.only or given.only.startswith("repo"):
            cases += moments.cases_of(bench, given.few)
        outcomes = list(threads.map(lambda case: case.run(bench), cases))
    outcomes = [outcome for outcome in outcomes if outcome]
    if not given.few:
        table.print_table(outcomes)
    found = [outcome for outcome in outcomes if outcome.complaints]
    for outcome in found:
        print(f"\n{outcome.work}, {outcome.detail}: exit code {outcome.code}")
        for complaint in outcome.complaints:
            print(f"  {complaint}")
        for text in outcome.message.splitlines()[:3]:
            print(f"  said: {text}")
    print(f"{len(outcomes)} faults over {len({o.work for o in outcomes})} "
          f"workloads, {len(found)} not survived as they should be")
    if not found:
        shutil.rmtree(scratch)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
