#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/graph/commit_id.h"
#include "sim/session/git_version.h"

namespace rebisect {

/// What `git bisect` says, in the words of one release. Every text ends with
/// a newline. Terms are those of the session; from 2.55.0 git quotes them.
class GitMessages {
 public:
  GitMessages(const GitVersion& version, std::string term_bad,
              std::string term_good);

  [[nodiscard]] std::string Bisecting(std::int64_t revisions_left,
                                      std::int64_t steps_left) const;
  [[nodiscard]] std::string MergeBaseToTest() const;
  [[nodiscard]] std::string FirstBad(const CommitId& culprit) const;
  [[nodiscard]] std::string OnlySkipped(
      std::span<const CommitId> candidates) const;
  [[nodiscard]] std::string BothGoodAndBad(const CommitId& bad) const;
  [[nodiscard]] std::string NoTestableCommit() const;
  [[nodiscard]] std::string NotAncestors() const;
  [[nodiscard]] std::string MergeBaseIsBad(
      const CommitId& bad, std::span<const CommitId> goods) const;
  [[nodiscard]] std::string MergeBaseSkipped(const CommitId& bad,
                                             std::span<const CommitId> goods,
                                             const CommitId& merge_base) const;
  /// "status: waiting for ..."; empty before 2.37.0, which said nothing.
  [[nodiscard]] std::string Waiting(bool have_bad, std::size_t goods) const;
  [[nodiscard]] std::string NeedStart() const;
  [[nodiscard]] std::string NeedBadAndGood() const;
  [[nodiscard]] std::string OnlyBadGiven() const;
  [[nodiscard]] std::string WrongTerm() const;
  [[nodiscard]] std::string OneArgumentOnly() const;
  [[nodiscard]] std::string Terms(bool known) const;
  [[nodiscard]] std::string NotBisecting() const;

  /// "first bad commit", as the log has it.
  [[nodiscard]] std::string LogFirstBad() const;
  [[nodiscard]] std::string LogPossibleFirstBad() const;

 private:
  /// The term, quoted from 2.55.0 on.
  [[nodiscard]] std::string Bad() const;
  [[nodiscard]] std::string Good() const;
  [[nodiscard]] std::string MaybeQuote(std::string_view term) const;
  /// The id as these two messages of git show it: up to 2.39 at least it may
  /// have been overwritten by one of the goods printed after it.
  [[nodiscard]] std::string HeldHex(const CommitId& id,
                                    std::span<const CommitId> goods,
                                    std::size_t first_overwriting) const;
  [[nodiscard]] bool Since(int major, int minor, int patch = 0) const {
    return version_ >= GitVersion{major, minor, patch, 0};
  }

  GitVersion version_;
  std::string term_bad_;
  std::string term_good_;
};

}  // namespace rebisect
