#include "sim/graph/generate_history.h"

#include <algorithm>
#include <cstddef>
#include <span>
#include <utility>

#include "sim/base/check.h"
#include "sim/base/prng.h"

namespace rebisect {
namespace {

using Node = std::uint32_t;

constexpr std::array<std::string_view, kHistoryShapes.size()> kNames = {
    "linear",      "kernel",  "git",   "wide",
    "criss-cross", "octopus", "roots", "ladder"};

/// What is drawn from the seed, each in a stream of its own.
enum HistoryDraw : std::uint64_t { kEdges = 1, kDates = 2, kIds = 3 };

constexpr std::int64_t kEpoch = 1'500'000'000;
constexpr std::uint32_t kMaxPause = 3600;

/// How people work who make a history with branches, as chances in a hundred
/// of what the next commit is; else it goes on with one of the branches.
struct Habits {
  std::uint32_t merge;
  std::uint32_t fork;
  std::uint32_t main_line;   ///< an ordinary commit on the main line
  std::size_t most_open;     ///< branches at a time
  std::size_t most_parents;  ///< of a merge
  bool roots = false;        ///< half of the branches begin with a root
};
constexpr Habits kKernelHabits = {8, 8, 2, 200, 2};
constexpr Habits kGitHabits = {25, 25, 5, 60, 2};
constexpr Habits kWideHabits = {20, 60, 5, 1000, 5};
constexpr Habits kOctopusHabits = {8, 40, 5, 200, 9};
/// How many rungs of a ladder one merge at its end takes.
constexpr std::size_t kRungsMerged = 63;
constexpr Habits kRootsHabits = {20, 20, 5, 60, 2, true};

/// Grows a history commit by commit; every branch that is opened is merged
/// before the last commit, so that this one descends from all.
class Grower {
 public:
  Grower(std::uint32_t commits, const Prng& prng)
      : prng_(prng), commits_(commits) {
    arrays_.rows.reserve(commits + std::size_t{1});
    arrays_.parents.reserve(commits + std::size_t{commits} / 3);
    arrays_.rows.push_back(0);
    main_ = Add({});
  }

  CommitArrays Grow(HistoryShape shape) {
    while (Left() > 0) {
      switch (shape) {
        case HistoryShape::kLinear:
          main_ = Add({&main_, 1});
          break;
        case HistoryShape::kKernel:
          Branches(kKernelHabits);
          break;
        case HistoryShape::kGit:
          Branches(kGitHabits);
          break;
        case HistoryShape::kWide:
          Branches(kWideHabits);
          break;
        case HistoryShape::kCrissCross:
          CrissCross();
          break;
        case HistoryShape::kOctopus:
          Branches(kOctopusHabits);
          break;
        case HistoryShape::kRoots:
          Branches(kRootsHabits);
          break;
        case HistoryShape::kLadder:
          Ladder();
          break;
      }
    }
    return std::move(arrays_);
  }

 private:
  [[nodiscard]] std::size_t Made() const { return arrays_.rows.size() - 1; }
  [[nodiscard]] std::size_t Left() const { return commits_ - Made(); }

  Node Add(std::span<const Node> parents) {
    arrays_.parents.insert(arrays_.parents.end(), parents.begin(),
                           parents.end());
    arrays_.rows.push_back(static_cast<std::uint32_t>(arrays_.parents.size()));
    return static_cast<Node>(Made() - 1);
  }

  /// Any of the open branches. REQUIRES: there is one.
  [[nodiscard]] std::size_t AnyBranch() {
    return prng_.Below(static_cast<std::uint32_t>(open_.size()));
  }

  void Branches(const Habits& habits) {
    const std::uint32_t what = prng_.Below(100);
    const std::size_t merged = habits.most_parents - 1;
    // One commit more would leave too few to merge what is open.
    const std::size_t merges = (open_.size() + merged - 1) / merged;
    const bool last_call = Left() <= merges;
    const bool may_fork =
        !last_call && open_.size() < habits.most_open && Left() >= merges + 2;
    if (last_call || (what < habits.merge && !open_.empty())) {
      Merge(last_call ? merged
                      : 1 + prng_.Below(static_cast<std::uint32_t>(merged)));
    } else if (may_fork && what - habits.merge < habits.fork) {
      const bool root = habits.roots && prng_.Below(2) == 0;
      open_.push_back(root ? Add({}) : Add({&base_, 1}));
      // New work starts from where others did, for a while.
      if (prng_.Below(3) == 0) base_ = main_;
    } else if (open_.empty() ||
               what < habits.merge + habits.fork + habits.main_line) {
      main_ = Add({&main_, 1});
    } else {
      Node& tip = open_[AnyBranch()];
      tip = Add({&tip, 1});
    }
  }

  /// Merges this many of the open branches, or all, into the main line.
  void Merge(std::size_t branches) {
    std::vector<Node> parents = {main_};
    while (parents.size() <= branches && !open_.empty()) {
      Node& tip = open_[AnyBranch()];
      parents.push_back(tip);
      tip = open_.back();
      open_.pop_back();
    }
    main_ = Add(parents);
  }

  /// Until open_[0] is a second line, beside main_.
  void BeginTwoLines() {
    // The second line needs a commit, and one more to be merged.
    if (Left() < 2 || Made() == 1) {
      main_ = Add({&main_, 1});
    } else {
      open_.push_back(Add({&base_, 1}));
    }
  }

  void CrissCross() {
    if (open_.empty()) return BeginTwoLines();
    const std::array<Node, 2> there = {main_, open_[0]};
    const std::array<Node, 2> back = {open_[0], main_};
    const std::uint32_t what = prng_.Below(10);
    if (Left() == 1) {
      main_ = Add(there);
    } else if (what < 3 && Left() >= 3) {
      main_ = Add(there);
      open_[0] = Add(back);
    } else if (what < 4) {
      main_ = Add(there);
    } else {
      Node& tip = what % 2 == 0 ? main_ : open_[0];
      tip = Add({&tip, 1});
    }
  }

  /// The merges of both lines at some time, the rungs, are merged at the end:
  /// few commits are on the longest path to a rung, and very many are not.
  void Ladder() {
    if (open_.empty()) return BeginTwoLines();
    const auto merges = [](std::size_t open) {
      return (open + kRungsMerged - 1) / kRungsMerged;
    };
    const std::uint32_t what = prng_.Below(3);
    if (Left() <= merges(open_.size())) {
      Merge(kRungsMerged);
    } else if (what == 0 && Left() > merges(open_.size() + 1)) {
      const std::array<Node, 2> both = {main_, open_[0]};
      open_.push_back(Add(both));
    } else {
      Node& tip = what == 1 ? main_ : open_[0];
      tip = Add({&tip, 1});
    }
  }

  Prng prng_;
  std::size_t commits_;
  CommitArrays arrays_;
  Node main_ = 0;
  Node base_ = 0;           // where new branches start
  std::vector<Node> open_;  // tips of the branches
};

CommitId MadeUpId(std::uint64_t key, std::uint64_t node) {
  const std::array<std::uint64_t, 2> head = KeyedBits(key, node, 0);
  const std::array<std::uint64_t, 2> tail = KeyedBits(key, node, 1);
  const std::array<std::uint64_t, 3> words = {head[0], head[1], tail[0]};
  CommitId id;
  for (std::size_t i = 0; i < CommitId::kSize; ++i) {
    id.bytes[i] = static_cast<std::uint8_t>(words[i / 8] >> (8 * (i % 8)));
  }
  return id;
}

}  // namespace

std::string_view NameOf(HistoryShape shape) {
  return kNames.at(static_cast<std::size_t>(shape));
}

std::optional<HistoryShape> HistoryShapeNamed(std::string_view name) {
  for (const HistoryShape shape : kHistoryShapes) {
    if (NameOf(shape) == name) return shape;
  }
  return std::nullopt;
}

std::vector<std::string_view> HistoryShapeNames() {
  return {kNames.begin(), kNames.end()};
}

MadeHistory MakeHistory(HistoryShape shape, std::uint32_t suspects,
                        std::uint64_t seed) {
  REBISECT_CHECK(suspects >= 1 && suspects <= kMaxHistory);
  const Prng prng(seed, static_cast<std::uint64_t>(shape), suspects);
  const std::uint32_t commits = suspects + 1;
  CommitArrays arrays = Grower(commits, prng.Stream(kEdges)).Grow(shape);
  Prng dates = prng.Stream(kDates);
  const std::uint64_t key = prng.Stream(kIds).Next();
  arrays.ids.reserve(commits);
  arrays.dates.reserve(commits);
  std::int64_t date = kEpoch;
  for (Node node = 0; node < commits; ++node) {
    arrays.ids.push_back(MadeUpId(key, node));
    arrays.dates.push_back(date);
    date += 1 + dates.Below(kMaxPause);
  }
  const CommitId good = arrays.ids.front();
  const CommitId bad = arrays.ids.back();
  arrays.names = {{"refs/tags/good", 0}, {"refs/tags/bad", commits - 1}};
  auto graph = CommitGraph::Build(std::move(arrays));
  REBISECT_CHECK(graph.has_value());
  MadeHistory made;
  made.good = *graph->Find(good);
  made.bad = *graph->Find(bad);
  made.graph = *std::move(graph);
  return made;
}

}  // namespace rebisect
