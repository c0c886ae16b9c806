// The suites that ship: all of them read, and say what they are for.

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "scenarios/cases/scenario.h"
#include "tests/scenarios/recording/shared_files.h"

namespace rebisect {
namespace {

using testing_support::FilesOf;
using testing_support::GetFile;

std::vector<Suite> Shipped() {
  std::vector<Suite> suites;
  for (const auto& path : FilesOf(REBISECT_SUITES_DIR)) {
    auto suite = ReadSuite(GetFile(path), path.string());
    EXPECT_TRUE(suite.has_value()) << FormatError(suite.error());
    if (!suite) continue;
    EXPECT_EQ(suite->name, path.stem());
    suites.push_back(*std::move(suite));
  }
  return suites;
}

/// A sentence.
bool SaysSomething(const std::string& about) {
  return about.size() > 20 && about.back() == '.' &&
         about.find('\n') == std::string::npos;
}

TEST(ShippedSuites, AreManyAndSayWhatTheyAreFor) {
  std::set<std::string> names;
  std::set<std::string> purposes;
  std::size_t scenarios = 0;
  for (const Suite& suite : Shipped()) {
    EXPECT_TRUE(SaysSomething(suite.about)) << suite.name;
    scenarios += suite.scenarios.size();
    for (const Scenario& scenario : suite.scenarios) {
      EXPECT_TRUE(SaysSomething(scenario.about)) << scenario.FullName();
      EXPECT_TRUE(names.insert(scenario.FullName()).second);
      EXPECT_TRUE(purposes.insert(scenario.about).second) << scenario.about;
      for (const Erratum& erratum : scenario.errata) {
        const bool of_git = erratum.tool.starts_with("git");
        EXPECT_TRUE(!of_git || erratum.since || erratum.until)
            << scenario.FullName();
      }
    }
  }
  EXPECT_GE(scenarios, 150U);
}

TEST(ShippedSuites, BoundWhatEverySearchMayAsk) {
  for (const Suite& suite : Shipped()) {
    for (const Scenario& scenario : suite.scenarios) {
      const Expectation& expect = scenario.expect;
      EXPECT_TRUE(expect.most_tests || expect.over_optimum || expect.over_git ||
                  expect.most_mean_tests)
          << scenario.FullName();
    }
  }
}

TEST(ShippedSuites, AreWrittenAsTheyRead) {
  for (const Suite& suite : Shipped()) {
    if (suite.name == "recorded") continue;  // no drawings
    const std::string text = SuiteText(suite);
    const auto again = ReadSuite(text, suite.name + ".yaml");
    ASSERT_TRUE(again.has_value()) << FormatError(again.error());
    EXPECT_EQ(SuiteText(*again), text);
    EXPECT_EQ(again->scenarios.size(), suite.scenarios.size());
  }
}

}  // namespace
}  // namespace rebisect
