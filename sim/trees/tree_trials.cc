#include "sim/trees/tree_trials.h"

#include <algorithm>
#include <array>

#include "sim/base/check.h"
#include "sim/base/prng.h"

namespace rebisect {
namespace {

/// What a trial's bits are for: the second half of the counter. Commits have
/// numbers below 2^32.
constexpr std::uint64_t kStart = std::uint64_t{1} << 62U;

/// Without a branch, which would wait for the node and often be mistaken.
std::uint32_t Next(const DecisionTree::Node& node, bool bad) {
  return node.good ^ ((node.good ^ node.bad) & -std::uint32_t{bad});
}

double Fraction(std::uint64_t bits) {
  return static_cast<double>(bits >> 11U) * 0x1p-53;
}

}  // namespace

/// The numbers of one trial, one after the other.
class TreeTrials::Draws {
 public:
  Draws() = default;
  Draws(std::uint64_t key, std::uint64_t trial) : key_(key), trial_(trial) {
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

namespace {

/// One suspect: it is found at once.
void WithoutTests(const TrialRange& range, std::span<TrialEnd> ends) {
  for (std::size_t i = 0; i < ends.size(); ++i) {
    const bool guilty =
        range.culprits != nullptr &&
        CulpritOf(*range.culprits, range.key, range.first + i) != kNoSuspect;
    ends[i] = {0, guilty};
  }
}

}  // namespace

TreeTrials::TreeTrials(const DecisionTree& tree, const SuspectGraph& suspects,
                       const AncestorIntervals& intervals,
                       std::span<const std::int64_t> costs)
    : tree_(tree),
      intervals_(intervals),
      costs_(costs),
      shortcuts_(tree, intervals),
      tests_(TestsOf(tree)) {
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

/// Searches in which one number tells how far the next wrong verdict is: many
/// at a time, so that what one waits for, numbers and memory, does not stop
/// the others.
class TreeTrials::SkipAhead {
 public:
  SkipAhead(const TreeTrials& trials, const Ideals& ideals,
            const TrialRange& range, std::span<TrialEnd> ends)
      : trials_(trials),
        ideals_(ideals),
        range_(range),
        ends_(ends),
        right_{1 - ideals.errors.false_bad, 1 - ideals.errors.false_good} {
    for (std::size_t kind = 0; kind < right_.size(); ++kind) {
      double none = 1;
      for (std::size_t i = 0; i < TreeShortcuts::kFar; ++i) {
        none_in_[kind][i] = none;
        none *= right_[kind];
      }
      none_in_[kind][TreeShortcuts::kFar] = 0;  // nothing is sure
    }
  }

  void Run() {
    for (std::size_t first = 0; first < ends_.size(); first += kBlock) {
      const std::size_t count = std::min(kBlock, ends_.size() - first);
      for (std::size_t i = 0; i < count; ++i) Draw(searches_[i], first + i);
      open_ = 0;
      for (std::size_t i = 0; i < count; ++i) {
        if (Begin(searches_[i])) still_[open_++] = static_cast<Slot>(i);
      }
      while (open_ > 0) GoOn();
    }
  }

 private:
  using Slot = std::uint8_t;
  static constexpr std::size_t kBlock = 128;

  /// A search that meets a wrong verdict.
  struct Search {
    Draws draws{};
    double chance = 1;
    double none_yet = 1;  ///< the chance that all verdicts were right so far
    std::size_t end = 0;  ///< which one
    Suspect culprit = kNoSuspect;
    std::uint32_t leaf = 0;  ///< the culprit's
    std::uint32_t at = 0;
    std::uint32_t tests = 0;
    bool on_path = false;  ///< the culprit is below `at`
    bool any_has = false;  ///< a commit below `at` may have the bug
    bool anew = false;     ///< no verdict since `chance` was drawn
  };

  /// Draws the culprit, and has memory fetch what its trial starts from.
  void Draw(Search& search, std::size_t end) {
    search.end = end;
    search.draws = Draws(range_.key, range_.first + end);
    search.chance = search.draws.First();
    search.culprit = kNoSuspect;
    if (range_.culprits == nullptr) return;
    search.culprit = range_.culprits->Pick(search.draws.Culprit());
    if (search.culprit == kNoSuspect) return;
    __builtin_prefetch(&ideals_.by_suspect[search.culprit]);
  }

  /// Up to the first wrong verdict, or towards it. False: there is none.
  bool Begin(Search& search) {
    search.tests = 0;
    search.none_yet = 1;
    search.at = trials_.tree_.root();
    search.on_path = search.any_has = search.culprit != kNoSuspect;
    search.anew = !search.any_has;
    if (search.culprit == kNoSuspect) return true;
    const Ideal& ideal = ideals_.by_suspect[search.culprit];
    if (search.chance < ideal.chance) {
      ends_[search.end] = {ideal.tests, true};
      return false;
    }
    search.leaf = ideal.leaf;
    PassTop(search);
    return true;
  }

  /// Over the first verdicts, as far as they are right.
  void PassTop(Search& search) const {
    const std::uint32_t path = trials_.shortcuts_.Path(search.leaf);
    double none = 1;
    for (std::uint32_t i = TreeShortcuts::kTop; i-- > 0;) {
      // In the same order as ChanceRight() multiplies. Without a branch, which
      // would often be mistaken.
      none *= right_[path >> i & 1U];
      const bool sure = search.chance < none;
      search.tests += std::uint32_t{sure};
      search.none_yet = sure ? none : search.none_yet;
    }
    search.at = trials_.shortcuts_.Node(path, search.tests);
    Fetch(search.at);
  }

  void Fetch(std::uint32_t at) const {
    __builtin_prefetch(&trials_.tree_.nodes[at]);
    __builtin_prefetch(&trials_.shortcuts_.AllAlike(at));
  }

  /// A step of each search that is not over.
  void GoOn() {
    std::size_t open = 0;
    for (std::size_t i = 0; i < open_; ++i) {
      const Slot slot = still_[i];
      still_[open] = slot;
      open += std::size_t{Step(searches_[slot])};
    }
    open_ = open;
  }

  /// False: that was the last.
  bool Step(Search& search) {
    if (search.anew && PassesAll(search)) return false;
    const DecisionTree::Node& node = trials_.tree_.nodes[search.at];
    const bool has_bug = search.on_path
                             ? search.leaf < node.split
                             : search.any_has && trials_.intervals_.Reaches(
                                                     node.test, search.culprit);
    search.none_yet *= right_[std::size_t{has_bug}];
    const bool wrong = search.chance >= search.none_yet;
    const bool bad = has_bug != wrong;
    search.at = Next(node, bad);
    ++search.tests;
    search.on_path &= !wrong;
    search.any_has &= has_bug || !bad;
    search.anew = wrong;
    if (DecisionTree::IsLeaf(search.at)) {
      ends_[search.end] = {search.tests, search.on_path};
      return false;
    }
    Fetch(search.at);
    if (wrong) {
      search.chance = search.draws.Next();
      search.none_yet = 1;
    }
    return true;
  }

  /// Whether all verdicts to come are right, and of one kind: the culprit is
  /// no longer among the suspects.
  bool PassesAll(const Search& search) {
    const TreeShortcuts::Alike& alike = trials_.shortcuts_.AllAlike(search.at);
    const std::uint8_t tests = search.any_has ? alike.bads : alike.goods;
    if (search.chance >= none_in_[std::size_t{search.any_has}][tests] ||
        (search.any_has &&
         !trials_.intervals_.Reaches(alike.oldest, search.culprit))) {
      return false;
    }
    ends_[search.end] = {search.tests + tests, false};
    return true;
  }

  const TreeTrials& trials_;
  const Ideals& ideals_;
  const TrialRange& range_;
  std::span<TrialEnd> ends_;
  std::array<double, 2> right_;  // chances: without the bug, with it
  // The same, of this many right verdicts. Products as Step() forms them.
  std::array<std::array<double, TreeShortcuts::kFar + 1>, 2> none_in_{};
  std::array<Search, kBlock> searches_{};
  std::array<Slot, kBlock> still_{};  // those not over: the first open_
  std::size_t open_ = 0;
};

/// Every run is drawn: searches side by side, a lane each, a step of each in
/// turn.
class TreeTrials::DrawnRuns {
 public:
  DrawnRuns(const TreeTrials& trials, const RunRates& rates,
            const TrialRange& range, std::span<TrialEnd> ends)
      : trials_(trials),
        tree_(trials.tree_),
        draws_(rates, range.key),
        range_(range),
        ends_(ends) {}

  void Run() {
    for (std::size_t lane = 0; lane < kLanes; ++lane) Begin(lane);
    while (open_ > 0) {
      for (std::size_t lane = 0; lane < kLanes; ++lane) Ask(lane);
      const Lanes<kLanes> bad = draws_.Judge(tests_);
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

  /// The next search. Where there is none the lane goes on with tests that
  /// there is none.
  void Begin(std::size_t lane) {
    const std::uint32_t root = tree_.root();
    Search& search = searches_[lane];
    search = {ends_.size(), 0, 0, root, 0, false, false};
    if (next_ == ends_.size()) return;
    const std::uint64_t trial = range_.first + next_;
    const Suspect culprit =
        range_.culprits == nullptr
            ? kNoSuspect
            : CulpritOf(*range_.culprits, range_.key, trial);
    const bool guilty = culprit != kNoSuspect;
    search.end = next_;
    search.culprit = culprit;
    search.leaf = guilty ? trials_.leaf_of_[culprit] : 0;
    search.on_path = guilty;
    search.any_has = guilty;
    tests_.SetTrial(lane, trial);
    ++next_;
    ++open_;
  }

  void Ask(std::size_t lane) {
    const Search& search = searches_[lane];
    const DecisionTree::Node& node = tree_.nodes[search.at];
    tests_.commit[lane] = trials_.commits_[search.at];
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
    search.at = Next(node, bad);
    ++search.tests;
    if (!trials_.costs_.empty()) search.cost += trials_.costs_[node.test];
    if (!DecisionTree::IsLeaf(search.at)) {
      __builtin_prefetch(&tree_.nodes[search.at]);
      __builtin_prefetch(&trials_.commits_[search.at]);
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
  RunDraws draws_;
  const TrialRange& range_;
  std::span<TrialEnd> ends_;
  std::size_t next_ = 0;
  std::size_t open_ = 0;  // searches that have begun and not ended
  std::array<Search, kLanes> searches_{};
  TestLanes<kLanes> tests_;
};

void TreeTrials::Sample(const Ideals& ideals, const TrialRange& range,
                        std::span<TrialEnd> ends) const {
  if (tree_.nodes.empty()) return WithoutTests(range, ends);
  SkipAhead(*this, ideals, range, ends).Run();
}

void TreeTrials::SampleRuns(const RunRates& rates, const TrialRange& range,
                            std::span<TrialEnd> ends) const {
  REBISECT_CHECK(rates.runs >= 1 && rates.runs <= kMaxDrawnRuns);
  if (tree_.nodes.empty()) return WithoutTests(range, ends);
  DrawnRuns(*this, rates, range, ends).Run();
}

}  // namespace rebisect
