#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "scenarios/recording.h"
#include "sim/result.h"
#include "sim/verdict.h"

namespace rebisect {

/// Makes a verdict of the runs of one test. Pure.
class VerdictPolicy {
 public:
  virtual ~VerdictPolicy() = default;

  /// Stable name used on the command line and in reports.
  [[nodiscard]] virtual std::string_view Name() const = 0;

  /// The crash's side: kBad means that the crash was seen.
  [[nodiscard]] virtual Verdict Decide(const Test& test) const = 0;
};

/// The policy of this name: `any-crash` (bad after any crash, good after any
/// run that passed, else skip) or `syzkaller-2018` (as that, but skip when
/// more than two thirds of the runs neither crashed nor passed).
/// Errors: kUsage, naming the policies there are.
[[nodiscard]] Result<std::unique_ptr<VerdictPolicy>> MakeVerdictPolicy(
    std::string_view name);

/// The names that MakeVerdictPolicy() takes.
[[nodiscard]] std::vector<std::string_view> VerdictPolicyNames();

}  // namespace rebisect
