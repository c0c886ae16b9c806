#include "sim/policies/k_section.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>

#include "sim/base/check.h"
#include "sim/graph/commit_age.h"
#include "sim/policies/ancestor_sums.h"

namespace rebisect {
namespace {

constexpr int kMaxRounds = 8;

/// What a set of tests leaves; less is better.
struct Left {
  double largest = std::numeric_limits<double>::infinity();
  double squares = std::numeric_limits<double>::infinity();
};

class Sections {
 public:
  Sections(const SearchView& view, const std::vector<Suspect>& candidates)
      : view_(view), candidates_(candidates), sums_(view.suspects) {
    const std::size_t n = view.suspects.size();
    for (Suspect s = 0; s < n; ++s) {
      masses_.push_back(!view.suspects.Counted(s) ? 0
                        : view.prior.empty()      ? 1
                                                  : view.prior[s]);
      total_ += masses_.back();
    }
  }

  std::vector<Suspect> Choose(int k) {
    std::vector<Suspect> tests = AtTheParts(k);
    for (int round = 0; round < kMaxRounds; ++round) {
      bool better = false;
      for (std::size_t i = 0; i < static_cast<std::size_t>(k); ++i) {
        if (Exchange(tests, std::min(i, tests.size()))) better = true;
      }
      if (!better) break;
    }
    std::sort(tests.begin(), tests.end());
    return tests;
  }

 private:
  [[nodiscard]] bool Less(const Left& a, const Left& b) const {
    const double same = 1e-12 * total_;
    if (a.largest < b.largest - same) return true;
    if (a.largest > b.largest + same) return false;
    return a.squares < b.squares - same * total_;
  }

  std::vector<Suspect> AtTheParts(int k) {
    std::vector<double> below;
    sums_.Below([&](Suspect s) { return masses_[s]; }, below);
    std::vector<Suspect> tests;
    for (int i = 1; i <= k; ++i) {
      const double wanted = total_ * i / (k + 1);
      const auto distance = [&](Suspect s) {
        return std::abs(below[s] - wanted);
      };
      Suspect nearest = candidates_.front();
      for (const Suspect s : candidates_) {
        if (distance(s) > distance(nearest)) continue;
        if (distance(s) == distance(nearest) &&
            !IsOlder(view_.suspects, s, nearest)) {
          continue;
        }
        nearest = s;
      }
      if (std::find(tests.begin(), tests.end(), nearest) == tests.end()) {
        tests.push_back(nearest);
      }
    }
    return tests;
  }

  /// Puts the best candidate in the place of tests[i], or at the end, if that
  /// is better.
  bool Exchange(std::vector<Suspect>& tests, std::size_t i) {
    std::vector<Suspect> others = tests;
    if (i < tests.size()) {
      others.erase(others.begin() + static_cast<std::ptrdiff_t>(i));
    }
    const Left without = Weigh(others);
    Suspect best = candidates_.front();
    for (const Suspect s : candidates_) {
      if (Less(left_[s], left_[best]) ||
          (!Less(left_[best], left_[s]) && IsOlder(view_.suspects, s, best))) {
        best = s;
      }
    }
    if (i == tests.size()) {
      if (!Less(left_[best], without)) return false;
      tests.push_back(best);
      return true;
    }
    if (!Less(left_[best], left_[tests[i]])) return false;
    tests[i] = best;
    return true;
  }

  /// What the tests leave, and in left_ what they leave beside each candidate.
  Left Weigh(const std::vector<Suspect>& tests) {
    const std::vector<std::uint32_t> piece_of = Pieces(tests);
    const std::uint32_t pieces =
        1 + *std::max_element(piece_of.begin(), piece_of.end());
    std::vector<double> all(pieces, 0);
    for (Suspect s = 0; s < piece_of.size(); ++s) {
      all[piece_of[s]] += masses_[s];
    }
    Left without{0, 0};
    left_.assign(piece_of.size(), Left{0, 0});
    for (std::uint32_t piece = 0; piece < pieces; ++piece) {
      sums_.Below(
          [&](Suspect s) { return piece_of[s] == piece ? masses_[s] : 0.; },
          below_);
      without.largest = std::max(without.largest, all[piece]);
      without.squares += all[piece] * all[piece];
      for (const Suspect s : candidates_) {
        const double in = below_[s];
        const double out = all[piece] - in;
        left_[s].largest = std::max({left_[s].largest, in, out});
        left_[s].squares += in * in + out * out;
      }
    }
    return without;
  }

  /// By suspect: those of a piece are contained in the same tests.
  std::vector<std::uint32_t> Pieces(const std::vector<Suspect>& tests) {
    std::vector<std::uint64_t> contained(masses_.size(), 0);
    std::vector<Suspect> ancestors;
    for (std::size_t i = 0; i < tests.size(); ++i) {
      sums_.FindAncestors(tests[i], ancestors);
      for (const Suspect a : ancestors) contained[a] |= std::uint64_t{1} << i;
    }
    std::vector<std::uint64_t> kinds = contained;
    std::sort(kinds.begin(), kinds.end());
    kinds.erase(std::unique(kinds.begin(), kinds.end()), kinds.end());
    std::vector<std::uint32_t> piece_of;
    piece_of.reserve(contained.size());
    for (const std::uint64_t bits : contained) {
      piece_of.push_back(static_cast<std::uint32_t>(
          std::lower_bound(kinds.begin(), kinds.end(), bits) - kinds.begin()));
    }
    return piece_of;
  }

  const SearchView& view_;
  const std::vector<Suspect>& candidates_;
  AncestorSums sums_;
  std::vector<double> masses_;
  double total_ = 0;
  std::vector<double> below_;
  std::vector<Left> left_;
};

constexpr std::array kKSectionParameters = {
    ParameterInfo{"k", 3, "tests side by side"}, kPriorParameter};

Result<std::unique_ptr<SelectionPolicy>> MakeKSection(PolicyParameters& params,
                                                      const Prng&) {
  const int k = params.Int("k", 1, kMaxSideBySide);
  return std::make_unique<KSectionSelection>(k);
}

}  // namespace

KSectionSelection::KSectionSelection(int k) : k_(k) {
  REBISECT_CHECK(k >= 1 && k <= kMaxSideBySide);
}

std::vector<Suspect> KSectionSelection::Choose(const Choice& choice) {
  return Sections(choice.view, choice.candidates).Choose(k_);
}

constinit const SelectionEntry kKSectionEntry{
    .info = {"k-section",
             "k tests side by side that leave the largest piece as small as "
             "can be",
             kKSectionParameters},
    .make = &MakeKSection,
};

}  // namespace rebisect
