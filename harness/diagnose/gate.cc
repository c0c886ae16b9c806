#include "harness/diagnose/gate.h"

#include <algorithm>

#include "scenarios/recording/steps.h"

namespace rebisect {
namespace {

template <typename T>
bool Among(const std::vector<T>& wanted, const T& one) {
  return wanted.empty() ||
         std::find(wanted.begin(), wanted.end(), one) != wanted.end();
}

/// Whether any of `there` is wanted.
bool AnyAmong(const std::vector<std::string>& wanted,
              const std::vector<std::string>& there) {
  return wanted.empty() ||
         std::any_of(there.begin(), there.end(), [&](const std::string& code) {
           return Among(wanted, code);
         });
}

bool NamesCulprit(const DiagnosisReport& report) {
  return report.recording->end.kind == EndKind::kCulprit;
}

std::vector<std::string> CodesOfReasons(const DiagnosisReport& report) {
  std::vector<std::string> codes;
  for (const std::string& reason : report.diagnosis.reasons) {
    codes.push_back(CodeOf(reason));
  }
  return codes;
}

std::vector<std::string> CodesOfFindings(const DiagnosisReport& report) {
  std::vector<std::string> codes;
  for (const CulpritFinding& finding : report.culprit_findings) {
    codes.push_back(finding.code);
  }
  return codes;
}

}  // namespace

std::string_view NameOf(GateAction action) {
  switch (action) {
    case GateAction::kSend:
      return "send";
    case GateAction::kHold:
      return "hold";
    case GateAction::kRetest:
      return "retest";
    case GateAction::kDrop:
      break;
  }
  return "drop";
}

std::string_view NameOf(GateClaim claim) {
  return claim == GateClaim::kIntroduces ? "introduces" : "first-shows";
}

std::string CodeOf(std::string_view reason) {
  return std::string(reason.substr(0, reason.find(':')));
}

bool Gate::Fits(const Rule& rule, const DiagnosisReport& report) {
  const Diagnosis& diagnosis = report.diagnosis;
  return Among(rule.conclusions, diagnosis.conclusion) &&
         Among(rule.kinds, report.recording->kind) &&
         Among(rule.graphs, report.graph_kind) &&
         AnyAmong(rule.reasons, CodesOfReasons(report)) &&
         AnyAmong(rule.findings, CodesOfFindings(report)) &&
         rule.in_progress.value_or(report.InProgress()) ==
             report.InProgress() &&
         rule.culprit.value_or(NamesCulprit(report)) == NamesCulprit(report) &&
         diagnosis.result >= rule.least_posterior &&
         (!rule.largest_set || diagnosis.credible.size <= *rule.largest_set);
}

GateDecision Gate::Decide(const DiagnosisReport& report,
                          const std::optional<std::string>& truth) const {
  GateDecision decision;
  decision.code = "no-rule";
  const auto rule =
      std::find_if(rules_.begin(), rules_.end(),
                   [&](const Rule& one) { return Fits(one, report); });
  if (rule != rules_.end()) {
    decision.action = rule->action;
    decision.code = rule->code;
  }
  if (NamesCulprit(report) && report.recording->kind != RecordingKind::kFix) {
    decision.claim = truth && SameCommit(report.recording->end.culprit, *truth)
                         ? GateClaim::kIntroduces
                         : GateClaim::kFirstShows;
  }
  decision.reasons = CodesOfReasons(report);
  for (std::string& code : CodesOfFindings(report)) {
    decision.reasons.push_back(std::move(code));
  }
  return decision;
}

}  // namespace rebisect
