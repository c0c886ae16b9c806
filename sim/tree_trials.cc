#include "sim/tree_trials.h"

#include <algorithm>
#include <array>
#include <utility>

#include <Random123/philox.h>

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
  using Bits = r123::Philox2x64::ctr_type;

  Draws(const RunRates& rates, std::uint64_t key)
      : rates_(rates),
        key_{{key}},
        crash_(ThresholdOf(rates.crash)),
        false_crash_(ThresholdOf(rates.false_crash)) {}

  /// Of the first sixteen runs.
  [[nodiscard]] Bits FirstBits(std::uint64_t trial, Suspect commit) const {
    return Of(trial, commit);
  }

  [[nodiscard]] bool Bad(std::uint64_t trial, Suspect commit, bool has_bug,
                         const Bits& first_bits) const {
    const Threshold& threshold = has_bug ? crash_ : false_crash_;
    if (threshold.always) return true;
    int crashes = Crashes(threshold, trial, commit, first_bits,
                          std::min(kRunsABlock, rates_.runs));
    for (int run = kRunsABlock; run < rates_.runs; run += kRunsABlock) {
      const std::uint64_t block =
          static_cast<std::uint64_t>(run / kRunsABlock) << 32U | commit;
      crashes += Crashes(threshold, trial, block, Of(trial, block),
                         std::min(kRunsABlock, rates_.runs - run));
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

  [[nodiscard]] Bits Of(std::uint64_t trial, std::uint64_t what) const {
    return r123::Philox2x64()({{trial, what}}, key_);
  }

  [[nodiscard]] int Crashes(const Threshold& threshold, std::uint64_t trial,
                            std::uint64_t block, const Bits& bits,
                            int runs) const {
    int crashes = 0;
    int open = 0;
    for (int i = 0; i < runs; ++i) {
      const std::uint8_t byte = ByteOf(bits, i);
      crashes += byte < threshold.first ? 1 : 0;
      open += byte == threshold.first ? 1 : 0;
    }
    if (open == 0) return crashes;
    for (int i = 0; i < runs; ++i) {
      if (ByteOf(bits, i) != threshold.first) continue;
      const std::uint64_t rest =
          Of(trial, kSettling + (block << 4U) + static_cast<unsigned>(i))[0];
      if (rest >> 8U < threshold.rest) ++crashes;
    }
    return crashes;
  }
  static std::uint8_t ByteOf(const Bits& bits, int i) {
    const auto at = static_cast<unsigned>(i);
    return static_cast<std::uint8_t>(bits[at / 8] >> (8 * (at % 8)));
  }

  const RunRates& rates_;
  r123::Philox2x64::key_type key_;
  Threshold crash_;
  Threshold false_crash_;
};

/// Some searches side by side, a step of each in turn: the numbers of a step
/// take a while, and none waits for another's.
void TreeTrials::SampleRuns(const RunRates& rates, const TrialRange& range,
                            TrialTally& tally) const {
  REBISECT_CHECK(rates.runs >= 1 && rates.runs <= 1000);
  struct Search {
    std::uint64_t trial;
    Suspect culprit;
    std::uint32_t leaf;
    std::uint32_t at;
    std::uint32_t tests;
    bool on_path;  // the culprit is below `at`
    bool any_has;  // a commit below `at` may have the bug
    Draws::Bits bits;
  };
  constexpr std::size_t kSideBySide = 8;
  const Draws draws(rates, range.key);
  std::array<Search, kSideBySide> searches{};
  std::size_t count = 0;
  std::uint64_t next = range.first;
  const std::uint64_t end = range.first + range.count;
  while (next < end || count > 0) {
    while (count < kSideBySide && next < end) {
      const Suspect culprit = CulpritOf(range.key, next);
      searches[count++] = {
          next++, culprit, leaf_of_[culprit], tree_.root(), 0, true, true, {}};
    }
    for (std::size_t i = 0; i < count; ++i) {
      Search& search = searches[i];
      if (IsLeaf(search.at)) continue;
      search.bits = draws.FirstBits(search.trial, tree_.nodes[search.at].test);
    }
    for (std::size_t i = 0; i < count;) {
      Search& search = searches[i];
      if (IsLeaf(search.at)) {
        tally.Add(search.on_path, search.tests);
        search = searches[--count];
        continue;
      }
      const DecisionTree::Node& node = tree_.nodes[search.at];
      const bool has_bug =
          search.any_has &&
          (search.on_path ? search.leaf < node.split
                          : intervals_.Reaches(node.test, search.culprit));
      const bool bad = draws.Bad(search.trial, node.test, has_bug, search.bits);
      ++search.tests;
      if (bad != has_bug) {
        search.on_path = false;
        if (bad) search.any_has = false;
      }
      search.at = bad ? node.bad : node.good;
      ++i;
    }
  }
}

}  // namespace rebisect
