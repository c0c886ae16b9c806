#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace rebisect::layering {

/// A breach of the house rules.
struct Finding {
  std::string file;
  int line = 0;
  std::string message;
};

/// Checks one file's text. `path` is relative to the project's root, with
/// slashes: it decides which rules apply. #include lines inside comments or
/// raw strings are taken for real ones when they stand at a line's start.
[[nodiscard]] std::vector<Finding> CheckText(std::string_view path,
                                             std::string_view text);

/// A file of the project by its path relative to the root.
struct SourceFile {
  std::string path;
  std::string text;
};

/// The .cc files that no CMakeLists.txt names: it has to stand in their own
/// folder or one above it, and name them relative to itself.
[[nodiscard]] std::vector<Finding> FindOrphans(
    const std::vector<SourceFile>& files);

}  // namespace rebisect::layering
