#include "oracle/verdict/verdict_expression.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <utility>

#include "oracle/verdict/verdict_learning.h"
#include "oracle/verdict/verdict_runs.h"
#include "scenarios/recording/crash_title.h"
#include "scenarios/yaml/yaml_scalar.h"
#include "sim/base/check.h"

namespace rebisect {
namespace {

using std::string_view;

constexpr auto kNumber = ExpressionType::kNumber;
constexpr auto kTruth = ExpressionType::kTruth;

enum Variable : std::uint8_t {
  kRuns,
  kBad,
  kGood,
  kInfra,
  kUnusable,
  kBootFailed,
  kTestFailed,
  kIgnored,
  kBuildFailed,
  kSameTitle,
  kSameFamily,
  kRelated,
  kTitles,
  kStart,
  kRelease,
  kFlaky,
  kCrashChance,
  kVariableCount
};

constexpr std::array<ExpressionVariable, kVariableCount> kVariables = {{
    {"n", kNumber, "runs that are looked at"},
    {"bad", kNumber, "runs that crashed"},
    {"good", kNumber, "runs that passed"},
    {"infra", kNumber, "runs that the machinery broke, not the kernel"},
    {"unusable", kNumber, "all other runs: n - bad - good - infra"},
    {"boot_failed", kNumber, "of the unusable: the kernel did not come up"},
    {"test_failed", kNumber, "of the unusable: the kernel's own test failed"},
    {"ignored", kNumber, "of the unusable: a crash that is not counted"},
    {"build_failed", kNumber, "of the unusable: there was nothing to run"},
    {"same_title", kNumber,
     "of the bad: with a title that the start commit showed (as long as it "
     "showed none, every title will do)"},
    {"same_family", kNumber,
     "as same_title, but underscores before a function, folders, line numbers "
     "and (N) do not count"},
    {"related", kNumber,
     "of the bad: with a title of the start commit or of a release that was "
     "bad"},
    {"titles", kNumber, "how many different titles the bad runs have"},
    {"start", kTruth, "this is the commit that the recording starts from"},
    {"release", kTruth, "this is a release, tested to find a good one"},
    {"flaky", kTruth,
     "an earlier commit was bad with fewer crashes than passes"},
    {"crash_chance", kNumber,
     "the chance of a crash in a run of a bad commit, by the commits before; "
     "0: not known"},
}};

using Values = std::array<double, kVariableCount>;

bool Uses(std::uint64_t used, Variable first, Variable last) {
  for (unsigned v = first; v <= last; ++v) {
    if ((used >> v & 1U) != 0) return true;
  }
  return false;
}

/// Counts the titles of the runs that are looked at.
class TitleCounts {
 public:
  TitleCounts(const VerdictHistory& history, std::uint64_t used)
      : history_(history),
        families_wanted_(Uses(used, kSameFamily, kSameFamily)) {
    if (!families_wanted_) return;
    for (const std::string& title : history.original_titles) {
      families_.insert(NormalTitle(title));
    }
  }

  void Add(const Run& run, int weight, Values& values) {
    if (run.outcome != RunOutcome::kCrashed) return;
    seen_.insert(run.title);
    const auto add = [&](Variable variable, const std::set<std::string>& known,
                         const std::string& title) {
      if (known.empty() || known.contains(title)) values[variable] += weight;
    };
    add(kSameTitle, history_.original_titles, run.title);
    add(kRelated, history_.related_titles, run.title);
    if (families_wanted_) add(kSameFamily, families_, NormalTitle(run.title));
  }

  [[nodiscard]] double different() const {
    return static_cast<double>(seen_.size());
  }

 private:
  const VerdictHistory& history_;
  bool families_wanted_;
  std::set<std::string> families_;
  std::set<string_view> seen_;
};

class ExpressionRule final : public VerdictPolicy {
 public:
  explicit ExpressionRule(std::shared_ptr<const RuleText> rule)
      : rule_(std::move(rule)) {
    for (const auto* expression : {&rule_->abort, &rule_->bad, &rule_->good,
                                   &rule_->skip, &rule_->more_runs}) {
      if (*expression) used_ |= (*expression)->used();
    }
  }

  [[nodiscard]] std::string Name() const override { return rule_->name; }

  [[nodiscard]] Ruling Decide(const Test& test,
                              const VerdictHistory& history) const override {
    const RunCounts counts = Count(test);
    const Values values = ValuesOf(test, history, counts);
    Ruling ruling;
    ruling.runs_used = counts.runs;
    ruling.reason = CountsText(test, counts);
    for (const auto& [expression, kind] :
         {std::pair{&rule_->abort, RulingKind::kAbort},
          std::pair{&rule_->bad, RulingKind::kBad},
          std::pair{&rule_->good, RulingKind::kGood},
          std::pair{&rule_->skip, RulingKind::kSkip}}) {
      if (!*expression || (*expression)->Evaluate(values) == 0) continue;
      ruling.kind = kind;
      ruling.reason.append("; ").append(ToString(kind)).append(" as ");
      ruling.reason += (*expression)->text();
      return ruling;
    }
    ruling.runs_wanted = RunsWanted(values, counts.runs);
    if (ruling.runs_wanted > 0) {
      ruling.kind = RulingKind::kMoreRuns;
      ruling.reason += "; " + std::to_string(ruling.runs_wanted) + " more by " +
                       rule_->more_runs->text();
    } else {
      ruling.reason += "; neither bad nor good";
    }
    return ruling;
  }

  void Learn(const Test& test, const Ruling& ruling,
             VerdictHistory& history) const override {
    VerdictPolicy::Learn(test, ruling, history);
    LearnOfReproducer(test, Count(test), ruling, history);
  }

 private:
  [[nodiscard]] RunCounts Count(const Test& test) const {
    return CountOutcomes(OutcomesOf(test, rule_->alike, rule_->runs));
  }

  /// A rule that never has enough gets no more than there can be.
  [[nodiscard]] int RunsWanted(const Values& values, int made) const {
    if (!rule_->more_runs) return 0;
    const double wanted = std::ceil(rule_->more_runs->Evaluate(values));
    const double most = std::max(0, kMaxRuns - made);
    return static_cast<int>(std::clamp(wanted, 0.0, most));
  }

  [[nodiscard]] Values ValuesOf(const Test& test, const VerdictHistory& history,
                                const RunCounts& counts) const {
    Values values{};
    values[kRuns] = counts.runs;
    values[kBad] = counts.crashed;
    values[kGood] = counts.ok;
    values[kInfra] = counts.infra;
    values[kUnusable] = counts.Neither() - counts.infra;
    values[kStart] = test.purpose == TestPurpose::kStart ? 1 : 0;
    values[kRelease] = test.purpose == TestPurpose::kRelease ? 1 : 0;
    values[kFlaky] = history.flaky ? 1 : 0;
    values[kCrashChance] = history.crash_chance.value_or(0);
    if (Uses(used_, kBootFailed, kTitles)) {
      AddKinds(test, history, counts.runs, values);
    }
    return values;
  }

  /// What takes a look at the runs one by one.
  void AddKinds(const Test& test, const VerdictHistory& history, int looked_at,
                Values& values) const {
    TitleCounts titles(history, used_);
    const bool stands_for_all = test.runs_alike && test.runs.size() == 1;
    const int weight = stands_for_all ? looked_at : 1;
    const std::size_t runs =
        std::min(test.runs.size(), static_cast<std::size_t>(looked_at));
    for (std::size_t i = 0; i < runs; ++i) {
      const Run& run = test.runs[i];
      titles.Add(run, weight, values);
      if (run.outcome == RunOutcome::kBootFailed) values[kBootFailed] += weight;
      if (run.outcome == RunOutcome::kTestFailed) values[kTestFailed] += weight;
      if (run.outcome == RunOutcome::kIgnored) values[kIgnored] += weight;
      if (run.outcome == RunOutcome::kBuildFailed) {
        values[kBuildFailed] += weight;
      }
    }
    values[kTitles] = titles.different();
  }

  std::shared_ptr<const RuleText> rule_;
  std::uint64_t used_ = 0;
};

}  // namespace

std::span<const ExpressionVariable> RuleVariables() { return kVariables; }

std::vector<PolicyInfo> VerdictRules::Infos() const {
  std::vector<PolicyInfo> infos;
  for (const auto& [name, rule] : rules_) {
    infos.push_back({name, rule->about, {}});
  }
  return infos;
}

std::unique_ptr<VerdictPolicy> VerdictRules::Make(string_view name) const {
  const auto rule = rules_.find(name);
  REBISECT_CHECK(rule != rules_.end());
  return std::make_unique<ExpressionRule>(rule->second);
}

std::string VerdictRules::Canonical() const {
  std::string text;
  for (const auto& [name, rule] : rules_) {
    text.append("  ").append(YamlScalar(name, false)).append(":\n");
    for (const auto& [key, expression] :
         {std::pair{"abort", &rule->abort}, std::pair{"bad", &rule->bad},
          std::pair{"good", &rule->good}, std::pair{"skip", &rule->skip},
          std::pair{"more-runs", &rule->more_runs}}) {
      if (!*expression) continue;
      text.append("    ").append(key).append(": ");
      text.append(YamlScalar((*expression)->text(), false)).append("\n");
    }
    text.append("    runs: ").append(std::to_string(rule->runs));
    text.append("\n    alike: ").append(std::to_string(rule->alike));
    text.append("\n");
  }
  return text;
}

}  // namespace rebisect
