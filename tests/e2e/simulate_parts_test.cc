// An experiment in parts, on any number of threads, put together in any
// order: always the same bytes.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "tests/harness/testing/program.h"
#include "tests/support/temp_folder.h"

namespace rebisect {
namespace {

using ::testing::HasSubstr;
using testing_support::GetFile;
using testing_support::JsonLines;
using testing_support::ProgramRun;
using testing_support::PutFile;
using testing_support::RunProgram;
using testing_support::TempFolder;

class SimulatePartsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    PutFile(experiment_,
            "rebisect: experiment/1\nname: parts\ntrials: 40\n"
            "block-trials: 10\nexact: true\n"
            "graphs: [{generate: kernel, commits: 40}, {generate: git, "
            "commits: 50}]\n"
            "truths: [every, none]\n"
            "noise:\n"
            "- {name: v, false-bad: 0.05, false-good: 0.02}\n"
            "- {name: r, crash-rate: 0.6, infra-rate: 0.1}\n"
            "select: [git, best, random, \"k-section:k=2\", facf]\n"
            "retry: \"fixed:n=5\"\n"
            "verdict: [any-crash, \"threshold:k=2\"]\n"
            "budgets: {tests: 40}\n");
    Simulate({"--store", whole_, "-j", "1"});
    expected_ = Export(whole_);
    ASSERT_THAT(expected_, HasSubstr("\"complete\":true"));
  }

  std::string Simulate(const std::vector<std::string>& more) {
    std::vector<std::string> words{"simulate", experiment_, "--format", "json"};
    words.insert(words.end(), more.begin(), more.end());
    const ProgramRun run = RunProgram(words);
    EXPECT_EQ(run.exit_code, 0) << run.errors;
    return run.out;
  }

  static std::string Export(const std::string& store) {
    const ProgramRun run =
        RunProgram({"results", "export", store, "--format", "json"});
    EXPECT_EQ(run.exit_code, 0) << run.errors;
    return run.out;
  }

  static void Merge(const std::string& into,
                    const std::vector<std::string>& from) {
    std::vector<std::string> words{"results", "merge", into};
    words.insert(words.end(), from.begin(), from.end());
    const ProgramRun run = RunProgram(words);
    EXPECT_EQ(run.exit_code, 0) << run.errors;
  }

  /// A store of its own for part `i` of `n`.
  std::string Part(int i, int n) {
    const std::string shard = std::to_string(i) + '/' + std::to_string(n);
    std::string path = folder_ / ("part-" + std::to_string(i) + "-of-" +
                                  std::to_string(n) + ".sqlite");
    Simulate({"--shard", shard, "--store", path, "-j", std::to_string(i)});
    return path;
  }

  TempFolder folder_;
  const std::string experiment_ = folder_ / "e.yaml";
  const std::string whole_ = folder_ / "whole.sqlite";
  std::string expected_;
};

TEST_F(SimulatePartsTest, AnyNumberOfThreads) {
  const std::string shown = Simulate({"-j", "1"});
  for (const char* threads : {"2", "5"}) {
    EXPECT_EQ(Simulate({"-j", threads}), shown) << threads;
    const std::string store = folder_ / threads;
    EXPECT_EQ(Simulate({"-j", threads, "--store", store}), shown) << threads;
    EXPECT_EQ(Export(store), expected_) << threads;
  }
}

TEST_F(SimulatePartsTest, PartsInAnyOrder) {
  std::vector<std::string> parts = {Part(1, 3), Part(2, 3), Part(3, 3)};
  for (const std::string& part : parts) {
    EXPECT_THAT(Export(part), HasSubstr("\"complete\":false"));
  }
  std::sort(parts.begin(), parts.end());
  int order = 0;
  do {
    const std::string all = folder_ / ("all-" + std::to_string(order++));
    Merge(all, parts);
    EXPECT_EQ(Export(all), expected_) << order;
  } while (std::next_permutation(parts.begin(), parts.end()));
  // One after the other, and each of them twice.
  const std::string slow = folder_ / "slow";
  for (const std::string& part : parts) {
    Merge(slow, {part});
    Merge(slow, {part, part});
  }
  EXPECT_EQ(Export(slow), expected_);
}

TEST_F(SimulatePartsTest, PartsInOneStore) {
  const std::string store = folder_ / "s.sqlite";
  for (const char* shard : {"3/3", "1/3", "2/3", "1/3"}) {
    Simulate({"--shard", shard, "--store", store});
  }
  EXPECT_EQ(Export(store), expected_);
}

TEST_F(SimulatePartsTest, PartsThatOverlap) {
  const std::vector<std::string> parts = {Part(1, 2), Part(2, 3), Part(2, 2)};
  const std::string all = folder_ / "all";
  Merge(all, parts);
  EXPECT_EQ(Export(all), expected_);
  Merge(all, {whole_});
  EXPECT_EQ(Export(all), expected_);
  // What was merged is a store like any other: a run goes on from it.
  const std::string more = folder_ / "more";
  Merge(more, {parts[0]});
  Simulate({"--store", more});
  EXPECT_EQ(Export(more), expected_);
}

TEST_F(SimulatePartsTest, MorePartsThanWork) {
  const std::string store = folder_ / "s.sqlite";
  Simulate({"--shard", "1000000/1000000", "--store", store});
  const auto exported = JsonLines(Export(store));
  ASSERT_EQ(exported.size(), 1U);
  EXPECT_EQ(exported[0]["complete"], false);
}

TEST_F(SimulatePartsTest, OtherExperimentsStayApart) {
  const std::string seeded = folder_ / "seeded";
  Simulate({"--seed", "2", "--store", seeded});
  const std::string other = Export(seeded);
  EXPECT_NE(other, expected_);
  const std::string all = folder_ / "all";
  Merge(all, {seeded, whole_});
  const std::string both = Export(all);
  EXPECT_THAT(both, HasSubstr(expected_));
  EXPECT_THAT(both, HasSubstr(other));
  EXPECT_EQ(both.size(), expected_.size() + other.size());
  // The seed of the file, in the option's words, is the same experiment.
  Simulate({"--seed", "1", "--store", all});
  EXPECT_EQ(Export(all), both);
}

}  // namespace
}  // namespace rebisect
