#include "harness/search/release_stepping.h"

#include <algorithm>
#include <variant>

#include "scenarios/recording/steps.h"

namespace rebisect {
namespace {

bool IsBeforeSearch(const Test& test) {
  return test.purpose == TestPurpose::kStart ||
         test.purpose == TestPurpose::kHead ||
         test.purpose == TestPurpose::kRelease;
}

bool Names(const Test& test, const std::string& end) {
  return SameCommit(test.commit, end) ||
         (!test.release.empty() && test.release == end);
}

}  // namespace

std::vector<ReleaseStep> CheckReleaseStepping(const Recording& recording,
                                              const VerdictPolicy& policy) {
  std::vector<ReleaseStep> steps;
  const Start* start = nullptr;
  VerdictHistory history;
  for (const Event& event : recording.events) {
    if (const auto* test = std::get_if<Test>(&event)) {
      if (start != nullptr) continue;
      const Ruling ruling = policy.Decide(*test, history);
      policy.Learn(*test, ruling, history);
      if (!IsBeforeSearch(*test)) continue;
      steps.push_back({test, VerdictOf(ruling), true, ""});
    } else if (const auto* begun = std::get_if<Start>(&event)) {
      if (start == nullptr) start = begun;
    }
  }
  // The commit that git was told is bad; in a search for a fix it does not
  // crash, and the good ones do.
  for (ReleaseStep& step : steps) {
    const auto fail = [&](std::string why) {
      step.agrees = false;
      step.explanation = std::move(why);
    };
    if (start == nullptr) continue;
    const bool is_bad = Names(*step.test, start->bad);
    const bool is_good = std::any_of(
        start->goods.begin(), start->goods.end(),
        [&](const std::string& good) { return Names(*step.test, good); });
    if (is_bad || is_good) {
      const Verdict given =
          CrashVerdict(recording.kind, is_bad ? Verdict::kBad : Verdict::kGood);
      if (step.verdict != given) {
        fail("its runs say " + std::string(ToString(step.verdict)) +
             ", the search took it for " + std::string(ToString(given)));
      }
    } else if (step.test->purpose == TestPurpose::kRelease &&
               step.verdict == Verdict::kGood) {
      fail("its runs say good, and the search went on to an older release");
    }
  }
  return steps;
}

}  // namespace rebisect
