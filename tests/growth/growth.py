#!/usr/bin/env python3
"""Whether the work of every command grows as scenarios/README.md says.

  growth.py REBISECT [NAME...]

Each command runs on inputs of n, 4n and 16n units (lines, commits, cells, ...)
under valgrind, which counts instructions: the same on every machine, loaded or
not. With I(n) = a + b * n^k the exponent k is log4 of (I(16n) - I(4n)) /
(I(4n) - I(n)). Beside it the memory that a unit more takes, from the peaks at
larger inputs. Both have bounds; exit code 1 where one is passed, 77 where there is no
valgrind.
"""
import dataclasses
import hashlib
import math
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from typing import Callable

from inputs import ENVIRONMENT, experiment, import_dag, record_of

LINEAR = 1.2  # with a logarithm
SQUARE = 2.1
RECORDING = (pathlib.Path(__file__).parents[2] /
             "scenarios/recorded/003_9e5a8c403dd9519c.yaml")
FACTORS = (1, 4, 16)
REFS = re.compile(r"I +refs: +([\d,]+)")


@dataclasses.dataclass
class Workload:
    name: str
    unit: str
    n: int
    exponent: float  # at most
    memory: int  # bytes a unit, at most
    make: Callable  # (Inputs, n) -> words after `rebisect`
    stdin: Callable = lambda n: ""
    # The peaks of memory are compared at inputs so much larger than n: the
    # system gives memory out in pieces of up to 2 MiB.
    peaks_at: tuple = (16, 128)


def sha(*words):
    return hashlib.sha1(" ".join(map(str, words)).encode()).hexdigest()


class Inputs:
    """Files of one workload and size, in a folder of their own."""

    def __init__(self, rebisect, folder):
        self.rebisect, self.folder = rebisect, folder

    def file(self, name, text):
        path = self.folder / name
        path.write_text(text)
        return str(path)

    def run(self, *words):
        """Prepares; its exit code is not what is measured."""
        return subprocess.run([self.rebisect, *words], check=False, text=True,
                              stdout=subprocess.PIPE, env=ENVIRONMENT).stdout

    def dag(self, commits, shape="kernel"):
        path = str(self.folder / "made.dag")
        self.run("graph", "generate", shape, "--commits", str(commits),
                 "--out", path)
        return path

    def search(self, commits, shape="kernel"):
        """(graph, record)."""
        dag = self.dag(commits, shape)
        return dag, self.file("record.yaml", record_of(self.rebisect, dag))

    def repository(self, commits):
        path = str(self.folder / "made.git")
        import_dag(self.dag(commits), path)
        return path

    def corpus(self, records):
        folder = self.folder / "corpus"
        folder.mkdir()
        for i in range(records):
            shutil.copy(RECORDING, folder / f"r{i}.yaml")
        return str(folder)

    def store(self, cells):
        """Results of so many cells, two culprits each."""
        rates = ", ".join(f"{{name: n{i}, false-bad: {i}e-7, false-good: 0}}"
                          for i in range(cells))
        text = ("rebisect: experiment/1\nname: growth\ntrials: 2\n"
                "graphs: {generate: linear, commits: 8, seed: 1}\n"
                f"truths: {{sample: 2}}\nnoise: [{rates}]\nselect: [git]\n")
        path = str(self.folder / "results.sqlite")
        self.run("simulate", "-j", "1", "--store", path,
                 self.file("experiment.yaml", text))
        return path


def syzkaller(tests):
    """A log of so many tests on the way to a culprit."""
    lines = [f"bisecting cause commit starting from {sha(0)}",
             f"building syzkaller on {sha('tool')}"]

    def test(i, crashed):
        lines.append(f"testing commit {sha(i)} with gcc (GCC) 10.2.1")
        lines.append("all runs: crashed: KASAN: use-after-free in f"
                     if crashed else "all runs: OK")

    test(0, True)
    lines.append("testing release v5.1")
    test(1, False)
    lines.append(f"# git bisect start {sha(0)} {sha(1)}")
    for i in range(2, tests):
        lines.append(f"Bisecting: {min(2 ** (tests - i), 10 ** 6) - 1} revisions left "
                     f"to test after this (roughly {tests - i} steps)")
        lines.append(f"[{sha(i)}] subject")
        test(i, i % 3 == 0)
        word = "bad" if i % 3 == 0 else "good"
        lines.append(f"# git bisect {word} {sha(i)}")
    culprit = (tests - 1) // 3 * 3  # the last that is bad
    lines.append(f"{sha(culprit)} is the first bad commit")
    return "\n".join(lines) + "\n"


def git_log(marks):
    return "".join(["git bisect start\n", f"git bisect bad {sha(0)}\n"] +
                   [f"# good: [{sha(i)}] subject\ngit bisect good {sha(i)}\n"
                    for i in range(1, marks)])


def transcript(marks):
    return "".join(
        [f"$ git bisect start {sha(0)} {sha(1)}\n"] +
        [f"Bisecting: {marks - i} revisions left to test after this (roughly 5 "
         f"steps)\n[{sha(i)}] subject\n$ git bisect good\n"
         for i in range(2, marks)])


def recording(runs):
    return ("rebisect: recording/1\nname: runs\nformat: syzkaller\nkind: cause\n"
            f"events:\n  - test: {sha(0)}\n    runs:\n" +
            "      - {outcome: ok}\n      - {outcome: crashed, title: BUG}\n"
            * (runs // 2))


def table(rows):
    return "commit,outcome,title\n" + f"{sha(0)},crashed,BUG\n" * rows


def suite(scenarios):
    return ("rebisect: suite/1\nname: growth\nscenarios:\n" + "".join(
        f"  - name: s{i}\n    graph: n0..n8\n    bug: n4\n"
        "    expect: {culprit: n4}\n" for i in range(scenarios)))


def skips(n):
    return "start refs/tags/bad refs/tags/good\n" + "skip\n" * n


START = "start refs/tags/bad refs/tags/good\n"

WORKLOADS = [
    Workload("audit syzkaller", "test", 100, LINEAR, 6000,
             lambda i, n: ["audit", i.file("log.txt", syzkaller(n))]),
    Workload("audit git log", "mark", 500, LINEAR, 3000,
             lambda i, n: ["audit", i.file("x.log", git_log(n))]),
    Workload("audit transcript", "mark", 500, LINEAR, 4000,
             lambda i, n: ["audit", i.file("x.txt", transcript(n))]),
    Workload("audit YAML", "run", 500, LINEAR, 4000,
             lambda i, n: ["audit", i.file("x.yaml", recording(n))]),
    Workload("audit unknown lines", "line", 1000, LINEAR, 1000,
             lambda i, n: ["audit", i.file(
                 "x.txt", syzkaller(9) + "what is this?\n" * n)]),
    Workload("convert", "test", 100, LINEAR, 8000,
             lambda i, n: ["convert", i.file("log.txt", syzkaller(n))]),
    Workload("convert --from csv", "row", 500, LINEAR, 3000,
             lambda i, n: ["convert", "--from", "csv",
                           i.file("x.csv", table(n))]),
    Workload("drive --dag", "commit", 2500, LINEAR, 400,
             lambda i, n: ["drive", "--dag", i.dag(n)], lambda n: START),
    Workload("drive --repo", "commit", 1250, LINEAR, 500,
             lambda i, n: ["drive", "--repo", i.repository(n)],
             lambda n: START,
             peaks_at=(16, 64)),
    Workload("drive, ladder", "commit", 1000, SQUARE, 400,
             lambda i, n: ["drive", "--dag", i.dag(n, "ladder")],
             lambda n: START,
             peaks_at=(16, 64)),
    Workload("drive, skips", "skip", 12, LINEAR, 3000,
             lambda i, n: ["drive", "--dag", i.dag(2000)], skips),
    Workload("replay --dag", "commit", 2500, LINEAR, 700,
             lambda i, n: ["replay", "--dag", *i.search(n)]),
    Workload("replay", "commit", 2500, LINEAR, 700,
             lambda i, n: ["replay", i.search(n)[1]]),
    Workload("diagnose --dag", "commit", 2500, LINEAR, 900,
             lambda i, n: ["diagnose", "--dag", *i.search(n)]),
    Workload("diagnose --html", "commit", 2500, LINEAR, 900,
             lambda i, n: ["diagnose", "--dag", *i.search(n), "--html",
                           str(i.folder / "page.html")]),
    Workload("whatif --dag", "commit", 1000, LINEAR, 2000,
             lambda i, n: ["whatif", "--verdict", "majority", "--dag",
                           *i.search(n)]),
    Workload("diagnose --table", "record", 1, LINEAR, 60000,
             lambda i, n: ["diagnose", "-j", "1", "--table", "csv",
                           i.corpus(n)],
             peaks_at=(16, 64)),
    Workload("fit", "record", 1, LINEAR, 60000,
             lambda i, n: ["fit", i.corpus(n)],
             peaks_at=(16, 64)),
    Workload("evaluate", "record", 1, LINEAR, 60000,
             lambda i, n: ["evaluate", "-j", "1", i.corpus(n)],
             peaks_at=(16, 64)),
    Workload("truth", "commit", 1000, LINEAR, 2000,
             lambda i, n: ["truth", "--repo", i.repository(n), str(RECORDING)],
             peaks_at=(16, 64)),
    Workload("graph info", "commit", 2500, LINEAR, 500,
             lambda i, n: ["graph", "info", "--dag", i.dag(n), "--bad",
                           "refs/tags/bad", "--good", "refs/tags/good"]),
    Workload("graph show", "commit", 2500, LINEAR, 900,
             lambda i, n: ["graph", "show", "--dag", i.dag(n), "--bad",
                           "refs/tags/bad", "--good", "refs/tags/good"]),
    Workload("graph export", "commit", 2500, LINEAR, 700,
             lambda i, n: ["graph", "export", "--dag", i.dag(n), "--bad",
                           "refs/tags/bad", "--good", "refs/tags/good"]),
    Workload("graph generate", "commit", 2500, LINEAR, 700,
             lambda i, n: ["graph", "generate", "git", "--commits", str(n)]),
    Workload("reconstruct", "commit", 1000, LINEAR, 1500,
             lambda i, n: ["reconstruct", i.search(n)[1], "--into",
                           tempfile.mkdtemp(dir=i.folder)],
             peaks_at=(16, 64)),
    Workload("simulate, all culprits", "commit", 1000, LINEAR, 900,
             lambda i, n: ["simulate", "-j", "1", i.file(
                 "x.yaml", experiment("kernel", n, "[git, best]"))]),
    Workload("simulate, posterior", "commit", 125, LINEAR, 3000,
             lambda i, n: ["simulate", "-j", "1", i.file(
                 "x.yaml", experiment("kernel", n, "[git]").replace(
                     "every", "{sample: 4}").replace(
                     "[git]", '["bayes-entropy:false-bad=0.1:'
                     'false-good=0.1:stop=0.9"]'))]),
    Workload("results show", "cell", 12, LINEAR, 40000,
             lambda i, n: ["results", "show", i.store(n)],
             peaks_at=(4, 16)),
    Workload("results export", "cell", 12, LINEAR, 40000,
             lambda i, n: ["results", "export", "--format", "csv", i.store(n)],
             peaks_at=(4, 16)),
    Workload("results export, json", "cell", 12, LINEAR, 40000,
             lambda i, n: ["results", "export", "--format", "json",
                           i.store(n)],
             peaks_at=(4, 16)),
    Workload("results merge", "cell", 12, LINEAR, 40000,
             lambda i, n: ["results", "merge", tempfile.mktemp(
                 dir=i.folder), i.store(n)],
             peaks_at=(4, 16)),
    Workload("report", "record", 1, LINEAR, 400000,
             lambda i, n: ["report", i.file("x.jsonl", i.run(
                 "replay", "--format", "json", i.corpus(n))), "--html",
                 str(i.folder / "page.html")],
             peaks_at=(16, 64)),
    Workload("test", "scenario", 5, LINEAR, 40000,
             lambda i, n: ["test", "-j", "1", i.file("x.yaml", suite(n))]),
    Workload("suite export", "scenario", 5, LINEAR, 40000,
             lambda i, n: ["suite", "export", tempfile.mktemp(dir=i.folder),
                           i.file("x.yaml", suite(n))]),
]


def instructions(words, stdin):
    ended = subprocess.run(
        ["valgrind", "--tool=cachegrind", "--cache-sim=no",
         "--cachegrind-out-file=/dev/null", *words],
        input=stdin, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        check=False, text=True, env=ENVIRONMENT)
    found = REFS.search(ended.stderr)
    if ended.returncode not in (0, 1) or not found:
        raise RuntimeError(f"{' '.join(words)}: exit {ended.returncode}\n"
                           f"{ended.stderr}")
    return int(found[1].replace(",", ""))




def peak_bytes(words, stdin):
    """From `time` (Debian's package): Python's own peak is its children's."""
    with tempfile.NamedTemporaryFile("r") as peak:
        subprocess.run(
            ["/usr/bin/time", "-q", "-f", "%M", "-o", peak.name, *words],
            input=stdin, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            check=False, text=True, env=ENVIRONMENT)
        return int(peak.read()) * 1024


def measure(rebisect, workload):
    def run(count, factor):
        n = workload.n * factor
        with tempfile.TemporaryDirectory() as folder:
            words = workload.make(Inputs(rebisect, pathlib.Path(folder)), n)
            return count([rebisect, *words], workload.stdin(n))

    few, more, most = (run(instructions, factor) for factor in FACTORS)
    exponent = math.log(max(most - more, 1) / max(more - few, 1), 4)
    each = (most - more) / ((FACTORS[2] - FACTORS[1]) * workload.n)
    low, high = workload.peaks_at
    memory = run(peak_bytes, high) - run(peak_bytes, low)
    return exponent, each, memory / ((high - low) * workload.n)


def main():
    rebisect, names = sys.argv[1], sys.argv[2:]
    for program in ("valgrind", "time", "git"):
        if not shutil.which(program):
            print(f"no {program}: nothing is measured")
            sys.exit(77)
    workloads = [w for w in WORKLOADS if not names or w.name in names]
    print("command                 unit           n   exponent    "
          "instructions       bytes\n"
          "                                        (at most)    "
          "    a unit       a unit")
    failed = False
    with ThreadPoolExecutor(2) as pool:
        for workload, (exponent, each, memory) in zip(
                workloads, pool.map(lambda w: measure(rebisect, w),
                                    workloads)):
            wrong = exponent > workload.exponent or memory > workload.memory
            failed = failed or wrong
            print(f"{workload.name:23} {workload.unit:8} {FACTORS[-1] * workload.n:7} "
                  f"{exponent:5.2f} ({workload.exponent:.1f}) {each:14,.0f} "
                  f"{memory:8,.0f} ({workload.memory:,})"
                  f"{'  TOO MUCH' if wrong else ''}", flush=True)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
