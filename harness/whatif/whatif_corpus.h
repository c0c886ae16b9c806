#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/stats/statistics.h"
#include "harness/whatif/whatif.h"
#include "scenarios/recording/truth_table.h"

namespace rebisect {

/// What a search's end is, beside the truth.
enum class WhatifJudgement { kRight, kWrong, kUndecided };
[[nodiscard]] std::string_view NameOf(WhatifJudgement judgement);

/// By the record alone. A commit that a reconstruction made up is neither
/// right nor wrong.
[[nodiscard]] WhatifJudgement JudgeOutcome(const WhatifRecord& record,
                                           const std::string& truth);

/// Sums over a corpus for one policy.
struct CorpusPolicy {
  std::size_t diverging = 0;
  std::size_t right = 0;  ///< of those whose truth is known, by the record
  std::size_t wrong = 0;
  std::size_t undecided = 0;
  // Modelled: means over the recordings, and their standard error from the
  // trials alone.
  WhatifShare modelled_right{};
  WhatifShare modelled_wrong{};
  WhatifShare modelled_undecided{};
  /// Share of trials that name the known truth.
  std::optional<double> names_truth{};
  double extra_tests = 0;  ///< beyond the records, expected, in all
  double extra_runs = 0;
  double machine_hours = 0;  ///< for `timed` recordings
};

/// The second policy less the first, over the same recordings.
struct PairedDifference {
  std::size_t recordings = 0;
  double difference = 0;  ///< of the share that is right
  /// 95%: PairedScoreInterval() by the record; for modelled shares the paired
  /// bootstrap, absent below kMinResampled recordings.
  std::optional<double> low{};
  std::optional<double> high{};
  std::size_t only_first = 0;  ///< by the record: right with the first alone
  std::size_t only_second = 0;
};

struct CorpusPair {
  std::size_t first = 0;  ///< of the policies
  std::size_t second = 0;
  PairedDifference by_record{};
  std::optional<PairedDifference> modelled{};
};

struct CorpusSummary {
  std::size_t recordings = 0;
  std::size_t failed = 0;
  std::size_t without_runs = 0;
  std::size_t truths = 0;  ///< recordings whose truth is known
  std::size_t timed = 0;   ///< recordings that say how long they took
  bool modelled = false;
  std::vector<WhatifPolicy> names{};
  std::vector<CorpusPolicy> policies{};
  std::vector<CorpusPair> pairs{};
};

/// Resamples of the paired bootstrap.
inline constexpr int kResamples = 2000;
/// Fewer values resampled say nothing of their spread.
inline constexpr std::size_t kMinResampled = 5;

/// Adds recordings up. Keeps a few numbers of each.
class WhatifCorpus {
 public:
  WhatifCorpus(std::vector<WhatifPolicy> policies, TruthTable truth)
      : policies_(std::move(policies)), truth_(std::move(truth)) {}

  void Add(const WhatifReport& report);
  void AddFailed() { ++failed_; }
  /// A recording that no policy can change: it is left out of all shares.
  void AddWithoutRuns() { ++without_runs_; }
  [[nodiscard]] const TruthTable& truth() const { return truth_; }

  /// `seed` keys the bootstrap. O(pairs * kResamples * recordings).
  [[nodiscard]] CorpusSummary Summarise(std::uint64_t seed) const;

 private:
  struct Score {
    bool diverges = false;
    std::optional<WhatifJudgement> judgement{};
    std::optional<WhatifModel> model{};
    std::optional<double> names_truth{};
  };
  struct Entry {
    std::optional<double> seconds_per_test{};
    std::vector<Score> scores{};  ///< by policy
  };

  [[nodiscard]] CorpusPolicy SumOf(std::size_t policy) const;
  [[nodiscard]] CorpusPair PairOf(std::size_t first, std::size_t second,
                                  std::uint64_t seed) const;

  std::vector<WhatifPolicy> policies_;
  TruthTable truth_;
  std::vector<Entry> entries_;
  std::size_t failed_ = 0;
  std::size_t without_runs_ = 0;
};

}  // namespace rebisect
