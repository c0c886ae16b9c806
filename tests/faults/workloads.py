"""What the faults are put to: a small piece of work for every command."""

import dataclasses
import os
import pathlib
import subprocess

SECONDS = 100  # that any run may take


@dataclasses.dataclass(frozen=True)
class Workload:
    """A command line, and what it leaves in the folder that it runs in.

    Words that begin with @ name an input. `old` are files that are there
    before, to be replaced; `made` is a folder that is made; `store` a file of
    SQLite's, compared by what it holds; `fed` the input that comes by the
    standard input.
    """
    name: str
    words: tuple
    old: tuple = ()
    made: str = ""
    store: str = ""
    fed: str = ""


def line(name, words, **more):
    return Workload(name, tuple(words.split()), **more)


WORKLOADS = (
    line("audit", "audit @004.yaml @bisect.log"),
    line("replay", "replay --repo @history - --html out.html", fed="bisect.log",
         old=("out.html",)),
    line("replay reconstructed", "replay @004.yaml @003.yaml"),
    line("replay dag", "replay --table csv --dag @oops.dag.gz @oops.yaml"),
    line("diagnose", "diagnose --repo @history @bisect.log --error-rate 0.05 "
         "--html out.html", old=("out.html",)),
    line("diagnose gate", "diagnose --table text --gate @gate.yaml @003.yaml "
         "@004.yaml"),
    line("evaluate", "evaluate @003.yaml @004.yaml"),
    line("truth", "truth --repo @history @bisect.log --out out.tsv",
         old=("out.tsv",)),
    line("fit", "fit @003.yaml @004.yaml -o out.yaml", old=("out.yaml",)),
    line("whatif", "whatif --verdict any-crash,majority @003.yaml --html "
         "out.html", old=("out.html",)),
    line("drive", "drive --repo @history", fed="commands"),
    line("convert", "convert @bisect.log --out out.yaml", old=("out.yaml",)),
    line("reconstruct", "reconstruct @small.yaml --into made.git",
         made="made.git"),
    line("graph info", "graph info --repo @history --bad HEAD --good v1"),
    line("graph show", "graph show --repo @history --bad HEAD --good v1"),
    line("graph export", "graph export --repo @history @bisect.log --out "
         "out.dag.gz", old=("out.dag.gz",)),
    line("graph generate", "graph generate kernel --commits 300 --out out.dag",
         old=("out.dag",)),
    line("report", "report @results.jsonl - --html out.html",
         fed="results.jsonl", old=("out.html",)),
    line("simulate", "simulate @e.yaml -j 2 --html out.html",
         old=("out.html",)),
    line("simulate store", "simulate @e.yaml -j 2 --store out.sqlite",
         store="out.sqlite"),
    line("reproduce", "reproduce @manifest.yaml --store out.sqlite",
         store="out.sqlite"),
    line("results list", "results list @store.sqlite"),
    line("results show", "results show @store.sqlite --html out.html",
         old=("out.html",)),
    line("results export", "results export @store.sqlite --format csv --out "
         "out.csv", old=("out.csv",)),
    line("results merge", "results merge out.sqlite @part1.sqlite "
         "@part2.sqlite", store="out.sqlite"),
    line("test", "test @suite.yaml --tool git --tool driver --junit out.xml "
         "--html out.html", old=("out.xml", "out.html")),
    line("test against", "test --against git --cases 2 --commits 8"),
    line("suite export", "suite export made @suite.yaml", made="made"),
)

EXPERIMENT = """\
rebisect: experiment/1
name: small
block-trials: 8
trials: 48
graphs: {generate: kernel, commits: 40, seed: 3}
noise: {name: v, false-bad: 0.05, false-good: 0.02}
select: [git, facf]
"""

SUITE = """\
rebisect: suite/1
about: Small searches.
scenarios:
  - name: line
    about: A line of commits.
    graph: a-b-c-d
    bug: c
    expect: {culprit: c, exit: 0}
  - name: merge
    about: A commit with two parents.
    graph: "a-b-d; a-c-d"
    bug: c
    expect: {culprit: c, exit: 0}
"""


def fast_import(commits):
    """A history with merges and files, as git fast-import reads it."""
    lines = []
    for i in range(1, commits + 1):
        message = f"change {i}\n"
        if i == commits - 3:
            message = f"mend {i}\n\nFixes: ffffffffffff (\"change\")\n"
        lines += ["commit refs/heads/main", f"mark :{i}",
                  f"committer A <a@example.com> {1700000000 + 60 * i} +0000",
                  f"data {len(message)}", message.rstrip("\n"), ""]
        if i > 1:
            lines.append(f"from :{i - 1}")
        if i % 7 == 0:
            lines.append(f"merge :{i - 3}")
        lines += [f"M 100644 inline file{i % 5}", f"data {len(str(i))}",
                  str(i), ""]
    lines += ["reset refs/tags/v1", "from :1", ""]
    return "\n".join(lines)


def make_history(folder, commits, variables):
    def git(*words, **more):
        return subprocess.run(["git", *words], check=True, env=variables,
                              capture_output=True, text=True, **more).stdout
    git("init", "-q", "-b", "main", str(folder))
    git("-C", str(folder), "fast-import", "--quiet",
        input=fast_import(commits))
    git("-C", str(folder), "reset", "-q", "--hard")
    git("-C", str(folder), "repack", "-adq")
    git("-C", str(folder), "commit-graph", "write", "--reachable")
    return lambda *words: git("-C", str(folder), *words)


class Inputs:
    """The files that workloads read, made once in a folder."""

    def __init__(self, source, program, folder):
        self.folder = folder
        self.program = program
        folder.mkdir(parents=True)
        home = folder / "home"
        home.mkdir()
        kept = {name: value for name, value in os.environ.items()
                if not name.startswith(("GIT_", "REBISECT_", "LC_", "XDG_"))}
        # Leaks cannot be looked for in a process that is traced already.
        self.variables = {
            **kept, "HOME": str(home), "LC_ALL": "C.UTF-8", "TERM": "dumb",
            "GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_NAME": "A",
            "GIT_AUTHOR_EMAIL": "a@example.com", "GIT_COMMITTER_NAME": "A",
            "GIT_COMMITTER_EMAIL": "a@example.com",
            "ASAN_OPTIONS": kept.get("ASAN_OPTIONS", "") + ":detect_leaks=0"}
        self._copy(source)
        self._history()
        self._results()

    def path(self, name):
        return str(self.folder / name)

    def _run(self, *words):
        done = subprocess.run([self.program, *words], cwd=self.folder,
                              env=self.variables, capture_output=True,
                              text=True, check=False, timeout=SECONDS)
        if done.returncode not in (0, 1):
            raise RuntimeError(f"{words}: {done.stderr}")
        return done.stdout

    def _put(self, name, text):
        (self.folder / name).write_text(text)

    def _copy(self, source):
        recorded = source / "scenarios" / "recorded"
        for name, path in (
                ("003.yaml", next(recorded.glob("003*"))),
                ("004.yaml", next(recorded.glob("004*"))),
                ("oops.yaml", recorded / "git-oops-2.42.yaml"),
                ("oops.dag.gz", recorded / "git-oops-2.42.dag.gz"),
                ("gate.yaml", source / "scenarios/gates/maintainers.yaml")):
            (self.folder / name).write_bytes(pathlib.Path(path).read_bytes())

    def _history(self):
        git = make_history(self.folder / "history", 40, self.variables)
        git("bisect", "start", "HEAD", "v1")
        git("bisect", "run", "sh", "-c",
            "test $(git log -1 --format=%ct) -lt 1700001600")
        self._put("bisect.log", git("bisect", "log"))
        git("bisect", "reset")
        git("checkout", "-q", "main")
        self._put("commands", "start HEAD v1\ngood\nbad\nlog\nreset\n")
        self._put("small.yaml", self._run("convert", "bisect.log"))

    def _results(self):
        self._put("results.jsonl",
                  self._run("replay", "--format", "json", "003.yaml") +
                  self._run("diagnose", "--format", "json", "003.yaml"))
        self._put("e.yaml", EXPERIMENT)
        self._put("suite.yaml", SUITE)
        self._run("simulate", "e.yaml", "--store", "store.sqlite")
        for part in ("1", "2"):
            self._run("simulate", "e.yaml", "--shard", f"{part}/2", "--store",
                      f"part{part}.sqlite")
        self._run("results", "export", "store.sqlite", "--format", "manifest",
                  "--out", "manifest.yaml")

    def words(self, workload):
        return [self.program] + [
            self.path(word[1:]) if word.startswith("@") else word
            for word in workload.words]
