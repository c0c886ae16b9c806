#include "oracle/verdict/verdict_policy.h"

#include <utility>
#include <variant>

#include "oracle/verdict/verdict_entry.h"
#include "oracle/verdict/verdict_expression.h"
#include "oracle/verdict/verdict_list.h"
#include "oracle/verdict/verdict_rules.h"
#include "oracle/verdict/verdict_runs.h"
#include "sim/base/result.h"

namespace rebisect {
namespace {

using std::string_view;

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

  [[nodiscard]] int UsualRuns(const VerdictHistory& history) const override {
    return rule_->UsualRuns(history);
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

template <class Policy>
Result<std::unique_ptr<Policy>> MakeOf(
    const VerdictEntry& entry, const PolicySpec& spec,
    Result<std::unique_ptr<Policy>> (*make)(PolicyParameters&)) {
  PolicyParameters params(spec, entry.info);
  auto made = make(params);
  if (made && params.error()) return tl::unexpected(*params.error());
  return made;
}

/// A rule alone.
Result<std::unique_ptr<VerdictPolicy>> MakeRuleOf(const VerdictEntry& entry,
                                                  const PolicySpec& spec) {
  return MakeOf(entry, spec, std::get<MakeRule>(entry.make));
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

int VerdictPolicy::UsualRuns(const VerdictHistory&) const {
  return 10;  // as syzkaller does
}

std::span<const PolicyInfo> VerdictPolicies() {
  static const std::vector<PolicyInfo> kInfos = InfosOf(VerdictEntries());
  return kInfos;
}

std::vector<string_view> VerdictPolicyNames() {
  std::vector<string_view> names;
  for (const PolicyInfo& policy : VerdictPolicies()) {
    if (!policy.open) names.push_back(policy.name);
  }
  return names;
}

bool CountsCrashes(const PolicyChain& chain) {
  if (chain.size() != 1) return false;
  const auto* const entry = EntryOf(VerdictEntries(), chain.front().name);
  return entry != nullptr && entry->counts_crashes;
}

Result<std::unique_ptr<VerdictPolicy>> MakeVerdictPolicyOf(
    std::span<const VerdictEntry* const> entries, const PolicyChain& chain,
    const VerdictRules* own) {
  std::vector<PolicyInfo> known = InfosOf(entries);
  if (own != nullptr) {
    const std::vector<PolicyInfo> added = own->Infos();
    known.insert(known.end(), added.begin(), added.end());
  }
  std::vector<std::unique_ptr<RunFilter>> filters;
  std::unique_ptr<VerdictPolicy> rule;
  for (const PolicySpec& spec : chain) {
    REBISECT_ASSIGN_OR_RETURN(const auto index,
                              FindPolicy(spec, known, "verdict policy"));
    if (rule != nullptr) {
      return Fail(ErrorCode::kUsage,
                  "'" + spec.name + "' follows the rule '" + rule->Name() +
                      "'; put filters first and one rule last",
                  spec.where);
    }
    if (index >= entries.size()) {
      rule = own->Make(spec.name);
      continue;
    }
    const VerdictEntry& entry = *entries[index];
    if (const auto* const make = std::get_if<MakeFilter>(&entry.make)) {
      REBISECT_ASSIGN_OR_RETURN(auto filter, MakeOf(entry, spec, *make));
      filters.push_back(std::move(filter));
    } else {
      REBISECT_ASSIGN_OR_RETURN(auto made, MakeRuleOf(entry, spec));
      rule = std::move(made);
    }
  }
  if (rule == nullptr) {
    REBISECT_ASSIGN_OR_RETURN(auto made, MakeRuleOf(kAnyCrashEntry, {}));
    rule = std::move(made);
  }
  return std::make_unique<ChainPolicy>(ToText(chain), std::move(filters),
                                       std::move(rule));
}

Result<std::unique_ptr<VerdictPolicy>> MakeVerdictPolicy(
    const PolicyChain& chain, const VerdictRules* own) {
  return MakeVerdictPolicyOf(VerdictEntries(), chain, own);
}

Result<std::unique_ptr<VerdictPolicy>> MakeVerdictPolicy(
    string_view text, const Position& where) {
  REBISECT_ASSIGN_OR_RETURN(const auto chain, ParsePolicyChain(text, where));
  return MakeVerdictPolicy(chain);
}

}  // namespace rebisect
