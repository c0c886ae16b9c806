#include "oracle/verdict/verdict_learning.h"

#include <algorithm>

namespace rebisect {

void LearnOfReproducer(const Test& test, const RunCounts& counts,
                       const Ruling& ruling, VerdictHistory& history) {
  if (ruling.kind == RulingKind::kMoreRuns) return;
  const bool bad = ruling.kind == RulingKind::kBad;
  if (bad && counts.crashed > 0 && counts.crashed < counts.ok) {
    history.flaky = true;
  }
  const int usable = counts.crashed + counts.ok;
  const double share =
      usable == 0 ? 0 : static_cast<double>(counts.crashed) / usable;
  if (test.purpose == TestPurpose::kStart) {
    if (bad) history.crash_chance = share;
  } else if (test.purpose == TestPurpose::kStep) {
    if (bad && history.crash_chance) {
      const double mean = (*history.crash_chance + share) / 2;
      history.crash_chance = std::min(*history.crash_chance, mean);
    }
    if (ruling.confidence) history.confidence *= *ruling.confidence;
  }
}

}  // namespace rebisect
