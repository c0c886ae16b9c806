#pragma once

#include <string>
#include <vector>

#include "harness/suite/case/repository_state.h"
#include "harness/suite/case/scenario_case.h"
#include "sim/base/result.h"

namespace rebisect {

/// The repository of a scenario, made of libgit2 and plain files: the same
/// bytes on every machine, and no git needed.
class MadeRepository {
 public:
  /// Makes it in `folder`, an absolute path, which is there: `repository` is
  /// its working tree or, bare, itself; `linked` the linked worktree if there
  /// is to be one.
  /// Errors: those of WriteRepository(); kInternal when the ids come out
  /// other than the scenario's; kPermission when a file cannot be written.
  [[nodiscard]] static Result<MadeRepository> Make(const ScenarioCase& scenario,
                                                   const std::string& folder);

  /// Where a tool works: a working tree, or the bare repository.
  [[nodiscard]] const std::string& folder() const { return folder_; }

  /// What differs from when it was made, a line each.
  [[nodiscard]] std::vector<std::string> LeftBehind() const;

 private:
  std::string folder_;
  RepositoryPlaces places_;
  RepositoryState state_;
};

}  // namespace rebisect
