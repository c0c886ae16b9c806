#pragma once

#include <string_view>
#include <vector>

#include "sim/policies/narrowing.h"
#include "sim/policies/selection_entry.h"

namespace rebisect::examples {

/// For bugs that are mostly found soon after they came: tests the commit whose
/// share of the mass below it is nearest to `share`, the oldest of several. One
/// half is the middle, more is newer. All verdicts are taken for right. O(n)
/// beside MassesBelow().
class ShareSelection final : public NarrowingSelection {
 public:
  /// REQUIRES: 0 < share < 1.
  explicit ShareSelection(double share) : share_(share) {}

  [[nodiscard]] std::string_view Name() const override { return "share"; }

 private:
  [[nodiscard]] std::vector<Suspect> Choose(const Choice& choice) override;

  double share_;
};

/// `share:share=0.8`.
extern const SelectionEntry kShareEntry;

}  // namespace rebisect::examples
