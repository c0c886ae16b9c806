"""Keeps the documents true: runs their commands, and compares the sources that
they show.

usage: documents.py SOURCE PROGRAM SCRATCH DOCUMENT...

Every fenced block of a document says what it is:
  ```sh       commands; each has to exit with 0
  ```console  `$ COMMAND`, and below it what it prints on stdout
  ```text     nothing that can be checked
  any other   a part of a source

A command that ends in the comment `# exits N` has to exit with N. In what is
printed a line that is `...` stands for any lines, and `...` in a line for any
text; blank lines at the end do not count. A line that ends in a backslash, `|` or `&&` goes on in the next one, and
so does a here-document, to its end.

A comment in front of a block says more of it:
  <!-- not run: REASON -->   commands that no test can run
  <!-- file: PATH -->        a source: the block is this file, word for word
  <!-- part of: PATH -->     a source: the block stands in this file

The commands of a document run in order, each by a shell of its own, at the root
of a copy of SOURCE in SCRATCH, with PROGRAM as `rebisect`.
"""

import dataclasses
import difflib
import os
import pathlib
import re
import shutil
import subprocess
import sys

COMMANDS = ("sh", "console")
SOURCES = ("file", "part of")
MARKER = re.compile(r"<!-- (not run|file|part of): (.+) -->$")
HERE_DOCUMENT = re.compile(r"<<-?\s*['\"]?(\w+)")
EXITS = re.compile(r"\s# exits (\d+)$")
LIMIT_S = 300


class Fault(Exception):
    """Something in a document that is not so."""


@dataclasses.dataclass
class Block:
    document: str
    line: int  # of the fence, from 1
    language: str
    lines: list
    marker: tuple  # (kind, text), or ("", "")

    def fault(self, message, line=None):
        return Fault(f"{self.document}:{line or self.line}: error: {message}")


@dataclasses.dataclass
class Command:
    line: int
    text: str
    exits: int
    printed: list  # expected; None: whatever it is


def blocks_of(document, text):
    """The fenced blocks of a document, in order."""
    blocks = []
    lines = text.split("\n")
    at = 0
    while at < len(lines):
        line = lines[at]
        if line.startswith("    ") and not (at and lines[at - 1].strip()):
            raise Fault(f"{document}:{at + 1}: error: an indented block; fence "
                        "it with ```, and say what it is")
        if not line.startswith("```"):
            at += 1
            continue
        found = MARKER.match(lines[at - 1]) if at else None
        block = Block(document, at + 1, line[3:].strip(), [],
                      found.groups() if found else ("", ""))
        at += 1
        while at < len(lines) and lines[at] != "```":
            block.lines.append(lines[at])
            at += 1
        if at == len(lines):
            raise block.fault("this block has no end; close it with ```")
        at += 1
        blocks.append(block)
    return blocks


def joined(lines, number):
    """(line, command) of each command; `lines` begins at line `number`."""
    at = 0
    while at < len(lines):
        first = at
        text = lines[at]
        while at + 1 < len(lines) and text.rstrip().endswith(("\\", "|", "&&")):
            at += 1
            text += "\n" + lines[at]
        end = HERE_DOCUMENT.search(text)
        while end and at + 1 < len(lines):
            at += 1
            text += "\n" + lines[at]
            if lines[at].strip() == end.group(1):
                break
        at += 1
        if text.strip() and not text.lstrip().startswith("#"):
            yield number + first, text


def as_command(line, text, printed):
    exits = EXITS.search(text)
    return Command(line, text, int(exits.group(1)) if exits else 0, printed)


def commands_of(block):
    """The commands of a block, in order."""
    if block.language == "sh":
        return [as_command(line, text, None)
                for line, text in joined(block.lines, block.line + 1)]
    commands = []
    at = 0
    if not block.lines or not block.lines[0].startswith("$ "):
        raise block.fault("a console block begins with `$ ` and a command")
    while at < len(block.lines):
        end = at + 1
        while end < len(block.lines) and not block.lines[end].startswith("$ "):
            end += 1
        shown = [block.lines[at][2:]] + block.lines[at + 1:end]
        line, text = next(joined(shown, block.line + 1 + at))
        printed = shown[text.count("\n") + 1:]
        commands.append(as_command(line, text, printed))
        at = end
    return commands


def agrees(expected, printed):
    """Whether the lines printed are those expected, `...` taken for any."""
    parts = []
    for line in expected:
        if line.strip() == "...":
            parts.append(r"(?:.*\n)*?")
        else:
            parts.append(".*?".join(map(re.escape, line.split("..."))) + r"\n")
    return re.fullmatch("".join(parts), "".join(p + "\n" for p in printed))


def environment(scratch, program):
    """What a user has: a home, a name for git, and rebisect installed."""
    programs = scratch / "bin"
    programs.mkdir()
    for name in ("rebisect", "git-rebisect"):
        (programs / name).symlink_to(program)
    home = scratch / "home"
    home.mkdir()
    (home / ".gitconfig").write_text(
        "[user]\n\tname = A\n\temail = a@example.com\n"
        "[init]\n\tdefaultBranch = main\n")
    kept = {name: value for name, value in os.environ.items()
            if not name.startswith(("GIT_", "REBISECT_", "LC_", "XDG_"))}
    return {**kept, "PATH": f"{programs}:{os.environ['PATH']}",
            "HOME": str(home), "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C.UTF-8",
            "TERM": "dumb"}


def run_command(block, command, folder, variables):
    """Raises Fault when it does not do what the document says."""
    try:
        done = subprocess.run(
            ["sh", "-c", command.text], cwd=folder, env=variables,
            stdin=subprocess.DEVNULL, capture_output=True, timeout=LIMIT_S,
            check=False)
    except subprocess.TimeoutExpired as late:
        raise block.fault(f"does not end within {LIMIT_S} s: {command.text}",
                          command.line) from late
    output = done.stdout.decode(errors="replace")
    errors = done.stderr.decode(errors="replace")
    if done.returncode != command.exits:
        raise block.fault(
            f"exits with {done.returncode}, not {command.exits}: "
            f"{command.text}\n{output}{errors}", command.line)
    if command.printed is None:
        return
    expected = "\n".join(command.printed).rstrip("\n").split("\n")
    printed = output.rstrip("\n").split("\n")
    if not agrees(expected, printed):
        differences = "\n".join(difflib.unified_diff(
            expected, printed, "the document", "the program", lineterm="",
            n=1))
        raise block.fault(f"prints something else: {command.text}\n"
                          f"{differences}", command.line)


def check_source(block, source):
    """Raises Fault when the block is not what stands in its source."""
    kind, path = block.marker
    if kind not in SOURCES:
        raise block.fault(
            f"a block of {block.language or 'nothing'}; name the source it "
            "stands in (<!-- file: PATH -->), or make it sh, console or text")
    try:
        text = (source / path).read_text()
    except OSError as error:
        raise block.fault(f"{path}: {error.strerror}") from error
    shown = "".join(line + "\n" for line in block.lines)
    if kind == "file" and text != shown:
        differences = "\n".join(difflib.unified_diff(
            shown.split("\n"), text.split("\n"), block.document, path,
            lineterm="", n=1))
        raise block.fault(f"is not {path}:\n{differences}")
    if kind == "part of" and "\n" + shown not in "\n" + text:
        raise block.fault(f"does not stand in {path}")


def copy_of(source, scratch):
    """Copies the project into a folder of `scratch`, but for what is built and
    what git keeps."""
    def left_out(at, names):
        folder = pathlib.Path(at)
        return [name for name in names
                if name in (".git", ".cache", "__pycache__")
                or (folder == source and name.startswith("build"))
                or scratch.is_relative_to(folder / name)]
    folder = scratch / "rebisect"
    shutil.copytree(source, folder, ignore=left_out, symlinks=True)
    return folder


def check_document(source, program, scratch, document):
    """Runs and compares all of it; returns how many faults there were."""
    faults = []
    run, compared, left_out = 0, 0, []
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    folder = copy_of(source, scratch)
    variables = environment(scratch, program)
    blocks = blocks_of(document, (source / document).read_text())
    for block in blocks:
        try:
            if block.language == "text":
                continue
            if block.language not in COMMANDS or block.marker[0] in SOURCES:
                check_source(block, source)
                compared += 1
                continue
            commands = commands_of(block)
            if block.marker[0] == "not run":
                left_out += [(c, block.marker[1]) for c in commands]
                continue
            for command in commands:
                run += 1
                run_command(block, command, folder, variables)
        except Fault as fault:
            faults.append(str(fault))
    for fault in faults:
        print(fault)
    print(f"{document}: {run} commands run, {compared} sources compared, "
          f"{len(left_out)} commands left out:")
    for command, reason in left_out:
        print(f"  line {command.line}: {command.text} ({reason})")
    shutil.rmtree(scratch)
    return len(faults)


def main(arguments):
    if len(arguments) < 4:
        sys.exit(__doc__)
    source, program, scratch = map(pathlib.Path, arguments[:3])
    faults = 0
    for document in arguments[3:]:
        try:
            faults += check_document(source.resolve(), program.resolve(),
                                     scratch.resolve(), document)
        except Fault as fault:
            print(fault)
            faults += 1
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
