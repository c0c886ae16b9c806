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
                       const AncestorIntervals& intervals,
                       std::span<const std::int64_t> costs)
    : tree_(tree),
      suspects_(suspects),
      intervals_(intervals),
      costs_(costs),
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

/// Searches side by side, a lane each, a step of each in turn.
class TreeTrials::SideBySide {
 public:
  SideBySide(const TreeTrials& trials, const TrialRange& range,
             std::span<TrialEnd> ends)
      : trials_(trials), tree_(trials.tree_), range_(range), ends_(ends) {}

  void Run(const RunDraws& draws) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) Begin(lane);
    while (open_ > 0) {
      for (std::size_t lane = 0; lane < kLanes; ++lane) Ask(lane);
      const Lanes<kLanes> bad = draws.Judge(tests_);
      for (std::size_t lane = 0; lane < kLanes; ++lane) {
        Hear(lane, bad[lane] != 0);
      }
    }
  }

 private:
  static constexpr std::size_t kLanes = 8;

  struct Search {
    std::size_t end;  // which one; ends_.size(): a lane without work
    Suspect culprit;
    std::uint32_t leaf;  // the culprit's
    std::uint32_t at;
    std::uint32_t tests;
    bool on_path;  // the culprit is below `at`
    bool any_has;  // a commit below `at` may have the bug
    std::int64_t cost = 0;
  };

  /// Who is guilty in the trial; kNoSuspect: nobody.
  [[nodiscard]] Suspect Culprit(std::uint64_t trial) const {
    if (range_.culprits == nullptr) return kNoSuspect;
    return CulpritOf(*range_.culprits, range_.key, trial);
  }

  /// The next search. Where there is none, or none needs a test, the lane
  /// goes on with tests that nobody counts.
  void Begin(std::size_t lane) {
    const std::uint32_t root = tree_.root();
    if (IsLeaf(root)) {
      for (std::size_t i = 0; i < ends_.size(); ++i) {
        ends_[i] = {0, Culprit(range_.first + i) != kNoSuspect};
      }
      return;
    }
    Search& search = searches_[lane];
    search = {ends_.size(), 0, 0, root, 0, false, false};
    if (next_ == ends_.size()) return;
    const std::uint64_t trial = range_.first + next_;
    const Suspect culprit = Culprit(trial);
    const bool guilty = culprit != kNoSuspect;
    search = {next_++, culprit, guilty ? trials_.leaf_of_[culprit] : 0, root, 0,
              guilty,  guilty};
    tests_.SetTrial(lane, trial);
    ++open_;
  }

  void Ask(std::size_t lane) {
    const Search& search = searches_[lane];
    const DecisionTree::Node& node = tree_.nodes[search.at];
    tests_.commit[lane] = trials_.suspects_.vertices[node.test];
    tests_.has_bug[lane] =
        search.on_path ? search.leaf < node.split
                       : search.any_has && trials_.intervals_.Reaches(
                                               node.test, search.culprit);
  }

  void Hear(std::size_t lane, bool bad) {
    Search& search = searches_[lane];
    const DecisionTree::Node& node = tree_.nodes[search.at];
    const bool has_bug = tests_.has_bug[lane] != 0;
    search.on_path &= bad == has_bug;
    search.any_has &= has_bug || !bad;
    search.at = bad ? node.bad : node.good;
    ++search.tests;
    if (!trials_.costs_.empty()) search.cost += trials_.costs_[node.test];
    if (!IsLeaf(search.at)) return;
    if (search.end != ends_.size()) {
      ends_[search.end] = {search.tests, search.on_path, search.cost};
      --open_;
    }
    Begin(lane);
  }

  const TreeTrials& trials_;
  const DecisionTree& tree_;
  const TrialRange& range_;
  std::span<TrialEnd> ends_;
  std::size_t next_ = 0;
  std::size_t open_ = 0;  // searches that have begun and not ended
  std::array<Search, kLanes> searches_{};
  TestLanes<kLanes> tests_;
};

void TreeTrials::SampleRuns(const RunRates& rates, const TrialRange& range,
                            std::span<TrialEnd> ends) const {
  REBISECT_CHECK(rates.runs >= 1 && rates.runs <= kMostDrawnRuns);
  SideBySide(*this, range, ends).Run(RunDraws(rates, range.key));
}

}  // namespace rebisect
