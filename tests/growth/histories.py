#!/usr/bin/env python3
"""How time and memory grow with the history: a line a shape and size.

  histories.py REBISECT [--most N] [--git-seconds S] [--work DIR]

For made-up histories of 1,000, 10,000, 100,000 and 1,000,000 commits (or up to
N) of three shapes, whole processes, loading included:

  dag, dag.gz, repo  the next commit (`start` of `rebisect drive`), from DAG
                     text, from that packed, from a repository with a
                     commit-graph file
  git                `git rev-list --bisect` on that repository, while it takes
                     less than S seconds (300)
  tree               all culprits under git's rule (`rebisect simulate`)
  diagnose           a search with runs, replayed and judged
  page               the same as an HTML page

Behind each: seconds, peak memory in MiB, and how many times as much as for a
tenth of the commits. `ladder` is the shape on which weights take quadratic
time, here and in git. The histories and repositories are kept in DIR.
"""
import argparse
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

from inputs import ENVIRONMENT, experiment, import_dag, record_of

SHAPES = ["kernel", "git", "ladder"]


def measured(words, stdin="", seconds=None):
    """(seconds, MiB) of a command; None when it takes too long. Through `time`
    (Debian's package): a process that Python starts has Python's own peak."""
    with tempfile.NamedTemporaryFile("r") as peak:
        begin = time.monotonic()
        process = subprocess.Popen(
            ["/usr/bin/time", "-q", "-f", "%M", "-o", peak.name, *words],
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, text=True, env=ENVIRONMENT,
            start_new_session=True)
        try:
            _, errors = process.communicate(stdin, timeout=seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            return None
        took = time.monotonic() - begin
        if process.returncode not in (0, 1):
            sys.exit(f"{' '.join(words)}\nended with {process.returncode}\n"
                     f"{errors}")
        return took, int(peak.read()) / 1024


def measure(rebisect, shape, commits, folder, git_seconds):
    base = folder / f"{shape}-{commits}"
    dag, packed = f"{base}.dag", f"{base}.dag.gz"
    for path in (dag, packed):
        if not os.path.exists(path):
            subprocess.run([rebisect, "graph", "generate", shape, "--commits",
                            str(commits), "--out", path], check=True)
    repository = f"{base}.git"
    if not os.path.exists(repository):
        import_dag(dag, repository)
    record = pathlib.Path(f"{base}.yaml")
    record.write_text(record_of(rebisect, dag))
    trial = pathlib.Path(f"{base}-experiment.yaml")
    trial.write_text(experiment(shape, commits, "[git]"))
    start = "start refs/tags/bad refs/tags/good\n"
    yield "dag", measured([rebisect, "drive", "--dag", dag], start)
    yield "dag.gz", measured([rebisect, "drive", "--dag", packed], start)
    yield "repo", measured([rebisect, "drive", "--repo", repository], start)
    yield "git", git_seconds and measured(
        ["git", "-C", repository, "rev-list", "--bisect", "refs/tags/bad",
         "^refs/tags/good"], seconds=git_seconds)
    yield "tree", measured([rebisect, "simulate", str(trial)])
    yield "diagnose", measured([rebisect, "diagnose", "--dag", dag,
                                str(record)])
    page = f"{base}.html"
    yield "page", measured([rebisect, "diagnose", "--dag", dag, str(record),
                            "--html", page])


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("rebisect")
    parser.add_argument("--most", type=int, default=1_000_000)
    parser.add_argument("--git-seconds", type=float, default=300)
    parser.add_argument("--work", type=pathlib.Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = arguments.work or pathlib.Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        for shape in SHAPES:
            before, given_up = {}, set()
            commits = 1000
            while commits <= arguments.most:
                print(f"{shape}, {commits:,} commits")
                for name, figures in measure(
                        arguments.rebisect, shape, commits, folder,
                        0 if "git" in given_up else arguments.git_seconds):
                    if not figures:
                        given_up.add(name)
                        print(f"  {name:9} more than "
                              f"{arguments.git_seconds:g} s")
                        continue
                    seconds, memory = figures
                    ratio = ""
                    if name in before:
                        ratio = (f"  x {seconds / before[name][0]:6.1f}"
                                 f"  x {memory / before[name][1]:5.1f}")
                    before[name] = figures
                    print(f"  {name:9} {seconds:9.3f} s {memory:8.1f} MiB"
                          f"{ratio}", flush=True)
                commits *= 10


if __name__ == "__main__":
    main()
