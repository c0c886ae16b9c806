#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/logs/git_words.h"
#include "scenarios/logs/text_lines.h"
#include "scenarios/recording/recording.h"

namespace rebisect {

/// The words a record uses for git's two sides. "good", "old" and "bad",
/// "new" are always known.
struct Terms {
  std::set<std::string, std::less<>> good = {"good", "old"};
  std::set<std::string, std::less<>> bad = {"bad", "new"};

  [[nodiscard]] std::optional<Verdict> VerdictOf(std::string_view word) const;
};

/// Collects the terms that a record declares: by `start --term-...`, by its
/// last lines ("first oops commit"), and, where only the bad one is declared,
/// by the one other word that its comments use.
[[nodiscard]] Terms FindTerms(const std::vector<TextLine>& lines);

/// Builds a Recording out of the commands, comments and output of git, in the
/// order of the record. A comment and the command below it are one mark; a
/// comment above `git bisect start` says which commit a name stands for.
class GitRecord {
 public:
  GitRecord(const std::string& file, Terms terms);

  /// A `git bisect ...` line. False when it is none that git takes.
  [[nodiscard]] bool Command(std::string_view line, int number);
  void Comment(const git_words::LogComment& comment, int number);

  /// `Bisecting: ...`; the commit may follow by CommitLine().
  void Bisecting(Proposal proposal, int number);
  void CommitLine(std::string_view commit, int number);
  [[nodiscard]] bool AwaitsCommit() const;

  void SetCulprit(std::string_view commit, int number);
  void OnlySkipped(int number);
  void Candidate(std::string_view commit);
  void MergeBaseBad(int number);
  void Failed(std::string_view message, int number);
  void AddRemark(std::string text, int number);
  void AddUnknown(const TextLine& line);

  /// How many lines of a bisection were seen.
  [[nodiscard]] int facts() const { return facts_; }
  [[nodiscard]] std::size_t EventCount() const {
    return recording_.events.size();
  }

  /// The Recording; the object is spent. `format` as in Recording.
  [[nodiscard]] Recording Finish(std::string format);

 private:
  struct PendingComment {
    Verdict verdict;
    std::string commit;
    int line;
  };

  void AddStart(Start start, int number);
  void AddMark(Verdict verdict, std::vector<std::string> commits, int number);
  void FlushComments(std::size_t keep);

  Terms terms_;
  Recording recording_;
  std::vector<PendingComment> comments_;
  bool new_words_ = false;  // "old" or "new" was used
  int facts_ = 0;
};

}  // namespace rebisect
