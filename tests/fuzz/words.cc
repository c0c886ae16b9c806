#include <string>
#include <vector>

#include "harness/diagnose/c_comments.h"
#include "harness/diagnose/fixes_tags.h"
#include "scenarios/logs/git_words.h"
#include "scenarios/logs/syzkaller_lines.h"
#include "scenarios/logs/text_lines.h"
#include "scenarios/recording/crash_title.h"
#include "sim/base/text.h"
#include "sim/git/commit_text.h"
#include "sim/git/pathspec.h"
#include "sim/session/git_version.h"
#include "tests/fuzz/expect.h"
#include "tests/fuzz/targets.h"

namespace rebisect::fuzz {

/// Every line by every reader of single lines.
void FuzzWords(std::string_view bytes) {
  const TextLines lines(bytes, {git_words::MayWrap, git_words::Begins});
  for (const TextLine& line : lines.lines()) {
    const std::string_view text = line.text;
    (void)git_words::ShellWords(text);
    if (const auto command = git_words::FindCommand(text)) {
      const auto words = git_words::CommandWords(command->line);
      if (words) (void)git_words::ParseStart(*words);
    }
    (void)git_words::ParseBisecting(text);
    (void)git_words::ParseLocalizedBisecting(text);
    (void)git_words::ParseCommitLine(text);
    (void)git_words::ParseLogComment(text);
    (void)git_words::ParseFirstCommit(text);
    (void)git_words::ParseMergeBaseBad(text);
    (void)git_words::IsFailure(text);
    (void)git_words::IsChatter(text);
    (void)ToInt(text);
    (void)ToDouble(text);
    (void)syzkaller_lines::ParseRunLine(text);
    (void)syzkaller_lines::ParseFailure(text);
    (void)syzkaller_lines::ParseGoDuration(text);
    (void)GitVersion::Parse(text);
    const std::string title = NormalTitle(text);
    Expect(title.find("  ") == std::string::npos && !title.starts_with(' '),
           "a normal title has single blanks", title);
  }
  Expect(IsUtf8(ToUtf8(bytes)), "ToUtf8() gives UTF-8");
}

/// Paths, a line each, the first one to be matched by the others.
void FuzzPathspec(std::string_view bytes) {
  std::vector<std::string> paths;
  std::size_t at = 0;
  while (at <= bytes.size()) {
    const std::size_t end = std::min(bytes.find('\n', at), bytes.size());
    paths.emplace_back(bytes.substr(at, end - at));
    at = end + 1;
  }
  const std::string path = paths.front();
  paths.erase(paths.begin());
  for (const std::string& pattern : paths) (void)GlobMatches(pattern, path);
  const auto spec = Pathspec::Parse(paths);
  if (!spec) {
    ExpectSays(spec.error());
    return;
  }
  const bool file = spec->Matches(path, false) == Pathspec::Match::kYes;
  const bool folder = spec->Matches(path, true) != Pathspec::Match::kNo;
  Expect(!file || folder, "what matches as a file matches as a folder");
}

/// A commit object, and the files that a commit changes.
void FuzzCommit(std::string_view bytes) {
  CommitHeader header;
  std::vector<CommitId> parents;
  (void)ReadCommitHeader(bytes, header, parents);
  Expect(CommitSubject(bytes).find('\n') == std::string::npos,
         "a subject is one line");
  (void)ReadFixesTags(CommitMessage(bytes));
  (void)CodeOfC(bytes);
}

}  // namespace rebisect::fuzz
