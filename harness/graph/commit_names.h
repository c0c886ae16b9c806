#pragma once

#include <map>
#include <optional>
#include <string>

#include "harness/graph/graph_source.h"
#include "scenarios/recording/recording.h"

namespace rebisect {

/// Every writing of a commit in a record, resolved once. Names that the record
/// gives full ids for are looked up by those first.
class CommitNames {
 public:
  /// `source` is borrowed and must outlive the object.
  CommitNames(const Recording& recording, const GraphSource& source);

  /// nullopt: the graph lacks it.
  std::optional<CommitId> operator()(const std::string& name);

 private:
  const GraphSource& source_;
  std::map<std::string, std::string> written_;
  std::map<std::string, std::optional<CommitId>> ids_;
};

}  // namespace rebisect
