#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "sim/base/prng.h"
#include "sim/policies/selection_entry.h"
#include "sim/session/selection_policy.h"

namespace rebisect {

/// By suspect: the mass of its ancestors, itself included. Uncounted suspects
/// have none; `prior` is as in SearchView. Equal for equal input, whatever the
/// machine. O(n + limbs of the AncestorCover); beyond 64 limbs a suspect
/// O(n * edges).
[[nodiscard]] std::vector<double> MassesBelow(const SuspectGraph& suspects,
                                              std::span<const double> prior);

/// Policies that take every verdict for right: a search goes on among the
/// suspects that are left, and ends with one, or with those that were skipped
/// and the bad end. They differ in whom they choose.
class NarrowingSelection : public SelectionPolicy {
 public:
  /// Errors: kNoTestable when no suspect counts.
  [[nodiscard]] Result<NextStep> Next(const SearchView& view) final;

 protected:
  /// What may be tested: counted, not skipped, not the bad end.
  struct Choice {
    const SearchView& view;
    std::vector<Suspect> candidates;  ///< ascending, at least one
  };

  template <class Passes, class Worth>
  [[nodiscard]] static std::optional<Suspect> Greatest(const Choice& choice,
                                                       const Passes& passes,
                                                       const Worth& worth_of);

 private:
  /// One or more of the candidates.
  [[nodiscard]] virtual std::vector<Suspect> Choose(const Choice& choice) = 0;
};

/// The true midpoint: the commit whose two sides are most alike in mass; of
/// several the one committed first, then the one of least id. With view.cost
/// the commit that is expected to rule out most mass for its cost: the product
/// of the two sides, over the cost. Source: Guillory, Bilmes: Average-case
/// active learning with costs (ALT 2009), which bounds what that may lose.
class BestSelection final : public NarrowingSelection {
 public:
  [[nodiscard]] std::string_view Name() const override { return "best"; }

 private:
  [[nodiscard]] std::vector<Suspect> Choose(const Choice& choice) override;
};

/// The middle of the suspects in git's order (where there is none, of their
/// numbers), as if history were a line: what jj 0.2x and scm-bisect's default
/// do. Of the prior, the middle of the mass.
class LinearSelection final : public NarrowingSelection {
 public:
  [[nodiscard]] std::string_view Name() const override { return "linear"; }

 private:
  [[nodiscard]] std::vector<Suspect> Choose(const Choice& choice) override;
};

/// Any of them, each as likely: the baseline.
class RandomSelection final : public NarrowingSelection {
 public:
  explicit RandomSelection(const Prng& prng) : prng_(prng) {}
  [[nodiscard]] std::string_view Name() const override { return "random"; }

 private:
  [[nodiscard]] std::vector<Suspect> Choose(const Choice& choice) override;

  Prng prng_;
};

/// Golden bisect. If the best commit's lighter side has n / phi^2 suspects or
/// more, that commit; else, of the commits with at least half of the suspects
/// below them and no parent that has as many, the one whose lighter side is
/// heaviest. With at most two parents a commit a search takes no more than
/// log_phi(n) + 1 tests. Ties as in `best`.
/// Source: Courtiel, Dorbec, Lecoq: Theoretical analysis of git bisect
/// (Algorithmica 2023, hal-03795072); restated, not copied.
class GoldenSelection final : public NarrowingSelection {
 public:
  [[nodiscard]] std::string_view Name() const override { return "golden"; }

 private:
  [[nodiscard]] std::vector<Suspect> Choose(const Choice& choice) override;
};

extern const SelectionEntry kBestEntry;
extern const SelectionEntry kLinearEntry;
extern const SelectionEntry kRandomEntry;
extern const SelectionEntry kGoldenEntry;

}  // namespace rebisect
