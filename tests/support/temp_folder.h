#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>

#include "sim/base/check.h"

namespace rebisect::testing_support {

/// A folder of its own for a test, removed at its end.
class TempFolder {
 public:
  TempFolder() {
    std::string pattern =
        (std::filesystem::temp_directory_path() / "rebisect-XXXXXX").string();
    REBISECT_CHECK(mkdtemp(pattern.data()) != nullptr);
    path_ = pattern;
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  ~TempFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::string operator/(std::string_view name) const {
    return path_ + "/" + std::string(name);
  }

 private:
  std::string path_;
};

/// Writes a file as it is.
inline void PutFile(const std::string& path, std::string_view bytes) {
  std::filesystem::create_directories(
      std::filesystem::path(path).parent_path());
  // Files of git are read-only; a new file in their place is what we want.
  std::filesystem::remove(path);
  std::ofstream(path, std::ios::binary)
      .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

/// The bytes of a file; empty when there is none.
inline std::string GetFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

/// The folder that REBISECT_SHARED names; empty when it is not there.
inline std::string SharedFolder() {
  const char* folder = std::getenv("REBISECT_SHARED");
  if (folder == nullptr || !std::filesystem::is_directory(folder)) return "";
  return folder;
}

}  // namespace rebisect::testing_support
