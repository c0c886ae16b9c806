#include "scenarios/logs/table_rows.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "scenarios/recording/recording_names.h"
#include "scenarios/recording/run_verdict.h"
#include "sim/base/text.h"

namespace rebisect {
namespace {

using std::string_view;

constexpr std::array<string_view, 6> kColumns = {
    "commit", "run", "outcome", "title", "seconds", "verdict"};

}  // namespace

std::optional<TableColumn> TableColumnNamed(string_view name) {
  const auto at = std::find(kColumns.begin(), kColumns.end(), name);
  if (at == kColumns.end()) return std::nullopt;
  return static_cast<TableColumn>(at - kColumns.begin());
}

std::vector<string_view> TableColumnNames() {
  return {kColumns.begin(), kColumns.end()};
}

TableRows::TableRows(const std::string& file, std::string format) {
  recording_.file = file;
  recording_.format = std::move(format);
  recording_.kind = RecordingKind::kCause;
}

tl::unexpected<Error> TableRows::Wrong(const TableField& field,
                                       std::string message) const {
  return Fail(ErrorCode::kInput, std::move(message),
              {recording_.file, field.line, field.column});
}

void TableRows::CloseTest() {
  if (!test_.has_value()) return;
  Mark mark;
  mark.verdict = verdict_.value_or(AnyCrashVerdict(CountRuns(test_->runs)));
  mark.commits.push_back(test_->commit);
  mark.line = test_->line;
  recording_.events.emplace_back(std::move(*test_));
  recording_.events.emplace_back(std::move(mark));
  test_.reset();
  verdict_.reset();
  run_numbers_.clear();
}

Result<void> TableRows::AddRunNumber(const TableField& field) {
  if (field.text.empty()) return {};
  const auto number = ToInt(field.text);
  if (!number.has_value() || *number < 0) {
    return Wrong(
        field, "'run' has to be a number from 0 on, not '" + field.text + "'");
  }
  if (!run_numbers_.insert(*number).second) {
    return Wrong(field, "run " + field.text + " of commit " + test_->commit +
                            " occurs twice; number the runs of a test apart");
  }
  return {};
}

Result<void> TableRows::AddVerdict(const TableField& field) {
  if (field.text.empty()) return {};
  std::optional<Verdict> verdict;
  for (const Verdict known : {Verdict::kGood, Verdict::kBad, Verdict::kSkip}) {
    if (field.text == ToString(known)) verdict = known;
  }
  if (!verdict.has_value()) {
    return Wrong(field, "'verdict' cannot be '" + field.text +
                            "'; known are good, bad, skip");
  }
  if (verdict_.has_value() && verdict_ != verdict) {
    return Wrong(field, "this row says " + field.text +
                            ", but a row above of the same test says " +
                            std::string(ToString(*verdict_)));
  }
  verdict_ = verdict;
  return {};
}

Result<void> TableRows::Add(const TableRow& row, int line) {
  const auto field = [&row, line](TableColumn column) {
    const auto found = row.find(column);
    return found == row.end() ? TableField{"", line, 1} : found->second;
  };
  const TableField commit = field(TableColumn::kCommit);
  if (commit.text.empty()) return Wrong(commit, "this row names no commit");
  const TableField outcome = field(TableColumn::kOutcome);
  const auto kind = RunOutcomeNamed(outcome.text);
  if (!kind.has_value()) {
    return Wrong(outcome, (outcome.text.empty()
                               ? std::string("this row has no outcome")
                               : "'outcome' cannot be '" + outcome.text + "'") +
                              SuggestWord(outcome.text, RunOutcomeNames()));
  }
  if (test_.has_value() && test_->commit != commit.text) CloseTest();
  if (!test_.has_value()) {
    test_.emplace();
    test_->commit = commit.text;
    test_->line = line;
  }
  auto numbered = AddRunNumber(field(TableColumn::kRun));
  if (!numbered.has_value()) return numbered;
  Run run;
  run.outcome = *kind;
  run.title = field(TableColumn::kTitle).text;
  const TableField seconds = field(TableColumn::kSeconds);
  if (!seconds.text.empty()) {
    run.seconds = ToDouble(seconds.text);
    if (!run.seconds.has_value() || *run.seconds < 0) {
      return Wrong(seconds, "'seconds' has to be a number from 0 on, not '" +
                                seconds.text + "'");
    }
  }
  test_->runs.push_back(std::move(run));
  return AddVerdict(field(TableColumn::kVerdict));
}

Result<Recording> TableRows::Finish() {
  CloseTest();
  if (recording_.events.empty()) {
    return Fail(ErrorCode::kInput,
                "the table has no rows; each run of a test is one row",
                {recording_.file, 1, 1});
  }
  return std::move(recording_);
}

}  // namespace rebisect
