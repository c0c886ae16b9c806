#include "harness/graph/commit_names.h"

namespace rebisect {

CommitNames::CommitNames(const Recording& recording, const GraphSource& source)
    : source_(source) {
  for (const Event& event : recording.events) {
    if (const auto* start = std::get_if<Start>(&event)) {
      written_.insert(start->resolved.begin(), start->resolved.end());
    } else if (const auto* mark = std::get_if<Mark>(&event)) {
      written_.insert(mark->resolved.begin(), mark->resolved.end());
    }
  }
}

std::optional<CommitId> CommitNames::operator()(const std::string& name) {
  const auto known = ids_.find(name);
  if (known != ids_.end()) return known->second;
  // A name such as "@" may stand for something else by now.
  const auto written = written_.find(name);
  auto id = source_.Resolve(written != written_.end() ? written->second : name);
  if (!id) id = source_.Resolve(name);
  return ids_[name] = id ? std::optional(*id) : std::nullopt;
}

}  // namespace rebisect
