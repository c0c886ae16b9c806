#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>

#include "oracle/oracle.h"
#include "oracle/verdict_policy.h"
#include "scenarios/recording.h"

namespace rebisect {

/// The commit that a recorded name stands for, if it is known.
using CommitOf = std::function<std::optional<CommitId>(const std::string&)>;

/// Answers from a recording, and for what was never tested not at all: the
/// verdict that git was given of a commit (the last one, if there were
/// several), or, with a policy, the verdict it makes of the recorded runs.
class RecordedOracle final : public Oracle {
 public:
  /// `recording` and `policy` (may be null) are borrowed and must outlive the
  /// oracle. Tests of configurations are no answers. O(n log n).
  RecordedOracle(const Recording& recording, const CommitOf& commit_of,
                 const VerdictPolicy* policy);

  [[nodiscard]] Result<Answer> Ask(const CommitId& commit) override;

  /// How many commits it can answer for.
  [[nodiscard]] std::size_t size() const { return answers_.size(); }

 private:
  std::map<CommitId, Answer> answers_;
};

}  // namespace rebisect
