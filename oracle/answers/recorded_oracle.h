#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "oracle/answers/oracle.h"
#include "scenarios/recording/recording.h"

namespace rebisect {

/// The commit that a recorded name stands for, if it is known.
using CommitOf = std::function<std::optional<CommitId>(const std::string&)>;

/// Answers from a recording, run by run, and for what was never tested not
/// at all.
///
/// Each recorded test of a commit is a build. They are given in this order:
/// the tests of the search, the last one first (the verdict that counts rests
/// on it), then those made after its end to check the culprit. A rebuild is
/// the next of them, and the runs left of the one before are dropped. Tests
/// of configurations are no answers.
///
/// Every answer states the verdict that git was given of the commit, the last
/// one if there were several. A commit that was marked and not run has an
/// answer without runs, once.
class RecordedOracle final : public Oracle {
 public:
  /// `recording` is borrowed and must outlive the oracle. O(n log n).
  RecordedOracle(const Recording& recording, const CommitOf& commit_of);

  /// One recorded run that stands for an unknown number (Test::runs_alike)
  /// is given whole, whatever number is asked for.
  /// Errors: kNeedsUntested, with the number of recorded runs.
  [[nodiscard]] Result<Answer> Ask(const Question& question) override;
  void Rewind() override;

  /// How many commits it can answer for.
  [[nodiscard]] std::size_t size() const { return records_.size(); }

 private:
  /// What the recording holds of one commit, and how much of it was given.
  struct Record {
    std::string name{};                ///< as written
    std::vector<const Test*> tests{};  ///< those with runs, in order of giving
    const Test* bare = nullptr;        ///< the last one without runs
    std::optional<Verdict> stated{};
    std::size_t test = 0;
    std::size_t run = 0;
    bool stated_given = false;
  };

  std::map<CommitId, Record> records_;
};

}  // namespace rebisect
