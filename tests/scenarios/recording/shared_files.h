#pragma once

#include <algorithm>
#include <filesystem>
#include <vector>

#include "tests/support/temp_folder.h"

namespace rebisect::testing_support {

/// The files of a folder, sorted, without the tables and pages beside them.
inline std::vector<std::filesystem::path> FilesOf(
    const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  if (!std::filesystem::is_directory(folder)) return files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::filesystem::path kind = entry.path().extension();
    if (kind != ".tsv" && kind != ".md") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace rebisect::testing_support

#define REBISECT_SKIP_WITHOUT_SHARED(folder)                           \
  const std::filesystem::path folder =                                 \
      rebisect::testing_support::SharedFolder();                       \
  if (folder.empty()) {                                                \
    GTEST_SKIP() << "REBISECT_SHARED does not name a folder with the " \
                    "real records; this test needs them";              \
  }                                                                    \
  static_assert(true)
