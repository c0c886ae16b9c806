#include "harness/search/record_commands.h"

#include <utility>

#include "sim/base/check.h"
#include "sim/base/result.h"

namespace rebisect {

std::string TermOf(const BisectSession& session, Verdict verdict) {
  switch (verdict) {
    case Verdict::kGood:
      return session.term_good();
    case Verdict::kBad:
      return session.term_bad();
    case Verdict::kSkip:
      break;
  }
  return "skip";
}

Result<StartCommand> StartCommandOf(const Start& start,
                                    const FindRecorded& find) {
  StartCommand command;
  if (!start.bad.empty()) {
    REBISECT_ASSIGN_OR_RETURN(auto bad, find(start.bad));
    command.bad = bad;
  }
  for (const std::string& name : start.goods) {
    REBISECT_ASSIGN_OR_RETURN(auto good, find(name));
    command.goods.push_back(good);
  }
  if (start.term_bad != "bad") command.term_bad = start.term_bad;
  if (start.term_good != "good") command.term_good = start.term_good;
  command.first_parent = start.first_parent;
  command.paths = start.paths;
  return command;
}

Result<MarkCommand> MarkCommandOf(const Move& move,
                                  const BisectSession& session,
                                  const FindRecorded& find) {
  REBISECT_CHECK(move.verdict.has_value());
  MarkCommand mark{TermOf(session, *move.verdict), {}};
  for (const std::string& name : move.marked) {
    const std::size_t dots = name.find("..");
    REBISECT_ASSIGN_OR_RETURN(auto first, find(name.substr(0, dots)));
    if (dots == std::string::npos) {
      mark.arguments.emplace_back(first);
      continue;
    }
    REBISECT_ASSIGN_OR_RETURN(auto last, find(name.substr(dots + 2)));
    mark.arguments.emplace_back(CommitRange{first, last});
  }
  return mark;
}

}  // namespace rebisect
