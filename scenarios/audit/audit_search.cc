// The checks of a record that need no runs: counts, order, ends.

#include <cstddef>
#include <utility>

#include "scenarios/audit/audit_checks.h"
#include "scenarios/recording/recording_names.h"
#include "sim/base/text.h"

namespace rebisect::audit_checks {
namespace {

// Names such as tags cannot be compared with ids; those count as equal.
bool Differ(const std::string& a, const std::string& b) {
  return IsHexId(a) && IsHexId(b) && !SameCommit(a, b);
}

std::string Named(const std::vector<std::string>& commits) {
  if (commits.empty()) return "a commit";
  if (commits.size() > 1) {
    return std::to_string(commits.size()) + " commits at once";
  }
  return Short(commits.front());
}

// A mark against an earlier mark of the same commit.
void Repeated(const Move& move, int line, std::vector<Finding>* findings) {
  if (move.marked_before == 0 || !move.verdict.has_value()) return;
  const std::string before = std::string(ToString(move.verdict_before)) +
                             " at line " + std::to_string(move.marked_before);
  const std::string commit = Named(move.marked);
  if (move.verdict == move.verdict_before) {
    AddFinding(findings, Severity::kNote, "marked-twice", line,
               commit + " is marked again, as " + before);
  } else if (move.verdict == Verdict::kSkip ||
             move.verdict_before == Verdict::kSkip) {
    AddFinding(findings, Severity::kNote, "mark-revised", line,
               commit + " is marked " + std::string(ToString(*move.verdict)) +
                   ", after " + before);
  } else {
    AddFinding(findings, Severity::kError, "good-and-bad", line,
               commit + " is marked " + std::string(ToString(*move.verdict)) +
                   ", and was marked " + before);
  }
}

int MarkLine(const Recording& recording, const Move& move) {
  if (move.mark == kNoEvent) return move.line;
  return std::get<Mark>(recording.events[move.mark]).line;
}

// Syzkaller answers without a test where the bug cannot be there yet.
bool AnsweredWithoutTest(const Recording& recording, const Move& move) {
  if (move.proposal == kNoEvent || move.mark == kNoEvent) return false;
  for (std::size_t at = move.proposal; at < move.mark; ++at) {
    const auto* const remark = std::get_if<Remark>(&recording.events[at]);
    if (remark != nullptr &&
        remark->text.find("the bug was not introduced yet") == 0) {
      return true;
    }
  }
  return false;
}

// A proposal without an answer, though the record goes on: not the last of an
// unfinished search, nor one passed over for a commit of the user's choice.
bool AnswerIsMissing(const Recording& recording, const RecordedSearch& search,
                     std::size_t at) {
  const Move& move = search.moves[at];
  if (move.kind != MoveKind::kStep || move.verdict.has_value()) return false;
  if (at + 1 == search.moves.size()) {
    return recording.end.kind == EndKind::kCulprit;
  }
  return search.moves[at + 1].kind != MoveKind::kJump;
}

void CheckStep(const Recording& recording, const Move& move, bool has_tests,
               std::vector<Finding>* findings) {
  for (const std::size_t at : move.tests) {
    const auto& test = std::get<Test>(recording.events[at]);
    if (move.proposed && !move.commit.empty() &&
        !SameCommit(test.commit, move.commit)) {
      AddFinding(findings, Severity::kError, "test-of-other-commit", test.line,
                 Short(test.commit) + " is tested, but " + Short(move.commit) +
                     " was proposed at line " + std::to_string(move.line));
    }
  }
  if (!move.verdict.has_value()) return;
  if (move.tests.empty() && has_tests &&
      !AnsweredWithoutTest(recording, move)) {
    AddFinding(findings, Severity::kWarning, "mark-without-test",
               MarkLine(recording, move),
               Short(move.commit) + " is marked " +
                   std::string(ToString(*move.verdict)) + " without a test");
  }
}

}  // namespace

std::string Short(const std::string& commit) {
  constexpr std::size_t kDigits = 12;
  return IsFullId(commit) ? commit.substr(0, kDigits) : commit;
}

void Counts(const LogArithmetic& arithmetic, std::vector<Finding>* findings) {
  for (const ChainBreak& at : arithmetic.breaks) {
    switch (at.kind) {
      case ChainBreak::Kind::kContradiction:
        AddFinding(findings, Severity::kError, "counts-contradict", at.line,
                   at.reason);
        break;
      case ChainBreak::Kind::kJump:
        AddFinding(
            findings, Severity::kWarning, "counts-parted", at.line,
            at.reason + "; the counts below do not follow from those above");
        break;
      case ChainBreak::Kind::kMissing:
        AddFinding(findings, Severity::kNote, "counts-incomplete", at.line,
                   at.reason + "; the counts cannot be followed over it");
        break;
    }
  }
}

void Order(const Recording& recording, const RecordedSearch& search,
           std::vector<Finding>* findings) {
  bool has_tests = false;
  for (const Move& move : search.moves) {
    has_tests = has_tests || !move.tests.empty();
  }
  std::size_t unanswered = 0;
  int unanswered_line = 0;
  for (std::size_t i = 0; i < search.moves.size(); ++i) {
    const Move& move = search.moves[i];
    Repeated(move, MarkLine(recording, move), findings);
    if (move.kind == MoveKind::kStep) {
      CheckStep(recording, move, has_tests, findings);
      if (AnswerIsMissing(recording, search, i) && unanswered++ == 0) {
        unanswered_line = move.line;
      }
    } else if (move.kind == MoveKind::kJump && move.marked_before == 0) {
      AddFinding(
          findings, Severity::kWarning, "mark-of-other-commit", move.line,
          Named(move.marked) + " is marked " +
              std::string(ToString(move.verdict.value_or(Verdict::kSkip))) +
              ", which the search had not proposed");
    }
  }
  if (unanswered > 0) {
    AddFinding(findings, Severity::kWarning, "answers-missing", unanswered_line,
               std::to_string(unanswered) +
                   (unanswered == 1 ? " proposal has" : " proposals have") +
                   " no answer in the record (`git bisect run` prints none)");
  }
}

void Ends(const Recording& recording, const RecordedSearch& search,
          std::vector<Finding>* findings) {
  const End& end = recording.end;
  std::string last_bad = search.bad;
  bool incomplete = false;
  for (std::size_t i = 0; i < search.moves.size(); ++i) {
    const Move& move = search.moves[i];
    incomplete =
        incomplete || move.after_gap || AnswerIsMissing(recording, search, i);
    if (move.kind == MoveKind::kStart) last_bad = search.bad;
    if (move.verdict == Verdict::kBad && !move.marked.empty()) {
      last_bad = move.marked.back();
    }
  }
  // An answer that is not in the record may have been the one that matters.
  if (end.kind == EndKind::kCulprit && !incomplete &&
      Differ(last_bad, end.culprit)) {
    AddFinding(findings, Severity::kError, "culprit-not-implied", end.line,
               Short(end.culprit) +
                   " is named, but the last commit marked bad is " +
                   Short(last_bad));
  }
  if (end.kind == EndKind::kError) {
    AddFinding(findings, Severity::kWarning, "ended-in-error", end.line,
               "the recorder stopped with an error: " + end.message);
  } else if (end.kind == EndKind::kUnfinished) {
    AddFinding(findings, Severity::kNote, "unfinished", 0,
               "the record stops before an end");
  } else if (end.kind != EndKind::kCulprit) {
    AddFinding(
        findings, Severity::kNote, "no-culprit", end.line,
        "the search ended without a culprit: " + std::string(NameOf(end.kind)));
  }
  const Summary& summary = recording.summary;
  if (!summary.culprit_signature.empty() &&
      summary.culprit_signature == summary.parent_signature) {
    AddFinding(
        findings, Severity::kWarning, "same-signature", end.line,
        "the culprit and its parent build the same kernel; it cannot be what "
        "changed the outcome");
  }
  if (!recording.unknown.empty()) {
    const std::size_t count = recording.unknown.size();
    AddFinding(findings, Severity::kNote, "unknown-lines",
               recording.unknown.front().line,
               std::to_string(count) +
                   (count == 1 ? " line is" : " lines, from here on, are") +
                   " explained by no rule");
  }
}

}  // namespace rebisect::audit_checks
