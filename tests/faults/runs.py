"""One run of a workload, and what is wrong with how it ended."""

import dataclasses
import itertools
import pathlib
import re
import shutil
import subprocess

from workloads import SECONDS

CANNOT_TRACE = 125
HANGS = -1
OLD = b"what was there before\n"
# What differs between runs that nothing disturbed: how long they took.
TIMES = re.compile(rb'(seconds"?[:=] ?"?|time=")[0-9.e+-]+|[0-9.]+ (m?s)\b')
CRASHES = ("terminate called", "AddressSanitizer", "runtime error:",
           "internal error", "stack smashing", "Assertion")
# What is not final yet, as its names say: of ours, of libgit2 and of SQLite.
ASIDE = re.compile(r"(out\.[a-z.]+|made(\.git)?)\.[A-Za-z0-9]{6}(/|$)|tmp/|"
                   r"made\.git/.*(_git2_|\.lock$)|out\.sqlite-journal$")
# libgit2 notes in it what it found the file system to be able to do, and takes
# an error for something that it cannot do.
PROBED = "made.git/config"
# Where these fail for good, what is aside cannot be removed.
NEEDED_TO_REMOVE = re.compile(r"(unlink@|(open|stat|readdir)@\d+\+)")


@dataclasses.dataclass
class Ended:
    """How a run ended, and what is in its folder then."""
    code: int
    out: bytes
    message: str
    calls: list
    state: dict


@dataclasses.dataclass
class Outcome:
    work: str
    fault: str
    detail: str
    code: int
    message: str
    after: str
    complaints: list


def without_times(data):
    return TIMES.sub(b"", data)


def without_aside(state):
    return {name: data for name, data in state.items()
            if not ASIDE.match(name)}


def told_in_results(ended):
    """Pages may lack drawings, a commit-graph need not be used; `drive` answers
    with errors."""
    return ": note: the graphs of searches are not drawn: " in ended.message \
        or b" not used:" in ended.out or b'"state":"error"' in ended.out


def state_of(folder):
    """Everything in it: files with their bytes, folders with None."""
    state = {}
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if path.is_file():
            state[name] = b"" if name == PROBED else without_times(
                path.read_bytes())
        elif name not in ("tmp",):
            state[name] = None
    return state


class Bench:
    """Runs workloads, each in a folder of its own."""

    def __init__(self, inputs, inject, scratch):
        self.inputs = inputs
        self.scratch = scratch
        self._inject = inject
        self._numbers = itertools.count()
        program = pathlib.Path(inputs.program).read_bytes()
        # Sanitizers cannot do without memory.
        self.sanitized = b"__asan_init" in program or b"__tsan_" in program
        self._usual = {}

    def can_trace(self):
        log = str(self.scratch / "log")
        done = subprocess.run([self._inject, log, "none", "true"], check=False)
        return done.returncode != CANNOT_TRACE

    def make_folder(self, work):
        folder = self.scratch / f"run{next(self._numbers)}"
        (folder / "tmp").mkdir(parents=True)
        for name in work.old:
            (folder / name).write_bytes(OLD)
        return folder

    def usual(self, work):
        """The run that nothing disturbs."""
        if work.name not in self._usual:
            folder = self.make_folder(work)
            ended = self.run(work, folder, "none")
            assert ended.code in (0, 1), (work.name, ended.message)
            self._usual[work.name] = ended
            shutil.rmtree(folder)
        return self._usual[work.name]

    def run(self, work, folder, fault="none", wrap=(), fed=None, words=None,
            found_in=None, **streams):
        """`wrap` are words in front of the command; `found_in` is where to
        look at the folder afterwards; `streams` are those of subprocess.Popen
        where they are not the usual ones."""
        log = folder.with_suffix(".log")
        words = words or self.inputs.words(work)
        if fed is None:
            fed = (self.inputs.folder / work.fed).read_bytes() \
                if work.fed else b""
        process = subprocess.Popen(
            [*wrap, self._inject, str(log), fault, *words], cwd=folder,
            env={**self.inputs.variables, "TMPDIR": str(folder / "tmp")},
            **{"stdin": subprocess.PIPE, "stdout": subprocess.PIPE,
               "stderr": subprocess.PIPE, **streams})
        try:
            out, said = process.communicate(fed if process.stdin else None,
                                            timeout=SECONDS)
            code = process.returncode
        except subprocess.TimeoutExpired:
            process.kill()
            out, said = process.communicate()
            code = HANGS
        calls = log.read_text(errors="replace").splitlines() \
            if log.exists() else []
        log.unlink(missing_ok=True)
        return Ended(code, without_times(out or b""),
                     said.decode(errors="replace"), calls,
                     self._state(work, found_in or folder))

    def _state(self, work, folder):
        state = state_of(folder)
        if work.store and work.store in state:
            store = folder / work.store
            done = subprocess.run(
                [self.inputs.program, "results", "export", str(store),
                 "--format", "json"], capture_output=True, check=False,
                env=self.inputs.variables, timeout=SECONDS)
            state = {name: data for name, data in state.items()
                     if name != work.store + "-journal"}
            # A store without results yet is one, too.
            state[work.store] = done.stdout or done.stderr
        return state


class Judge:
    """Says what is wrong with a run that was disturbed."""

    def __init__(self, bench, work, fault):
        self.bench = bench
        self.work = work
        self.fault = fault

    def judge(self, folder, detail, ended, unnoticed=False, signal=0,
              out_lost=False, quiet=False, must_fail=False):
        """`unnoticed`: the run has to be as usual; `must_fail`: it has to end
        with an error; `signal`: what may end it;
        `out_lost`: the standard output went elsewhere; `quiet`: so did the
        standard error."""
        usual = self.bench.usual(self.work)
        complaints = []
        if signal == 9 or NEEDED_TO_REMOVE.match(detail):
            ended.state = without_aside(ended.state)
        whole = ended.code == usual.code and ended.state == usual.state and (
            out_lost or ended.out == usual.out)
        by_signal = signal and ended.code in (128 + signal, 130)
        if ended.code == HANGS:
            complaints.append("does not end")
        elif any(word in ended.message for word in CRASHES):
            complaints.append("crashes")
        elif must_fail and ended.code != 2:
            complaints.append("has to end with 2")
        elif ended.code == usual.code:
            if not whole and (unnoticed or not told_in_results(ended)):
                complaints.append("ends as usual without its results")
        elif unnoticed:
            complaints.append("has to end as usual")
        elif not by_signal:
            if ended.code == 1 and self.work.name.startswith("test"):
                pass  # a tool that is disturbed fails its test
            elif ended.code != 2:
                complaints.append("has to end with 2")
            elif not quiet and "error: " not in ended.message:
                complaints.append("says nothing of an error")
        if ended.state != usual.state:
            complaints += self._left_behind(ended, usual, signal, detail)
        again, after = self._again(folder, ended, usual, signal)
        complaints += again
        shutil.rmtree(folder, ignore_errors=True)
        message = re.sub(r"/\S*/(inputs/|run\d+(/|(?=\.large)))", "",
                         ended.message)
        return Outcome(self.work.name, self.fault, detail, ended.code,
                       message, after, complaints)

    def _left_behind(self, ended, usual, signal, detail):
        complaints = []
        for name, data in ended.state.items():
            if name in usual.state and data == usual.state[name]:
                continue
            if name in self.work.old and data == OLD:
                continue
            # A part of the results, or none yet.
            if name == self.work.store and (
                    data.startswith(b"{") or b"the store is empty" in data
                    or not data):
                continue
            if name in self.work.old and (
                    told_in_results(ended) or ended.code == 1):
                continue
            complaints.append(
                f"{name} is not whole" if name in usual.state
                else f"leaves {name} behind")
        for name in self.work.old:
            if name not in ended.state:
                complaints.append(f"{name} is lost")
        if self.work.made in ended.state and ended.code != usual.code:
            complaints.append(f"leaves a part of {self.work.made}")
        return complaints

    def _again(self, folder, ended, usual, signal):
        """Once more, and what is there afterwards in a word."""
        if ended.state == usual.state:
            return [], "whole"
        before = {name: OLD for name in self.work.old}
        after = "as before" if ended.state == before else "a part"
        if ended.state == before:
            return [], after
        again = self.bench.run(self.work, folder)
        if again.code == usual.code and \
                without_aside(again.state) == usual.state:
            return [], after + ", goes on"
        return [f"the same command afterwards: {again.code} {again.message}"], \
            after
