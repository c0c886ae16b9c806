#pragma once

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

namespace rebisect::testing_support {

inline std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream bytes;
  bytes << in.rdbuf();
  return bytes.str();
}

/// The folder of real records that REBISECT_SHARED names; nothing when it is
/// not set or not there, and the test has to skip itself.
inline std::optional<std::filesystem::path> SharedFolder() {
  const char* const named = std::getenv("REBISECT_SHARED");
  if (named == nullptr || !std::filesystem::is_directory(named)) return {};
  return std::filesystem::path(named);
}

/// The files of a folder, sorted, without the tables beside the logs.
inline std::vector<std::filesystem::path> FilesOf(
    const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  if (!std::filesystem::is_directory(folder)) return files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".tsv") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace rebisect::testing_support

#define REBISECT_SKIP_WITHOUT_SHARED(folder)                           \
  const auto folder = rebisect::testing_support::SharedFolder();       \
  if (!folder.has_value()) {                                           \
    GTEST_SKIP() << "REBISECT_SHARED does not name a folder with the " \
                    "real records; this test needs them";              \
  }                                                                    \
  static_assert(true)
