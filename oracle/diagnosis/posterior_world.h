#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "oracle/diagnosis/evidence.h"
#include "oracle/diagnosis/hypotheses.h"
#include "oracle/diagnosis/posterior.h"
#include "oracle/diagnosis/run_model.h"
#include "sim/base/prng.h"

namespace rebisect {

class PosteriorWorlds;

/// The runs that one commit would still show in one world, one after the
/// other. Borrows the worlds.
class CommitRuns {
 public:
  /// A crash under a title as records write it, or a pass; never unusable.
  [[nodiscard]] Run Next();

 private:
  friend class DrawnWorld;
  struct Hazard {
    double rate = 0;
    const std::string* title = nullptr;
  };
  explicit CommitRuns(const Prng& prng) : prng_(prng) {}

  Prng prng_;
  std::vector<Hazard> hazards_;  ///< the first that comes up shows
  std::size_t target_ = 0;       ///< which of them is the crash searched for
  std::vector<Hazard> faces_;    ///< its other titles, by weight
  double faces_weight_ = 0;      ///< of them all; its own title weighs 1
};

/// One way in which everything may be: a culprit (or none among the suspects)
/// and a crash rate for every commit. Borrows the worlds it was drawn from.
class DrawnWorld {
 public:
  /// Absent: "older", "newer" or "unrelated".
  [[nodiscard]] std::optional<Vertex> culprit() const { return bug_.culprit; }
  [[nodiscard]] std::size_t hypothesis() const { return bug_.hypothesis; }

  /// What runs of this commit would show that were not made; the same
  /// whenever asked, and independent of what is asked of other commits.
  [[nodiscard]] CommitRuns At(Vertex commit) const;

  /// For records without any run: what would be said of this commit, the
  /// crash's side.
  [[nodiscard]] Verdict StatedOf(Vertex commit) const;

 private:
  friend class PosteriorWorlds;
  /// A crash with a culprit, or a background of it.
  struct Bug {
    std::size_t hypothesis = 0;
    std::size_t point = 0;  ///< of the grid of rates
    std::optional<Vertex> culprit{};
    bool background = false;
  };
  /// Another title: a face of the bug, or a bug of its own.
  struct Title {
    TitleReading reading = TitleReading::kSame;
    double split_a = 1;  ///< kSame: its share is Beta(a, b)
    double split_b = 1;
    Bug bug{};
  };
  DrawnWorld(PosteriorWorlds& worlds, const Prng& prng)
      : worlds_(&worlds), prng_(prng) {}

  PosteriorWorlds* worlds_;
  Prng prng_;
  std::size_t reading_ = 0;
  Bug bug_{};
  std::vector<Title> titles_{};
};

/// Draws worlds from the posterior: how to read the titles, the rates, where
/// the culprit is (uniformly within its group), and then, commit by commit, a
/// crash rate given the runs that were recorded there, hidden and exposed
/// commits included. Titles beyond kMaxTitles do not come up in new runs.
/// Used from one thread.
class PosteriorWorlds {
 public:
  /// All borrowed; `evidence` to `model` are those of one diagnosis.
  struct Input {
    const Evidence& evidence;
    const SearchSpace& space;
    const HypothesisSpace& hypotheses;
    const Posterior& posterior;
    RunModel& model;
    /// The crash searched for, and Evidence::other_titles, as records write
    /// them: a policy may compare titles letter by letter.
    std::string title{};
    std::vector<std::string> other_titles{};
  };
  explicit PosteriorWorlds(const Input& input);

  /// A world that depends on the key of `prng` alone. O(titles * log(size of
  /// the posterior)).
  [[nodiscard]] DrawnWorld Draw(const Prng& prng);

 private:
  friend class DrawnWorld;

  /// Weights, added up.
  using Cumulated = std::vector<double>;
  /// Another title taken for a bug of its own.
  struct OtherBug {
    std::vector<int> hits{};
    std::vector<int> misses{};
    Cumulated ways{};  ///< background; then [point][hypothesis]
  };

  [[nodiscard]] Cumulated SplitsOf(std::size_t title) const;
  [[nodiscard]] OtherBug OtherBugOf(std::size_t title, bool first) const;
  [[nodiscard]] DrawnWorld::Bug BugAt(std::size_t point, std::size_t hypothesis,
                                      Prng& prng) const;
  [[nodiscard]] DrawnWorld::Title DrawTitle(std::size_t title,
                                            TitleReading reading,
                                            Prng& prng) const;
  [[nodiscard]] std::optional<std::size_t> TestedAt(Vertex commit) const;
  [[nodiscard]] const std::vector<bool>& AncestorsOf(Vertex commit);
  [[nodiscard]] Presence PresenceAt(const DrawnWorld::Bug& bug, Vertex commit);
  [[nodiscard]] double RateAt(const DrawnWorld::Bug& bug, Vertex commit,
                              const std::vector<int>& hits,
                              const std::vector<int>& misses, Prng& prng);

  Input input_;
  Cumulated joint_;
  std::vector<Cumulated> splits_;  // by title
  std::vector<OtherBug> first_;    // by title
  std::vector<OtherBug> behind_;   // by title
  std::map<Vertex, std::size_t> tested_;
  std::map<Vertex, std::vector<bool>> ancestors_;
};

}  // namespace rebisect
