#pragma once

// Sources: verdict_expression_read.cc: the reader of its file.

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "oracle/expression/expression.h"
#include "oracle/verdict/verdict_policy.h"
#include "scenarios/yaml/yaml_tree.h"
#include "sim/base/result.h"

namespace rebisect {

/// What the expressions of a rule may name, in the order of the values that
/// they are evaluated with.
[[nodiscard]] std::span<const ExpressionVariable> RuleVariables();

/// A verdict policy as expressions: the first of abort, bad, good, skip that
/// holds; if none does, `more_runs` more runs if that is above 0; else skip.
/// An expression that is not there does not hold.
struct RuleText {
  std::string name{};
  std::string about{};  ///< for people
  std::optional<Expression> abort{};
  std::optional<Expression> bad{};
  std::optional<Expression> good{};
  std::optional<Expression> skip{};
  std::optional<Expression> more_runs{};  ///< rounded up
  int runs = 0;    ///< this many runs are looked at, the first; 0: all
  int alike = 10;  ///< this many runs a recorded "all runs" stands for
};

/// Custom rules, by name; scenarios/README.md describes them ("Rules as
/// expressions"). A value; policies made of it may outlive it.
class VerdictRules {
 public:
  /// The file of `whatif --rules`: `rebisect: rules/1` and the mapping
  /// `rules`. O(bytes). Errors (kInput, with file, line and column): what is
  /// no YAML, unknown keys, names that a built-in policy has or that cannot
  /// stand in a list of policies, expressions that are none.
  [[nodiscard]] static Result<VerdictRules> ReadFile(std::string_view bytes,
                                                     const std::string& file);

  /// The mapping alone, as a part of another file, of which `bytes` is the
  /// whole text: columns inside of expressions are found by it. Errors: as
  /// above.
  [[nodiscard]] static Result<VerdictRules> Read(const YamlNode& node,
                                                 std::string_view bytes);

  [[nodiscard]] bool empty() const { return rules_.empty(); }

  /// What --help and errors say of them. Borrows from this object.
  [[nodiscard]] std::vector<PolicyInfo> Infos() const;

  /// REQUIRES: there is a rule of this name. It learns as
  /// LearnOfReproducer() does.
  [[nodiscard]] std::unique_ptr<VerdictPolicy> Make(
      std::string_view name) const;

  /// The rules as the lines of a YAML mapping (indented by two), the same for
  /// those that mean the same: by name, every expression as written. For
  /// digests of what made a result.
  [[nodiscard]] std::string Canonical() const;

 private:
  std::map<std::string, std::shared_ptr<const RuleText>, std::less<>> rules_;
};

}  // namespace rebisect
