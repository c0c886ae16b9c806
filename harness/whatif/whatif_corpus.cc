#include "harness/whatif/whatif_corpus.h"

#include <algorithm>
#include <cmath>

#include "scenarios/reconstruct/reconstruct.h"
#include "scenarios/recording/steps.h"
#include "sim/base/check.h"
#include "sim/base/prng.h"
#include "sim/graph/commit_id.h"

namespace rebisect {
namespace {

constexpr double kSecondsPerHour = 3600;

/// Mean and interval of paired differences.
PairedDifference Bootstrap(const std::vector<double>& differences,
                           std::uint64_t seed, std::uint64_t pair) {
  PairedDifference result;
  result.recordings = differences.size();
  const auto count = static_cast<double>(differences.size());
  if (differences.empty()) return result;
  double sum = 0;
  for (const double difference : differences) sum += difference;
  result.difference = sum / count;
  if (differences.size() < kMinResampled) return result;
  std::vector<double> means;
  for (int i = 0; i < kResamples; ++i) {
    Prng prng(seed, pair, static_cast<std::uint64_t>(i));
    double resampled = 0;
    for (std::size_t n = 0; n < differences.size(); ++n) {
      resampled += differences[prng.Below(
          static_cast<std::uint32_t>(differences.size()))];
    }
    means.push_back(resampled / count);
  }
  std::sort(means.begin(), means.end());
  constexpr int kTail = kResamples / 40;
  result.low = means[kTail];
  result.high = means[kResamples - 1 - kTail];
  return result;
}

PairedDifference ByRecord(const PairedCounts& counts) {
  PairedDifference result;
  result.recordings =
      counts.both + counts.only_first + counts.only_second + counts.neither;
  result.only_first = counts.only_first;
  result.only_second = counts.only_second;
  if (result.recordings == 0) return result;
  result.difference = (static_cast<double>(counts.only_second) -
                       static_cast<double>(counts.only_first)) /
                      static_cast<double>(result.recordings);
  const Interval interval = PairedScoreInterval(counts);
  result.low = interval.low;
  result.high = interval.high;
  return result;
}

void AddTo(WhatifShare& mean, const WhatifShare& one) {
  mean.share += one.share;
  mean.standard_error += one.standard_error * one.standard_error;
}

void Divide(WhatifShare& mean, double count) {
  mean.share /= count;
  mean.standard_error = std::sqrt(mean.standard_error) / count;
}

}  // namespace

std::string_view NameOf(WhatifJudgement judgement) {
  switch (judgement) {
    case WhatifJudgement::kRight:
      return "right";
    case WhatifJudgement::kWrong:
      return "wrong";
    case WhatifJudgement::kUndecided:
      break;
  }
  return "undecided";
}

WhatifJudgement JudgeOutcome(const WhatifRecord& record,
                             const std::string& truth) {
  if (record.culprit.empty()) return WhatifJudgement::kUndecided;
  if (truth == kNoTrueCulprit) return WhatifJudgement::kWrong;
  if (SameCommit(record.culprit, truth)) return WhatifJudgement::kRight;
  return IsMadeUp(record.culprit) ? WhatifJudgement::kUndecided
                                  : WhatifJudgement::kWrong;
}

void WhatifCorpus::Add(const WhatifReport& report) {
  Entry entry;
  entry.seconds_per_test = report.seconds_per_test;
  const auto& truth = report.truth;
  for (const WhatifResult& result : report.results) {
    Score score;
    score.diverges = result.record.first_divergence.has_value();
    score.model = result.model;
    if (truth) score.judgement = JudgeOutcome(result.record, *truth);
    if (truth && result.model) {
      score.names_truth = 0;
      for (const WhatifNamed& named : result.model->culprits) {
        if (SameCommit(named.commit, *truth)) {
          *score.names_truth += named.share.share;
        }
      }
    }
    // Only their shares are wanted.
    if (score.model) score.model->culprits.clear();
    entry.scores.push_back(std::move(score));
  }
  entries_.push_back(std::move(entry));
}

CorpusPolicy WhatifCorpus::SumOf(std::size_t policy) const {
  CorpusPolicy sum;
  std::size_t with_truth = 0;
  std::size_t modelled = 0;
  double names_truth = 0;
  for (const Entry& entry : entries_) {
    const Score& score = entry.scores[policy];
    if (score.diverges) ++sum.diverging;
    if (score.judgement == WhatifJudgement::kRight) ++sum.right;
    if (score.judgement == WhatifJudgement::kWrong) ++sum.wrong;
    if (score.judgement == WhatifJudgement::kUndecided) ++sum.undecided;
    if (score.names_truth) {
      ++with_truth;
      names_truth += *score.names_truth;
    }
    if (!score.model) continue;
    ++modelled;
    AddTo(sum.modelled_right, score.model->right);
    AddTo(sum.modelled_wrong, score.model->wrong);
    AddTo(sum.modelled_undecided, score.model->undecided);
    sum.extra_tests += score.model->further_tests;
    sum.extra_runs += score.model->further_runs;
    if (entry.seconds_per_test) {
      sum.machine_hours += score.model->further_tests *
                           *entry.seconds_per_test / kSecondsPerHour;
    }
  }
  if (modelled > 0) {
    const auto count = static_cast<double>(modelled);
    Divide(sum.modelled_right, count);
    Divide(sum.modelled_wrong, count);
    Divide(sum.modelled_undecided, count);
  }
  if (with_truth > 0) {
    sum.names_truth = names_truth / static_cast<double>(with_truth);
  }
  return sum;
}

CorpusPair WhatifCorpus::PairOf(std::size_t first, std::size_t second,
                                std::uint64_t seed) const {
  CorpusPair pair;
  pair.first = first;
  pair.second = second;
  PairedCounts counts;
  std::vector<double> modelled;
  for (const Entry& entry : entries_) {
    const Score& a = entry.scores[first];
    const Score& b = entry.scores[second];
    if (a.judgement && b.judgement) {
      const bool a_right = a.judgement == WhatifJudgement::kRight;
      const bool b_right = b.judgement == WhatifJudgement::kRight;
      ++(a_right   ? b_right ? counts.both : counts.only_first
         : b_right ? counts.only_second
                   : counts.neither);
    }
    if (a.model && b.model) {
      modelled.push_back(b.model->right.share - a.model->right.share);
    }
  }
  pair.by_record = ByRecord(counts);
  const std::uint64_t key = first * policies_.size() + second;
  if (!modelled.empty()) pair.modelled = Bootstrap(modelled, seed, key);
  return pair;
}

CorpusSummary WhatifCorpus::Summarise(std::uint64_t seed) const {
  CorpusSummary summary;
  summary.recordings = entries_.size();
  summary.failed = failed_;
  summary.without_runs = without_runs_;
  summary.names = policies_;
  for (const Entry& entry : entries_) {
    if (entry.seconds_per_test) ++summary.timed;
    if (entry.scores.empty()) continue;
    if (entry.scores.front().judgement) ++summary.truths;
    if (entry.scores.front().model) summary.modelled = true;
  }
  for (std::size_t p = 0; p < policies_.size(); ++p) {
    summary.policies.push_back(SumOf(p));
    for (std::size_t first = 0; first < p; ++first) {
      summary.pairs.push_back(PairOf(first, p, seed));
    }
  }
  return summary;
}

}  // namespace rebisect
