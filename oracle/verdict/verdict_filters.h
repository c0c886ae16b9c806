#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>

#include "oracle/verdict/verdict_policy.h"

namespace rebisect {

/// Stands in front of a rule and changes what it gets to see.
class RunFilter {
 public:
  virtual ~RunFilter() = default;

  /// Changes `test`. A ruling ends the chain: no rule is asked. What was
  /// changed is added to `note`, for people.
  virtual std::optional<Ruling> Apply(Test& test, std::string& note,
                                      const VerdictHistory& history) const = 0;
};

/// same-title, same-family, related, signature.
[[nodiscard]] std::span<const PolicyInfo> RunFilters();

/// REQUIRES: `spec` names RunFilters()[index].
[[nodiscard]] Result<std::unique_ptr<RunFilter>> MakeRunFilter(
    const PolicySpec& spec, std::size_t index);

}  // namespace rebisect
