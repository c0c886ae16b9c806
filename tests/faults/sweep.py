"""The faults that each workload meets."""

import collections
import dataclasses
import errno
import os
import pathlib
import shutil
import signal
import threading

import runs

# Fault, errno, calls. Those of the first table must not be noticed.
UNNOTICED = (
    ("EINTR", f"error:{errno.EINTR}",
     ("read", "stdin", "write", "stdout", "stderr", "poll", "wait")),
    ("short", "short:1", ("read", "stdin", "write", "stdout", "stderr")),
    ("stderr lost", f"error:{errno.EIO}", ("stderr",)),
)
ERRORS = (
    ("EIO", errno.EIO, ("read", "stdin", "write", "stdout", "open", "close",
                        "stat", "readdir", "fsync", "rename", "unlink",
                        "mkdir", "map", "truncate", "chmod")),
    ("ENOSPC", errno.ENOSPC, ("write", "stdout", "open", "mkdir", "fsync",
                              "rename", "truncate")),
    ("EACCES", errno.EACCES, ("open", "stat", "readdir", "mkdir", "unlink",
                              "rename", "chmod")),
    ("ENOMEM", errno.ENOMEM, ("memory", "map", "process", "thread")),
    ("EAGAIN", errno.EAGAIN, ("thread", "process")),
    ("EMFILE", errno.EMFILE, ("open", "pipe", "pidfd")),
)
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL)
AT_EACH = 6  # places of one kind of call, at most
AT_SIGNALS = 25
FEW = 8  # faults of a workload
SLOW = 1000  # calls, from which on a workload gets fewer faults
ROOMS = (0, 1 << 16, 1 << 18, 1 << 20, 4 << 20, 16 << 20, 64 << 20, 80 << 20,
         128 << 20, 160 << 20)
YEAR = 365 * 24 * 3600


def spread(count, most):
    """At most so many of 1..count, evenly, the first and the last with them."""
    if count <= most:
        return list(range(1, count + 1))
    if most == 1:
        return [(count + 1) // 2]
    return sorted({1 + (count - 1) * i // (most - 1) for i in range(most)})


@dataclasses.dataclass
class Injection:
    """A fault of one call."""
    work: object
    fault: str
    what: str
    unnoticed: bool = False
    signal: int = 0

    def run(self, bench):
        folder = bench.make_folder(self.work)
        ended = bench.run(self.work, folder, self.what)
        hit = [call for call in ended.calls if call.startswith("!")]
        # Threads may do less in another order. Sanitizers try out addresses by
        # writing to pipes of their own, and do not take it well.
        if not hit or (bench.sanitized and any(
                word.startswith("pipe") for word in hit[0][1:].split())):
            shutil.rmtree(folder)
            return None
        detail = f"{self.what} ({hit[0][1:]})"
        # libgit2 takes a short read of a file for an error.
        unnoticed = self.unnoticed and not (
            self.fault == "short" and any(" " in call and (
                "/history/" in call or ".git/" in call) for call in hit))
        return runs.Judge(bench, self.work, self.fault).judge(
            folder, detail, ended, unnoticed, self.signal,
            quiet=self.fault == "stderr lost")


@dataclasses.dataclass
class Surrounding:
    """A fault of what is around the program."""
    work: object
    fault: str
    options: dict
    judged: dict
    detail: str = ""

    def run(self, bench):
        folder = bench.make_folder(self.work)
        ended = bench.run(self.work, folder, **self.options)
        return runs.Judge(bench, self.work, self.fault).judge(
            folder, self.detail or self.fault, ended, **self.judged)


@dataclasses.dataclass
class FullDisk:
    """A small file system, that nobody else sees, for all that is written."""
    work: object
    size: str
    fault: str = "full disk"

    SCRIPT = """
        here=$PWD
        mount -t tmpfs -o size="$0" none "$here" && cd "$here" || exit 125
        cp -a "$here.before/." . && mkdir -p tmp || exit 125
        "$@"
        code=$?
        cp -a . "$here.after"
        exit $code"""

    def run(self, bench):
        folder = bench.make_folder(self.work)
        before = pathlib.Path(f"{folder}.before")
        after = pathlib.Path(f"{folder}.after")
        shutil.copytree(folder, before)
        ended = bench.run(
            self.work, folder, wrap=("unshare", "--map-root-user", "--mount",
                                     "sh", "-c", self.SCRIPT, self.size),
            found_in=after)
        shutil.rmtree(before)
        shutil.rmtree(folder)
        if ended.code == runs.CANNOT_TRACE or not after.exists():
            return None  # nothing can be mounted here
        return runs.Judge(bench, self.work, self.fault).judge(
            after, f"a disk of {self.size}", ended)


@dataclasses.dataclass
class Pieces:
    """Inputs that come by pipes, three bytes at a time."""
    work: object
    fault: str = "in pieces"

    def run(self, bench):
        folder = bench.make_folder(self.work)
        pipes = folder.with_suffix(".pipes")
        pipes.mkdir()
        words = bench.inputs.words(self.work)
        ended = threading.Event()
        feeders = []
        for i, word in enumerate(words[1:], 1):
            # A store is no stream, and a name ending in .gz tells nothing.
            if not word.startswith("/") or not os.path.isfile(word) or \
                    word.endswith(".sqlite"):
                continue
            pipe = pipes / pathlib.Path(word).name
            os.mkfifo(pipe)
            words[i] = str(pipe)
            feeders.append(threading.Thread(
                target=feed, args=(pipe, pathlib.Path(word), ended)))
        if not feeders:
            shutil.rmtree(folder)
            shutil.rmtree(pipes)
            return None
        for feeder in feeders:
            feeder.start()
        result = bench.run(self.work, folder, words=words)
        ended.set()
        for feeder in feeders:
            feeder.join()
        # What it prints names its inputs.
        result.out = result.out.replace(str(pipes).encode(),
                                        str(bench.inputs.folder).encode())
        result.state = {
            name: data and data.replace(str(pipes).encode(),
                                        str(bench.inputs.folder).encode())
            for name, data in result.state.items()}
        shutil.rmtree(pipes)
        return runs.Judge(bench, self.work, self.fault).judge(
            folder, self.fault, result, unnoticed=True)


def feed(pipe, source, ended):
    """Writes a file to whoever opens the pipe, once."""
    writer = None
    while writer is None and not ended.wait(0.005):
        try:
            writer = os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
        except OSError:
            continue
    if writer is None:
        return
    os.set_blocking(writer, True)
    data = source.read_bytes()
    # Small pieces at first; a large file would take long.
    try:
        for at in range(0, min(600, len(data)), 3):
            os.write(writer, data[at:min(at + 3, 600)])
        for at in range(600, len(data), 1000):
            os.write(writer, data[at:at + 1000])
    except OSError:
        pass
    os.close(writer)


def calls_of(usual):
    return collections.Counter(call.split(" ", 1)[0] for call in usual.calls)


def injections(work, usual):
    counts = calls_of(usual)
    slow = len(usual.calls) > SLOW
    at_each = 1 if slow else AT_EACH
    for fault, what, names in UNNOTICED:
        for name in names:
            for n in spread(counts[name], at_each):
                yield Injection(work, fault, f"{name}@{n}={what}", True)
            if counts[name] and fault == "short":
                yield Injection(work, fault, f"{name}@1+=short:7", True)
    for fault, number, names in ERRORS:
        for name in names:
            for n in spread(counts[name], at_each):
                yield Injection(work, fault, f"{name}@{n}=error:{number}")
                if not slow:  # and from there on
                    yield Injection(work, fault, f"{name}@{n}+=error:{number}")
    seen = collections.Counter()
    places = []
    for call in usual.calls:
        name = call.split(" ", 1)[0]
        seen[name] += 1
        places.append(f"{name}@{seen[name]}")
    for number in SIGNALS:
        for n in spread(len(places), AT_EACH if slow else AT_SIGNALS):
            yield Injection(work, number.name,
                            f"{places[n - 1]}=signal:{int(number)}", False,
                            int(number))
    yield Injection(work, "clock", f"clock={YEAR}", True)


def surroundings(bench, work, usual):
    def closed(number):
        words = bench.inputs.words(work)
        return {"words": ["sh", "-c", f'exec "$@" {number}>&-', "sh", *words]}

    no_output = {"out_lost": True, "must_fail": bool(usual.out)}
    yield Surrounding(work, "stdin closed", closed(0),
                      {"must_fail": bool(work.fed)})
    yield Surrounding(work, "stderr closed", closed(2),
                      {"unnoticed": True, "quiet": True})
    yield Surrounding(work, "stdout closed", closed(1), no_output)
    yield Surrounding(work, "stdout full",
                      {"stdout": os.open("/dev/full", os.O_WRONLY)}, no_output)
    reader, writer = os.pipe()
    os.close(reader)
    yield Surrounding(work, "pipe closed", {"stdout": writer},
                      {"signal": signal.SIGPIPE, "out_lost": True})
    largest = max([len(data) for data in usual.state.values() if data] + [0])
    for size in [0, 1, 100, 4096, largest // 2] if largest else []:
        yield Injection(work, "file limit", f"files={size}")
    for size in ["4k", "16k", "64k"] if largest else []:
        yield FullDisk(work, size)
    for size in ROOMS:
        yield Injection(work, "memory", f"room={size}")
    yield Pieces(work)


def cases_of(bench, work, few):
    """What happens to a workload: everything, or a little of each kind, not
    the same for every workload."""
    usual = bench.usual(work)
    cases = [*injections(work, usual), *surroundings(bench, work, usual)]
    if bench.sanitized:
        cases = [case for case in cases
                 if case.fault not in ("ENOMEM", "memory")]
    if not few:
        return cases
    first = sum(map(ord, work.name))
    some = 1 if len(usual.calls) > SLOW else FEW
    return [cases[(first + i * len(cases) // some) % len(cases)]
            for i in range(some)]
