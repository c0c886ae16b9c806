// What the runs say against the result, though the record contradicts itself
// nowhere.

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <set>
#include <utility>

#include "scenarios/audit/audit_checks.h"
#include "scenarios/recording/crash_title.h"

namespace rebisect::audit_checks {
namespace {

/// How many runs "all runs: ..." stands for.
constexpr int kAlike = 10;
/// A bad commit that passes more often than this looks good too often: a
/// search has some ten verdicts.
constexpr double kMaxMissed = .01;
/// More runs than this share without a verdict: the machinery or the builds
/// are in trouble, and what is left may be a biased part.
constexpr double kMaxUnusable = .2;
/// Below this many, shares say nothing.
constexpr int kFewRuns = 20;
/// The recorder's own estimate from which on its result is doubtful.
constexpr double kMaxError = .1;

std::string Percent(double share) {
  std::array<char, 32> digits{};
  const auto end =
      std::to_chars(digits.data(), digits.data() + digits.size(), share * 100,
                    std::chars_format::fixed, share < .1 ? 1 : 0);
  return std::string(digits.data(), end.ptr) + " %";
}

/// Runs of all tests of one commit, as a search takes them.
struct Rate {
  int hits = 0;
  int runs = 0;  ///< that tell: crashes and passes
};

/// Runs with one of the titles. Crashes with others tell nothing of them:
/// they may have come first.
Rate RateOf(const Test& test, const std::set<std::string>& titles) {
  const int each = test.runs_alike && test.runs.size() == 1 ? kAlike : 1;
  Rate rate;
  for (const Run& run : test.runs) {
    const bool hit = run.outcome == RunOutcome::kCrashed &&
                     (run.title.empty() || titles.empty() ||
                      titles.count(NormalTitle(run.title)) > 0);
    if (hit) rate.hits += each;
    if (hit || run.outcome == RunOutcome::kOk) rate.runs += each;
  }
  return rate;
}

/// Titles of the crash searched for and those seen beside them.
std::set<std::string> OwnTitles(const Recording& recording) {
  KnownTitles known = FindKnownTitles(recording);
  known.targets.merge(known.related);
  return std::move(known.targets);
}

std::string CrashTitle(const Test& test) {
  for (const Run& run : test.runs) {
    if (run.outcome == RunOutcome::kCrashed) return run.title;
  }
  return {};
}

/// The chance that a bad commit passes ten runs.
double MissChance(double rate) {
  double chance = 1;
  for (int run = 0; run < kAlike; ++run) chance *= 1 - rate;
  return chance;
}

std::string Missed(double rate) {
  return "a bad commit then passes " + std::to_string(kAlike) +
         " runs with a chance of " + Percent(MissChance(rate));
}

/// The 99.9% point of chi-squared, by Wilson and Hilferty (1931).
double ChiSquaredLimit(int freedom) {
  constexpr double kNormalPoint = 3.0902;
  const double part = 2. / (9. * freedom);
  const double root = 1 - part + kNormalPoint * std::sqrt(part);
  return freedom * root * root * root;
}

/// What the recorder itself says of the reproducer.
bool Flagged(const Recording& recording, std::vector<Finding>* findings) {
  const Summary& summary = recording.summary;
  if (!summary.flaky && !summary.repro_chance) return false;
  const double rate = summary.repro_chance.value_or(0);
  const bool harmless = rate > 0 && MissChance(rate) <= kMaxMissed;
  AddFinding(findings, harmless ? Severity::kNote : Severity::kWarning,
             "flaky-reproducer", recording.end.line,
             "the recorder calls the reproducer flaky" +
                 (rate > 0 ? ", with a crash in " + Percent(rate) +
                                 " of the runs; " + Missed(rate)
                           : std::string()));
  return true;
}

/// Whether the rates of commits that crash can be one rate: by Pearson's
/// chi-squared, wrongly denied once in a thousand records.
void Unevenness(const std::vector<Rate>& bad, std::vector<Finding>* findings) {
  int hits = 0;
  int runs = 0;
  for (const Rate& rate : bad) {
    hits += rate.hits;
    runs += rate.runs;
  }
  if (bad.size() < 3 || hits == runs) return;
  const double mean = static_cast<double>(hits) / runs;
  double spread = 0;
  for (const Rate& rate : bad) {
    const double off = rate.hits - rate.runs * mean;
    spread += off * off / (rate.runs * mean * (1 - mean));
  }
  if (spread <= ChiSquaredLimit(static_cast<int>(bad.size()) - 1)) return;
  const auto less = [](const Rate& a, const Rate& b) {
    return static_cast<std::int64_t>(a.hits) * b.runs <
           static_cast<std::int64_t>(b.hits) * a.runs;
  };
  const auto [low, high] = std::minmax_element(bad.begin(), bad.end(), less);
  AddFinding(findings, Severity::kWarning, "uneven-rates", 0,
             "how often bad commits crash differs more than by chance, from " +
                 std::to_string(low->hits) + " of " +
                 std::to_string(low->runs) + " runs to " +
                 std::to_string(high->hits) + " of " +
                 std::to_string(high->runs) +
                 "; a commit that passed may have the bug all the same");
}

/// The commit under a name that says release, or empty.
std::string ReleaseName(const Recording& recording,
                        const std::string& culprit) {
  const auto is_release = [](const std::string& name) {
    return name.size() > 1 && name[0] == 'v' && name[1] >= '0' &&
           name[1] <= '9' && name.find_first_of("~^:@") == std::string::npos;
  };
  const auto find = [&](const std::map<std::string, std::string>& names) {
    for (const auto& [name, id] : names) {
      if (is_release(name) && SameCommit(id, culprit)) return name;
    }
    return std::string();
  };
  for (const Event& event : recording.events) {
    std::string name;
    if (const auto* const test = std::get_if<Test>(&event)) {
      if (!test->release.empty() && SameCommit(test->commit, culprit)) {
        name = test->release;
      }
    } else if (const auto* const start = std::get_if<Start>(&event)) {
      name = find(start->resolved);
    } else if (const auto* const mark = std::get_if<Mark>(&event)) {
      name = find(mark->resolved);
    }
    if (!name.empty()) return name;
  }
  return is_release(culprit) ? culprit : "";
}

}  // namespace

void Drift(const Recording& recording, const RecordedSearch& search,
           std::vector<Finding>* findings) {
  const std::set<std::string> own = OwnTitles(recording);
  if (own.empty()) return;
  int step = 0;
  int last_own = 0;  // step that still shows the crash searched for
  int first_other = 0;
  int others = 0;
  const Test* first = nullptr;
  for (const Move& move : search.moves) {
    if (move.kind != MoveKind::kStep) continue;
    ++step;
    if (move.tests.empty() || !move.verdict.has_value() ||
        CrashVerdict(recording.kind, *move.verdict) != Verdict::kBad) {
      continue;
    }
    const Test& test = std::get<Test>(recording.events[move.tests.back()]);
    if (CountRuns(test.runs).crashed == 0) continue;
    if (RateOf(test, own).hits > 0) {
      last_own = step;
      first_other = others = 0;
      first = nullptr;
    } else if (++others == 1) {
      first_other = step;
      first = &test;
    }
  }
  if (first == nullptr) return;
  const std::string where = Short(first->commit) + ", " +
                            CrashedRuns(*first, CountRuns(first->runs)) + ")";
  std::string message =
      (others == 1
           ? "the last bad verdict (step " + std::to_string(first_other) +
                 ", " + where + " rests"
           : "from step " + std::to_string(first_other) + " (" + where +
                 " on all " + std::to_string(others) + " bad verdicts rest") +
      " on another title than that of the crash searched for: \"" +
      CrashTitle(*first) + "\"; ";
  message += last_own == 0 ? "no step shows that crash"
                           : "that crash was last seen at step " +
                                 std::to_string(last_own);
  message += ", so the search may have gone after another bug; test " +
             Short(first->commit) + " again";
  AddFinding(findings, Severity::kWarning, "drifted", first->line,
             std::move(message));
}

void Rates(const Recording& recording, const RecordedSearch& search,
           std::vector<Finding>* findings) {
  const std::set<std::string> own = OwnTitles(recording);
  const bool flagged = Flagged(recording, findings);
  std::vector<Rate> bad;
  for (const Event& event : recording.events) {
    const auto* const test = std::get_if<Test>(&event);
    if (test == nullptr || test->purpose != TestPurpose::kStart) continue;
    const Rate rate = RateOf(*test, own);
    if (rate.hits == 0) continue;
    bad.push_back(rate);
    if (rate.hits == rate.runs || flagged) continue;
    const double mean = (rate.hits + .5) / (rate.runs + 1);
    AddFinding(
        findings,
        MissChance(mean) > kMaxMissed ? Severity::kWarning : Severity::kNote,
        "flaky-reproducer", test->line,
        "the start commit crashes in " + std::to_string(rate.hits) + " of " +
            std::to_string(rate.runs) + " runs only; " + Missed(mean));
  }
  for (const Move& move : search.moves) {
    if (move.tests.empty() || !move.verdict.has_value()) continue;
    if (CrashVerdict(recording.kind, *move.verdict) != Verdict::kBad) continue;
    const Rate rate =
        RateOf(std::get<Test>(recording.events[move.tests.back()]), own);
    if (rate.hits > 0) bad.push_back(rate);
  }
  Unevenness(bad, findings);
}

void Unusable(const Recording& recording, std::vector<Finding>* findings) {
  int runs = 0;
  int unusable = 0;
  int boot = 0;
  int build = 0;
  int line = 0;
  for (const Event& event : recording.events) {
    const auto* const test = std::get_if<Test>(&event);
    if (test == nullptr || test->purpose == TestPurpose::kConfig) continue;
    const int each = test->runs_alike && test->runs.size() == 1 ? kAlike : 1;
    for (const Run& run : test->runs) {
      runs += each;
      if (run.outcome == RunOutcome::kOk ||
          run.outcome == RunOutcome::kCrashed) {
        continue;
      }
      unusable += each;
      if (run.outcome == RunOutcome::kBootFailed) boot += each;
      if (run.outcome == RunOutcome::kBuildFailed) build += each;
      if (line == 0) line = test->line;
    }
  }
  if (unusable == 0) return;
  const double share = static_cast<double>(unusable) / runs;
  std::string kinds;
  const auto count = [&kinds](int number, const char* what) {
    if (number == 0) return;
    kinds += kinds.empty() ? " (" : ", ";
    kinds += std::to_string(number);
    kinds += what;
  };
  count(boot, " failed to boot");
  count(build, " to build");
  count(unusable - boot - build, " for other reasons");
  if (!kinds.empty()) kinds += ')';
  const bool many = share >= kMaxUnusable && runs >= kFewRuns;
  AddFinding(findings, many ? Severity::kWarning : Severity::kNote,
             "unusable-runs", line,
             std::to_string(unusable) + " of " + std::to_string(runs) +
                 " runs say nothing of the crash" + kinds);
}

void Outcome(const Recording& recording, std::vector<Finding>* findings) {
  const End& end = recording.end;
  if (const auto chance = recording.summary.error_probability) {
    if (*chance >= kMaxError) {
      AddFinding(findings, Severity::kWarning, "likely-error", end.line,
                 "the recorder itself puts the chance of a wrong result at " +
                     Percent(*chance));
    }
  }
  if (end.kind != EndKind::kCulprit || end.culprit.empty()) return;
  const std::string release = ReleaseName(recording, end.culprit);
  if (!release.empty()) {
    AddFinding(findings, Severity::kWarning, "culprit-is-release", end.line,
               Short(end.culprit) + " is the release " + release +
                   ", a commit that as a rule changes no more than its number");
  }
}

}  // namespace rebisect::audit_checks
