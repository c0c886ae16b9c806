#include "harness/replay/replay_words.h"

#include <algorithm>

#include "harness/replay/explain.h"
#include "harness/text/report_lines.h"
#include "scenarios/reconstruct/reconstruct.h"

namespace rebisect {
namespace {

std::string KindText(RecordingKind kind) {
  switch (kind) {
    case RecordingKind::kCause:
      return "search for the cause of a crash";
    case RecordingKind::kFix:
      return "search for a fix (git's good and bad are swapped)";
    case RecordingKind::kMarks:
      return "marks without runs";
  }
  return "";
}

std::string GraphText(const ReplayReport& report) {
  const std::string commits = Counted(report.graph_commits, "commit");
  switch (report.graph_kind) {
    case GraphKind::kReconstructed:
      return "reconstructed from the record, " + commits + ": " +
             std::string(ReconstructedParts(*report.recording));
    case GraphKind::kDag:
      return "real, from " +
             (report.graph_file.empty() ? "DAG text" : report.graph_file) +
             ", " + commits;
    case GraphKind::kMixed:
      return "real where it is known, reconstructed where it is not, " +
             commits;
    case GraphKind::kRepository:
      return "real, from the repository, " + commits + " loaded";
  }
  return "";
}

std::string GitText(const ReplayResult& result) {
  std::string git = "as " + GitNames(result.git);
  if (result.version_was_chosen) {
    git += result.agrees && result.tried_first
               ? " (tried first, and every step agrees)"
               : " (fits the record best)";
  }
  return git;
}

std::string OutcomeText(const ReplayResult& result) {
  const ReplayEnd& recorded = result.recorded;
  const ReplayEnd& replayed = result.replayed;
  switch (result.outcome) {
    case ReplayOutcome::kSameCulprit:
      return "the same culprit: " + replayed.culprit;
    case ReplayOutcome::kDifferentCulprit:
      return "another culprit: " + replayed.culprit +
             " (recorded: " + recorded.culprit + ')';
    case ReplayOutcome::kSameEnd:
      return "the same end: " + recorded.end +
             (replayed.culprit.empty() ? "" : ", at " + replayed.culprit);
    case ReplayOutcome::kDifferentEnd:
      return "another end: " + replayed.end + " (recorded: " + recorded.end +
             ')';
    case ReplayOutcome::kNeedsUntested:
      return "open: the record has no answer for " + result.untested +
             (result.suspects_left > 0
                  ? ", with " + Counted(result.suspects_left, "suspect") +
                        " left"
                  : "");
  }
  return "";
}

}  // namespace

ReplayWords WordsOf(const ReplayReport& report) {
  const ReplayResult& result = report.result;
  ReplayWords words;
  words.kind = KindText(report.recording->kind);
  words.graph = GraphText(report);
  words.git = GitText(result);
  words.outcome = OutcomeText(result);
  const auto agreeing =
      std::count_if(result.steps.begin(), result.steps.end(),
                    [](const ReplayStep& step) { return step.agrees; });
  words.steps = std::to_string(agreeing) + " of " +
                std::to_string(result.steps.size()) + " agree";
  if (const auto& truth = report.recording->truth) {
    words.truth =
        truth->judgement + (truth->note.empty() ? "" : ": " + truth->note);
  }
  return words;
}

std::string NameOfRelease(const ReleaseStep& release) {
  switch (release.test->purpose) {
    case TestPurpose::kRelease:
      return release.test->release;
    case TestPurpose::kHead:
      return "HEAD";
    default:
      return "start commit";
  }
}

std::string CountText(std::optional<std::int64_t> recorded,
                      std::optional<std::int64_t> here) {
  if (!recorded && !here) return "-";
  if (!recorded || recorded == here) return std::to_string(*here);
  return std::to_string(*recorded) + "!" + (here ? std::to_string(*here) : "-");
}

}  // namespace rebisect
