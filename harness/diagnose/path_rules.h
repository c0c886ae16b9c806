#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/result.h"
#include "sim/git/pathspec.h"

namespace rebisect {

/// What a file is to the build that was tested.
enum class PathKind {
  kCode,  ///< anything of which nothing else is known
  kDocumentation,
  kTests,
  kOtherArchitecture,
  kNotBuilt,
};

/// What the rules say of a path.
struct PathAnswer {
  PathKind kind = PathKind::kCode;
  /// The architecture that it is for, or the option that it is built with;
  /// empty where the rule names none.
  std::string name{};
};

/// Rules that say by its path what a file is, schema path-rules/1; see
/// scenarios/README.md.
class PathRules {
 public:
  /// Errors (kInput, with file, line and column): those of ReadYaml and of
  /// Pathspec::Parse, an unknown key or kind, a rule without paths.
  [[nodiscard]] static Result<PathRules> Read(std::string_view bytes,
                                              const std::string& file);
  /// scenarios/path_rules.yaml, which is part of the program.
  [[nodiscard]] static PathRules Default();

  /// The first rule that fits decides. O(rules).
  [[nodiscard]] PathAnswer Judge(std::string_view path,
                                 std::string_view architecture) const;

  /// The architecture of a machine as compilers call it (aarch64: arm64);
  /// empty for one that the rules do not know.
  [[nodiscard]] std::string ArchitectureOf(std::string_view machine) const;
  /// To be assumed of a build of which it is not known; may be empty.
  [[nodiscard]] const std::string& assumed_architecture() const {
    return assumed_architecture_;
  }
  /// Whether the rules say which options the build had.
  [[nodiscard]] bool ConfigKnown() const { return config_.has_value(); }

 private:
  struct Rule {
    PathKind kind = PathKind::kCode;
    Pathspec paths{};
    std::vector<std::string> before_architecture{};  ///< then its name, a /
    std::string architecture{};
    std::string option{};
  };

  struct Reader;

  std::string assumed_architecture_;
  std::map<std::string, std::string, std::less<>> machines_;
  std::optional<std::set<std::string, std::less<>>> config_;
  std::vector<Rule> rules_;
};

}  // namespace rebisect
