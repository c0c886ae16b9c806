#pragma once

#include <string>

#include "oracle/verdict/verdict_entry.h"
#include "oracle/verdict/verdict_policy.h"

namespace rebisect::examples {

/// Bad after `k` crashes in a row, whatever else the runs did; else good if any
/// run passed, else skip.
class StreakRule final : public VerdictPolicy {
 public:
  /// REQUIRES: k > 0.
  explicit StreakRule(int k) : k_(k) {}

  [[nodiscard]] std::string Name() const override;
  [[nodiscard]] Ruling Decide(const Test& test,
                              const VerdictHistory& history) const override;

 private:
  int k_;
};

/// `streak:k=3`.
extern const VerdictEntry kStreakEntry;

}  // namespace rebisect::examples
