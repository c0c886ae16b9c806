#include "scenarios/audit/audit.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "scenarios/audit/audit_checks.h"
#include "scenarios/recording/log_arithmetic.h"
#include "scenarios/recording/steps.h"

namespace rebisect {

std::string_view NameOf(Severity severity) {
  switch (severity) {
    case Severity::kError:
      return "error";
    case Severity::kWarning:
      return "warning";
    case Severity::kNote:
      return "note";
  }
  return "";
}

bool AuditReport::Holds() const {
  return std::none_of(findings.begin(), findings.end(), [](const Finding& f) {
    return f.severity == Severity::kError;
  });
}

void audit_checks::AddFinding(std::vector<Finding>* findings, Severity severity,
                              std::string code, int line, std::string message) {
  findings->push_back({severity, std::move(code), line, std::move(message)});
}

AuditReport Audit(const Recording& recording) {
  const RecordedSearch search = FindSteps(recording);
  const LogArithmetic arithmetic = CheckArithmetic(recording, search);
  AuditReport report;
  report.file = recording.file;
  report.format = recording.format;
  report.kind = recording.kind;
  report.steps = search.Steps().size();
  report.bad = search.bad;
  report.goods = search.goods;
  report.culprit = recording.end.culprit;
  report.end = recording.end.kind;
  report.chain_closes = arithmetic.closes;
  audit_checks::Counts(arithmetic, &report.findings);
  audit_checks::Order(recording, search, &report.findings);
  audit_checks::Releases(recording, &report.findings);
  audit_checks::Verdicts(recording, search, &report.findings);
  audit_checks::Titles(recording, search, &report.findings);
  audit_checks::Drift(recording, search, &report.findings);
  audit_checks::Rates(recording, search, &report.findings);
  audit_checks::Unusable(recording, &report.findings);
  audit_checks::Ends(recording, search, &report.findings);
  audit_checks::Outcome(recording, &report.findings);
  std::stable_sort(report.findings.begin(), report.findings.end(),
                   [](const Finding& a, const Finding& b) {
                     return std::tie(a.severity, a.line) <
                            std::tie(b.severity, b.line);
                   });
  return report;
}

}  // namespace rebisect
