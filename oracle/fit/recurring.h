#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "scenarios/recording/recording.h"

namespace rebisect {

/// A title that turned up where another crash was searched for.
struct RecurringTitle {
  std::string title{};    ///< in normal form (NormalTitle)
  std::string outcome{};  ///< of the runs that have it: "crashed", ...
  std::size_t recordings = 0;
  std::size_t bugs = 0;     ///< different crashes that were searched for there
  std::size_t commits = 0;  ///< that show it
  std::size_t runs = 0;     ///< that ended with it
  /// All runs of those recordings; "all runs" stands for kRunsAlike.
  std::size_t of_runs = 0;
  /// Recordings that search for this very crash.
  std::size_t searched_for = 0;

  /// Seen in searches for different bugs.
  [[nodiscard]] bool AcrossBugs() const { return bugs > 1; }
};

/// A commit that more than one recording names as its culprit.
struct RepeatedCulprit {
  std::string commit{};  ///< the longest of its writings
  std::vector<std::string> recordings{};
  std::vector<std::string> crashes{};  ///< searched for; in normal form
};

/// What comes again and again in a corpus of recordings.
class Recurrences {
 public:
  /// O(runs * log(titles)).
  void Add(const Recording& recording);

  /// Titles seen in more than one recording, or on more than one commit;
  /// those of most bugs first, then of most recordings and commits.
  [[nodiscard]] std::vector<RecurringTitle> Titles() const;

  /// Those named most often first.
  [[nodiscard]] std::vector<RepeatedCulprit> Culprits() const;

 private:
  struct Seen {
    std::string outcome;
    std::set<std::string> bugs;
    std::size_t recordings = 0;
    std::size_t commits = 0;
    std::size_t runs = 0;
    std::size_t of_runs = 0;
  };
  struct Named {
    std::string recording;
    std::string crash;
  };

  std::map<std::string, Seen> titles_;
  std::map<std::string, std::size_t> searched_for_;
  std::multimap<std::string, Named> culprits_;
};

}  // namespace rebisect
