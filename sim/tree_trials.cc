#include "sim/tree_trials.h"

#include <algorithm>
#include <array>
#include <utility>

#include "sim/check.h"
#include "sim/prng.h"

namespace rebisect {
namespace {

/// What a trial's bits are for: the second half of the counter. Commits have
/// numbers below 2^32.
constexpr std::uint64_t kStart = std::uint64_t{1} << 62U;

bool IsLeaf(std::uint32_t at) { return (at & DecisionTree::kLeaf) != 0; }

double Fraction(std::uint64_t bits) {
  return static_cast<double>(bits >> 11U) * 0x1p-53;
}

/// 0 .. n - 1; how likely each is differs by less than 2^-32.
std::uint32_t Scale(std::uint64_t bits, std::uint32_t n) {
  const std::uint64_t high = (bits >> 32U) * n;
  const std::uint64_t low = ((bits & 0xffffffffU) * n) >> 32U;
  return static_cast<std::uint32_t>((high + low) >> 32U);
}

}  // namespace

void TrialTally::Add(bool is_right, std::uint32_t tests) {
  std::vector<std::uint64_t>& counts = is_right ? right : wrong;
  if (tests >= counts.size()) counts.resize(tests + 1, 0);
  ++counts[tests];
}

/// The numbers of one trial, one after the other.
class TreeTrials::Luck {
 public:
  Luck(std::uint64_t key, std::uint64_t trial) : key_(key), trial_(trial) {
    bits_ = KeyedBits(key_, trial_, kStart);
  }
  [[nodiscard]] std::uint64_t Culprit() const { return bits_[0]; }
  [[nodiscard]] double First() const { return Fraction(bits_[1]); }
  double Next() {
    if (at_ == 2) {
      bits_ = KeyedBits(key_, trial_, kStart + ++block_);
      at_ = 0;
    }
    return Fraction(bits_[at_++]);
  }

 private:
  std::uint64_t key_;
  std::uint64_t trial_;
  std::uint64_t block_ = 0;
  std::size_t at_ = 2;
  std::array<std::uint64_t, 2> bits_;
};

TreeTrials::TreeTrials(const DecisionTree& tree,
                       const AncestorIntervals& intervals)
    : tree_(tree), intervals_(intervals) {
  const std::vector<std::uint32_t> tests = TestsOf(tree);
  leaf_of_.resize(tree.leaves.size());
  depth_.resize(tree.leaves.size());
  for (std::uint32_t leaf = 0; leaf < tree.leaves.size(); ++leaf) {
    leaf_of_[tree.leaves[leaf]] = leaf;
    depth_[leaf] = tests[tree.leaves[leaf]];
    deepest_ = std::max(deepest_, depth_[leaf]);
  }
}

Suspect TreeTrials::CulpritOf(std::uint64_t key, std::uint64_t trial) const {
  return Scale(Luck(key, trial).Culprit(),
               static_cast<std::uint32_t>(leaf_of_.size()));
}

void TreeTrials::Sample(const VerdictErrors& errors, const TrialRange& range,
                        TrialTally& tally) const {
  tally.right.resize(std::max<std::size_t>(tally.right.size(), deepest_ + 1));
  tally.wrong.resize(std::max<std::size_t>(tally.wrong.size(), deepest_ + 1));
  const auto n = static_cast<std::uint32_t>(leaf_of_.size());
  struct Ideal {
    double chance;  // that no verdict is wrong
    std::uint32_t leaf;
    std::uint32_t tests;
  };
  std::vector<Ideal> ideals(n);
  const std::vector<double> chances = ChanceRight(tree_, errors);
  for (Suspect s = 0; s < n; ++s) {
    ideals[s] = {chances[s], leaf_of_[s], depth_[leaf_of_[s]]};
  }
  for (std::uint64_t i = 0; i < range.count; ++i) {
    Luck luck(range.key, range.first + i);
    const Suspect culprit = Scale(luck.Culprit(), n);
    const Ideal& ideal = ideals[culprit];
    const double first = luck.First();
    if (first < ideal.chance) {
      ++tally.right[ideal.tests];
      continue;
    }
    // In the same order as ChanceRight() multiplies.
    double none_yet = 1;
    std::uint32_t at = tree_.root();
    std::uint32_t tests = 0;
    while (true) {
      const DecisionTree::Node& node = tree_.nodes[at];
      const bool has_bug = ideal.leaf < node.split;
      ++tests;
      none_yet *= 1 - (has_bug ? errors.false_good : errors.false_bad);
      if (first < none_yet) {
        at = has_bug ? node.bad : node.good;
        continue;
      }
      tests += has_bug ? AfterFalseGood(node.good, culprit, errors, luck)
                       : AfterFalseBad(node.bad, errors.false_bad, luck);
      break;
    }
    ++tally.wrong[tests];
  }
}

/// Tests below `at`, where no commit has the bug.
std::uint32_t TreeTrials::AfterFalseBad(std::uint32_t at, double false_bad,
                                        Luck& luck) const {
  std::uint32_t tests = 0;
  double chance = luck.Next();
  double none_yet = 1;
  while (!IsLeaf(at)) {
    ++tests;
    none_yet *= 1 - false_bad;
    if (chance < none_yet) {
      at = tree_.nodes[at].good;
      continue;
    }
    at = tree_.nodes[at].bad;
    chance = luck.Next();
    none_yet = 1;
  }
  return tests;
}

/// Tests below `at`, where commits may have the bug.
std::uint32_t TreeTrials::AfterFalseGood(std::uint32_t at, Suspect culprit,
                                         const VerdictErrors& errors,
                                         Luck& luck) const {
  std::uint32_t tests = 0;
  double chance = luck.Next();
  double none_yet = 1;
  while (!IsLeaf(at)) {
    const DecisionTree::Node& node = tree_.nodes[at];
    const bool has_bug = intervals_.Reaches(node.test, culprit);
    ++tests;
    none_yet *= 1 - (has_bug ? errors.false_good : errors.false_bad);
    const bool wrong = chance >= none_yet;
    if (!has_bug && wrong) {
      return tests + AfterFalseBad(node.bad, errors.false_bad, luck);
    }
    at = has_bug != wrong ? node.bad : node.good;
    if (wrong) {
      chance = luck.Next();
      none_yet = 1;
    }
  }
  return tests;
}

/// Runs of commits. A run takes eight bits; only where they do not tell on
/// which side of its rate it is (one in 256), 56 more.
class TreeTrials::Draws {
 public:
  Draws(const RunRates& rates, std::uint64_t key)
      : rates_(rates),
        key_(key),
        crash_(ThresholdOf(rates.crash)),
        false_crash_(ThresholdOf(rates.false_crash)) {}

  [[nodiscard]] bool Bad(std::uint64_t trial, Suspect commit,
                         bool has_bug) const {
    const Threshold& threshold = has_bug ? crash_ : false_crash_;
    if (threshold.always) return true;
    int crashes = 0;
    for (int first = 0; first < rates_.runs; first += kRunsABlock) {
      const std::uint64_t block =
          static_cast<std::uint64_t>(first / kRunsABlock) << 32U | commit;
      const auto bits = KeyedBits(key_, trial, block);
      const int count = std::min(kRunsABlock, rates_.runs - first);
      for (int i = 0; i < count; ++i) {
        const auto byte =
            static_cast<std::uint8_t>(bits[static_cast<std::size_t>(i) / 8] >>
                                      (8U * (static_cast<unsigned>(i) % 8U)));
        crashes += byte < threshold.first ? 1 : 0;
        if (byte == threshold.first && Settle(threshold, trial, block, i)) {
          ++crashes;
        }
      }
    }
    return crashes >= rates_.bad_from;
  }

 private:
  static constexpr int kRunsABlock = 16;
  static constexpr std::uint64_t kSettling = std::uint64_t{1} << 61U;

  /// A probability in binary: the first eight places, and the 56 after them.
  struct Threshold {
    bool always;
    std::uint8_t first;
    std::uint64_t rest;
  };
  static Threshold ThresholdOf(double chance) {
    if (chance >= 1) return {true, 0, 0};
    const auto bits = static_cast<std::uint64_t>(chance * 0x1p64);
    return {false, static_cast<std::uint8_t>(bits >> 56U), bits << 8U >> 8U};
  }

  [[nodiscard]] bool Settle(const Threshold& threshold, std::uint64_t trial,
                            std::uint64_t block, int run) const {
    const auto bits = KeyedBits(
        key_, trial, kSettling + (block << 4U) + static_cast<unsigned>(run));
    return bits[0] >> 8U < threshold.rest;
  }

  const RunRates& rates_;
  std::uint64_t key_;
  Threshold crash_;
  Threshold false_crash_;
};

void TreeTrials::SampleRuns(const RunRates& rates, const TrialRange& range,
                            TrialTally& tally) const {
  REBISECT_CHECK(rates.runs >= 1 && rates.runs <= 1000);
  const Draws draws(rates, range.key);
  for (std::uint64_t trial = range.first; trial < range.first + range.count;
       ++trial) {
    const Suspect culprit = CulpritOf(range.key, trial);
    const std::uint32_t leaf = leaf_of_[culprit];
    std::uint32_t at = tree_.root();
    std::uint32_t tests = 0;
    // Where the culprit still is; where it is not, whether any may have it.
    bool on_path = true;
    bool any_has = true;
    while (!IsLeaf(at)) {
      const DecisionTree::Node& node = tree_.nodes[at];
      const bool has_bug =
          any_has && (on_path ? leaf < node.split
                              : intervals_.Reaches(node.test, culprit));
      ++tests;
      const bool bad = draws.Bad(trial, node.test, has_bug);
      if (bad != has_bug) {
        on_path = false;
        if (bad) any_has = false;
      }
      at = bad ? node.bad : node.good;
    }
    tally.Add(on_path, tests);
  }
}

}  // namespace rebisect
