#include "harness/suite/case/scenario_names.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "harness/graph/revision.h"
#include "sim/base/result.h"

namespace rebisect {

Result<Vertex> ScenarioNames::AtShare(const CommitName& name) const {
  unsigned percent = 0;
  const char* const end = name.text.data() + name.text.size() - 1;
  const auto [stop, error] = std::from_chars(name.text.data(), end, percent);
  if (error != std::errc() || stop != end || percent > 100) {
    return Fail(ErrorCode::kInput,
                "'" + name.text + "' is no share; give 0% to 100%", name.where);
  }
  if (suspects_.empty()) {
    return Fail(ErrorCode::kInput,
                "'" + name.text +
                    "' is a share of the suspects, of which there are none "
                    "(yet); name a commit",
                name.where);
  }
  const std::size_t at = suspects_.size() * percent / 100;
  return suspects_[std::min(at, suspects_.size() - 1)];
}

Result<Vertex> ScenarioNames::Find(const CommitName& name) const {
  if (name.text.ends_with('%')) return AtShare(name);
  auto found = ResolveInGraph(graph_, name.text);
  if (found) return found;
  Error error = std::move(found.error());
  error.code = ErrorCode::kInput;
  error.where = name.where;
  return tl::unexpected(std::move(error));
}

Result<std::vector<Vertex>> ScenarioNames::Find(
    const std::vector<CommitName>& names) const {
  std::vector<Vertex> found;
  for (const CommitName& name : names) {
    REBISECT_ASSIGN_OR_RETURN(const auto commit, Find(name));
    found.push_back(commit);
  }
  return found;
}

}  // namespace rebisect
