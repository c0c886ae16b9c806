#include "harness/diagnose/evaluation.h"

#include <algorithm>

#include "scenarios/recording/steps.h"
#include "scenarios/recording/truth_table.h"

namespace rebisect {
namespace {

std::size_t BinOf(double posterior) {
  return std::min(kReliabilityBins - 1,
                  static_cast<std::size_t>(
                      posterior * static_cast<double>(kReliabilityBins)));
}

std::vector<ReliabilityBin> BinsOf(
    const std::vector<EvaluatedRecording>& recordings) {
  constexpr double kWidth = 1.0 / static_cast<double>(kReliabilityBins);
  std::vector<ReliabilityBin> bins(kReliabilityBins);
  for (std::size_t b = 0; b < bins.size(); ++b) {
    bins[b].low = static_cast<double>(b) * kWidth;
    bins[b].high = static_cast<double>(b + 1) * kWidth;
  }
  for (const EvaluatedRecording& one : recordings) {
    if (!one.right) continue;
    ReliabilityBin& bin = bins[BinOf(one.posterior)];
    bin.mean += one.posterior;
    ++bin.right.of;
    if (*one.right) ++bin.right.count;
  }
  bins.erase(std::remove_if(
                 bins.begin(), bins.end(),
                 [](const ReliabilityBin& bin) { return bin.right.of == 0; }),
             bins.end());
  for (ReliabilityBin& bin : bins) {
    bin.mean /= static_cast<double>(bin.right.of);
  }
  return bins;
}

}  // namespace

double EvaluatedShare::Share() const {
  return of == 0 ? 0 : static_cast<double>(count) / static_cast<double>(of);
}

Interval EvaluatedShare::Bounds() const { return WilsonInterval(count, of); }

EvaluatedRecording EvaluatedOf(const DiagnosisReport& report,
                               const std::optional<std::string>& truth) {
  EvaluatedRecording one;
  one.name = report.recording->name;
  one.conclusion = report.diagnosis.conclusion;
  one.posterior = report.diagnosis.result;
  const End& end = report.recording->end;
  one.names_culprit = end.kind == EndKind::kCulprit;
  if (one.names_culprit && truth) {
    one.right = *truth != kNoTrueCulprit && SameCommit(end.culprit, *truth);
  }
  return one;
}

Evaluation Evaluate(const std::vector<EvaluatedRecording>& recordings,
                    std::size_t failed) {
  Evaluation result;
  result.recordings = recordings.size();
  result.failed = failed;
  EvaluatedConclusion all;
  double squares = 0;
  for (const EvaluatedRecording& one : recordings) {
    EvaluatedConclusion& conclusion =
        result.conclusions[static_cast<std::size_t>(one.conclusion)];
    if (!one.right) {
      ++conclusion.unknown;
      continue;
    }
    ++result.judged;
    ++(*one.right ? conclusion.right : conclusion.wrong);
    ++(*one.right ? all.right : all.wrong);
    const double off = one.posterior - (*one.right ? 1 : 0);
    squares += off * off;
  }
  for (std::size_t c = 0; c < result.conclusions.size(); ++c) {
    EvaluatedConclusion& one = result.conclusions[c];
    const bool claims_right =
        c == static_cast<std::size_t>(Conclusion::kTrustworthy);
    const std::size_t holds = claims_right ? one.right : one.wrong;
    one.precision = {holds, one.right + one.wrong};
    one.recall = {holds, claims_right ? all.right : all.wrong};
    if (claims_right) result.wrong_trustworthy = {one.wrong, one.precision.of};
  }
  result.bins = BinsOf(recordings);
  if (result.judged > 0) {
    result.brier = squares / static_cast<double>(result.judged);
  }
  return result;
}

}  // namespace rebisect
