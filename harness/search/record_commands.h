#pragma once

#include <functional>
#include <string>

#include "scenarios/recording/recording.h"
#include "scenarios/recording/steps.h"
#include "sim/base/result.h"
#include "sim/base/verdict.h"
#include "sim/graph/commit_id.h"
#include "sim/session/bisect_session.h"

namespace rebisect {

/// The commit that a record names, or the error that says what it lacks.
using FindRecorded = std::function<Result<CommitId>(const std::string& name)>;

/// The word that marks so in this bisection.
[[nodiscard]] std::string TermOf(const BisectSession& session, Verdict verdict);

/// A recorded start as a command. Errors: those of `find`.
[[nodiscard]] Result<StartCommand> StartCommandOf(const Start& start,
                                                  const FindRecorded& find);

/// What a move marks (Move::marked, ranges too) as a command for the session.
/// REQUIRES: the move has a verdict. Errors: those of `find`.
[[nodiscard]] Result<MarkCommand> MarkCommandOf(const Move& move,
                                                const BisectSession& session,
                                                const FindRecorded& find);

}  // namespace rebisect
