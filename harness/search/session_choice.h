#pragma once

#include <optional>

#include "sim/base/result.h"
#include "sim/graph/commit_id.h"
#include "sim/session/bisect_session.h"
#include "sim/session/selection_policy.h"

namespace rebisect {

/// What a policy that takes verdicts for right would test next where the
/// session stands: the first of several commits side by side. Nothing: it
/// would test none. REQUIRES: the session has come to a choice.
/// Errors: the policy's.
[[nodiscard]] Result<std::optional<CommitId>> ChosenBy(
    SelectionPolicy& policy, const BisectSession& session);

}  // namespace rebisect
