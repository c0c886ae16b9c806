// What an experiment counts: as bytes, in any order, by pairs; its digest.

#include "harness/experiment/results/experiment_result.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>

#include "sim/base/prng.h"
#include "tests/harness/experiment/results/experiment_blocks.h"

namespace rebisect {
namespace {

using testing_support::SmallExperiment;

TEST(ExperimentResultTest, CountsAsBytes) {
  EXPECT_EQ(EncodeCounts({}), "");
  EXPECT_EQ(EncodeCounts({{0, 1}, {1, 127}, {300, 128}}),
            std::string("\x00\x01\x01\x7f\xab\x02\x80\x01", 8));
  const ValueCounts largest = {{kMaxQuantity, kMaxBlock}};
  EXPECT_EQ(DecodeCounts(EncodeCounts(largest)), largest);
  for (const std::string& bytes :
       {std::string("\x01", 1), std::string("\x01\x80", 2),
        std::string("\x01\x00", 2), std::string("\x01\x80\x00", 3),
        std::string("\x01\x01\x00\x01", 4), std::string(12, '\xff')}) {
    EXPECT_EQ(DecodeCounts(bytes), std::nullopt);
  }
}

TEST(ExperimentResultTest, CountsDoNotDependOnTheOrder) {
  Prng prng(3, 0, 0);
  std::vector<std::int64_t> values;
  for (int i = 0; i < 30'000; ++i) {
    values.push_back(prng.Below(2) == 0 ? prng.Below(50)
                                        : 500 + prng.Below(9000));
  }
  ValueCounter forwards;
  ValueCounter backwards;
  ValueCounter first;
  ValueCounter second;
  for (std::size_t i = 0; i < values.size(); ++i) {
    forwards.Add(values[i]);
    backwards.Add(values[values.size() - 1 - i]);
    (i % 3 == 0 ? first : second).Add(values[i]);
  }
  second.Add(first.Counts());
  std::sort(values.begin(), values.end());
  ValueCounts expected;
  for (const std::int64_t value : values) {
    if (expected.empty() || expected.back().value != value) {
      expected.push_back({value, 0});
    }
    ++expected.back().count;
  }
  EXPECT_EQ(forwards.Counts(), expected);
  EXPECT_EQ(backwards.Counts(), expected);
  EXPECT_EQ(second.Counts(), expected);
}

TEST(ExperimentResultTest, CalibrationBins) {
  Calibration calibration;
  calibration.Add(0, false);
  calibration.Add(.05, true);  // the lower end belongs to the bin
  calibration.Add(1, true);
  calibration.Add(.96, false);
  EXPECT_EQ(calibration.bins[0], (Calibration::Bin{1, 0, 0}));
  EXPECT_EQ(calibration.bins[1], (Calibration::Bin{1, 1, 50'000'000}));
  EXPECT_EQ(calibration.bins[19], (Calibration::Bin{2, 1, 1'960'000'000}));
  EXPECT_EQ(DecodeCalibration(EncodeCalibration(calibration)), calibration);
  EXPECT_EQ(DecodeCalibration("\x01"), std::nullopt);
}

TEST(ExperimentResultTest, PairsAreInRowOrder) {
  for (std::size_t cells = 0; cells < 7; ++cells) {
    std::size_t index = 0;
    for (std::size_t a = 0; a < cells; ++a) {
      for (std::size_t b = a + 1; b < cells; ++b) {
        EXPECT_EQ(PairIndex(a, b, cells), index++);
      }
    }
    EXPECT_EQ(PairsOf(cells), index);
  }
}

TEST(ExperimentResultTest, TheDigestIsOfEverything) {
  const ExperimentInfo info = SmallExperiment();
  std::vector<ExperimentInfo> others(8, info);
  others[0].name = "smal";
  others[1].spec += "l";
  others[2].seed = 3;
  others[3].version = "0.1.1";
  others[4].block_trials = 41;
  others[5].graphs[1].digest = "0";
  others[6].groups[0].cells[0].exact = false;
  others[7].groups[1].cells.pop_back();
  for (const ExperimentInfo& other : others) {
    EXPECT_NE(other.Digest(), info.Digest());
  }
}

}  // namespace
}  // namespace rebisect
