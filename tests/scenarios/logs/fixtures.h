#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Short records of bisections, made up for the tests, one for each form that
/// has no real example at hand.
namespace rebisect::fixtures {

/// A made-up full id: the text's digits, filled up with zeros.
[[nodiscard]] std::string Id(std::string_view digits);

/// A fixture with every `{abc}` replaced by Id("abc").
[[nodiscard]] std::string Expand(std::string_view text);

/// Syzkaller.
extern const std::string_view kFix2018;         // "searching for fixing commit"
extern const std::string_view kFix2019;         // "testing current HEAD"
extern const std::string_view kFix2023;         // merge bases, later rules
extern const std::string_view kTries2018;       // `try #<i>:` lines
extern const std::string_view kConfig2020;      // kconfig minimisation
extern const std::string_view kSignatures2019;  // the pair form, a failed build
extern const std::string_view kCause2023;       // the lines of 2023 and later
extern const std::string_view kInconclusive;    // skips to the end
extern const std::string_view kError;           // `error: ...`

/// git.
extern const std::string_view kGitLog;         // comments and commands
extern const std::string_view kGitLogQuoted;   // terms in quotation marks
extern const std::string_view kGitLogLocal;    // French and Swedish status
extern const std::string_view kGitLogSkipped;  // only skipped left
extern const std::string_view kTranscript;     // a session by hand
extern const std::string_view kBisectRun;      // `git bisect run`
extern const std::string_view kMergeBase;      // a merge base to test
extern const std::string_view kPaths;          // -1 revisions left

/// All of the above with their names, expanded.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> All();

}  // namespace rebisect::fixtures
