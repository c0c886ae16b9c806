#!/usr/bin/env python3
"""How time and memory grow with the history: a line a shape and size.

  growth.py REBISECT [--most N] [--git-seconds S] [--work DIR]

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
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

SHAPES = ["kernel", "git", "ladder"]
ENVIRONMENT = dict(os.environ, LC_ALL="C", GIT_CONFIG_NOSYSTEM="1",
                   GIT_CONFIG_GLOBAL="/dev/null")


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


def fast_import(dag, repository):
    """A bare repository of the DAG text, with packed objects, the refs good
    and bad, and a commit-graph file."""
    lines, refs = [], []
    with open(dag) as text:
        for line in text:
            words = line.split()
            if len(words) == 2 and words[1].startswith("refs/"):
                refs.append(words)
            elif words and not words[0].startswith("#"):
                lines.append(words)
    lines.sort(key=lambda words: int(words[1]))  # parents are older
    run = lambda *words: subprocess.run(
        ["git", "-C", repository, *words], check=True, env=ENVIRONMENT)
    subprocess.run(["git", "init", "-q", "--bare", repository], check=True,
                   env=ENVIRONMENT)
    marks = {}
    git = subprocess.Popen(
        ["git", "-C", repository, "fast-import", "--quiet", "--force"],
        stdin=subprocess.PIPE, env=ENVIRONMENT, text=True)
    for words in lines:
        marks[words[0]] = len(marks) + 1
        git.stdin.write(
            "commit refs/heads/made\n"
            f"mark :{marks[words[0]]}\n"
            f"committer A U Thor <author@example.com> {words[1]} +0000\n"
            f"data 40\n{words[0]}\n")
        if len(words) == 2:
            # A root has no parent, whatever the branch held before.
            git.stdin.write("deleteall\n")
        for i, parent in enumerate(words[2:]):
            git.stdin.write(f"{'merge' if i else 'from'} :{marks[parent]}\n")
        git.stdin.write("\n")
    for commit, name in refs:
        git.stdin.write(f"reset {name}\nfrom :{marks[commit]}\n\n")
    git.stdin.close()
    if git.wait() != 0:
        sys.exit("git fast-import failed")
    run("commit-graph", "write", "--reachable")


def record_of(rebisect, dag):
    """A search with runs, as a recording: every third commit is bad."""
    drive = subprocess.Popen(
        [rebisect, "drive", "--dag", dag, "--format", "json"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def answer(command):
        drive.stdin.write(command + "\n")
        drive.stdin.flush()
        return json.loads(drive.stdout.readline())

    text = ["rebisect: recording/1", "name: growth", "format: syzkaller",
            "kind: cause", "events:",
            "  - start: {bad: refs/tags/bad, goods: [refs/tags/good]}"]
    state = answer("start refs/tags/bad refs/tags/good")
    steps = 0
    while state["state"] == "testing":
        steps += 1
        bad = steps % 3 == 0
        runs = ["crashed"] * 4 + ["ok"] * 6 if bad else ["ok"] * 10
        text += [
            f"  - {{next: {state['next']}, "
            f"revisions_left: {state['revisions_left']}, "
            f"steps_left: {state['steps_left']}}}",
            f"  - test: {state['next']}",
            "    runs:",
            *("      - {outcome: crashed, title: BUG}" if run == "crashed" else
              "      - {outcome: ok}" for run in runs)]
        word = "bad" if bad else "good"
        text.append(f"  - {word}: [{state['next']}]")
        state = answer(word)
    drive.stdin.close()
    drive.wait()
    text += ["end:", "  kind: culprit", f"  culprit: {state['culprit']}"]
    return "\n".join(text) + "\n"


def experiment(shape, commits):
    return (f"rebisect: experiment/1\nname: growth\ntrials: 1\n"
            f"graphs: {{generate: {shape}, commits: {commits}, seed: 1}}\n"
            "truths: every\nnoise: {false-bad: 0, false-good: 0}\n"
            "select: [git]\n")


def measure(rebisect, shape, commits, folder, git_seconds):
    base = folder / f"{shape}-{commits}"
    dag, packed = f"{base}.dag", f"{base}.dag.gz"
    for path in (dag, packed):
        if not os.path.exists(path):
            subprocess.run([rebisect, "graph", "generate", shape, "--commits",
                            str(commits), "--out", path], check=True)
    repository = f"{base}.git"
    if not os.path.exists(repository):
        fast_import(dag, repository)
    record = pathlib.Path(f"{base}.yaml")
    record.write_text(record_of(rebisect, dag))
    trial = pathlib.Path(f"{base}-experiment.yaml")
    trial.write_text(experiment(shape, commits))
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
