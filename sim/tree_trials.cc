#include "sim/tree_trials.h"

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

}  // namespace

/// The numbers of one trial, one after the other.
class TreeTrials::Luck {
 public:
  Luck() = default;
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
  std::uint64_t key_ = 0;
  std::uint64_t trial_ = 0;
  std::uint64_t block_ = 0;
  std::size_t at_ = 2;
  std::array<std::uint64_t, 2> bits_{};
};

Suspect CulpritOf(const CulpritDraw& draw, std::uint64_t key,
                  std::uint64_t trial) {
  return draw.Pick(KeyedBits(key, trial, kStart)[0]);
}

TreeTrials::TreeTrials(const DecisionTree& tree, const SuspectGraph& suspects,
                       const AncestorIntervals& intervals,
                       std::span<const std::int64_t> costs)
    : tree_(tree), intervals_(intervals), costs_(costs), tests_(TestsOf(tree)) {
  commits_.reserve(tree.nodes.size());
  for (const DecisionTree::Node& node : tree.nodes) {
    commits_.push_back(suspects.vertices[node.test]);
  }
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

/// Every run is drawn.
class TreeTrials::DrawnRuns {
 public:
  static constexpr bool kOfCommits = true;

  DrawnRuns(const RunRates& rates, const TrialRange& range)
      : range_(range), draws_(rates, range.key) {}

  /// Who is guilty; whether the trial is over without a test is for others.
  bool Settles(std::uint64_t trial, Suspect& culprit, TrialEnd& /*end*/) {
    culprit = range_.culprits == nullptr
                  ? kNoSuspect
                  : CulpritOf(*range_.culprits, range_.key, trial);
    return false;
  }
  void Begin(std::size_t /*lane*/) {}
  [[nodiscard]] Lanes<kLanes> Judge(const TestLanes<kLanes>& tests) const {
    return draws_.Judge(tests);
  }

 private:
  const TrialRange& range_;
  RunDraws draws_;
};

/// One number tells how far the next wrong verdict is.
class TreeTrials::SkipAhead {
 public:
  static constexpr bool kOfCommits = false;

  SkipAhead(const Ideals& ideals, const TrialRange& range)
      : ideals_(ideals),
        range_(range),
        right_{1 - ideals.errors.false_bad, 1 - ideals.errors.false_good} {
    for (std::uint64_t i = 0; i < kAhead; ++i) LookAt(range.first + i);
  }

  /// A trial without a wrong verdict is over. Trials come one after another.
  bool Settles(std::uint64_t trial, Suspect& culprit, TrialEnd& end) {
    luck_ = ahead_[trial % kAhead].luck;
    culprit = ahead_[trial % kAhead].culprit;
    LookAt(trial + kAhead);
    if (culprit == kNoSuspect) return false;
    const Ideal& ideal = ideals_.by_suspect[culprit];
    end = {ideal.tests, true};
    return luck_.First() < ideal.chance;
  }
  void Begin(std::size_t lane) { lanes_[lane] = {luck_, luck_.First(), 1}; }
  [[nodiscard]] Lanes<kLanes> Judge(const TestLanes<kLanes>& tests) {
    Lanes<kLanes> bad;
    for (std::size_t i = 0; i < kLanes; ++i) {
      Lane& lane = lanes_[i];
      // In the same order as ChanceRight() multiplies.
      lane.none_yet *= right_[tests.has_bug[i]];
      const bool wrong = lane.chance >= lane.none_yet;
      bad[i] = tests.has_bug[i] ^ static_cast<std::uint32_t>(wrong);
      if (!wrong) continue;
      lane.chance = lane.luck.Next();
      lane.none_yet = 1;
    }
    return bad;
  }

 private:
  struct Lane {
    Luck luck{};
    double chance = 1;
    double none_yet = 1;  ///< the chance that all verdicts were right so far
  };

  static constexpr std::uint64_t kAhead = 16;

  struct Trial {
    Luck luck{};
    Suspect culprit = kNoSuspect;
  };

  /// Draws the culprit, and has memory begin with what its trial starts from.
  void LookAt(std::uint64_t trial) {
    Trial& next = ahead_[trial % kAhead];
    next.luck = Luck(range_.key, trial);
    if (range_.culprits == nullptr) return;
    next.culprit = range_.culprits->Pick(next.luck.Culprit());
    if (next.culprit == kNoSuspect) return;
    __builtin_prefetch(&ideals_.by_suspect[next.culprit]);
  }

  const Ideals& ideals_;
  const TrialRange& range_;
  std::array<Trial, kAhead> ahead_{};  // the trials to come
  std::array<double, 2> right_;        // chances: without the bug, with it
  Luck luck_;                          // of the trial that was asked for last
  std::array<Lane, kLanes> lanes_{};
};

/// Searches side by side, a lane each, a step of each in turn: what one waits
/// for, numbers and memory, does not stop the others.
template <class Verdicts>
class TreeTrials::SideBySide {
 public:
  SideBySide(const TreeTrials& trials, Verdicts verdicts,
             const TrialRange& range, std::span<TrialEnd> ends)
      : trials_(trials),
        tree_(trials.tree_),
        verdicts_(std::move(verdicts)),
        first_(range.first),
        ends_(ends) {}

  void Run() {
    for (std::size_t lane = 0; lane < kLanes; ++lane) Begin(lane);
    while (open_ > 0) {
      for (std::size_t lane = 0; lane < kLanes; ++lane) Ask(lane);
      const Lanes<kLanes> bad = verdicts_.Judge(tests_);
      for (std::size_t lane = 0; lane < kLanes; ++lane) {
        Hear(lane, bad[lane] != 0);
      }
    }
  }

 private:
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

  /// The next search that needs a test. Where there is none the lane goes on
  /// with tests that nobody counts.
  void Begin(std::size_t lane) {
    const std::uint32_t root = tree_.root();
    Suspect culprit = kNoSuspect;
    while (next_ < ends_.size()) {
      TrialEnd& end = ends_[next_];
      if (!verdicts_.Settles(first_ + next_, culprit, end)) {
        if (!IsLeaf(root)) break;
        end = {0, culprit != kNoSuspect};
      }
      ++next_;
    }
    Search& search = searches_[lane];
    search = {ends_.size(), 0, 0, IsLeaf(root) ? 0 : root, 0, false, false};
    if (next_ == ends_.size()) return;
    const bool guilty = culprit != kNoSuspect;
    search.end = next_;
    search.culprit = culprit;
    search.leaf = guilty ? trials_.leaf_of_[culprit] : 0;
    search.on_path = guilty;
    search.any_has = guilty;
    tests_.SetTrial(lane, first_ + next_);
    verdicts_.Begin(lane);
    ++next_;
    ++open_;
  }

  void Ask(std::size_t lane) {
    const Search& search = searches_[lane];
    const DecisionTree::Node& node = tree_.nodes[search.at];
    if constexpr (Verdicts::kOfCommits) {
      tests_.commit[lane] = trials_.commits_[search.at];
    }
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
    // Without a branch, which would wait for the node and often be mistaken.
    search.at = node.good ^ ((node.good ^ node.bad) & -std::uint32_t{bad});
    ++search.tests;
    if (!trials_.costs_.empty()) search.cost += trials_.costs_[node.test];
    if (!IsLeaf(search.at)) {
      __builtin_prefetch(&tree_.nodes[search.at]);
      if constexpr (Verdicts::kOfCommits) {
        __builtin_prefetch(&trials_.commits_[search.at]);
      }
      return;
    }
    if (search.end != ends_.size()) {
      ends_[search.end] = {search.tests, search.on_path, search.cost};
      --open_;
    }
    Begin(lane);
  }

  const TreeTrials& trials_;
  const DecisionTree& tree_;
  Verdicts verdicts_;
  std::uint64_t first_;
  std::span<TrialEnd> ends_;
  std::size_t next_ = 0;
  std::size_t open_ = 0;  // searches that have begun and not ended
  std::array<Search, kLanes> searches_{};
  TestLanes<kLanes> tests_;
};

void TreeTrials::Sample(const Ideals& ideals, const TrialRange& range,
                        std::span<TrialEnd> ends) const {
  SideBySide<SkipAhead>(*this, SkipAhead(ideals, range), range, ends).Run();
}

void TreeTrials::SampleRuns(const RunRates& rates, const TrialRange& range,
                            std::span<TrialEnd> ends) const {
  REBISECT_CHECK(rates.runs >= 1 && rates.runs <= kMostDrawnRuns);
  SideBySide<DrawnRuns>(*this, DrawnRuns(rates, range), range, ends).Run();
}

}  // namespace rebisect
