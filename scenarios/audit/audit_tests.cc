// The checks of a record that look at its tests and runs.

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "scenarios/audit/audit_checks.h"
#include "scenarios/recording/crash_title.h"

namespace rebisect::audit_checks {
namespace {

const Test& TestAt(const Recording& recording, std::size_t event) {
  return std::get<Test>(recording.events[event]);
}

// The test that a step's verdict was made of: its last one.
const Test* TestOf(const Recording& recording, const Move& move) {
  if (move.tests.empty()) return nullptr;
  return &TestAt(recording, move.tests.back());
}

// Titles of the crashes of a test, in normal form.
std::set<std::string> TitlesOf(const Test& test) {
  std::set<std::string> titles;
  for (const Run& run : test.runs) {
    if (run.outcome == RunOutcome::kCrashed && !run.title.empty()) {
      titles.insert(NormalTitle(run.title));
    }
  }
  return titles;
}

std::string FirstTitle(const Test& test) {
  for (const Run& run : test.runs) {
    if (run.outcome == RunOutcome::kCrashed) return run.title;
  }
  return {};
}

bool Overlap(const std::set<std::string>& a, const std::set<std::string>& b) {
  return std::any_of(a.begin(), a.end(), [&b](const std::string& title) {
    return b.count(title) > 0;
  });
}

// Syzkaller's rules since 2023 count and leave more traces than those before.
bool IsOfLaterRules(const Test& test) {
  return !test.undetermined.empty() || !test.representative.empty() ||
         test.false_negative_chance.has_value() ||
         std::any_of(test.runs.begin(), test.runs.end(), [](const Run& run) {
           return run.outcome == RunOutcome::kInfra ||
                  run.outcome == RunOutcome::kIgnored;
         });
}

void CheckVerdict(const Test& test, Verdict verdict,
                  std::vector<Finding>* findings) {
  const RunCounts counts = CountRuns(test.runs);
  if (counts.runs == 0) return;
  const Verdict any = AnyCrashVerdict(counts);
  const Verdict later = Syzkaller2018Verdict(counts);
  if (verdict != any && verdict != later) {
    // No rule ever made a crash good, nor a commit bad without one; when to
    // skip has changed over the years.
    const bool never = verdict != Verdict::kSkip;
    const bool explained = verdict == Verdict::kSkip && IsOfLaterRules(test);
    if (!explained) {
      AddFinding(
          findings, never ? Severity::kError : Severity::kWarning,
          "verdict-contradicts-runs", test.line,
          Short(test.commit) + " counts as " + std::string(ToString(verdict)) +
              ", but its runs (" + std::to_string(counts.crashed) +
              " crashed, " + std::to_string(counts.ok) + " passed, " +
              std::to_string(counts.Neither()) + " neither) make it " +
              std::string(ToString(any)) + " by the rules any-crash and " +
              std::string(ToString(later)) + " by syzkaller-2018");
    }
  }
  if (verdict == Verdict::kBad && counts.crashed == 1 && counts.runs > 1) {
    AddFinding(findings, Severity::kWarning, "few-crashes", test.line,
               Short(test.commit) + " counts as bad for 1 crash in " +
                   std::to_string(counts.runs) + " runs");
  }
}

void CheckTitles(const KnownTitles& known, const Test& test,
                 std::vector<Finding>* findings) {
  const std::set<std::string> titles = TitlesOf(test);
  if (titles.empty() || Overlap(titles, known.targets)) return;
  const std::string said =
      Short(test.commit) + ": " + CrashedRuns(test, CountRuns(test.runs)) +
      " crashed, with another title than the start commit's: \"" +
      FirstTitle(test) + "\"";
  if (Overlap(titles, known.related)) {
    AddFinding(findings, Severity::kNote, "related-title", test.line,
               said + "; other commits show both titles");
  } else {
    AddFinding(findings, Severity::kWarning, "other-title", test.line,
               said + "; it may be another bug");
  }
}

// Equal builds that were judged unlike: the outcome is not the kernel's.
void CheckSignatures(const Recording& recording, const RecordedSearch& search,
                     std::vector<Finding>* findings) {
  std::map<std::string, std::pair<Verdict, std::string>> seen;
  for (const Move& move : search.moves) {
    const Test* const test = TestOf(recording, move);
    if (test == nullptr || test->signature.empty()) continue;
    if (!move.verdict.has_value() || move.verdict == Verdict::kSkip) continue;
    const auto [at, is_new] = seen.emplace(
        test->signature, std::make_pair(*move.verdict, test->commit));
    if (is_new || at->second.first == *move.verdict) continue;
    AddFinding(findings, Severity::kWarning, "signature-verdicts-differ",
               test->line,
               Short(test->commit) + " and " + Short(at->second.second) +
                   " build the same kernel and have different verdicts");
  }
}

}  // namespace

KnownTitles FindKnownTitles(const Recording& recording) {
  KnownTitles known;
  for (const Event& event : recording.events) {
    const auto* const test = std::get_if<Test>(&event);
    if (test != nullptr && test->purpose == TestPurpose::kStart) {
      known.targets.merge(TitlesOf(*test));
    }
  }
  for (const Event& event : recording.events) {
    const auto* const test = std::get_if<Test>(&event);
    if (test == nullptr) continue;
    std::set<std::string> titles = TitlesOf(*test);
    if (Overlap(titles, known.targets)) known.related.merge(titles);
  }
  return known;
}

std::string CrashedRuns(const Test& test, const RunCounts& counts) {
  if (test.runs_alike) return "all runs";
  return std::to_string(counts.crashed) + " of " + std::to_string(counts.runs) +
         (counts.runs == 1 ? " run" : " runs");
}

void Verdicts(const Recording& recording, const RecordedSearch& search,
              std::vector<Finding>* findings) {
  for (const Move& move : search.moves) {
    const Test* const test = TestOf(recording, move);
    if (test == nullptr || !move.verdict.has_value()) continue;
    CheckVerdict(*test, CrashVerdict(recording.kind, *move.verdict), findings);
  }
  CheckSignatures(recording, search, findings);
}

void Titles(const Recording& recording, const RecordedSearch& search,
            std::vector<Finding>* findings) {
  const KnownTitles known = FindKnownTitles(recording);
  if (known.targets.empty()) return;
  for (const std::size_t at : search.other_tests) {
    const Test& test = TestAt(recording, at);
    if (test.purpose == TestPurpose::kRelease ||
        test.purpose == TestPurpose::kHead ||
        test.purpose == TestPurpose::kMergeBase) {
      CheckTitles(known, test, findings);
    }
  }
  for (const Move& move : search.moves) {
    const Test* const test = TestOf(recording, move);
    if (test == nullptr || !move.verdict.has_value()) continue;
    if (CrashVerdict(recording.kind, *move.verdict) == Verdict::kBad) {
      CheckTitles(known, *test, findings);
    }
  }
}

void Releases(const Recording& recording, std::vector<Finding>* findings) {
  const Test* good = nullptr;  // the last that did not crash, before the search
  const Test* bad = nullptr;   // the last that did
  bool stepped = false;
  const Start* start = nullptr;
  for (const Event& event : recording.events) {
    if (const auto* const found = std::get_if<Start>(&event)) {
      start = found;
      break;
    }
    const auto* const test = std::get_if<Test>(&event);
    if (test == nullptr || test->purpose == TestPurpose::kConfig) continue;
    if (test->purpose == TestPurpose::kRelease) {
      if (good != nullptr && good->purpose == TestPurpose::kRelease &&
          recording.kind == RecordingKind::kCause) {
        AddFinding(findings, Severity::kWarning, "release-after-good",
                   test->line,
                   "release " + test->release + " is tested though " +
                       good->release + " was good already");
      }
      stepped = true;
    }
    const Verdict verdict = AnyCrashVerdict(CountRuns(test->runs));
    if (verdict == Verdict::kGood) good = test;
    if (verdict == Verdict::kBad) bad = test;
  }
  if (!stepped || start == nullptr) return;
  const bool fix = recording.kind == RecordingKind::kFix;
  const auto fits = [](const Test* test, const std::string& written) {
    return test == nullptr || SameCommit(test->commit, written) ||
           test->release == written;
  };
  const bool good_fits =
      start->goods.empty() || fits(fix ? bad : good, start->goods.front());
  if (!good_fits || !fits(fix ? good : bad, start->bad)) {
    AddFinding(
        findings, Severity::kWarning, "start-differs", start->line,
        "the search starts from other commits than the releases tested above "
        "suggest");
  }
}

}  // namespace rebisect::audit_checks
