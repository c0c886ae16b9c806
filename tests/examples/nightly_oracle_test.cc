#include "tests/examples/nightly_oracle.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

#include "oracle/answers/composite_oracle.h"
#include "tests/support/search_graph.h"

namespace rebisect::examples {
namespace {

using testing_support::IdOf;

/// Commit n0, with runs that crashed with these letters for titles.
std::unique_ptr<NightlyOracle> Nightly(const std::string& titles) {
  NightlyOracle::Runs runs;
  for (const char title : titles) {
    runs[IdOf(0)].push_back({RunOutcome::kCrashed, {title}});
  }
  return std::make_unique<NightlyOracle>(std::move(runs));
}

/// The titles of the answer; "?" when there is none.
std::string Say(Oracle& oracle, int runs) {
  const auto answer = oracle.Ask({IdOf(0), runs});
  if (!answer) {
    EXPECT_EQ(answer.error().code, ErrorCode::kNeedsUntested);
    return "?";
  }
  std::string titles;
  for (const Run& run : answer->test.runs) titles += run.title;
  return titles;
}

TEST(NightlyOracle, GivesEachRunOnce) {
  const auto oracle = Nightly("abc");
  EXPECT_EQ(Say(*oracle, 2), "ab");
  EXPECT_EQ(Say(*oracle, 2), "c");
  EXPECT_EQ(Say(*oracle, 2), "?");
  oracle->Rewind();
  EXPECT_EQ(Say(*oracle, 0), "abc");
}

TEST(NightlyOracle, LeavesTheRestToOthers) {
  std::vector<std::unique_ptr<Oracle>> oracles;
  oracles.push_back(Nightly("a"));
  oracles.push_back(Nightly("z"));
  CompositeOracle both(std::move(oracles));
  EXPECT_EQ(Say(both, 1), "a");
  EXPECT_EQ(Say(both, 1), "z");
  EXPECT_EQ(Say(both, 1), "?");
}

}  // namespace
}  // namespace rebisect::examples
