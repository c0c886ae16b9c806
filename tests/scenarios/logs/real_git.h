#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "scenarios/reconstruct/reconstruct.h"

namespace rebisect::testing_support {

/// A bare repository that holds a reconstructed graph, under the machine's
/// temporary folder until the object goes. Every recorded commit is a ref
/// there. Needs git; nothing of the user's configuration is read.
class RealRepository {
 public:
  explicit RealRepository(const Reconstruction& rebuilt);
  ~RealRepository();
  RealRepository(const RealRepository&) = delete;
  RealRepository& operator=(const RealRepository&) = delete;

  /// What these shell lines print, errors too, with the repository as the
  /// working directory.
  [[nodiscard]] std::string Shell(const std::string& lines) const;

  /// What a search comes to, with recorded names in the place of ids: "N K
  /// name" or "merge base name" for a proposal, "found name" or "The merge
  /// base is bad" for the end. `start`: arguments of `git bisect start`;
  /// `verdicts`: one letter a step, g or b; the search stops after them.
  [[nodiscard]] std::vector<std::string> Search(
      const std::string& start, const std::string& verdicts) const;

  /// The same for the output of other commands.
  [[nodiscard]] std::vector<std::string> Read(const std::string& output) const;

 private:
  [[nodiscard]] std::string NameOf(const std::string& id) const;

  std::filesystem::path folder_;
  std::vector<std::pair<std::string, std::string>> names_;  // id, name
};

/// Whether the machine has a git.
[[nodiscard]] bool HasGit();

}  // namespace rebisect::testing_support
