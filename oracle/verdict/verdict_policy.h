#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/recording/recording.h"
#include "sim/base/result.h"
#include "sim/base/verdict.h"
#include "sim/policies/policy_spec.h"

namespace rebisect {

/// A kernel that was judged, found again by the signature of its build.
struct KnownBuild {
  Verdict verdict = Verdict::kSkip;  ///< the crash's side
  std::string commit{};              ///< the one that was tested
};

/// What rules look back at while a search goes on: a value, that Learn()
/// brings up to date after each test.
struct VerdictHistory {
  /// Titles of the crashes of the start commit; empty: not known (yet).
  std::set<std::string> original_titles{};
  /// Those, and the titles of the releases that were judged bad.
  std::set<std::string> related_titles{};
  bool flaky = false;  ///< and stays so
  /// The chance of a crash in a run, as syzkaller estimates it.
  std::optional<double> crash_chance{};
  /// Syzkaller's product over the steps; 1 - it is what it prints as
  /// "accumulated error probability".
  double confidence = 1;
  std::map<std::string, KnownBuild> by_signature{};
};

/// What a rule makes of a test. kGood and kBad are the crash's side: kBad
/// means that it was seen.
enum class RulingKind : std::uint8_t {
  kGood,
  kBad,
  kSkip,
  kAbort,     ///< the search has to stop: the machinery is broken
  kMoreRuns,  ///< too early to say
};

/// "good", "bad", "skip", "abort", "more-runs".
[[nodiscard]] std::string_view ToString(RulingKind kind);

struct Ruling {
  RulingKind kind = RulingKind::kSkip;
  /// The rule with its counts, for people: "1 of 10 runs crashed; bad needs
  /// 2".
  std::string reason{};
  int runs_used = 0;    ///< how many runs were looked at
  int runs_wanted = 0;  ///< kMoreRuns: at most this many more
  /// The chance that the verdict is right, where the rule has a figure for it.
  std::optional<double> confidence{};
};

/// The ruling as a verdict of the crash's side. One that stops the search, and
/// one that asks for runs that there are none of, is kSkip.
[[nodiscard]] Verdict VerdictOf(const Ruling& ruling);

/// Makes a verdict of the runs of one test. Pure.
class VerdictPolicy {
 public:
  virtual ~VerdictPolicy() = default;

  /// The text that MakeVerdictPolicy() makes the same policy of; used in
  /// reports.
  [[nodiscard]] virtual std::string Name() const = 0;

  /// O(runs). A test without runs, or whose build failed, is a skip.
  [[nodiscard]] virtual Ruling Decide(const Test& test,
                                      const VerdictHistory& history) const = 0;

  /// What later rulings have to know of this one. Titles, related titles and
  /// signatures are learned whatever the policy. REQUIRES: `ruling` is what
  /// Decide() said with this history. Rulings of kMoreRuns teach nothing.
  virtual void Learn(const Test& test, const Ruling& ruling,
                     VerdictHistory& history) const;

  /// How many runs a test gets where nothing else says it.
  [[nodiscard]] virtual int UsualRuns(const VerdictHistory& history) const;

  /// Why its rulings are worth nothing, of a policy that can fail (a program):
  /// the caller looks here at the end, and takes it for the error of the
  /// whole.
  [[nodiscard]] virtual std::optional<Error> Failure() const {
    return std::nullopt;
  }
};

class VerdictRules;

/// The policy of a chain such as `same-family+threshold:k=2:n=10`: filters, in
/// order, then a rule (any-crash if none is given). A rule may be one of
/// `own` (null: there are none), or a program: `exec:./rule.py`.
/// Errors: kUsage, with the place in the text and what there is.
[[nodiscard]] Result<std::unique_ptr<VerdictPolicy>> MakeVerdictPolicy(
    const PolicyChain& chain, const VerdictRules* own = nullptr);

/// As above, from text that begins at `where`.
[[nodiscard]] Result<std::unique_ptr<VerdictPolicy>> MakeVerdictPolicy(
    std::string_view text, const Position& where = {"policy", 1, 1});

/// Every filter and rule that is built in (VerdictEntries()), filters first.
[[nodiscard]] std::span<const PolicyInfo> VerdictPolicies();

/// Their names, but for those that need more than that, such as programs.
[[nodiscard]] std::vector<std::string_view> VerdictPolicyNames();

/// Whether the chain is a rule alone for which, of runs that crashed or passed,
/// their numbers decide.
[[nodiscard]] bool CountsCrashes(const PolicyChain& chain);

}  // namespace rebisect
