#include <algorithm>
#include <utility>

#include "harness/text/report_lines.h"
#include "harness/whatif/whatif_report.h"
#include "harness/whatif/whatif_words.h"

namespace rebisect {
namespace {

constexpr int kStepColumns = 6;
constexpr int kCommitColumns = 16;
constexpr int kCellColumns = 14;

std::string Trimmed(std::string text) {
  text.erase(text.find_last_not_of(' ') + 1);
  return text;
}

bool Parts(const WhatifRecord& record, std::size_t row) {
  return record.first_divergence && record.first_divergence->step == row + 1;
}

/// The policies of one block of columns.
class MatrixBlock {
 public:
  MatrixBlock(const WhatifReport& report, const TerminalStyle& style,
              std::size_t first, std::size_t last)
      : report_(report), style_(style), first_(first), last_(last) {}

  std::string Write() {
    std::string head = PadLeft("step", kStepColumns) + "  " +
                       PadRight("commit", kCommitColumns) +
                       PadRight("record", 8);
    for (std::size_t p = first_; p < last_; ++p) {
      head += PadRight(std::string(1, LetterOf(p)), kCellColumns);
    }
    std::string text = style_.Dim(Trimmed(head)) + '\n';
    std::size_t rows = report_.steps.size();
    for (std::size_t p = first_; p < last_; ++p) {
      rows = std::max(rows, report_.results[p].record.steps.size());
    }
    for (std::size_t row = 0; row < rows; ++row) text += Row(row);
    text += PadLeft("end", kStepColumns) + "  " +
            PadRight(
                Fit(report_.culprit.empty() ? "-"
                                            : Printable(Short(report_.culprit)),
                    kCommitColumns - 1),
                kCommitColumns) +
            PadRight("", 8);
    for (std::size_t p = first_; p < last_; ++p) text += End(p);
    return Trimmed(std::move(text)) + '\n';
  }

 private:
  [[nodiscard]] std::string Row(std::size_t row) const {
    std::string commit = "-";
    std::string verdict = "-";
    if (row < report_.steps.size()) {
      const WhatifRecordedStep& step = report_.steps[row];
      commit = Fit(Printable(Short(step.commit)), kCommitColumns - 1);
      if (step.verdict) verdict = ToString(*step.verdict);
    }
    std::string text = PadLeft(std::to_string(row + 1), kStepColumns) + "  " +
                       PadRight(commit, kCommitColumns) + PadRight(verdict, 8);
    for (std::size_t p = first_; p < last_; ++p) text += Cell(p, row);
    return Trimmed(std::move(text)) + '\n';
  }

  [[nodiscard]] std::string Cell(std::size_t p, std::size_t row) const {
    const WhatifRecord& record = report_.results[p].record;
    std::string cell = StepText(record, row);
    cell = PadRight(Fit(Printable(cell), kCellColumns - 1), kCellColumns);
    return Parts(record, row) ? style_.Notice(cell) : cell;
  }

  [[nodiscard]] std::string End(std::size_t p) const {
    const std::string cell = EndText(report_.results[p].record);
    return PadRight(Fit(Printable(cell), kCellColumns - 1), kCellColumns);
  }

  const WhatifReport& report_;
  const TerminalStyle& style_;
  std::size_t first_;
  std::size_t last_;
};

}  // namespace

std::string StepText(const WhatifRecord& record, std::size_t row) {
  if (row >= record.steps.size()) return "";
  const WhatifStep& step = record.steps[row];
  if (!step.on_record) return "> " + step.verdict;
  return step.verdict + (Parts(record, row) ? " !" : "");
}

std::string EndText(const WhatifRecord& record) {
  switch (record.outcome) {
    case WhatifOutcome::kSameCulprit:
      return "the same";
    case WhatifOutcome::kDifferentCulprit:
    case WhatifOutcome::kCulprit:
      return Short(record.culprit);
    case WhatifOutcome::kSet:
      return "1 of " + std::to_string(record.suspects.size());
    case WhatifOutcome::kAborted:
    case WhatifOutcome::kOnlySkipped:
    case WhatifOutcome::kError:
      break;
  }
  return std::string(NameOf(record.outcome));
}

std::string WhatifMatrix(const WhatifReport& report,
                         const TerminalStyle& style) {
  std::string text;
  for (std::size_t p = 0; p < report.results.size(); ++p) {
    const WhatifPolicy& policy = report.results[p].policy;
    text += "  ";
    text += LetterOf(p);
    text += "  ";
    text += Printable(policy.policy);
    if (!policy.retry.empty()) text += ", " + Printable(policy.retry);
    if (policy.select != "recorded") text += ", " + Printable(policy.select);
    text += '\n';
  }
  text += "  ";
  text += kMatrixSigns;
  text += '\n';
  const int room = style.width - kStepColumns - 2 - kCommitColumns - 8;
  const auto columns =
      static_cast<std::size_t>(std::max(1, room / kCellColumns));
  for (std::size_t p = 0; p < report.results.size(); p += columns) {
    text += '\n';
    text += MatrixBlock(report, style, p,
                        std::min(p + columns, report.results.size()))
                .Write();
  }
  return text;
}

}  // namespace rebisect
