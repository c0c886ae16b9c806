#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rebisect {

/// What to do with a result.
enum class GateAction {
  kSend,    ///< tell the people whom it concerns
  kHold,    ///< let a person look first
  kRetest,  ///< test more, then ask again
  kDrop,    ///< it is wrong
};
[[nodiscard]] std::string_view NameOf(GateAction action);

/// What may be said of the commit that a search for a cause names. Runs cannot
/// tell a commit that brings a bug from one that makes an older one show: the
/// first is claimed only where the truth is known from elsewhere.
enum class GateClaim { kIntroduces, kFirstShows };
[[nodiscard]] std::string_view NameOf(GateClaim claim);

/// What a gate makes of a diagnosis.
struct GateDecision {
  GateAction action = GateAction::kHold;
  std::string code{};  ///< of the rule
  /// Absent where no culprit is named, and in a search for a fix.
  std::optional<GateClaim> claim{};
  /// The codes of all that the diagnosis says for and against: reasons, then
  /// findings on the culprit.
  std::vector<std::string> reasons{};
};

}  // namespace rebisect
