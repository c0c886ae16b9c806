#include <nlohmann/json.hpp>

#include "harness/diagnose/diagnose_report.h"
#include "harness/text/json_text.h"
#include "harness/text/rounded.h"
#include "scenarios/recording/recording_names.h"

namespace rebisect {
namespace {

using nlohmann::ordered_json;

/// A range is given instead of more commits than this.
constexpr std::size_t kMaxListed = 20;
constexpr double kMinMass = 1e-6;

class JsonWriter {
 public:
  explicit JsonWriter(const DiagnosisReport& report)
      : report_(report), diagnosis_(report.diagnosis) {}

  ordered_json Write() {
    ordered_json json;
    json["schema"] = "rebisect.diagnose/1";
    json["recording"] = report_.recording->name;
    json["status"] = report_.InProgress() ? "in-progress" : "complete";
    json["graph"] = {{"source", NameOf(report_.graph_kind)},
                     {"commits", report_.graph->size()},
                     {"suspects", report_.located.space.suspects.size()},
                     {"missing", report_.located.missing}};
    json["recorded_culprit"] = Culprit();
    json["left"] = Left();
    json["credible_set"] = Set(diagnosis_.credible);
    json["conclusion"] = NameOf(diagnosis_.conclusion);
    json["reasons"] = diagnosis_.reasons;
    json["limits"] = diagnosis_.limits;
    json["culprit_findings"] = ordered_json::array();
    for (const CulpritFinding& finding : report_.culprit_findings) {
      json["culprit_findings"].push_back(
          {{"code", finding.code}, {"message", finding.message}});
    }
    if (report_.gate) json["gate"] = Gate(*report_.gate);
    const std::string advice = report_.Advice();
    json["advice"] =
        advice.empty() ? ordered_json(nullptr) : ordered_json(advice);
    const VerdictFinding* const wrong = report_.Derailed();
    json["derailed_at_step"] =
        wrong == nullptr ? ordered_json(nullptr)
                         : ordered_json(report_.EvidenceOf(*wrong).step);
    json["false_negative_chance"] = Rounded(diagnosis_.false_negative);
    json["verdicts"] = ordered_json::array();
    for (const VerdictFinding& finding : diagnosis_.verdicts) {
      json["verdicts"].push_back(Verdict(finding));
    }
    json["titles"] = Titles();
    json["hypotheses"] = Hypotheses();
    json["next_tests"] = NextTests();
    return json;
  }

 private:
  static ordered_json Gate(const GateDecision& gate) {
    return {{"action", NameOf(gate.action)},
            {"code", gate.code},
            {"claim", gate.claim ? ordered_json(NameOf(*gate.claim))
                                 : ordered_json(nullptr)},
            {"reasons", gate.reasons}};
  }

  [[nodiscard]] ordered_json Bounds() const {
    return {Rounded(diagnosis_.result_low), Rounded(diagnosis_.result_high)};
  }

  [[nodiscard]] ordered_json Culprit() const {
    if (report_.recording->end.kind != EndKind::kCulprit) return nullptr;
    return {{"commit", report_.recording->end.culprit},
            {"posterior", Rounded(diagnosis_.result)},
            {"posterior_any_graph", Bounds()}};
  }

  /// What the verdicts leave, where no culprit is named.
  [[nodiscard]] ordered_json Left() const {
    if (report_.recording->end.kind == EndKind::kCulprit) return nullptr;
    return {{"commits", diagnosis_.result_size},
            {"posterior", Rounded(diagnosis_.result)},
            {"posterior_any_graph", Bounds()}};
  }

  [[nodiscard]] ordered_json Set(const CredibleSet& set) const {
    ordered_json json;
    json["mass"] = Rounded(set.mass);
    json["size"] = set.size;
    ordered_json groups = ordered_json::array();
    ordered_json besides = ordered_json::array();
    ordered_json commits = ordered_json::array();
    bool whole = set.size <= kMaxListed;
    for (const CredibleSet::Part& part : set.parts) {
      const Hypothesis& hypothesis =
          diagnosis_.space.hypotheses[part.hypothesis];
      if (!hypothesis.name.empty()) {
        besides.push_back(hypothesis.name);
        continue;
      }
      if (part.commits < hypothesis.commits) whole = false;
      groups.push_back({{"any", part.commits},
                        {"of", hypothesis.commits},
                        {"rev_list", RangeOf(report_, part.hypothesis)}});
      if (!whole) continue;
      for (const Vertex v : diagnosis_.space.groups[part.hypothesis].suspects) {
        commits.push_back(report_.graph->Label(v));
      }
    }
    if (whole) {
      json["commits"] = std::move(commits);
    } else {
      json["range"] = std::move(groups);
    }
    json["besides"] = std::move(besides);
    return json;
  }

  /// The one commit of a set that is one commit.
  [[nodiscard]] ordered_json Single(const CredibleSet& set) const {
    if (set.parts.empty()) return nullptr;
    const std::size_t h = set.parts.front().hypothesis;
    const Hypothesis& hypothesis = diagnosis_.space.hypotheses[h];
    if (!hypothesis.name.empty() || hypothesis.commits != 1) return nullptr;
    return report_.graph->Label(diagnosis_.space.groups[h].suspects.front());
  }

  [[nodiscard]] ordered_json Verdict(const VerdictFinding& finding) const {
    const CommitEvidence& commit = report_.EvidenceOf(finding);
    ordered_json json;
    json["step"] =
        commit.step > 0 ? ordered_json(commit.step) : ordered_json(nullptr);
    json["commit"] = commit.commit;
    json["purpose"] = NameOf(commit.purpose);
    json["recorded_verdict"] =
        ToString(CrashVerdict(report_.recording->kind, *commit.verdict));
    json["crash_verdict"] = ToString(*commit.verdict);
    json["runs"] = nullptr;
    if (commit.has_runs) {
      json["runs"] = {{"crashed", commit.target},
                      {"other_titles", commit.Crashed() - commit.target},
                      {"ok", commit.ok},
                      {"unusable", commit.unusable}};
    }
    json["log10_bayes_factor"] = Rounded(finding.log10_bayes_factor);
    json["probability_wrong"] = Rounded(finding.probability_wrong);
    json["changes_result"] = finding.changes_result;
    json["culprit_without_it"] = Single(finding.without);
    json["posterior_without_it"] = Rounded(finding.result_without);
    json["credible_set_without_it"] = Set(finding.without);
    json["if_wrong"] = finding.if_wrong.parts.empty() ? ordered_json(nullptr)
                                                      : Set(finding.if_wrong);
    json["line"] = commit.line;
    return json;
  }

  [[nodiscard]] ordered_json Titles() const {
    ordered_json json = ordered_json::array();
    for (const TitleFinding& finding : diagnosis_.titles) {
      json.push_back({{"title", finding.title},
                      {"same_bug", Rounded(finding.same)},
                      {"if_same",
                       {{"posterior", Rounded(finding.result_if_same)},
                        {"culprit", Single(finding.if_same)},
                        {"credible_set", Set(finding.if_same)}}},
                      {"if_other",
                       {{"posterior", Rounded(finding.result_if_other)},
                        {"culprit", Single(finding.if_other)},
                        {"credible_set", Set(finding.if_other)}}}});
    }
    return json;
  }

  [[nodiscard]] ordered_json Hypotheses() const {
    ordered_json json = ordered_json::array();
    for (std::size_t h = 0; h < diagnosis_.posterior.mass.size(); ++h) {
      const Hypothesis& hypothesis = diagnosis_.space.hypotheses[h];
      const double mass = diagnosis_.posterior.mass[h];
      if (hypothesis.name.empty() && mass < kMinMass) continue;
      ordered_json one;
      one["name"] =
          hypothesis.name.empty() ? RangeOf(report_, h) : hypothesis.name;
      one["mass"] = Rounded(mass);
      if (hypothesis.name.empty()) one["commits"] = hypothesis.commits;
      json.push_back(std::move(one));
    }
    return json;
  }

  [[nodiscard]] ordered_json NextTests() const {
    ordered_json json = ordered_json::array();
    for (const NextTest& test : diagnosis_.next) {
      for (std::size_t i = 0; i < std::size(kNextRuns); ++i) {
        json.push_back(
            {{"commit", report_.graph->Label(test.commit)},
             {"tested_before", test.tested_before},
             {"within", Within(test)},
             {"runs", kNextRuns[i]},
             {"expected_entropy_drop_bits", Rounded(test.entropy_drop[i])}});
      }
    }
    return json;
  }

  /// The commits of which it is one of the middle ones, for `git rev-list`.
  [[nodiscard]] ordered_json Within(const NextTest& test) const {
    const auto group = GroupOf(diagnosis_.space, test.commit);
    if (test.tested_before || !group) return nullptr;
    return RangeOf(report_, *group);
  }

  const DiagnosisReport& report_;
  const Diagnosis& diagnosis_;
};

}  // namespace

std::string DiagnosisJson(const DiagnosisReport& report) {
  return JsonText(JsonWriter(report).Write()) + '\n';
}

}  // namespace rebisect
