#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace rebisect {

/// A working tree, or where there is none, a bare repository.
struct WorkPlace {
  std::string folder{};   ///< empty: bare
  std::string git_dir{};  ///< its own: of a linked one, in the common one
  /// What its things are called beside those of the first place: "" or, say,
  /// " of the main worktree".
  std::string suffix{};
};

/// Where a repository keeps what a bisect tool has to leave as it found it.
struct RepositoryPlaces {
  std::string common_dir{};
  std::vector<WorkPlace> work_places{};  ///< at least one
};

/// What is there, by what people call it ("ref refs/heads/main", "HEAD",
/// "file a.txt", "BISECT_LOG"), with its contents or the beginning of them:
/// refs, HEADs, settings, what git leaves while something is under way, lock
/// files, linked worktrees, indices, files in working trees. Objects, reflogs,
/// empty folders, ORIG_HEAD and FETCH_HEAD are not part of it.
using RepositoryState = std::map<std::string, std::string, std::less<>>;

/// Reads it; what cannot be read is simply not there. Looks at kMaxFiles
/// files of each folder at most.
[[nodiscard]] RepositoryState ReadRepositoryState(
    const RepositoryPlaces& places);
inline constexpr int kMaxFiles = 20'000;

/// A line for each thing that was left, removed or changed; kMaxLines at
/// most, and then one that says how many more.
[[nodiscard]] std::vector<std::string> DifferencesOf(
    const RepositoryState& before, const RepositoryState& after);
inline constexpr std::size_t kMaxLines = 20;

}  // namespace rebisect
