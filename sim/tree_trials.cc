#include "sim/tree_trials.h"

#include <array>

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

}  // namespace

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

Suspect CulpritOf(const CulpritDraw& draw, std::uint64_t key,
                  std::uint64_t trial) {
  return draw.Pick(KeyedBits(key, trial, kStart)[0]);
}

TreeTrials::TreeTrials(const DecisionTree& tree, const SuspectGraph& suspects,
                       const AncestorIntervals& intervals)
    : tree_(tree),
      suspects_(suspects),
      intervals_(intervals),
      tests_(TestsOf(tree)) {
  leaf_of_.resize(tree.leaves.size());
  for (std::uint32_t leaf = 0; leaf < tree.leaves.size(); ++leaf) {
    leaf_of_[tree.leaves[leaf]] = leaf;
  }
}

TreeTrials::Ideals TreeTrials::With(const VerdictErrors& errors) const {
  Ideals ideals{errors, {}};
  const std::vector<double> chances = ChanceRight(tree_, errors);
  ideals.by_suspect.reserve(chances.size());
  for (Suspect s = 0; s < chances.size(); ++s) {
    ideals.by_suspect.push_back({chances[s], leaf_of_[s], tests_[s]});
  }
  return ideals;
}

void TreeTrials::Sample(const Ideals& ideals, const TrialRange& range,
                        std::span<TrialEnd> ends) const {
  const VerdictErrors& errors = ideals.errors;
  for (std::size_t i = 0; i < ends.size(); ++i) {
    Luck luck(range.key, range.first + i);
    const Suspect culprit = range.culprits == nullptr
                                ? kNoSuspect
                                : range.culprits->Pick(luck.Culprit());
    if (culprit == kNoSuspect) {
      ends[i] = {AfterFalseBad(tree_.root(), errors.false_bad, luck), false};
      continue;
    }
    const Ideal& ideal = ideals.by_suspect[culprit];
    const double first = luck.First();
    if (first < ideal.chance) {
      ends[i] = {ideal.tests, true};
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
    ends[i] = {tests, false};
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

/// Some searches side by side, a step of each in turn: the numbers of a step
/// take a while, and none waits for another's.
void TreeTrials::SampleRuns(const RunRates& rates, const TrialRange& range,
                            std::span<TrialEnd> ends) const {
  REBISECT_CHECK(rates.runs >= 1 && rates.runs <= kMostDrawnRuns);
  struct Search {
    std::size_t index;
    Suspect culprit;
    std::uint32_t leaf;
    std::uint32_t at;
    std::uint32_t tests;
    bool on_path;  // the culprit is below `at`
    bool any_has;  // a commit below `at` may have the bug
    RunDraws::Bits bits;
  };
  constexpr std::size_t kSideBySide = 8;
  const auto visit_of = [this](Suspect s) {
    return RunDraws::Visit(suspects_.vertices[s], 0);
  };
  const RunDraws draws(rates, range.key);
  std::array<Search, kSideBySide> searches{};
  std::size_t count = 0;
  std::size_t next = 0;
  while (next < ends.size() || count > 0) {
    while (count < kSideBySide && next < ends.size()) {
      const Suspect culprit =
          range.culprits == nullptr
              ? kNoSuspect
              : CulpritOf(*range.culprits, range.key, range.first + next);
      const bool guilty = culprit != kNoSuspect;
      const std::uint32_t leaf = guilty ? leaf_of_[culprit] : 0;
      searches[count++] = {next++, culprit, leaf,   tree_.root(),
                           0,      guilty,  guilty, {}};
    }
    for (std::size_t i = 0; i < count; ++i) {
      Search& search = searches[i];
      if (IsLeaf(search.at)) continue;
      search.bits = draws.FirstBits(range.first + search.index,
                                    visit_of(tree_.nodes[search.at].test));
    }
    for (std::size_t i = 0; i < count;) {
      Search& search = searches[i];
      if (IsLeaf(search.at)) {
        ends[search.index] = {search.tests, search.on_path};
        search = searches[--count];
        continue;
      }
      const DecisionTree::Node& node = tree_.nodes[search.at];
      const bool has_bug =
          search.any_has &&
          (search.on_path ? search.leaf < node.split
                          : intervals_.Reaches(node.test, search.culprit));
      const bool bad = draws.Bad(range.first + search.index,
                                 visit_of(node.test), has_bug, search.bits);
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
