#pragma once

// Sources: diagnose_json.cc, diagnose_markdown.cc, diagnose_text.cc: a file
// for each format.

#include <optional>
#include <string>
#include <vector>

#include "harness/diagnose/culprit_findings.h"
#include "harness/diagnose/gate_decision.h"
#include "harness/graph/graph_source.h"
#include "harness/search/search_space.h"
#include "harness/text/terminal.h"
#include "oracle/diagnosis/diagnosis.h"
#include "scenarios/recording/recording.h"

namespace rebisect {

/// A diagnosis with what it is of. Borrows the recording and the graph.
struct DiagnosisReport {
  const Recording* recording = nullptr;
  GraphKind graph_kind = GraphKind::kRepository;
  const CommitGraph* graph = nullptr;
  LocatedSearch located{};
  Diagnosis diagnosis{};
  std::vector<CulpritFinding> culprit_findings{};
  std::string culprit_subject{};       ///< empty: not known
  std::optional<GateDecision> gate{};  ///< where a gate was given

  /// The record stops before an end.
  [[nodiscard]] bool InProgress() const;
  /// The first verdict of the search that is more likely wrong than right.
  [[nodiscard]] const VerdictFinding* Derailed() const;
  [[nodiscard]] const CommitEvidence& EvidenceOf(
      const VerdictFinding& finding) const {
    return located.evidence.commits[finding.commit];
  }
  /// What to do before building on the result, in a sentence; empty when
  /// nothing has to be done.
  [[nodiscard]] std::string Advice() const;
};

/// The commits of a group of suspects as arguments of `git rev-list`: those
/// below one tested commit and below none of the others named. Empty for what
/// cannot be said so.
[[nodiscard]] std::string RangeOf(const DiagnosisReport& report,
                                  std::size_t hypothesis);

/// "older than the range" and the like.
[[nodiscard]] std::string BesidesText(const std::string& name);

/// One object of schema rebisect.diagnose/1, in one line with its newline.
/// Numbers have six significant digits.
[[nodiscard]] std::string DiagnosisJson(const DiagnosisReport& report);

/// The report for a person.
[[nodiscard]] std::string DiagnosisText(const DiagnosisReport& report,
                                        const TerminalStyle& style);

/// For an issue or a mail (harness/text/markdown.h): the same figures.
[[nodiscard]] std::string DiagnosisMarkdown(const DiagnosisReport& report);

}  // namespace rebisect
