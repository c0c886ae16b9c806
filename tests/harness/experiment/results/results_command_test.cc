// `results`, as a person calls it.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "harness/experiment/results/results_report.h"
#include "harness/experiment/store/result_store.h"
#include "tests/harness/experiment/results/experiment_blocks.h"
#include "tests/harness/testing/program.h"
#include "tests/support/temp_folder.h"

namespace rebisect {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;
using testing_support::AllBlocks;
using testing_support::GetFile;
using testing_support::JsonLines;
using testing_support::MakeBlock;
using testing_support::MakeExact;
using testing_support::ProgramRun;
using testing_support::PutFile;
using testing_support::RunProgram;
using testing_support::SmallExperiment;
using testing_support::TempFolder;

class ResultsCommandTest : public ::testing::Test {
 protected:
  static void Fill(const std::string& path, const ExperimentInfo& info,
                   const std::vector<BlockResult>& blocks, bool exact) {
    auto store = ResultStore::Open(path, ResultStore::Mode::kWrite);
    ASSERT_TRUE(store) << store.error().message;
    const auto key = store->Register(info);
    ASSERT_TRUE(key && store->AddBlocks(*key, blocks));
    if (exact) {
      ASSERT_TRUE(store->AddExact(*key, {MakeExact()}));
    }
  }

  /// Two policies that differ in what is asked of the report: the second is
  /// right wherever the first is and in 10 trials more, and takes 1 or 2 tests
  /// more; the third does as the first.
  static ExperimentInfo Clear() {
    ExperimentInfo info = SmallExperiment();
    info.name = "clear";
    info.groups.resize(1);
    info.block_trials = info.groups[0].trials = 100;
    info.groups[0].cells[0].exact = false;
    return info;
  }
  static BlockResult ClearBlock() {
    BlockResult block;
    block.cells.resize(3);
    block.cells[0].outcomes = {50, 40, 4, 3, 2, 1};
    block.cells[1].outcomes = {60, 40, 0, 0, 0, 0};
    block.cells[2] = block.cells[0];
    block.cells[0].quantities[0] = {{10, 100}};
    block.cells[1].quantities[0] = {{11, 50}, {12, 50}};
    block.cells[2].quantities[0] = {{10, 100}};
    block.cells[1].calibration.bins[19] = {60, 60, 57'000'000'000};
    block.pairs.resize(3);
    block.pairs[0].right = {50, 0, 10, 40};
    block.pairs[0].tests = {150, 250};
    block.pairs[1].right = {50, 0, 0, 50};
    block.pairs[2].right = {50, 10, 0, 40};
    block.pairs[2].tests = {-150, 250};
    return block;
  }

  TempFolder folder_;
  const std::string store_ = folder_ / "s.sqlite";
};

TEST_F(ResultsCommandTest, FiguresByHand) {
  Fill(store_, Clear(), {ClearBlock()}, false);
  const ProgramRun run =
      RunProgram({"results", "show", store_, "--format", "json"});
  ASSERT_EQ(run.exit_code, 0) << run.errors;
  const json answer = JsonLines(run.out).at(0);
  EXPECT_EQ(answer["schema"], "rebisect.results/1");
  EXPECT_EQ(answer["complete"], true);
  const json& cell = answer["groups"][0]["cells"][0]["sampled"];
  EXPECT_EQ(cell["outcomes"]["only_skipped"], 3);
  // Wilson at 50 of 100: z^2 = 3.841459; (.5 +- z sqrt(.25/100 + z^2/40000))
  // about .5, over 1 + z^2 / 100 at its ends.
  EXPECT_EQ(cell["right"]["share"], .5);
  EXPECT_EQ(cell["right"]["low"], .403832);
  EXPECT_EQ(cell["right"]["high"], .596168);
  EXPECT_EQ(cell["undecided"]["share"], .1);
  EXPECT_EQ(cell["runs"], nullptr);
  EXPECT_EQ(cell["calibration"], nullptr);
  const json& second = answer["groups"][0]["cells"][1]["sampled"];
  EXPECT_EQ(second["tests"]["mean"], 11.5);
  // Variance 25 / 99, over 100 trials.
  EXPECT_EQ(second["tests"]["standard_error"], .0502519);
  EXPECT_EQ(second["tests"]["p50"], 11);
  EXPECT_EQ(second["tests"]["p95"], 12);
  EXPECT_EQ(second["calibration"]["mean_confidence"], .95);
  EXPECT_EQ(second["calibration"]["expected_error"], .05);
  const json& pairs = answer["groups"][0]["comparisons"];
  ASSERT_EQ(pairs.size(), 3U);
  EXPECT_EQ(pairs[0]["difference"], .1);
  EXPECT_EQ(pairs[0]["p"], .00195312);  // 2 / 2^10
  EXPECT_EQ(pairs[0]["p_adjusted"], .00585938);
  EXPECT_EQ(pairs[0]["significant"], true);
  EXPECT_EQ(pairs[0]["tests"]["difference"], 1.5);
  EXPECT_EQ(pairs[0]["tests"]["low"], 1.40151);
  EXPECT_EQ(pairs[0]["tests"]["significant"], true);
  EXPECT_EQ(pairs[0]["cost_ms"], nullptr);
  EXPECT_EQ(pairs[1]["p"], 1);
  EXPECT_EQ(pairs[1]["significant"], false);
  EXPECT_EQ(pairs[1]["tests"]["p_adjusted"], 1);
  EXPECT_EQ(pairs[2]["tests"]["difference"], -1.5);
}

TEST_F(ResultsCommandTest, TheTextSaysWhatIsNotSignificant) {
  Fill(store_, Clear(), {ClearBlock()}, false);
  const ProgramRun run = RunProgram({"results", "show", store_});
  ASSERT_EQ(run.exit_code, 0) << run.errors;
  EXPECT_THAT(run.out, HasSubstr("complete: 1 of 1 block\n"));
  EXPECT_THAT(
      run.out,
      HasSubstr("\n   1  50.00% (40.38 to 59.62)  40.00% (30.94 to 49.80)  "
                "10.00% (5.52 to 17.44)\n"));
  EXPECT_THAT(run.out, HasSubstr("undecided of 1: 4 unnamed, 3 only skipped, "
                                 "2 aborted, 1 over budget\n"));
  EXPECT_THAT(run.out, HasSubstr("\n   1 to 2           0       10  +10.00% "));
  EXPECT_THAT(run.out, HasSubstr("  0.0059\n"));
  EXPECT_THAT(run.out, HasSubstr("  1.00, not significant\n"));
  EXPECT_THAT(run.out, HasSubstr("+1.500 (+1.402 to +1.598)  <0.0001\n"));
  EXPECT_THAT(run.out, HasSubstr("for 3 comparisons in"));
}

TEST_F(ResultsCommandTest, TheTextKeepsToTheWidth) {
  ExperimentInfo info = SmallExperiment();
  info.name = std::string(100, 'n');
  info.version = "0.1.0\x1b[31m";
  // More cells than there are comparisons shown for.
  for (int i = 0; i < 9; ++i) {
    info.groups[1].cells.push_back(
        {"linear", "fixed:n=" + std::to_string(i), "majority", false});
  }
  Fill(store_, info, AllBlocks(info), true);
  const ProgramRun run = RunProgram({"results", "show", store_});
  ASSERT_EQ(run.exit_code, 0) << run.errors;
  std::istringstream lines(run.out);
  for (std::string line; std::getline(lines, line);) {
    EXPECT_LE(Columns(line), 80) << line;
    EXPECT_FALSE(line.ends_with(' ')) << line;
  }
  EXPECT_THAT(run.out, Not(HasSubstr("\x1b")));
  EXPECT_THAT(run.out, HasSubstr("  1  62.50% exactly"));
  EXPECT_THAT(run.out, HasSubstr("has all 55"));
  EXPECT_THAT(run.out, HasSubstr("  hours "));
}

TEST_F(ResultsCommandTest, AnIncompleteExperimentSaysSo) {
  const ExperimentInfo info = SmallExperiment();
  Fill(store_, info, {MakeBlock(info, 0, 2)}, false);
  EXPECT_THAT(RunProgram({"results", "show", store_}).out,
              HasSubstr("INCOMPLETE: 1 of 4 blocks, 0 of 1 exact cell\n"));
  EXPECT_THAT(RunProgram({"results", "list", store_}).out,
              HasSubstr("INCOMPLETE: 1 of 4 blocks, 0 of 1 exact cell\n"));
  const json listed =
      JsonLines(RunProgram({"results", "list", store_, "--format", "json"}).out)
          .at(0);
  EXPECT_EQ(listed["blocks"]["done"], 1);
  EXPECT_EQ(listed["blocks"]["of"], 4);
  EXPECT_EQ(listed["complete"], false);
  const ProgramRun run =
      RunProgram({"results", "export", store_, "--format", "json"});
  EXPECT_EQ(run.exit_code, 0);
  EXPECT_THAT(run.errors, HasSubstr("s.sqlite: note: experiment " +
                                    info.Digest().substr(0, 12) +
                                    " is INCOMPLETE: 1 of 4 blocks"));
  EXPECT_EQ(JsonLines(run.out).at(0)["groups"][1]["cells"][0]["sampled"],
            nullptr);
}

TEST_F(ResultsCommandTest, ExportsAreEqualHoweverTheStoreWasMade) {
  const ExperimentInfo info = SmallExperiment();
  const ExperimentInfo second = SmallExperiment(2);
  auto blocks = AllBlocks(info);
  Fill(store_, info, blocks, true);
  Fill(store_, second, AllBlocks(second), true);
  std::reverse(blocks.begin(), blocks.end());
  Fill(folder_ / "a", second, AllBlocks(second), true);
  Fill(folder_ / "a", info, {blocks[0], blocks[2]}, false);
  Fill(folder_ / "b", info, {blocks[3], blocks[2], blocks[1]}, true);
  const ProgramRun merge = RunProgram(
      {"results", "merge", folder_ / "c", folder_ / "b", folder_ / "a"});
  ASSERT_EQ(merge.exit_code, 0) << merge.errors;
  EXPECT_THAT(merge.out, HasSubstr("complete: 4 of 4 blocks"));
  for (const std::vector<std::string>& options :
       {std::vector<std::string>{"--format", "json"},
        {"--format", "csv"},
        {"--format", "csv", "--table", "comparisons"},
        {"--format", "csv", "--table", "counts"},
        {"--format", "csv", "--table", "calibration"}}) {
    std::string first;
    for (const std::string& path : {store_, folder_ / "c"}) {
      std::vector<std::string> words = {"results", "export", path};
      words.insert(words.end(), options.begin(), options.end());
      const ProgramRun run = RunProgram(words);
      ASSERT_EQ(run.exit_code, 0) << run.errors;
      if (first.empty()) first = run.out;
      EXPECT_TRUE(run.out == first);
      EXPECT_THAT(run.out, Not(HasSubstr(folder_.path())));
    }
    EXPECT_GT(first.size(), 100U);
  }
}

TEST_F(ResultsCommandTest, CsvHasAsManyFieldsAsNames) {
  ExperimentInfo info = SmallExperiment();
  info.name = "a \"name\", quoted";
  Fill(store_, info, AllBlocks(info), true);
  for (const char* table : {"cells", "comparisons", "counts", "calibration"}) {
    const ProgramRun run = RunProgram(
        {"results", "export", store_, "--format", "csv", "--table", table});
    ASSERT_EQ(run.exit_code, 0) << run.errors;
    std::istringstream lines(run.out);
    std::string header;
    std::getline(lines, header);
    const auto names = std::count(header.begin(), header.end(), ',');
    std::size_t rows = 0;
    for (std::string line; std::getline(lines, line); ++rows) {
      EXPECT_EQ(line.back(), '\r');
      EXPECT_THAT(line, HasSubstr(",\"a \"\"name\"\", quoted\","));
      // The name holds one more.
      EXPECT_EQ(std::count(line.begin(), line.end(), ','), names + 1) << line;
    }
    if (table == std::string("cells")) {
      EXPECT_EQ(rows, 6U);
    }
    if (table == std::string("comparisons")) {
      EXPECT_EQ(rows, 4U);
    }
    EXPECT_GT(rows, 0U);
  }
  EXPECT_THAT(CsvHeader(ResultsTable::kCells),
              StartsWith("experiment,name,group,spec_digest,seed,version,"));
}

TEST_F(ResultsCommandTest, ExperimentsAreChosenByNameOrDigest) {
  const ExperimentInfo info = SmallExperiment();
  Fill(store_, info, AllBlocks(info), true);
  Fill(store_, Clear(), {ClearBlock()}, false);
  for (const std::string& wanted : {std::string("clear"), Clear().Digest(),
                                    Clear().Digest().substr(0, 6)}) {
    const ProgramRun run =
        RunProgram({"results", "show", store_, wanted, "--format", "json"});
    const auto answers = JsonLines(run.out);
    ASSERT_EQ(answers.size(), 1U) << wanted;
    EXPECT_EQ(answers[0]["name"], "clear");
  }
  EXPECT_EQ(
      JsonLines(RunProgram({"results", "show", store_, "--format", "json"}).out)
          .size(),
      2U);
  const ProgramRun none = RunProgram({"results", "show", store_, "clea"});
  EXPECT_EQ(none.exit_code, 2);
  EXPECT_THAT(none.errors,
              HasSubstr("s.sqlite: error: the store has no experiment 'clea'"));
}

TEST_F(ResultsCommandTest, MistakesAreErrors) {
  const std::string text = folder_ / "text";
  PutFile(text, "no store");
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"results"},
        {"results", "list"},
        {"results", "list", folder_ / "none"},
        {"results", "show", text},
        {"results", "export", text, "--format", "json"},
        {"results", "export", text},
        {"results", "export", text, "--format", "xml"},
        {"results", "export", text, "--format", "csv", "--table", "x"},
        {"results", "merge", folder_ / "new"},
        {"results", "merge", folder_ / "new", text},
        {"results", "merge", text, text}}) {
    const ProgramRun run = RunProgram(words);
    EXPECT_EQ(run.exit_code, 2) << words.back();
    EXPECT_EQ(run.out, "");
    EXPECT_NE(run.errors, "");
  }
  EXPECT_FALSE(std::filesystem::exists(folder_ / "new"));
  EXPECT_EQ(GetFile(text), "no store");
}

}  // namespace
}  // namespace rebisect
