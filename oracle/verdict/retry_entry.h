#pragma once

#include <memory>
#include <string>

#include "oracle/verdict/retry_policy.h"
#include "sim/base/result.h"
#include "sim/policies/policy_spec.h"

namespace rebisect {

/// All that the program knows of a retry policy. Each exports one from its own
/// file, and RetryEntries() lists them.
struct RetryEntry {
  PolicyInfo info;
  /// The policy called `name`, of parameters that FindPolicy() took; the caller
  /// looks at the parameters' error. `others`, of one that goes in front,
  /// decides of the other tests; null where only errors are looked for.
  std::unique_ptr<RetryPolicy> (*make)(PolicyParameters& params,
                                       std::string name,
                                       std::unique_ptr<RetryPolicy> others);
  /// It stands in front of the policy of all other tests.
  bool goes_in_front = false;
  /// Every test gets the same number of runs, and all of them are made.
  bool same_runs = false;
};

}  // namespace rebisect
