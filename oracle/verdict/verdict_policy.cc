#include "oracle/verdict/verdict_policy.h"

#include <array>
#include <utility>

#include "oracle/process/exec_protocol.h"
#include "oracle/verdict/exec_verdict.h"
#include "oracle/verdict/verdict_expression.h"
#include "oracle/verdict/verdict_filters.h"
#include "oracle/verdict/verdict_rules.h"
#include "oracle/verdict/verdict_runs.h"
#include "sim/base/result.h"

namespace rebisect {
namespace {

using std::string_view;

constexpr string_view kWhat = "verdict policy";

using MakeRule = Result<std::unique_ptr<VerdictPolicy>> (*)(const PolicySpec&,
                                                            std::size_t);

struct RuleFamily {
  std::span<const PolicyInfo> (*rules)();
  MakeRule make;
};

constexpr std::array kFamilies = {
    RuleFamily{&CountingRules, &MakeCountingRule},
    RuleFamily{&SyzkallerRules, &MakeSyzkallerRule},
    RuleFamily{&SequentialRules, &MakeSequentialRule}};

/// Filters, then a rule.
class ChainPolicy final : public VerdictPolicy {
 public:
  ChainPolicy(std::string name, std::vector<std::unique_ptr<RunFilter>> filters,
              std::unique_ptr<VerdictPolicy> rule)
      : name_(std::move(name)),
        filters_(std::move(filters)),
        rule_(std::move(rule)) {}

  [[nodiscard]] std::string Name() const override { return name_; }

  [[nodiscard]] Ruling Decide(const Test& test,
                              const VerdictHistory& history) const override {
    Filtered filtered = Filter(test, history);
    if (filtered.ruling) return *std::move(filtered.ruling);
    if (NothingRan(filtered.test)) {
      Ruling ruling;
      ruling.reason = test.runs.empty() ? "no runs" : "the build failed";
      return ruling;
    }
    Ruling ruling = rule_->Decide(filtered.test, history);
    ruling.reason += filtered.note;
    return ruling;
  }

  void Learn(const Test& test, const Ruling& ruling,
             VerdictHistory& history) const override {
    if (ruling.kind == RulingKind::kMoreRuns) return;
    const Filtered filtered = Filter(test, history);
    VerdictPolicy::Learn(test, ruling, history);
    // A verdict that was taken over says nothing of the reproducer.
    if (!filtered.ruling) rule_->Learn(filtered.test, ruling, history);
  }

  [[nodiscard]] std::optional<Error> Failure() const override {
    return rule_->Failure();
  }

 private:
  struct Filtered {
    Test test{};
    std::string note{};
    std::optional<Ruling> ruling{};
  };

  [[nodiscard]] Filtered Filter(const Test& test,
                                const VerdictHistory& history) const {
    Filtered filtered{test, {}, {}};
    for (const auto& filter : filters_) {
      filtered.ruling = filter->Apply(filtered.test, filtered.note, history);
      if (filtered.ruling) break;
    }
    return filtered;
  }

  std::string name_;
  std::vector<std::unique_ptr<RunFilter>> filters_;
  std::unique_ptr<VerdictPolicy> rule_;
};

std::vector<PolicyInfo> AllPolicies() {
  const std::span<const PolicyInfo> filters = RunFilters();
  std::vector<PolicyInfo> all(filters.begin(), filters.end());
  for (const RuleFamily& family : kFamilies) {
    const std::span<const PolicyInfo> rules = family.rules();
    all.insert(all.end(), rules.begin(), rules.end());
  }
  return all;
}

/// What a chain may name: VerdictPolicies(), programs, then custom rules.
std::vector<PolicyInfo> KnownPolicies(const VerdictRules* own) {
  const std::span<const PolicyInfo> built_in = VerdictPolicies();
  std::vector<PolicyInfo> known(built_in.begin(), built_in.end());
  known.push_back(kProgramPolicyInfo);
  if (own == nullptr) return known;
  const std::vector<PolicyInfo> added = own->Infos();
  known.insert(known.end(), added.begin(), added.end());
  return known;
}

/// The rule at this place of KnownPolicies(), after the filters.
Result<std::unique_ptr<VerdictPolicy>> MakeRuleAt(const PolicySpec& spec,
                                                  std::size_t index,
                                                  const VerdictRules* own) {
  if (spec.name == kProgramPolicy) return MakeExecVerdict(spec);
  if (index > VerdictPolicies().size()) return own->Make(spec.name);
  index -= RunFilters().size();
  for (const RuleFamily& family : kFamilies) {
    const std::size_t count = family.rules().size();
    if (index < count) return family.make(spec, index);
    index -= count;
  }
  return Fail(ErrorCode::kInternal, "no rule at this place", spec.where);
}

}  // namespace

string_view ToString(RulingKind kind) {
  switch (kind) {
    case RulingKind::kGood:
      return "good";
    case RulingKind::kBad:
      return "bad";
    case RulingKind::kSkip:
      return "skip";
    case RulingKind::kAbort:
      return "abort";
    case RulingKind::kMoreRuns:
      return "more-runs";
  }
  return "";
}

Verdict VerdictOf(const Ruling& ruling) {
  switch (ruling.kind) {
    case RulingKind::kGood:
      return Verdict::kGood;
    case RulingKind::kBad:
      return Verdict::kBad;
    case RulingKind::kSkip:
    case RulingKind::kAbort:
    case RulingKind::kMoreRuns:
      break;
  }
  return Verdict::kSkip;
}

void VerdictPolicy::Learn(const Test& test, const Ruling& ruling,
                          VerdictHistory& history) const {
  if (ruling.kind == RulingKind::kMoreRuns) return;
  const bool start = test.purpose == TestPurpose::kStart;
  const bool bad_release =
      test.purpose == TestPurpose::kRelease && ruling.kind == RulingKind::kBad;
  for (const Run& run : test.runs) {
    if (run.outcome != RunOutcome::kCrashed || run.title.empty()) continue;
    if (start) history.original_titles.insert(run.title);
    if (start || bad_release) history.related_titles.insert(run.title);
  }
  // The same commit with another configuration is another question.
  if (!test.signature.empty() && test.purpose != TestPurpose::kConfig &&
      ruling.kind != RulingKind::kAbort) {
    KnownBuild& known =
        history.by_signature
            .try_emplace(test.signature,
                         KnownBuild{VerdictOf(ruling), test.commit})
            .first->second;
    if (known.commit == test.commit) known.verdict = VerdictOf(ruling);
  }
}

std::span<const PolicyInfo> VerdictPolicies() {
  static const std::vector<PolicyInfo> kAll = AllPolicies();
  return kAll;
}

std::vector<string_view> VerdictPolicyNames() {
  std::vector<string_view> names;
  for (const PolicyInfo& policy : VerdictPolicies()) {
    names.push_back(policy.name);
  }
  return names;
}

Result<std::unique_ptr<VerdictPolicy>> MakeVerdictPolicy(
    const PolicyChain& chain, const VerdictRules* own) {
  const std::vector<PolicyInfo> known = KnownPolicies(own);
  std::vector<std::unique_ptr<RunFilter>> filters;
  std::unique_ptr<VerdictPolicy> rule;
  for (const PolicySpec& spec : chain) {
    REBISECT_ASSIGN_OR_RETURN(const auto index, FindPolicy(spec, known, kWhat));
    if (rule != nullptr) {
      return Fail(ErrorCode::kUsage,
                  "'" + spec.name + "' follows the rule '" + rule->Name() +
                      "'; put filters first and one rule last",
                  spec.where);
    }
    if (index < RunFilters().size()) {
      REBISECT_ASSIGN_OR_RETURN(auto filter, MakeRunFilter(spec, index));
      filters.push_back(std::move(filter));
    } else {
      REBISECT_ASSIGN_OR_RETURN(auto made, MakeRuleAt(spec, index, own));
      rule = std::move(made);
    }
  }
  if (rule == nullptr) {
    REBISECT_ASSIGN_OR_RETURN(
        auto made, MakeCountingRule(PolicySpec{"any-crash", {}, {}, {}}, 0));
    rule = std::move(made);
  }
  return std::make_unique<ChainPolicy>(ToText(chain), std::move(filters),
                                       std::move(rule));
}

Result<std::unique_ptr<VerdictPolicy>> MakeVerdictPolicy(
    string_view text, const Position& where) {
  REBISECT_ASSIGN_OR_RETURN(const auto chain, ParsePolicyChain(text, where));
  return MakeVerdictPolicy(chain);
}

}  // namespace rebisect
