"""Repositories that change while they are read: the program is held at a
call, something is done to the repository, and it goes on."""

import dataclasses
import shutil

import runs
import sweep
import workloads

COMMITS = 3000  # so that the files are many pages long
AT_EACH = 8

# What is done, and whether nobody may notice. A commit-graph is cut at the end
# of a page: what is missing in a page reads as zeros.
CHANGES = (
    ("repacked", "git repack -adq", True),
    ("gc", "git gc -q --prune=now", True),
    ("graph anew", "git commit-graph write --reachable --no-progress", True),
    ("graph split", "git commit-graph write --reachable --no-progress "
     "--split=replace", True),
    ("graph cut", "chmod u+w .git/objects/info/commit-graph && "
     "truncate -s 40960 .git/objects/info/commit-graph", False),
    ("graph gone", "rm .git/objects/info/commit-graph", False),
    ("pack cut", "chmod u+w .git/objects/pack/*.pack && "
     "truncate -s 5000 .git/objects/pack/*.pack", False),
    ("index cut", "chmod u+w .git/objects/pack/*.idx && "
     "truncate -s 5000 .git/objects/pack/*.idx", False),
    ("packs gone", "rm -f .git/objects/pack/*", False),
    ("all gone", "rm -rf .git", False),
)

WORKS = (
    workloads.line("repository: graph info", "graph info --repo @large --bad "
                   "HEAD --good v1"),
    workloads.line("repository: replay", "replay --repo @large @large.log"),
    workloads.line("repository: diagnose", "diagnose --repo @large "
                   "@large.log --error-rate 0.05"),
    workloads.line("repository: drive", "drive --repo @large", fed="commands"),
)


@dataclasses.dataclass
class Moment:
    work: object
    fault: str
    place: str
    command: str
    unnoticed: bool

    def run(self, bench):
        folder = bench.make_folder(self.work)
        copy = folder.with_suffix(".large")
        shutil.copytree(bench.inputs.path("large"), copy, symlinks=True)
        words = [str(copy) if word == bench.inputs.path("large") else word
                 for word in bench.inputs.words(self.work)]
        ended = bench.run(self.work, folder, words=words, fault=(
            f"{self.place}=run:cd '{copy}' && {{ {self.command}; }}"))
        hit = [call for call in ended.calls if call.startswith("!")]
        shutil.rmtree(copy)
        if not hit or "!failed" in hit[-1]:  # nothing there any more
            shutil.rmtree(folder)
            return None
        ended.out = ended.out.replace(str(copy).encode(),
                                      bench.inputs.path("large").encode())
        return runs.Judge(bench, self.work, self.fault).judge(
            folder, f"{self.fault} at {self.place} ({hit[0][1:]})", ended,
            self.unnoticed)


def places_of(usual, at_each):
    """Calls that concern the repository: some of each kind."""
    places = {}
    seen = {}
    mapped = []  # around the mapping of the commit-graph
    for call in usual.calls:
        name, about = call.split(" ", 1)
        seen[name] = seen.get(name, 0) + 1
        if "/large/" in about and name in ("open", "map", "read", "stat",
                                           "close"):
            places.setdefault(name, []).append(f"{name}@{seen[name]}")
            if about.endswith("/commit-graph"):
                mapped.append(f"{name}@{seen[name]}")
    some = {of_kind[n - 1]: None for of_kind in places.values()
            for n in sweep.spread(len(of_kind), at_each)}
    return [*some, *(place for place in mapped if place not in some)]


def make_large(inputs):
    git = workloads.make_history(inputs.folder / "large", COMMITS,
                                 inputs.variables)
    git("bisect", "start", "HEAD", "v1")
    git("bisect", "run", "sh", "-c",
        f"test $(git log -1 --format=%ct) -lt {1700000000 + 60 * 2000}")
    (inputs.folder / "large.log").write_text(git("bisect", "log"))
    git("bisect", "reset")
    git("checkout", "-q", "main")
    git("repack", "-adq")


def cases_of(bench, few):
    make_large(bench.inputs)
    cases = []
    for work in WORKS:
        places = places_of(bench.usual(work), AT_EACH)
        cases += [Moment(work, fault, place, command, unnoticed)
                  for fault, command, unnoticed in CHANGES
                  for place in places]
    if not few:
        return cases
    # One of each change, at the places of different calls.
    some = len(CHANGES)
    return [cases[(i * len(cases) // some + 7 * i) % len(cases)]
            for i in range(some)]
