#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

#include "sim/result.h"
#include "sim/suspect_graph.h"

namespace rebisect {

/// What a policy may know when it decides: borrowed for the call.
struct SearchView {
  /// The suspects, at least one. bad is one of them.
  const SuspectGraph& suspects;
  Suspect bad = 0;
  /// By suspect: 1 if it was skipped. Empty when nothing at all was skipped;
  /// all 0 when only commits that are no suspects (any more) were.
  std::span<const std::uint8_t> skipped;
  /// By suspect: how likely it is to be the culprit, on any scale. Empty: all
  /// alike. git takes no notice of it.
  std::span<const double> prior{};
};

/// Test these commits next (one, for all policies that bisect).
struct TestStep {
  std::vector<Suspect> commits;
  std::int64_t revisions_left = 0;  ///< as git counts them; may be -1
  std::int64_t steps_left = 0;      ///< git's estimate
};

/// The search is over: one culprit, or the set that cannot be told apart
/// (in the order in which git prints it).
struct DoneStep {
  std::optional<Suspect> culprit;
  std::vector<Suspect> candidates;
};

using NextStep = std::variant<TestStep, DoneStep>;

/// Decides what a bisection does next: which commit(s) to test, or that it
/// is done. Pure: no I/O, no clock.
class SelectionPolicy {
 public:
  virtual ~SelectionPolicy() = default;

  /// Stable name used in scenarios and reports, such as "git".
  [[nodiscard]] virtual std::string_view Name() const = 0;

  /// REQUIRES: view.suspects is not empty.
  /// Errors: kNoTestable when there are suspects but none of them counts.
  [[nodiscard]] virtual Result<NextStep> Next(const SearchView& view) = 0;
};

/// git's estimate of the steps left among `suspects` commits: "roughly K
/// steps". Source: estimate_bisect_steps() in bisect.c, since 1.6.3.
[[nodiscard]] int EstimateSteps(std::int64_t suspects);

}  // namespace rebisect
