// The vocabulary of syzkaller's logs: which lines are known at all.

#include <cstddef>

#include "scenarios/logs/git_words.h"
#include "scenarios/logs/syzkaller_lines.h"
#include "sim/base/text.h"

namespace rebisect::syzkaller_lines {
namespace {

using std::string_view;

// Lines that say something of the search and test nothing; kept as remarks.
constexpr string_view kRemarks[] = {
    "fetch other tags and check if the commit is present",
    "fetch failed with ",
    "picked ",
    "determining the merge base between ",
    "expected 1 merge base, got ",
    "reproducer does not crash the merge base",
    "determine whether the revision contains the guilty commit",
    "the bug was not introduced yet; pretend that kernel crashed",
    "revision ",
    "no existing result, test the revision",
    "HEAD had kernel build, boot or test errors",
    "testing baseline config failed",
    "crash reproduces with baseline config",
    "unable to test using baseline config",
    "Minimizing config failed",
    "minimizing config failed",
    "testing with generated minimized config doesn't reproduce the crash",
    "minimized to ",
    "# configuration already minimized",
    "disabling configs for ",
    "check whether we can drop unnecessary instrumentation",
    "there was nothing we could disable; skip",
    "the bug reproduces without the instrumentation",
    "config minimization failed due to bad Kconfig ",
    "proceeding with the original config",
    "failed to detect noop change",
    "failed to detect release",
    "the merge base between ",
};

// Lines that are known and say nothing that a Recording keeps.
constexpr string_view kIgnored[] = {
    "cc: [",
    "recipients (to): [",
    "recipients (cc): [",
    "commit msg: ",
};

constexpr string_view kOpenings[] = {
    "bisecting cause commit starting from ",
    "searching for guilty commit starting from ",
    "bisecting fixing commit since ",
    "searching for fixing commit since ",
};

template <std::size_t N>
bool StartsWithAny(string_view text, const string_view (&prefixes)[N]) {
  for (const string_view prefix : prefixes) {
    if (text.starts_with(prefix)) return true;
  }
  return false;
}

}  // namespace

std::optional<Opening> ParseOpening(string_view text) {
  string_view rest;
  for (const string_view prefix : kOpenings) {
    if (!StripPrefix(text, prefix, &rest)) continue;
    Opening opening;
    opening.fix = prefix.find("fixing") != string_view::npos;
    rest = Trim(rest);
    opening.commit = rest.substr(0, rest.find(' '));
    return opening;
  }
  return std::nullopt;
}

bool IsRemark(string_view text) {
  return text == "[...]" || StartsWithAny(text, kRemarks);
}

bool IsIgnored(string_view text) { return StartsWithAny(text, kIgnored); }

std::optional<string_view> TestedCommit(string_view text) {
  string_view rest;
  if (!StripPrefix(text, "testing commit ", &rest)) return std::nullopt;
  const string_view id = rest.substr(0, rest.find(' '));
  if (!IsHexId(id)) return std::nullopt;
  return id;
}

bool IsKnown(string_view text) {
  constexpr string_view kOthers[] = {
      "building syzkaller on ",
      "ensuring issue is reproducible on original commit ",
      "rewritten commit ",
      "testing current HEAD ",
      "testing release ",
      "checking the merge base ",
      "compiler: ",
      "kernel signature:",
      "previous signature:",
      "kernel build failed:",
      "failed building ",
      "failed testing reproducer on ",
      "reproducer seems to be flaky",
      "too many neither good nor bad results",
      "unable to determine the verdict",
      "representative crash: ",
      "false negative chance: ",
      "kconfig minimization: ",
      "revisions tested: ",
      "first bad commit: ",
      "first good commit: ",
      "bisection is inconclusive",
      "the crash is still unfixed",
      "the crash still happens on HEAD",
      "the crash already happened on the oldest tested release",
      "crash still not fixed",
      "oldest tested release already had the bug",
      "culprit signature:",
      "parent  signature:",
      "parent signature:",
      "parent commit ",
      "Reproducer flagged being flaky",
      "reproducer is flaky",
      "accumulated error probability: ",
      "error: ",
      "[...]",
  };
  return TestedCommit(text).has_value() ||
         syzkaller_lines::ParseRunLine(text).has_value() ||
         StartsWithAny(text, kOpenings) || StartsWithAny(text, kOthers) ||
         StartsWithAny(text, kRemarks) || StartsWithAny(text, kIgnored) ||
         text.starts_with(kCrashPrefix) ||
         text.find(" starts bisection ") != string_view::npos;
}

// Complete lines of full width must not swallow what follows them (the error
// of a build, say): those that are known to end are looked at closely.
bool MayWrap(string_view text) {
  constexpr string_view kLong[] = {
      "kernel signature:",
      "compiler: ",
      "representative crash: ",
      "revisions tested: ",
      "culprit signature:",
      "parent  signature:",
      "first bad commit: ",
      "first good commit: ",
      "picked ",
      "recipients (to): [",
      "recipients (cc): [",
      "cc: [",
      "unable to determine the verdict",
  };
  if (text.starts_with("testing commit ")) {
    return text.ends_with(" with") || text.ends_with(" (GCC)");
  }
  if (const auto run = syzkaller_lines::ParseRunLine(text)) {
    return run->run.outcome == RunOutcome::kCrashed;
  }
  return git_words::MayWrap(text) || StartsWithAny(text, kLong) ||
         text.ends_with(" commit starting from") ||
         text.ends_with(" commit since");
}

bool Begins(string_view text) {
  // A full id alone is what a wrapped signature or opening goes on with; as
  // the beginning of a line it needs more behind it.
  if (IsFullId(text)) return false;
  return IsKnown(text) || git_words::Begins(text);
}

}  // namespace rebisect::syzkaller_lines
