#include "oracle/fit/fit.h"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "oracle/fit/recurring.h"
#include "scenarios/logs/parse.h"
#include "scenarios/recording/run_verdict.h"
#include "sim/base/prng.h"
#include "sim/io/input.h"

namespace rebisect {
namespace {

/// What is true of the corpus that the tests make up.
struct World {
  double crash_a = 4;
  double crash_b = 2;
  double false_a = .02;
  double false_b = 4;
  double unusable = .1;
};

constexpr int kCommits = 4096;
constexpr int kRuns = 10;

std::string Name(int commit) { return "c" + std::to_string(10000 + commit); }

Test TestOf(const World& world, Prng* prng, int commit, bool present) {
  Test test;
  test.commit = Name(commit);
  const double rate = present ? prng->Beta(world.crash_a, world.crash_b)
                              : prng->Beta(world.false_a, world.false_b);
  for (int i = 0; i < kRuns; ++i) {
    Run run;
    if (prng->Chance(world.unusable)) {
      run.outcome = RunOutcome::kBootFailed;
    } else if (prng->Chance(rate)) {
      run.outcome = RunOutcome::kCrashed;
      run.title = "WARNING in foo";
    }
    test.runs.push_back(run);
  }
  return test;
}

/// A search on a line, any crash being bad.
Recording Simulate(const World& world, std::uint64_t seed,
                   std::uint64_t trial) {
  Prng prng(seed, 1, trial);
  const int culprit = 1 + static_cast<int>(prng.Below(kCommits - 1));
  Recording recording;
  recording.name = "r" + std::to_string(trial);
  recording.kind = RecordingKind::kCause;
  Test start = TestOf(world, &prng, kCommits, true);
  start.purpose = TestPurpose::kStart;
  recording.events.emplace_back(start);
  Start begin;
  begin.bad = Name(kCommits);
  begin.goods = {Name(0)};
  recording.events.emplace_back(begin);
  int good = 0;
  int bad = kCommits;
  while (bad - good > 1) {
    const int middle = (good + bad) / 2;
    const Test test = TestOf(world, &prng, middle, middle >= culprit);
    const Verdict verdict = AnyCrashVerdict(CountRuns(test.runs));
    Proposal proposal;
    proposal.commit = test.commit;
    recording.events.emplace_back(proposal);
    recording.events.emplace_back(test);
    Mark mark;
    mark.verdict = verdict;
    mark.commits = {test.commit};
    recording.events.emplace_back(mark);
    (verdict == Verdict::kBad ? bad : good) = middle;
  }
  recording.end.kind = EndKind::kCulprit;
  recording.end.culprit = Name(bad);
  return recording;
}

std::vector<FitRecord> Corpus(const World& world, std::uint64_t seed,
                              int recordings) {
  std::vector<FitRecord> records;
  for (int i = 0; i < recordings; ++i) {
    auto record =
        MakeFitRecord(Simulate(world, seed, static_cast<unsigned>(i)));
    EXPECT_TRUE(record.has_value());
    if (record) records.push_back(*std::move(record));
  }
  return records;
}

constexpr std::uint64_t kSeeds = 8;
constexpr int kRecordings = 40;

/// A rate as estimated from corpora that are alike but for their seeds.
class Estimates {
 public:
  explicit Estimates(double truth) : truth_(truth) {}

  void Add(const Estimate& estimate) {
    EXPECT_LE(estimate.low, estimate.value);
    EXPECT_GE(estimate.high, estimate.value);
    if (estimate.low <= truth_ && truth_ <= estimate.high) ++holding;
    sum_ += estimate.value;
    width_ += estimate.high - estimate.low;
  }
  /// The mean of the estimates, as a share of the truth.
  [[nodiscard]] double mean() const { return sum_ / kSeeds / truth_; }
  [[nodiscard]] double width() const { return width_ / kSeeds; }

  int holding = 0;  ///< intervals that hold the truth, of kSeeds

 private:
  double truth_;
  double sum_ = 0;
  double width_ = 0;
};

/// What is estimated of a world, over the seeds.
struct WorldEstimates {
  explicit WorldEstimates(const World& world)
      : crash(world.crash_a / (world.crash_a + world.crash_b)),
        evenness(world.crash_a + world.crash_b),
        false_crash(world.false_a / (world.false_a + world.false_b)),
        unusable(world.unusable) {
    for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
      const ModelFit fit = FitModel(Corpus(world, seed, kRecordings));
      EXPECT_TRUE(fit.settled) << "seed " << seed;
      EXPECT_EQ(fit.recordings, std::size_t{kRecordings});
      EXPECT_EQ(fit.priors.false_crash_a, fit.false_crash.a.value);
      crash.Add(fit.crash_if_present.mean);
      evenness.Add(fit.crash_if_present.concentration);
      false_crash.Add(fit.false_crash.mean);
      unusable.Add(fit.unusable.mean);
    }
  }

  Estimates crash;
  Estimates evenness;
  Estimates false_crash;
  Estimates unusable;
};

// Of the intervals, which are 95 % by their name, those of false crashes hold
// the truth in every second corpus or so (scenarios/README.md says why).
TEST(Fit, FindsTheRatesThatCorporaWereMadeWith) {
  const WorldEstimates fit{World()};
  EXPECT_GE(fit.crash.holding, 7);
  EXPECT_GE(fit.evenness.holding, 7);
  EXPECT_GE(fit.false_crash.holding, 4);
  EXPECT_GE(fit.unusable.holding, 7);
  EXPECT_NEAR(fit.crash.mean(), 1, .05);
  EXPECT_NEAR(fit.evenness.mean(), 1, .15);
  EXPECT_NEAR(fit.unusable.mean(), 1, .05);
  // The default is a fifth of the truth, and few commits show a false crash.
  EXPECT_GT(fit.false_crash.mean(), .4);
  EXPECT_LT(fit.false_crash.mean(), 1.1);
  EXPECT_LT(fit.crash.width(), .1);
  EXPECT_LT(fit.unusable.width(), .03);
}

// Twenty times the default rate of false crashes: one search in six meets one
// at every step, and what is what is often open.
TEST(Fit, FollowsCorporaFarFromTheDefaults) {
  World noisy;
  noisy.false_a = .06;
  noisy.false_b = 3;
  const WorldEstimates fit(noisy);
  EXPECT_GE(fit.crash.holding, 7);
  EXPECT_GE(fit.evenness.holding, 7);
  EXPECT_GE(fit.false_crash.holding, 2);
  EXPECT_GE(fit.unusable.holding, 7);
  EXPECT_NEAR(fit.crash.mean(), 1, .05);
  EXPECT_NEAR(fit.unusable.mean(), 1, .05);
  EXPECT_GT(fit.false_crash.mean(), .5);
  EXPECT_LT(fit.false_crash.mean(), 1.1);
}

TEST(Fit, FewRecordingsChangeLittle) {
  World quiet;
  quiet.false_b = 1000;
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    const ModelFit fit = FitModel(Corpus(quiet, seed, 2));
    for (const FittedField& field : fit.fields) {
      EXPECT_GT(field.estimate.value, field.usual / 3) << field.name;
      EXPECT_LT(field.estimate.value, field.usual * 3) << field.name;
      EXPECT_LE(field.estimate.low, field.estimate.value) << field.name;
      EXPECT_GE(field.estimate.high, field.estimate.value) << field.name;
    }
    EXPECT_EQ(fit.fields.size(), PriorFields().size());
  }
}

TEST(Fit, TheShippedRecordingsGiveSoberPriors) {
  std::vector<FitRecord> records;
  for (const char* name :
       {"000_44bcc0d44dc46933", "001_8797c81a33fa4415", "002_2bc36a9ae601194e",
        "003_9e5a8c403dd9519c", "004_cc113675927a12df"}) {
    const std::string file =
        std::string(REBISECT_RECORDED_DIR) + '/' + name + ".yaml";
    const auto bytes = ReadInput(file);
    ASSERT_TRUE(bytes.has_value());
    const auto recording = ParseRecording(*bytes, file);
    ASSERT_TRUE(recording.has_value());
    auto record = MakeFitRecord(*recording);
    ASSERT_TRUE(record.has_value()) << name;
    records.push_back(*std::move(record));
  }
  EXPECT_TRUE(records[3].truth_known);
  EXPECT_TRUE(records[4].stepped);
  const ModelFit fit = FitModel(records);
  EXPECT_EQ(fit.with_truth, 3U);
  EXPECT_GT(fit.crash_if_present.mean.value, .9);
  EXPECT_LT(fit.false_crash.mean.value, .003);
  // The most that is in them: crashes of other titles in one run of ten, on
  // commit after commit of 001.
  for (const FittedField& field : fit.fields) {
    const double factor = field.name == "background_a" ? 5 : 3;
    EXPECT_GT(field.estimate.value, field.usual / factor) << field.name;
    EXPECT_LT(field.estimate.value, field.usual * factor) << field.name;
  }
}

TEST(Fit, AFixIsMirrored) {
  // The crash is gone at the newest commit; git's good is the crash's bad.
  Recording recording = Simulate(World(), 3, 3);
  recording.kind = RecordingKind::kFix;
  for (Event& event : recording.events) {
    if (auto* const mark = std::get_if<Mark>(&event)) {
      mark->verdict =
          mark->verdict == Verdict::kBad ? Verdict::kGood : Verdict::kBad;
    } else if (auto* const start = std::get_if<Start>(&event)) {
      std::swap(start->bad, start->goods.front());
    }
  }
  const auto record = MakeFitRecord(recording);
  ASSERT_TRUE(record.has_value());
  const auto& commits = record->evidence.commits;
  // Of the culprits within the range, those above a commit leave it the bug.
  for (const Hypothesis& hypothesis : record->hypotheses) {
    if (!hypothesis.name.empty()) continue;
    EXPECT_EQ(hypothesis.presence.front(), Presence::kPresent)
        << commits.front().commit;
  }
}

TEST(Fit, ASearchWithoutAVerdictTeachesNothing) {
  Recording recording;
  const auto no_ends = MakeFitRecord(recording);
  ASSERT_FALSE(no_ends.has_value());
  EXPECT_EQ(no_ends.error().message, "it has no bad end");
  Start start;
  start.bad = "b";
  start.goods = {"a"};
  recording.events.emplace_back(start);
  const auto no_steps = MakeFitRecord(recording);
  ASSERT_FALSE(no_steps.has_value());
  EXPECT_EQ(no_steps.error().message, "no step of it was good or bad");
}

Recording Named(const std::string& name, const std::string& crash,
                const std::string& other, const std::string& culprit) {
  Recording recording;
  recording.name = name;
  recording.kind = RecordingKind::kCause;
  Test start;
  start.commit = "s";
  start.purpose = TestPurpose::kStart;
  start.runs = {{RunOutcome::kCrashed, crash, {}}};
  recording.events.emplace_back(start);
  Test step;
  step.commit = "t";
  step.runs = {{RunOutcome::kCrashed, other, {}}, {RunOutcome::kOk, "", {}}};
  recording.events.emplace_back(step);
  recording.end.kind = EndKind::kCulprit;
  recording.end.culprit = culprit;
  return recording;
}

TEST(Recurrences, TitlesAndCulpritsOfSeveralRecordings) {
  const std::string full(40, 'a');
  Recurrences all;
  all.Add(Named("1", "foo", "INFO: hung", full));
  all.Add(Named("2", "bar", "INFO: hung (2)", full.substr(0, 12)));
  all.Add(Named("3", "baz", "foo", "bbbbbbbbbbbb"));
  all.Add(Named("4", "baz", "once", "cccccccccccc"));
  const auto titles = all.Titles();
  ASSERT_EQ(titles.size(), 2U);
  EXPECT_EQ(titles[0].title, "INFO: hung");
  EXPECT_TRUE(titles[0].AcrossBugs());
  EXPECT_EQ(titles[0].runs, 2U);
  EXPECT_EQ(titles[0].of_runs, 6U);
  EXPECT_EQ(titles[1].title, "foo");
  EXPECT_EQ(titles[1].searched_for, 1U);
  const auto culprits = all.Culprits();
  ASSERT_EQ(culprits.size(), 1U);
  EXPECT_EQ(culprits[0].commit, full);
  EXPECT_EQ(culprits[0].recordings, (std::vector<std::string>{"2", "1"}));
  EXPECT_EQ(culprits[0].crashes, (std::vector<std::string>{"bar", "foo"}));
}

}  // namespace
}  // namespace rebisect
