#!/usr/bin/env python3
"""What share of the lines the tests reach: by room, and of the readers.

  coverage.py LINES.JSON     (gcovr --json)

Readers are the sources that take apart what others wrote; those that are
reached least are listed. Exit code 1 when less than 95% of the readers' lines
or 90% of all are reached.
"""
import collections
import json
import re
import sys

READERS = re.compile(
    r"(sim|scenarios|oracle|harness)/.*/("
    r"commit_graph_file|dag_text|gzip|input|streamed_input"
    r"|commit_source|commit_text|loose_backend|pathspec|substitutions"
    r"|parse.*|git_record|git_words|syzkaller_.*|text_lines|crash_title"
    r"|c_comments|csv_reader|table_.*|yaml_.*|recording_yaml_read"
    r"|recording_names|policy_spec|tool_spec|suite_read.*|suite_fields"
    r"|history_source|truth_table|drawing|expression.*"
    r"|verdict_expression_read|model_priors|exec_protocol|noise_model"
    r"|.*_read|experiment_encoding|commit_table|manifest|result_store.*"
    r"|result_merge|drive|outcome_reader|known_failures|path_rules|fixes_tags"
    r"|packed_result|exec_selection|selection_policies)\.cc")
LEAST = {"readers": 95, "all": 90}


def main():
    with open(sys.argv[1]) as file:
        files = json.load(file)["files"]
    counts = collections.defaultdict(lambda: [0, 0])  # lines, reached
    single = {}
    for source in files:
        name = source["file"]
        lines = [line for line in source["lines"]
                 if not line.get("gcovr/noncode")]
        reached = sum(line["count"] > 0 for line in lines)
        rooms = [name.split("/")[0], "all"]
        if READERS.fullmatch(name):
            rooms.append("readers")
            single[name] = (100 * reached / max(len(lines), 1),
                            len(lines) - reached)
        for room in rooms:
            counts[room][0] += len(lines)
            counts[room][1] += reached
    failed = False
    for room in [*sorted(counts.keys() - LEAST.keys()), *LEAST]:
        lines, reached = counts[room]
        share = 100 * reached / max(lines, 1)
        wanted = LEAST.get(room)
        failed = failed or (wanted is not None and share < wanted)
        print(f"{room:10} {lines:7} lines {share:6.2f}% reached"
              + (f" (at least {wanted}%)" if wanted else ""))
    print("readers with the most lines that no test reaches:")
    for name, (share, missed) in sorted(
            single.items(), key=lambda item: -item[1][1])[:12]:
        if missed:
            print(f"  {name:44} {missed:4} lines, {share:5.1f}% reached")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
