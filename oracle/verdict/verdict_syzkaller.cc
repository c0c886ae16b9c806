// What syzkaller made of runs, by period. The dates are those of the changes
// in its repository; the tables of tests/oracle/verdict/verdict_policy_test.cc
// say each rule again in numbers.
#include <algorithm>
#include <array>
#include <string>

#include "oracle/verdict/verdict_learning.h"
#include "oracle/verdict/verdict_rules.h"
#include "oracle/verdict/verdict_runs.h"

namespace rebisect {
namespace {

using std::string_view;

constexpr std::array kSyzkallerParameters = {ParameterInfo{
    kAlike.name, kAlike.fallback,
    "how many runs a recorded \"all runs\" stands for; from 2023 on twice as "
    "many on the start commit and once the reproducer is flaky"}};

enum class Period { k2018, k2023May, k2023June, k2023, k2024 };

/// From July 2023 on these say that a machine or syzkaller itself broke, not
/// the kernel, unless it is just what is searched for.
constexpr string_view kTransient[] = {"SYZFATAL", "lost connection"};

bool IsTransient(const std::string& title, const VerdictHistory& history) {
  const std::set<std::string>& original = history.original_titles;
  return !original.empty() &&
         std::any_of(std::begin(kTransient), std::end(kTransient),
                     [&](string_view type) {
                       const auto is_of = [&](const std::string& text) {
                         return text.starts_with(type);
                       };
                       return is_of(title) &&
                              std::none_of(original.begin(), original.end(),
                                           is_of);
                     });
}

/// x to the power of n, the same on every machine.
double Power(double x, int n) {
  double power = 1;
  for (; n > 0; n /= 2) {
    if (n % 2 != 0) power *= x;
    x *= x;
  }
  return power;
}

class SyzkallerRule final : public VerdictPolicy {
 public:
  SyzkallerRule(Period period, string_view name, int alike)
      : period_(period), name_(name), alike_(alike) {}

  [[nodiscard]] std::string Name() const override { return std::string(name_); }

  [[nodiscard]] Ruling Decide(const Test& test,
                              const VerdictHistory& history) const override {
    int ignored = 0;
    const RunCounts counts = Count(test, history, &ignored);
    Ruling ruling;
    ruling.runs_used = counts.runs;
    ruling.reason = CountsText(test, counts);
    if (ignored > 0) {
      ruling.reason += " (" + std::to_string(ignored) +
                       " of them for a crash of a type that is ignored)";
    }
    ruling.reason += "; ";
    switch (period_) {
      case Period::k2023May:
        if (counts.infra > counts.runs / 2) {
          Set(ruling, RulingKind::kAbort,
              "more than " + std::to_string(counts.runs / 2) +
                  " failed on infrastructure");
          break;
        }
        [[fallthrough]];
      case Period::k2018:
        Judge2018(counts, ruling);
        break;
      case Period::k2023June:
        JudgeJune2023(counts, ruling);
        break;
      case Period::k2023:
      case Period::k2024:
        JudgeSince2023(counts, history, ruling);
        break;
    }
    return ruling;
  }

  [[nodiscard]] int UsualRuns(const VerdictHistory& history) const override {
    const int runs = VerdictPolicy::UsualRuns(history);
    return history.flaky ? 2 * runs : runs;
  }

  /// Until July 2023 fewer crashes than passes make flaky, whatever the
  /// verdict (the flag is from November 2020; before, nothing read it). It is
  /// never taken back.
  void Learn(const Test& test, const Ruling& ruling,
             VerdictHistory& history) const override {
    int ignored = 0;
    const RunCounts counts = Count(test, history, &ignored);
    VerdictPolicy::Learn(test, ruling, history);
    if (period_ >= Period::k2023) {
      LearnOfReproducer(test, counts, ruling, history);
    } else if (counts.crashed > 0 && counts.crashed < counts.ok) {
      history.flaky = true;
    }
  }

 private:
  /// The number of runs a recorded "all runs" stands for.
  [[nodiscard]] int Alike(const Test& test,
                          const VerdictHistory& history) const {
    const bool doubled = period_ >= Period::k2023May &&
                         (test.purpose == TestPurpose::kStart || history.flaky);
    return doubled ? 2 * alike_ : alike_;
  }

  [[nodiscard]] RunCounts Count(const Test& test, const VerdictHistory& history,
                                int* ignored) const {
    const int alike = Alike(test, history);
    RunCounts counts = CountRuns(test, alike);
    if (period_ < Period::k2023 || test.purpose == TestPurpose::kStart) {
      return counts;
    }
    for (const Run& run : test.runs) {
      if (run.outcome == RunOutcome::kCrashed &&
          IsTransient(run.title, history)) {
        ++*ignored;
      }
    }
    if (test.runs_alike && test.runs.size() == 1) *ignored *= alike;
    counts.crashed -= *ignored;
    return counts;
  }

  static void Set(Ruling& ruling, RulingKind kind, const std::string& why) {
    ruling.kind = kind;
    ruling.reason += why;
  }

  static void Judge2018(const RunCounts& counts, Ruling& ruling) {
    switch (Syzkaller2018Verdict(counts)) {
      case Verdict::kBad:
        return Set(ruling, RulingKind::kBad, "any crash is bad");
      case Verdict::kGood:
        return Set(ruling, RulingKind::kGood, "good needs 1 run that passed");
      case Verdict::kSkip:
        return Set(ruling, RulingKind::kSkip,
                   "skipped without a run that passed, or when more than " +
                       std::to_string(counts.runs / 3 * 2) +
                       " neither crashed nor passed");
    }
  }

  static void JudgeJune2023(const RunCounts& counts, Ruling& ruling) {
    if (counts.crashed > 0) {
      return Set(ruling, RulingKind::kBad, "any crash is bad");
    }
    Set(ruling,
        2 * counts.ok > counts.runs ? RulingKind::kGood : RulingKind::kSkip,
        "good needs more than half that passed");
  }

  void JudgeSince2023(const RunCounts& counts, const VerdictHistory& history,
                      Ruling& ruling) const {
    const int want_good = history.flaky ? counts.runs * 3 / 4 : counts.runs / 2;
    const int want_usable = counts.runs / 2;
    const int want_bad = period_ == Period::k2024
                             ? std::max(2, (counts.runs - counts.infra) / 6)
                             : 1;
    const int unusable = counts.Neither() - counts.infra;
    // Without a run that passed nothing is good, be there but one run.
    if (counts.crashed == 0 && counts.ok >= std::max(1, want_good)) {
      if (history.crash_chance) {
        ruling.confidence = 1 - Power(1 - *history.crash_chance, counts.ok);
      }
      return Set(ruling, RulingKind::kGood,
                 "good needs " + std::to_string(want_good) + " that passed" +
                     (history.flaky ? ", as the reproducer is flaky" : ""));
    }
    if (counts.crashed >= want_bad &&
        counts.crashed + counts.ok >= want_usable) {
      return Set(ruling, RulingKind::kBad,
                 "bad needs " + std::to_string(want_bad));
    }
    if (counts.infra > unusable) {
      return Set(ruling, RulingKind::kAbort,
                 "no verdict, because of infrastructure");
    }
    Set(ruling, RulingKind::kSkip,
        "good needs " + std::to_string(want_good) +
            " that passed and none that crashed, bad needs " +
            std::to_string(want_bad) + " that crashed and " +
            std::to_string(want_usable) + " that crashed or passed");
  }

  Period period_;
  string_view name_;
  int alike_;
};

template <Period kPeriod>
Result<std::unique_ptr<VerdictPolicy>> MakeSyzkaller(PolicyParameters& params) {
  const int alike = params.Int(kAlike.name, 1, kMaxRuns);
  return std::make_unique<SyzkallerRule>(kPeriod, params.policy(), alike);
}

}  // namespace

constinit const VerdictEntry kSyzkaller2018Entry{
    .info = {"syzkaller-2018",
             "from December 2018: bad after any crash; skip if more than "
             "2 * (N div 3) runs neither crashed nor passed; good after any "
             "that passed",
             kSyzkallerParameters},
    .make = &MakeSyzkaller<Period::k2018>,
};

constinit const VerdictEntry kSyzkaller2023MayEntry{
    .info = {"syzkaller-2023-05",
             "from 2023-05-09: as 2018, but abort if more than N div 2 runs "
             "failed on infrastructure",
             kSyzkallerParameters},
    .make = &MakeSyzkaller<Period::k2023May>,
};

constinit const VerdictEntry kSyzkaller2023JuneEntry{
    .info = {"syzkaller-2023-06",
             "from 2023-06-15: bad after any crash; good if more than half "
             "passed; else skip",
             kSyzkallerParameters},
    .make = &MakeSyzkaller<Period::k2023June>,
};

constinit const VerdictEntry kSyzkaller2023Entry{
    .info = {"syzkaller-2023",
             "from 2023-06-29: good if none crashed and N div 2 passed "
             "(3N div 4 if flaky); bad after any crash if N div 2 crashed or "
             "passed; else abort if infrastructure is to blame; else skip",
             kSyzkallerParameters},
    .make = &MakeSyzkaller<Period::k2023>,
};

constinit const VerdictEntry kSyzkaller2024Entry{
    .info = {"syzkaller-2024",
             "from 2024-07-15: as 2023, but bad needs max(2, (N - infra) div "
             "6) crashes",
             kSyzkallerParameters},
    .make = &MakeSyzkaller<Period::k2024>,
};

}  // namespace rebisect
