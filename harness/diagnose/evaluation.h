#pragma once

// Sources: evaluation_report.cc: what is printed of it.

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "harness/diagnose/diagnose_report.h"
#include "harness/stats/statistics.h"
#include "harness/text/terminal.h"

namespace rebisect {

/// A diagnosis beside the truth.
struct EvaluatedRecording {
  std::string name{};
  Conclusion conclusion = Conclusion::kDoubtful;
  double posterior = 0;  ///< of the recorded culprit
  bool names_culprit = false;
  std::optional<bool> right{};  ///< absent: no culprit, or no truth is known
};

/// What a diagnosis comes to beside the truth (kNoTrueCulprit, or a commit;
/// absent where it is not known).
[[nodiscard]] EvaluatedRecording EvaluatedOf(
    const DiagnosisReport& report, const std::optional<std::string>& truth);

/// A share with its 95% interval (Wilson); `of` may be 0.
struct EvaluatedShare {
  std::size_t count = 0;
  std::size_t of = 0;
  [[nodiscard]] double Share() const;
  [[nodiscard]] Interval Bounds() const;
};

/// One conclusion over a corpus. "trustworthy" claims that the result is
/// right, the other two that it is wrong or may be.
struct EvaluatedConclusion {
  std::size_t right = 0;
  std::size_t wrong = 0;
  std::size_t unknown = 0;     ///< no truth is known, or no culprit is named
  EvaluatedShare precision{};  ///< of those with the claim, for which it holds
  EvaluatedShare recall{};     ///< of those for which it holds, with the claim
};

/// Results whose posteriors are alike.
struct ReliabilityBin {
  double low = 0;
  double high = 0;  ///< belongs to the bin in the last one only
  double mean = 0;  ///< of the posteriors
  EvaluatedShare right{};
};

inline constexpr std::size_t kReliabilityBins = 10;

struct Evaluation {
  std::size_t recordings = 0;
  std::size_t failed = 0;  ///< could not be diagnosed
  std::size_t judged = 0;  ///< a culprit is named, and the truth known
  std::array<EvaluatedConclusion, 3> conclusions{};  ///< by Conclusion
  std::vector<ReliabilityBin> bins{};  ///< those that hold something
  /// Of the judged results that were called trustworthy.
  EvaluatedShare wrong_trustworthy{};
  /// Mean squared difference between posterior and truth; 0 is best.
  std::optional<double> brier{};
};

/// Pure; the order of the recordings does not matter to the counts.
[[nodiscard]] Evaluation Evaluate(
    const std::vector<EvaluatedRecording>& recordings, std::size_t failed);

/// One object of schema rebisect.evaluate/1, in one line with its newline.
[[nodiscard]] std::string EvaluationJson(
    const Evaluation& evaluation,
    const std::vector<EvaluatedRecording>& recordings);
[[nodiscard]] std::string EvaluationText(const Evaluation& evaluation,
                                         const TerminalStyle& style);

}  // namespace rebisect
