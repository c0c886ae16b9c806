#include "oracle/verdict_policy.h"

#include <string>

#include "scenarios/run_verdict.h"

namespace rebisect {
namespace {

using Rule = Verdict (*)(const RunCounts&);

struct NamedRule {
  std::string_view name;
  Rule rule;
};

constexpr NamedRule kRules[] = {
    {"any-crash", &AnyCrashVerdict},
    {"syzkaller-2018", &Syzkaller2018Verdict},
};

/// A policy that looks at the counts alone.
class CountingPolicy final : public VerdictPolicy {
 public:
  explicit CountingPolicy(const NamedRule& rule) : rule_(rule) {}

  [[nodiscard]] std::string_view Name() const override { return rule_.name; }
  [[nodiscard]] Verdict Decide(const Test& test) const override {
    return rule_.rule(CountRuns(test.runs));
  }

 private:
  const NamedRule& rule_;
};

}  // namespace

Result<std::unique_ptr<VerdictPolicy>> MakeVerdictPolicy(
    std::string_view name) {
  std::string known;
  for (const NamedRule& rule : kRules) {
    if (rule.name == name) return std::make_unique<CountingPolicy>(rule);
    known += (known.empty() ? "" : ", ") + std::string(rule.name);
  }
  return Fail(ErrorCode::kUsage, "there is no verdict policy '" +
                                     std::string(name) + "'; choose one of " +
                                     known);
}

std::vector<std::string_view> VerdictPolicyNames() {
  std::vector<std::string_view> names;
  for (const NamedRule& rule : kRules) names.push_back(rule.name);
  return names;
}

}  // namespace rebisect
