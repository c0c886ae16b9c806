#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

#include "sim/base/result.h"
#include "sim/graph/suspect_graph.h"

namespace rebisect {

/// A verdict that a search has heard of one of its suspects.
struct Observation {
  Suspect commit = 0;
  bool bad = false;

  friend bool operator==(const Observation&, const Observation&) = default;
};

/// What a policy may know when it decides: borrowed for the call.
struct SearchView {
  /// The suspects, at least one. bad is one of them. For a policy that takes
  /// verdicts for right those that are left; for any other the same from the
  /// first call to the last, bad the newest of them.
  const SuspectGraph& suspects;
  Suspect bad = 0;
  /// By suspect: 1 if it was skipped. Empty when nothing at all was skipped;
  /// all 0 when only commits that are no suspects (any more) were.
  std::span<const std::uint8_t> skipped;
  /// By suspect: how likely it is to be the culprit, on any scale, none below
  /// 0. Empty: all alike. git takes no notice of it.
  std::span<const double> prior{};
  /// Every verdict so far, in order, repeated ones too; skips are no verdicts.
  /// Policies that take verdicts for right take no notice of it.
  std::span<const Observation> observations{};
  /// By suspect: what a test of it is expected to cost, above 0. Empty: all
  /// alike. Policies that weigh it say so.
  std::span<const double> cost{};
};

/// Test these commits next (one, or several side by side).
struct TestStep {
  std::vector<Suspect> commits;
  std::int64_t revisions_left = 0;  ///< as git counts them; may be -1
  std::int64_t steps_left = 0;      ///< git's estimate
};

/// The search is over: one culprit, or the set that cannot be told apart
/// (in the order in which git prints it), or that there is none.
struct DoneStep {
  std::optional<Suspect> culprit;
  std::vector<Suspect> candidates;
  /// The policy's own probability that what it says is right, in [0, 1].
  double confidence = 1;
  /// No suspect is to blame: what was seen was noise. culprit is empty then.
  bool no_culprit = false;
};

using NextStep = std::variant<TestStep, DoneStep>;

/// Decides what a bisection does next: which commit(s) to test, or that it
/// is done. Pure: no I/O, no clock. The answer depends on the view alone (and
/// what `random` drew so far); what else a policy keeps only saves work.
class SelectionPolicy {
 public:
  virtual ~SelectionPolicy() = default;

  /// Stable name used in scenarios and reports, such as "git".
  [[nodiscard]] virtual std::string_view Name() const = 0;

  /// Whether the policy takes every verdict for right: the driver then
  /// leaves out the suspects that a verdict acquits. If not, all suspects
  /// stay, and the verdicts are given as view.observations.
  [[nodiscard]] virtual bool TrustsVerdicts() const { return true; }

  /// REQUIRES: view.suspects is not empty.
  /// Errors: kNoTestable when there are suspects but none of them counts.
  [[nodiscard]] virtual Result<NextStep> Next(const SearchView& view) = 0;
};

/// git's estimate of the steps left among `suspects` commits: "roughly K
/// steps". Source: estimate_bisect_steps() in bisect.c, since 1.6.3.
[[nodiscard]] int EstimateSteps(std::int64_t suspects);

}  // namespace rebisect
