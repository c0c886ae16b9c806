#pragma once

#include <vector>

#include "sim/policies/narrowing.h"
#include "sim/policies/selection_entry.h"

namespace rebisect {

/// k tests side by side, for build farms: together their verdicts leave one of
/// several pieces (on a line k + 1), and the largest of these shall be as
/// light as can be; then the sum of their squares, which is what is left on
/// average. All verdicts are taken for right.
///
/// It starts with the commits that have nearest to 1 / (k + 1), 2 / (k + 1),
/// ... of the mass below them (ties as in `best`), and exchanges one of them
/// at a time for the candidate that does best beside the others, as long as
/// that makes it better: on a line as good as can be, on a graph a choice that
/// no single exchange makes better (the best of all choices is too dear).
/// O(k * pieces * (n + limbs)) for a round of exchanges; there are seldom more
/// than three, and never more than eight.
class KSectionSelection final : public NarrowingSelection {
 public:
  /// REQUIRES: 1 <= k <= kMaxSideBySide.
  explicit KSectionSelection(int k);

  [[nodiscard]] std::string_view Name() const override { return "k-section"; }

 private:
  [[nodiscard]] std::vector<Suspect> Choose(const Choice& choice) override;

  int k_;
};

extern const SelectionEntry kKSectionEntry;

}  // namespace rebisect
