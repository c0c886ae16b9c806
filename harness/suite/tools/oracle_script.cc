#include "harness/suite/tools/oracle_script.h"

#include <charconv>
#include <optional>
#include <utility>

namespace rebisect {
namespace {

constexpr std::string_view kHead = R"(#!/bin/sh
# Answers for a commit with an exit code, as `git bisect run` wants it: 0 is
# good, 125 cannot be tested, 128 and above end the search, others are bad.
# The commit is the first argument, or else the one that is checked out.
#
# The file `answers` beside this program has a line for each commit: its id,
# the code, and where the code differs at some visits, counted from 0,
# `<visit>:<code>` for each. The file `journal` there gets a line for each
# question: the commit and the code.

# Sets `id` to the commit that is checked out.
find_commit() {
)";

// BISECT_HEAD is where git says what to test without checking it out.
constexpr std::string_view kGitCommit =
    R"(  found=$(git rev-parse --git-dir HEAD)
  git_dir=${found%
*}
  id=${found##*
}
  if [ -f "$git_dir/BISECT_HEAD" ]; then read -r id <"$git_dir/BISECT_HEAD"; fi
)";

constexpr std::string_view kTail = R"(}

case $0 in
*/*) here=${0%/*} ;;
*) here=. ;;
esac
if [ $# -gt 0 ]; then id=$1; else find_commit; fi

known=
case $id in
'') id=unknown ;;
*[!0-9A-Za-z._/@^~-]*) id=unreadable ;;
*[!0-9a-f]*) ;;
*) known=$(grep "^$id " "$here/answers") ;;
esac

# The words of the line: id, code, exceptions. Commits with no line: 128.
# shellcheck disable=SC2086
set -- $known
code=${2:-128}
if [ $# -gt 2 ]; then
  visit=$(($(grep -c "^$id " "$here/journal") % 64))
  case $known in
  *" $visit:"*)
    code=${known##*" $visit:"}
    code=${code%% *}
    ;;
  esac
fi
printf '%s %s\n' "$id" "$code" >>"$here/journal"
exit "$code"
)";
static_assert(kVisitsInTable == 64);

/// The next line, without its end; `text` then begins after it.
std::string_view TakeLine(std::string_view& text) {
  const std::size_t end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return line;
}

std::optional<AskedQuestion> ReadQuestion(std::string_view line) {
  const std::size_t blank = line.find(' ');
  if (blank == 0 || blank == std::string_view::npos) return std::nullopt;
  AskedQuestion question;
  const char* end = line.data() + line.size();
  const auto [stop, error] =
      std::from_chars(line.data() + blank + 1, end, question.code);
  if (error != std::errc() || stop != end || question.code < 0 ||
      question.code > 255) {
    return std::nullopt;
  }
  question.commit = line.substr(0, blank);
  return question;
}

}  // namespace

std::string OracleScript(std::string_view commit_script) {
  std::string script(kHead);
  if (commit_script.empty()) {
    script += kGitCommit;
  } else {
    script += "  id=$(\n";
    script += commit_script;
    script += "\n)\n";
  }
  script += kTail;
  return script;
}

std::string AnswerTable(const ScenarioCase& scenario, std::uint32_t search) {
  const bool noisy = scenario.scenario->Noisy();
  std::string table;
  table.reserve(scenario.graph.size() * (CommitId::kHexSize + 5));
  for (Vertex v = 0; v < scenario.graph.size(); ++v) {
    const int code = scenario.codes[v];
    table += scenario.graph.Id(v).Hex();
    table += ' ';
    table += std::to_string(code);
    for (std::uint32_t visit = 0; noisy && visit < kVisitsInTable; ++visit) {
      const int drawn = scenario.CodeAt(v, visit, search);
      if (drawn == code) continue;
      table += ' ';
      table += std::to_string(visit);
      table += ':';
      table += std::to_string(drawn);
    }
    table += '\n';
  }
  return table;
}

std::vector<AskedQuestion> ReadJournal(std::string_view text) {
  std::vector<AskedQuestion> journal;
  while (!text.empty() && journal.size() < kMaxQuestions) {
    if (auto question = ReadQuestion(TakeLine(text))) {
      journal.push_back(*std::move(question));
    }
  }
  return journal;
}

}  // namespace rebisect
