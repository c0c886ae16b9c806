#include "harness/testing/scenario_test.h"

#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "tests/support/temp_folder.h"

namespace rebisect {
namespace {

using testing_support::PutFile;
using testing_support::TempFolder;

/// A suite, written for as long as it takes to read it.
std::vector<ScenarioParam> ReadSuiteOf(const std::string& scenarios,
                                       const std::string& file = "small") {
  const TempFolder folder;
  const std::string path = folder / (file + ".yaml");
  PutFile(path, "rebisect: suite/1\nabout: tests\nscenarios:\n" + scenarios);
  return ScenariosIn(path);
}

/// The one in this place; if there is none, what says why.
ScenarioParam ScenarioOf(const std::string& scenarios, std::size_t place) {
  const auto params = ReadSuiteOf(scenarios);
  return params[place < params.size() ? place : 0];
}

constexpr const char* kThree =
    "  - {name: passes, about: p, graph: a-b-c, bug: c,"
    " expect: {culprit: c}}\n"
    "  - {name: needs-skip, about: n, graph: a-b-c, bug: c, broken: b,"
    " expect: {candidates: [b, c]}}\n"
    "  - {name: known-to-fail, about: k, graph: a-b-c, bug: b,"
    " expect: {culprit: b}, errata: [{tool: hasty, about: it is hasty}]}\n";

/// Names the bad end, whatever is true.
BisectAnswer NameTheBadEnd(const ScenarioCase& scenario, const AskCommit& ask) {
  ask(scenario.graph.Id(*scenario.graph.FindLabel("b")));
  return BisectAnswer::Found(*scenario.start.bad);
}

ToolSpec Hasty() {
  ToolSpec spec;
  spec.name = "mine";
  return spec;
}

/// What one test of a tool reports, which here is no result of the test.
class ReportedTest : public ScenarioTest {
 protected:
  void SetUp() override {}  // in the tests

  template <class Action>
  std::vector<testing::TestPartResult> Reported(const Action& action) {
    testing::TestPartResultArray array;
    {
      const testing::ScopedFakeTestPartResultReporter reporter(
          testing::ScopedFakeTestPartResultReporter::
              INTERCEPT_ONLY_CURRENT_THREAD,
          &array);
      action();
    }
    std::vector<testing::TestPartResult> results;
    for (int i = 0; i < array.size(); ++i) {
      results.push_back(array.GetTestPartResult(i));
    }
    return results;
  }

  std::vector<testing::TestPartResult> ReportedOf(const ToolSpec& spec) {
    return Reported([&] {
      ScenarioTest::SetUp();
      RunScenario(spec, NameTheBadEnd);
    });
  }
};

bool Says(const testing::TestPartResult& result, const std::string& text) {
  return std::string(result.message()).find(text) != std::string::npos;
}

class PassingScenario : public ReportedTest {};
TEST_P(PassingScenario, ReportsNothing) {
  EXPECT_TRUE(ReportedOf(Hasty()).empty());
}
INSTANTIATE_TEST_SUITE_P(Small, PassingScenario,
                         testing::Values(ScenarioOf(kThree, 0)),
                         ScenarioTestName);

class UnsupportedScenario : public ReportedTest {};
TEST_P(UnsupportedScenario, IsSkipped) {
  const auto results = ReportedOf(Hasty());
  ASSERT_EQ(results.size(), 1U);
  EXPECT_TRUE(results[0].skipped());
  EXPECT_TRUE(Says(results[0], "needs only-skipped, skip")) << results[0];
}
TEST_P(UnsupportedScenario, IsRunByAToolThatSaysItCan) {
  ToolSpec spec = Hasty();
  spec.supports = {"skip", "only-skipped"};
  const auto results = ReportedOf(spec);
  ASSERT_EQ(results.size(), 1U);
  EXPECT_TRUE(results[0].failed());
}
INSTANTIATE_TEST_SUITE_P(Small, UnsupportedScenario,
                         testing::Values(ScenarioOf(kThree, 1)),
                         ScenarioTestName);

class FailingScenario : public ReportedTest {};
TEST_P(FailingScenario, SaysWhatIsWrongAndWhere) {
  const auto results = ReportedOf(Hasty());
  ASSERT_EQ(results.size(), 1U);
  EXPECT_TRUE(results[0].nonfatally_failed());
  EXPECT_TRUE(std::string(results[0].file_name()).ends_with("small.yaml"));
  EXPECT_EQ(results[0].line_number(), 6);
  EXPECT_TRUE(Says(results[0],
                   "mine fails small/known-to-fail: k\n"
                   "  it names c; expected is the culprit b\n"
                   "  question 1: b was bad, and does not contain "
                   "c\n  asked: b bad"))
      << results[0];
}
TEST_P(FailingScenario, IsSkippedWhenItIsKnown) {
  ToolSpec spec = Hasty();
  spec.tags = {"hasty"};
  const auto results = ReportedOf(spec);
  ASSERT_EQ(results.size(), 1U);
  EXPECT_TRUE(results[0].skipped());
  EXPECT_TRUE(Says(results[0], "it is hasty")) << results[0];
}
TEST_P(FailingScenario, AToolThatIsNoneFails) {
  ToolSpec spec = Hasty();
  spec.supports = {"skpi"};
  const auto results = ReportedOf(spec);
  ASSERT_EQ(results.size(), 1U);
  EXPECT_TRUE(results[0].fatally_failed());
  EXPECT_TRUE(Says(results[0], "'skpi'")) << results[0];
}
INSTANTIATE_TEST_SUITE_P(Small, FailingScenario,
                         testing::Values(ScenarioOf(kThree, 2)),
                         ScenarioTestName);

class BrokenSuite : public ReportedTest {};
TEST_P(BrokenSuite, FailsOneTestWithThePlace) {
  const auto results = Reported([&] { ScenarioTest::SetUp(); });
  ASSERT_EQ(results.size(), 1U);
  EXPECT_TRUE(results[0].fatally_failed());
  EXPECT_TRUE(Says(results[0], "small.yaml:4:")) << results[0];
}
// What cannot be read, and what can, but makes no scenario.
INSTANTIATE_TEST_SUITE_P(
    Read, BrokenSuite,
    testing::ValuesIn(ReadSuiteOf("  - {name: s, bugg: b}\n")),
    ScenarioTestName);
INSTANTIATE_TEST_SUITE_P(
    Prepared, BrokenSuite,
    testing::ValuesIn(ReadSuiteOf("  - {name: s, about: a, graph: a-b, bug: z,"
                                  " expect: {culprit: z}}\n")),
    ScenarioTestName);

TEST(ScenariosInTest, AMissingFileIsOneParameter) {
  const auto params = ScenariosIn("no-such-folder/no-such.yaml");
  ASSERT_EQ(params.size(), 1U);
  EXPECT_EQ(params[0].test_name(), "no_scenarios");
  const auto prepared = params[0].Prepared();
  ASSERT_FALSE(prepared.has_value());
  EXPECT_NE(FormatError(prepared.error()).find("no-such"), std::string::npos);
}

TEST(ScenariosInTest, NamesTestsAfterScenariosAndNoneTwice) {
  const TempFolder folder;
  const auto put = [&](const std::string& suite, const std::string& name) {
    PutFile(folder / (suite + ".yaml"),
            "rebisect: suite/1\nabout: t\nscenarios:\n  - {name: " + name +
                ", about: t, graph: a-b-c, bug: c, expect: {culprit: c}}\n");
    return folder / (suite + ".yaml");
  };
  const auto params = ScenariosIn(put("a-b", "c"), put("a", "b-c"));
  ASSERT_EQ(params.size(), 2U);
  EXPECT_EQ(params[0].test_name(), "a_b_c");
  EXPECT_EQ(params[1].test_name(), "a_b_c___2");
}

TEST(ScenariosInTest, MakesAScenarioReadyOnce) {
  const auto params = ReadSuiteOf(kThree);
  ASSERT_EQ(params.size(), 3U);
  const ScenarioParam copy = params[0];
  const auto first = params[0].Prepared();
  const auto again = copy.Prepared();
  ASSERT_TRUE(first.has_value() && again.has_value());
  EXPECT_EQ(*first, *again);
}

}  // namespace
}  // namespace rebisect
