#include <cmath>
#include <string>
#include <vector>

#include "harness/diagnose/gate.h"
#include "harness/diagnose/path_rules.h"
#include "oracle/expression/expression.h"
#include "oracle/verdict/verdict_expression.h"
#include "oracle/verdict/verdict_policy.h"
#include "sim/policies/policy_spec.h"
#include "tests/fuzz/expect.h"
#include "tests/fuzz/targets.h"

namespace rebisect::fuzz {
namespace {

const std::string kRulesFile = "rules.yaml";

/// Some runs of each kind.
Test ManyRuns() {
  Test test;
  test.commit = "0123456789abcdef0123456789abcdef01234567";
  test.runs = {{RunOutcome::kCrashed, "BUG: one", 1.5},
               {RunOutcome::kOk, "", {}},
               {RunOutcome::kBootFailed, "no boot", {}},
               {RunOutcome::kCrashed, "WARNING in other", {}},
               {RunOutcome::kInfra, "lost", {}},
               {RunOutcome::kOk, "", 3}};
  return test;
}

void RunPolicy(const VerdictPolicy& policy) {
  VerdictHistory history;
  history.original_titles = {"BUG: one"};
  const Test test = ManyRuns();
  const Ruling ruling = policy.Decide(test, history);
  Expect(ruling.kind != RulingKind::kMoreRuns || ruling.runs_wanted > 0,
         "who wants more runs wants some", ruling.reason);
  policy.Learn(test, ruling, history);
}

}  // namespace

void FuzzGate(std::string_view bytes) {
  const auto gate = Gate::Read(bytes, kRulesFile);
  if (!gate) ExpectPlace(gate.error(), kRulesFile);
}

void FuzzPathRules(std::string_view bytes) {
  const auto rules = PathRules::Read(bytes, kRulesFile);
  if (!rules) {
    ExpectPlace(rules.error(), kRulesFile);
    return;
  }
  for (const std::string_view path :
       {"arch/x86/kernel/head.c", "Documentation/x.rst", "a", "t/t0.sh"}) {
    (void)rules->Judge(path, rules->ArchitectureOf("x86_64"));
    (void)rules->Judge(path, rules->assumed_architecture());
  }
}

void FuzzRules(std::string_view bytes) {
  const auto rules = VerdictRules::ReadFile(bytes, kRulesFile);
  if (!rules) {
    ExpectPlace(rules.error(), kRulesFile);
    return;
  }
  for (const PolicyInfo& info : rules->Infos()) {
    RunPolicy(*rules->Make(info.name));
  }
  const std::string text = "rebisect: rules/1\nrules:\n" + rules->Canonical();
  const auto again = VerdictRules::ReadFile(text, kRulesFile);
  Expect(rules->empty() || again.has_value(), "the canonical text is read",
         again ? text : FormatError(again.error()) + "\n" + text);
  if (again) {
    Expect(again->Canonical() == rules->Canonical(), "and is the same", text);
  }
}

void FuzzExpression(std::string_view bytes) {
  constexpr ExpressionVariable kVariables[] = {
      {"bad", ExpressionType::kNumber, ""},
      {"n", ExpressionType::kNumber, ""},
      {"flaky", ExpressionType::kTruth, ""},
  };
  for (const auto wanted : {ExpressionType::kNumber, ExpressionType::kTruth}) {
    const auto expression = Expression::Compile(bytes, kVariables, wanted,
                                                {{kRulesFile, 1, 1}, true});
    if (!expression) {
      ExpectPlace(expression.error(), kRulesFile);
      continue;
    }
    for (const double bad : {0., 3., -2.5, 1e308}) {
      const double values[] = {bad, 7, bad > 1 ? 1. : 0.};
      const double value = expression->Evaluate(values);
      Expect(std::isfinite(value), "an expression has a finite value", bytes);
      Expect(wanted == ExpressionType::kNumber || value == 0 || value == 1,
             "a truth is 0 or 1", bytes);
    }
  }
}

void FuzzPolicy(std::string_view bytes) {
  const auto list = ParsePolicyList(bytes, {kRulesFile, 1, 1});
  if (!list) {
    ExpectPlace(list.error(), kRulesFile);
    return;
  }
  for (const PolicyChain& chain : *list) {
    const std::string text = ToText(chain);
    const auto again = ParsePolicyChain(text, {kRulesFile, 1, 1});
    Expect(again && *again == chain, "a chain reads back as the same", text);
    const PolicyChain full = Canonical(chain, VerdictPolicies(), true);
    Expect(Canonical(full, VerdictPolicies(), true) == full,
           "what is canonical stays so", text);
    if (text.find("exec") != std::string::npos) continue;  // runs programs
    const auto policy = MakeVerdictPolicy(chain);
    if (!policy) {
      ExpectSays(policy.error());
      continue;
    }
    RunPolicy(**policy);
  }
}

}  // namespace rebisect::fuzz
