#!/usr/bin/env python3
"""Makes a bare git repository of a graph as text.

  import_dag.py DAG[.gz] REPOSITORY

The message of each commit is its id in the text. The refs are those of the
text, and refs/heads/tip-N for each commit without children; a commit-graph
file covers all.
"""
import gzip
import os
import subprocess
import sys

ENVIRONMENT = dict(os.environ, LC_ALL="C", GIT_CONFIG_NOSYSTEM="1",
                   GIT_CONFIG_GLOBAL="/dev/null")


def read_dag(path):
    """{id: (date, parents)} and [(id, ref)]."""
    commits, refs = {}, []
    with (gzip.open if path.endswith(".gz") else open)(path, "rt") as text:
        for line in text:
            words = line.split()
            if not words or words[0].startswith("#"):
                continue
            if words[1].startswith("refs/"):
                refs.append((words[0], words[1]))
            else:
                commits[words[0]] = (words[1], words[2:])
    return commits, refs


def parents_first(commits):
    done = set()
    for begin in commits:
        stack = [begin]
        while stack:
            waiting = [p for p in commits[stack[-1]][1] if p not in done]
            if stack[-1] in done or not waiting:
                commit = stack.pop()
                if commit not in done:
                    done.add(commit)
                    yield commit
            else:
                stack += waiting


def import_dag(dag, repository):
    commits, refs = read_dag(dag)
    tips = set(commits)
    for _, parents in commits.values():
        tips.difference_update(parents)
    refs += [(tip, f"refs/heads/tip-{i}") for i, tip in enumerate(sorted(tips))]
    run = lambda *words, **options: subprocess.run(
        ["git", "-C", repository, *words], check=True, env=ENVIRONMENT,
        **options)
    subprocess.run(["git", "init", "-q", "--bare", repository], check=True,
                   env=ENVIRONMENT)
    stream, marks = [], {}
    for commit in parents_first(commits):
        date, parents = commits[commit]
        marks[commit] = len(marks) + 1
        # Without it a root would follow what the branch held before.
        if not parents:
            stream.append("reset refs/import\n\n")
        stream.append(f"commit refs/import\nmark :{marks[commit]}\n"
                      f"committer A U Thor <author@example.com> {date} +0000\n"
                      f"data 40\n{commit}\n")
        for i, parent in enumerate(parents):
            stream.append(f"{'merge' if i else 'from'} :{marks[parent]}\n")
        stream.append("\n")
    for commit, ref in refs:
        stream.append(f"reset {ref}\nfrom :{marks[commit]}\n\n")
    run("fast-import", "--quiet", "--force", input="".join(stream).encode())
    run("update-ref", "-d", "refs/import")
    run("commit-graph", "write", "--reachable")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: import_dag.py DAG[.gz] REPOSITORY")
    import_dag(sys.argv[1], sys.argv[2])
