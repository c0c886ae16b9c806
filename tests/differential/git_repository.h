#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "sim/base/result.h"
#include "sim/graph/commit_id.h"
#include "sim/session/git_version.h"
#include "tests/differential/bisect_case.h"
#include "tests/support/process.h"

namespace rebisect::testing_support {

/// What `git --version` of a binary says. Errors: kNotFound when it cannot be
/// run, kInput when it says something else.
[[nodiscard]] Result<GitVersion> VersionOfGit(const std::string& git);

/// A bare repository made for a test, without anybody's configuration, and
/// the git that is run in it.
class GitRepository {
 public:
  /// Makes `folder`, which must not exist.
  GitRepository(std::string git, std::string folder);

  /// Puts the commits of a case in, by fast-import, with all that it says of
  /// its repository. `ids` by node.
  void Import(const BisectCase& bisect_case, const std::vector<CommitId>& ids);

  /// Runs `git WORDS`, its standard input empty unless given.
  [[nodiscard]] ProcessResult Run(const std::vector<std::string>& words,
                                  std::string_view input = {}) const;

  /// The bytes of a file of the repository; nothing when it is not there.
  [[nodiscard]] std::optional<std::string> File(const std::string& name) const;

  /// The refs below refs/bisect/, without that, and what they name.
  [[nodiscard]] std::map<std::string, std::string> BisectRefs() const;

  [[nodiscard]] std::string Path(const std::string& name) const {
    return folder_ + '/' + name;
  }

 private:
  void WriteCommitGraph(CommitGraphForm form, const std::vector<CommitId>& ids);
  void WriteSubstitutions(const BisectCase& bisect_case,
                          const std::vector<CommitId>& ids);

  std::string git_;
  std::string folder_;
};

}  // namespace rebisect::testing_support
