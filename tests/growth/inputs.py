"""Inputs of any size, for the measurements of growth."""
import json
import pathlib
import subprocess
import sys

sys.path.append(str(pathlib.Path(__file__).parents[1] / "support"))
from import_dag import ENVIRONMENT, import_dag  # noqa: E402,F401


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
