#include "harness/whatif/whatif_corpus.h"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace rebisect {
namespace {

constexpr const char* kTruth = "1111111111111111111111111111111111111111";
constexpr const char* kOther = "2222222222222222222222222222222222222222";

WhatifPolicy Policy(const std::string& name) {
  WhatifPolicy policy;
  policy.policy = name;
  policy.select = "recorded";
  return policy;
}

/// What one policy made of one recording: the culprit it named, or "".
struct Named {
  std::string culprit{};
  bool diverges = false;
  double modelled_right = 0;
  double further_tests = 0;
};

/// Two policies over made-up results.
class CorpusOf {
 public:
  CorpusOf() : corpus_({Policy("first"), Policy("second")}, {}) {}

  void Add(const Named& first, const Named& second,
           std::optional<double> seconds_per_test = {}) {
    const Recording recording;
    WhatifReport report;
    report.recording = &recording;
    report.truth = kTruth;
    report.seconds_per_test = seconds_per_test;
    for (const Named& named : {first, second}) {
      WhatifResult result;
      result.record.culprit = named.culprit;
      if (named.diverges) result.record.first_divergence.emplace();
      result.model.emplace();
      result.model->trials = 100;
      result.model->right.share = named.modelled_right;
      result.model->further_tests = named.further_tests;
      result.model->further_runs = 10 * named.further_tests;
      report.results.push_back(std::move(result));
    }
    corpus_.Add(report);
  }

  [[nodiscard]] CorpusSummary Summary(std::uint64_t seed = 1) const {
    return corpus_.Summarise(seed);
  }

 private:
  WhatifCorpus corpus_;
};

TEST(WhatifCorpusTest, CountsByThePolicyAndTheTruth) {
  CorpusOf corpus;
  corpus.Add({kTruth}, {kTruth});
  corpus.Add({kOther}, {"", true});
  corpus.Add({kOther}, {kTruth, true});
  corpus.Add({kOther}, {"hypothetical-7", true});
  const CorpusSummary summary = corpus.Summary();
  EXPECT_EQ(summary.recordings, 4U);
  EXPECT_EQ(summary.truths, 4U);
  const CorpusPolicy& first = summary.policies[0];
  EXPECT_EQ(first.diverging, 0U);
  EXPECT_EQ(first.right, 1U);
  EXPECT_EQ(first.wrong, 3U);
  EXPECT_EQ(first.undecided, 0U);
  const CorpusPolicy& second = summary.policies[1];
  EXPECT_EQ(second.diverging, 3U);
  EXPECT_EQ(second.right, 2U);
  EXPECT_EQ(second.wrong, 0U);
  // A made-up commit may be the true one.
  EXPECT_EQ(second.undecided, 2U);
  ASSERT_EQ(summary.pairs.size(), 1U);
  const PairedDifference& difference = summary.pairs[0].by_record;
  EXPECT_EQ(difference.recordings, 4U);
  EXPECT_DOUBLE_EQ(difference.difference, .25);
  EXPECT_EQ(difference.only_first, 0U);
  EXPECT_EQ(difference.only_second, 1U);
}

TEST(WhatifCorpusTest, HoursAreOfRecordingsThatTellThem) {
  CorpusOf corpus;
  corpus.Add({}, {"", true, 0, 6}, 600.);
  corpus.Add({}, {"", true, 0, 3}, 1200.);
  corpus.Add({}, {"", true, 0, 100});
  const CorpusSummary summary = corpus.Summary();
  EXPECT_EQ(summary.timed, 2U);
  EXPECT_DOUBLE_EQ(summary.policies[0].machine_hours, 0);
  EXPECT_DOUBLE_EQ(summary.policies[1].machine_hours, 2);
  EXPECT_DOUBLE_EQ(summary.policies[1].extra_tests, 109);
  EXPECT_DOUBLE_EQ(summary.policies[1].extra_runs, 1090);
}

TEST(WhatifCorpusTest, ScoreIntervalsArePublishedOnes) {
  // Both 36, one alone 2 and 12, neither 0: Newcombe gives these limits.
  const auto [low, high] = PairedScoreInterval({36, 2, 12, 0});
  EXPECT_NEAR(low, .0569, 5e-5);
  EXPECT_NEAR(high, .3404, 5e-5);
}

TEST(WhatifCorpusTest, ScoreIntervalsHaveAWidthWhereAllAgree) {
  // Two of four each, with phi = (4 - 2) / 4; and none of four each, where
  // Wilson's interval ends at z^2 / (4 + z^2).
  const auto [low, high] = PairedScoreInterval({2, 0, 0, 2});
  EXPECT_NEAR(high, .349961, 1e-6);
  EXPECT_NEAR(low, -high, 1e-12);
  const auto [none_low, none_high] = PairedScoreInterval({0, 0, 0, 4});
  EXPECT_NEAR(none_high, .489891, 1e-6);
  EXPECT_NEAR(none_low, -none_high, 1e-12);
}

TEST(WhatifCorpusTest, ModelledDifferencesAreResampled) {
  // One of five differs by 1: a resampled mean is Binomial(5, 1/5) / 5, whose
  // 2.5% and 97.5% points are 0 and 3/5.
  CorpusOf corpus;
  corpus.Add({}, {"", true, 1});
  for (int i = 0; i < 4; ++i) corpus.Add({}, {});
  for (const std::uint64_t seed : {1, 2, 3}) {
    const CorpusSummary summary = corpus.Summary(seed);
    const auto& difference = summary.pairs.at(0).modelled;
    ASSERT_TRUE(difference.has_value());
    EXPECT_DOUBLE_EQ(difference->difference, .2);
    EXPECT_DOUBLE_EQ(difference->low.value_or(-1), 0);
    EXPECT_DOUBLE_EQ(difference->high.value_or(-1), .6);
  }
}

TEST(WhatifCorpusTest, FourRecordingsAreTooFewToResample) {
  CorpusOf corpus;
  for (int i = 0; i < 4; ++i) corpus.Add({}, {"", true, 1});
  const CorpusSummary summary = corpus.Summary();
  const auto& difference = summary.pairs.at(0).modelled;
  ASSERT_TRUE(difference.has_value());
  EXPECT_DOUBLE_EQ(difference->difference, 1);
  EXPECT_FALSE(difference->low.has_value());
}

TEST(WhatifCorpusTest, TheTableWinsOverTheRecording) {
  Recording recording;
  recording.name = "a";
  EXPECT_EQ(TruthOf(recording, {}), std::nullopt);
  recording.truth.emplace();
  EXPECT_EQ(TruthOf(recording, {}), std::nullopt);
  recording.truth->culprit = kOther;
  EXPECT_EQ(TruthOf(recording, {}), kOther);
  const auto table = ReadTruthTable("# c\r\n\r\na\tnone # why\r\n", "t.tsv");
  ASSERT_TRUE(table.has_value());
  EXPECT_EQ(TruthOf(recording, *table), "none");
}

TEST(WhatifCorpusTest, WhereNoneIsToBlameAnyNameIsWrong) {
  WhatifRecord record;
  EXPECT_EQ(JudgeOutcome(record, "none"), WhatifJudgement::kUndecided);
  record.culprit = kTruth;
  EXPECT_EQ(JudgeOutcome(record, "none"), WhatifJudgement::kWrong);
  EXPECT_EQ(JudgeOutcome(record, "11111111"), WhatifJudgement::kRight);
}

}  // namespace
}  // namespace rebisect
