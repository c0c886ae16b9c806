#include "harness/cli/inputs.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <string_view>
#include <system_error>

namespace rebisect {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 4> kExtensions = {".yaml", ".yml",
                                                         ".log", ".txt"};

/// The path without .gz and one of the extensions; empty if it has none.
std::string WithoutExtension(std::string_view path) {
  if (path.size() > 3 && path.substr(path.size() - 3) == ".gz") {
    path.remove_suffix(3);
  }
  for (const std::string_view extension : kExtensions) {
    if (path.size() > extension.size() &&
        path.substr(path.size() - extension.size()) == extension) {
      return std::string(path.substr(0, path.size() - extension.size()));
    }
  }
  return "";
}

}  // namespace

Result<std::vector<std::string>> ExpandInputs(
    const std::vector<std::string>& arguments) {
  std::vector<std::string> paths;
  for (const std::string& argument : arguments) {
    std::error_code error;
    if (argument == "-" || !fs::is_directory(argument, error)) {
      paths.push_back(argument);
      continue;
    }
    std::vector<std::string> found;
    fs::directory_iterator entries(argument, error);
    for (; !error && entries != fs::directory_iterator();
         entries.increment(error)) {
      const std::string path = entries->path().string();
      if (WithoutExtension(path).empty()) continue;
      std::error_code ignored;
      if (entries->is_regular_file(ignored)) found.push_back(path);
    }
    if (error) {
      return Fail(ErrorCode::kPermission,
                  "cannot list the folder: " + error.message(),
                  {argument, 0, 0});
    }
    if (found.empty()) {
      return Fail(ErrorCode::kNotFound,
                  "the folder holds no recording; name files, or rename them "
                  "to end in .yaml, .log or .txt",
                  {argument, 0, 0});
    }
    std::sort(found.begin(), found.end());
    paths.insert(paths.end(), found.begin(), found.end());
  }
  return paths;
}

std::string DagBeside(const std::string& path) {
  const std::string stem = WithoutExtension(path);
  if (stem.empty()) return "";
  for (const char* extension : {".dag", ".dag.gz"}) {
    std::error_code error;
    if (fs::is_regular_file(stem + extension, error)) return stem + extension;
  }
  return "";
}

}  // namespace rebisect
