#include <algorithm>
#include <array>
#include <string>

#include "oracle/verdict/verdict_rules.h"
#include "oracle/verdict/verdict_runs.h"

namespace rebisect {
namespace {

constexpr std::string_view kAboutN =
    "of this many runs; 0: of all that were made";

constexpr std::array kThresholdParameters = {
    ParameterInfo{"k", 2, "this many crashes make it bad"},
    ParameterInfo{"n", 10, kAboutN}, kAlike};

constexpr std::array kMajorityParameters = {ParameterInfo{"n", 0, kAboutN},
                                            kAlike};

class AnyCrashRule final : public VerdictPolicy {
 public:
  [[nodiscard]] std::string Name() const override {
    return std::string(kAnyCrashEntry.info.name);
  }

  [[nodiscard]] Ruling Decide(const Test& test,
                              const VerdictHistory&) const override {
    const RunCounts counts = CountRuns(test.runs);
    Ruling ruling;
    ruling.runs_used = counts.runs;
    ruling.reason =
        test.runs_alike && counts.runs == 1
            ? "all runs " + std::string(counts.crashed > 0 ? "crashed"
                                        : counts.ok > 0    ? "passed"
                                                           : "were unusable")
            : CountsText(test, counts);
    switch (AnyCrashVerdict(counts)) {
      case Verdict::kBad:
        ruling.kind = RulingKind::kBad;
        ruling.reason += "; any crash is bad";
        break;
      case Verdict::kGood:
        ruling.kind = RulingKind::kGood;
        ruling.reason += "; good needs 1 run that passed";
        break;
      case Verdict::kSkip:
        ruling.reason += "; good needs 1 run that passed";
        break;
    }
    return ruling;
  }
};

/// A rule over a fixed number of runs, which it need not wait for once the
/// rest cannot change the verdict.
class FixedRunsRule : public VerdictPolicy {
 public:
  FixedRunsRule(int n, int alike) : n_(n), alike_(alike) {}

  [[nodiscard]] Ruling Decide(const Test& test,
                              const VerdictHistory&) const final {
    const RunCounts counts = CountOutcomes(OutcomesOf(test, alike_, n_));
    Ruling ruling;
    ruling.runs_used = counts.runs;
    ruling.reason = CountsText(test, counts) + "; ";
    const int left = std::max(0, n_ - counts.runs);
    Judge(counts, left, ruling);
    if (ruling.kind == RulingKind::kMoreRuns) ruling.runs_wanted = left;
    return ruling;
  }

 protected:
  /// Sets kind and completes the reason. `left` runs may still come.
  virtual void Judge(const RunCounts& counts, int left,
                     Ruling& ruling) const = 0;

  /// Whether half of all the runs say something, however the rest will end.
  [[nodiscard]] static bool SaysEnough(const RunCounts& counts, int left) {
    return counts.crashed + counts.ok > 0 &&
           2 * (counts.crashed + counts.ok) >= counts.runs + left;
  }

  /// For when nothing is decided yet.
  static void WaitOrSkip(int left, std::string_view skip, Ruling& ruling) {
    if (left > 0) {
      ruling.kind = RulingKind::kMoreRuns;
      ruling.reason += std::to_string(left) + " more may decide it";
    } else {
      ruling.kind = RulingKind::kSkip;
      ruling.reason += skip;
    }
  }

 private:
  int n_;
  int alike_;
};

constexpr std::string_view kTooFew =
    "fewer than half of the runs crashed or passed";

class ThresholdRule final : public FixedRunsRule {
 public:
  ThresholdRule(int k, int n, int alike) : FixedRunsRule(n, alike), k_(k) {}

  [[nodiscard]] std::string Name() const override {
    return std::string(kThresholdEntry.info.name);
  }

 private:
  void Judge(const RunCounts& counts, int left, Ruling& ruling) const override {
    const std::string needs = "bad needs " + std::to_string(k_);
    if (counts.crashed >= k_) {
      ruling.kind = RulingKind::kBad;
      ruling.reason += needs;
    } else if (counts.crashed + left < k_ && SaysEnough(counts, left)) {
      ruling.kind = RulingKind::kGood;
      ruling.reason += needs;
    } else {
      WaitOrSkip(left, kTooFew, ruling);
    }
  }

  int k_;
};

class MajorityRule final : public FixedRunsRule {
 public:
  using FixedRunsRule::FixedRunsRule;

  [[nodiscard]] std::string Name() const override {
    return std::string(kMajorityEntry.info.name);
  }

 private:
  void Judge(const RunCounts& counts, int left, Ruling& ruling) const override {
    const bool enough = SaysEnough(counts, left);
    if (enough && counts.crashed > counts.ok + left) {
      ruling.kind = RulingKind::kBad;
      ruling.reason += "most crashed";
    } else if (enough && counts.ok > counts.crashed + left) {
      ruling.kind = RulingKind::kGood;
      ruling.reason += "most passed";
    } else {
      WaitOrSkip(left, enough ? "a draw" : kTooFew, ruling);
    }
  }
};

Result<std::unique_ptr<VerdictPolicy>> MakeAnyCrash(PolicyParameters&) {
  return std::make_unique<AnyCrashRule>();
}

Result<std::unique_ptr<VerdictPolicy>> MakeThreshold(PolicyParameters& params) {
  const int n = params.Int("n", 0, kMaxRuns);
  const int alike = params.Int("alike", 1, kMaxRuns);
  const int k = params.Int("k", 1, kMaxRuns);
  if (n > 0 && k > n) params.Reject("k", "give no more than n");
  return std::make_unique<ThresholdRule>(k, n, alike);
}

Result<std::unique_ptr<VerdictPolicy>> MakeMajority(PolicyParameters& params) {
  const int n = params.Int("n", 0, kMaxRuns);
  const int alike = params.Int("alike", 1, kMaxRuns);
  return std::make_unique<MajorityRule>(n, alike);
}

}  // namespace

constinit const VerdictEntry kAnyCrashEntry{
    .info = {"any-crash",
             "bad after any crash, else good after any run that passed, else "
             "skip",
             {}},
    .make = &MakeAnyCrash,
    .counts_crashes = true,
};

constinit const VerdictEntry kThresholdEntry{
    .info = {"threshold",
             "bad after k crashes in n runs, else good if half of the runs "
             "crashed or passed, else skip",
             kThresholdParameters},
    .make = &MakeThreshold,
    .counts_crashes = true,
};

constinit const VerdictEntry kMajorityEntry{
    .info = {"majority",
             "bad if more runs crashed than passed, good if fewer; skip on a "
             "draw or if fewer than half did either",
             kMajorityParameters},
    .make = &MakeMajority,
    .counts_crashes = true,
};

}  // namespace rebisect
