#include "scenarios/reconstruct/reconstruct_chain.h"

#include <algorithm>
#include <utility>

#include "scenarios/reconstruct/reconstruct_numbers.h"

namespace rebisect {
namespace {

/// Two steps that no graph brings together: at `chosen` git would have
/// preferred the commit of `later` (or, with both equal, some commit below
/// the chosen one).
struct Conflict {
  std::size_t chosen = 0;
  std::size_t later = 0;
};

/// Whether git since 2.30 stops at a commit of this weight.
bool IsNearHalf(const ChainStep& step, std::int64_t weight) {
  const std::int64_t off = step.suspects - 2 * weight;
  return step.suspects >= kNearHalfSuspects &&
         (off < 0 ? -off : off) < step.suspects / 1024;
}

class Linker {
 public:
  explicit Linker(std::vector<ChainStep>& steps) : steps_(steps) {}

  /// Links the commits of all steps; nothing when every choice then is
  /// git's. O(steps).
  std::optional<Conflict> LinkAll() {
    near_half_.clear();
    for (std::size_t i = 0; i < steps_.size(); ++i) {
      // The oldest ancestor of the chosen commit has weight 1: as near to the
      // half as a commit with one suspect beside it, and met before it.
      if (steps_[i].beside() == 1 && steps_[i].suspects > 3) {
        return Conflict{i, i};
      }
      steps_[i].links.clear();
      if (const auto conflict = Link(i)) return conflict;
    }
    return std::nullopt;
  }

  /// Where git since 2.30 chooses otherwise.
  [[nodiscard]] const std::vector<Conflict>& near_half() const {
    return near_half_;
  }

 private:
  std::optional<Conflict> Link(std::size_t i);
  std::optional<Conflict> PassBad(std::size_t k, std::size_t i,
                                  std::int64_t weight);

  std::vector<ChainStep>& steps_;
  std::vector<Conflict> near_half_;
};

/// Links the commit of step `i` to what earlier good steps removed, so that
/// in none of the earlier steps git prefers it. Its weight in an earlier
/// step may be small (at most that step's distance) or large (all but at
/// most that distance); links make it large where it is not small.
///
/// Distances never grow from a step to the next, so a commit that is small in
/// one step is small in all earlier ones, and the walk ends. After a large
/// commit every later one is small in the steps it links to, so at most one
/// commit links to a step.
std::optional<Conflict> Linker::Link(std::size_t i) {
  ChainStep& later = steps_[i];
  std::int64_t weight = later.reached;
  for (std::size_t k = i; k-- > 0;) {
    const ChainStep& step = steps_[k];
    const std::int64_t distance = step.distance();
    if (step.verdict == Verdict::kBad) {
      // Exactly half as well, but no merge: git counts merges first.
      const bool half = 2 * step.reached == step.suspects + 1;
      if (weight == distance && half && weight <= 2 && later.links.empty()) {
        continue;
      }
      return PassBad(k, i, weight);
    }
    // A tie is won by the chosen commit, which is the older one.
    if (weight <= distance) return std::nullopt;
    if (steps_[k + 1].suspects - weight > distance) return Conflict{k, i};
    later.links.push_back({k, step.reached});
    weight += step.reached;
  }
  return std::nullopt;
}

/// The commit of step `i` at the bad step `k` below whose commit it lies: git
/// meets it first there, so it has to be smaller than the distance. Links
/// that made it large take what they can spare from the oldest of them: it
/// may leave out as many commits as keep the linked step nearer to the half.
std::optional<Conflict> Linker::PassBad(std::size_t k, std::size_t i,
                                        std::int64_t weight) {
  ChainStep& later = steps_[i];
  const std::int64_t surplus = weight - (steps_[k].distance() - 1);
  if (surplus > 0) {
    if (later.links.empty() || later.links.back().step != k + 1) {
      return Conflict{k, i};
    }
    ChainLink& link = later.links.back();
    const ChainStep& linked = steps_[link.step];
    if (surplus >= link.commits ||
        linked.suspects - weight + surplus > linked.distance()) {
      return Conflict{k, i};
    }
    link.commits -= surplus;
    weight -= surplus;
  }
  if (IsNearHalf(steps_[k], weight)) near_half_.push_back({k, i});
  return std::nullopt;
}

/// The smallest number of suspects whose estimate is at least `steps`.
std::int64_t FewestWithEstimate(std::int64_t steps) {
  std::int64_t low = 1;
  std::int64_t high = 4 * kMaxReconstructedSuspects;
  while (low < high) {
    const std::int64_t middle = (low + high) / 2;
    if (EstimatedSteps(middle) >= steps) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

class Solver {
 public:
  Solver(const SearchRecord& record, const std::string& file)
      : numbers_(record, file), linker_(numbers_.chain.steps) {}

  Result<Chain> Solve();
  Result<Chain> MakeUp();

 private:
  struct Bounds {
    std::int64_t low = 0;
    std::int64_t high = 0;
    std::optional<std::size_t> contradicted{};
  };

  Bounds AnchorBounds(std::size_t anchor) const;
  std::optional<Conflict> ChooseAnchor(std::size_t anchor,
                                       const Bounds& bounds);
  std::optional<Conflict> TryAnchor(std::size_t anchor, std::int64_t suspects) {
    numbers_.Fill(anchor, suspects);
    return linker_.LinkAll();
  }
  Error Impossible(const Conflict& conflict) const;
  void NoteNearHalf();

  ChainNumbers numbers_;
  Linker linker_;
};

/// The numbers of suspects at the anchor with which the estimates printed at
/// it and before it are right, back to the first step that agrees with none.
Solver::Bounds Solver::AnchorBounds(std::size_t anchor) const {
  Bounds bounds{numbers_.Left(anchor) + 2, 2 * kMaxReconstructedSuspects, {}};
  if (!numbers_.AnchorIsOpen()) bounds.high = bounds.low;  // to the culprit
  std::int64_t more = 0;  // suspects at step k beyond those at the anchor
  for (std::size_t k = anchor;; --k) {
    if (const auto& printed = numbers_.record.steps[k].steps_left) {
      const std::int64_t estimate = *printed;
      const std::int64_t low =
          std::max(bounds.low, FewestWithEstimate(estimate) - more);
      const std::int64_t high =
          std::min(bounds.high, FewestWithEstimate(estimate + 1) - 1 - more);
      if (low > high) {
        bounds.contradicted = k;
        return bounds;
      }
      bounds.low = low;
      bounds.high = high;
    }
    if (k == 0) return bounds;
    more += numbers_.Left(k - 1) + 1;
  }
}

/// Few suspects at the anchor suit the bad steps before it, many (up to twice
/// what is left) the steps after it: the largest number up to there that
/// suits the bad steps is the best.
std::optional<Conflict> Solver::ChooseAnchor(std::size_t anchor,
                                             const Bounds& bounds) {
  std::int64_t low = bounds.low;
  std::int64_t best =
      std::clamp(2 * numbers_.Left(anchor) + 2, low, bounds.high);
  const auto conflict = TryAnchor(anchor, best);
  if (!conflict || conflict->chosen >= anchor) return conflict;
  while (low < best) {
    const std::int64_t middle = low + (best - low + 1) / 2;
    const auto now = TryAnchor(anchor, middle);
    if (now && now->chosen < anchor) {
      best = middle - 1;
    } else {
      low = middle;
    }
  }
  return TryAnchor(anchor, low);
}

Error Solver::Impossible(const Conflict& conflict) const {
  const ChainStep& chosen = numbers_.chain.steps[conflict.chosen];
  const ChainStep& later = numbers_.chain.steps[conflict.later];
  const std::string rival =
      conflict.chosen == conflict.later
          ? "an older commit"
          : "the commit of line " + std::to_string(later.line);
  return numbers_.ErrorAt(
      chosen.line,
      "no commit graph has these counts: the commit chosen here divides " +
          std::to_string(chosen.suspects) + " suspects into " +
          std::to_string(chosen.reached) + " and " +
          std::to_string(chosen.beside()) + ", and git would have preferred " +
          rival + "; look for missing or edited lines");
}

void Solver::NoteNearHalf() {
  const std::vector<ChainStep>& steps = numbers_.chain.steps;
  for (const Conflict& conflict : linker_.near_half()) {
    numbers_.chain.notes.push_back(
        "line " + std::to_string(steps[conflict.chosen].line) +
        ": only git before 2.30 chooses this commit here; later ones stop at "
        "the commit of line " +
        std::to_string(steps[conflict.later].line) +
        ", which is near enough to the half for them");
  }
}

Result<Chain> Solver::Solve() {
  const std::size_t anchor = numbers_.Anchor();
  std::int64_t total = 1;
  for (std::size_t k = 0; k <= anchor; ++k) {
    total += numbers_.Left(k) + 1;
    if (total > kMaxReconstructedSuspects) {
      return tl::unexpected(numbers_.TooMany(numbers_.record.steps[k].line));
    }
  }
  // What comes after the anchor does not depend on the anchor's own number.
  numbers_.Fill(anchor, numbers_.Left(anchor) + 2);
  if (auto error = numbers_.Check(anchor + 1)) {
    return tl::unexpected(std::move(*error));
  }
  const Bounds bounds = AnchorBounds(anchor);
  const auto conflict = ChooseAnchor(anchor, bounds);
  if (auto error = numbers_.Check(bounds.contradicted.value_or(0))) {
    return tl::unexpected(std::move(*error));
  }
  if (auto error = numbers_.CheckEnd()) {
    return tl::unexpected(std::move(*error));
  }
  if (conflict) return tl::unexpected(Impossible(*conflict));
  if (numbers_.AnchorIsOpen()) numbers_.NoteAnchor();
  NoteNearHalf();
  return std::move(numbers_.chain);
}

/// Chooses numbers from the last step backwards, as small as the rules of
/// Link allow without links, so that a long log does not need a huge graph.
Result<Chain> Solver::MakeUp() {
  std::int64_t suspects = numbers_.chain.left;
  std::int64_t heaviest = suspects - 1;  // of all suspects but the bad one
  for (std::size_t k = numbers_.chain.steps.size(); k-- > 0;) {
    ChainStep& step = numbers_.chain.steps[k];
    if (step.verdict == Verdict::kBad) {
      step.reached = suspects;
      suspects += std::max<std::int64_t>(1, std::min(heaviest + 1, suspects));
      heaviest = step.reached;
    } else {
      step.reached = std::max<std::int64_t>(heaviest, 1);
      suspects += step.reached;
      heaviest = step.reached;
    }
    step.suspects = suspects;
    if (suspects > kMaxReconstructedSuspects) {
      return tl::unexpected(numbers_.ErrorAt(
          step.line,
          "too many steps to make up their counts; pass a repository or a DAG "
          "file instead",
          ErrorCode::kUnsupported));
    }
  }
  if (const auto conflict = linker_.LinkAll()) {
    return tl::unexpected(Impossible(*conflict));
  }
  numbers_.chain.notes.push_back(
      "the log has no counts: every number of suspects is made up");
  return std::move(numbers_.chain);
}

}  // namespace

Result<Chain> SolveChain(const SearchRecord& record, const std::string& file) {
  if (record.first_parent) return SolveLine(record, file);
  if (record.steps.empty()) return ChainNumbers(record, file).chain;
  Solver solver(record, file);
  return record.counted ? solver.Solve() : solver.MakeUp();
}

}  // namespace rebisect
