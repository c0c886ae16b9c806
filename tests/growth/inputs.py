"""Inputs of any size, for the measurements of growth."""
import json
import os
import subprocess
import sys

ENVIRONMENT = dict(os.environ, LC_ALL="C", GIT_CONFIG_NOSYSTEM="1",
                   GIT_CONFIG_GLOBAL="/dev/null")


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


def experiment(shape, commits, select, more=""):
    """All culprits of a made-up history."""
    return (f"rebisect: experiment/1\nname: growth\ntrials: 1\n"
            f"graphs: {{generate: {shape}, commits: {commits}, seed: 1}}\n"
            "truths: every\nnoise: {false-bad: 0, false-good: 0}\n"
            f"select: {select}\n{more}")
