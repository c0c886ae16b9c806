#include "harness/input/inputs.h"

#include <glob.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>

#include "sim/base/result.h"

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

/// The recordings in it.
Result<void> AddFolder(const std::string& folder,
                       std::vector<std::string>& paths) {
  std::error_code error;
  std::vector<std::string> found;
  fs::directory_iterator entries(folder, error);
  for (; !error && entries != fs::directory_iterator();
       entries.increment(error)) {
    const std::string path = entries->path().string();
    if (WithoutExtension(path).empty()) continue;
    std::error_code ignored;
    if (entries->is_regular_file(ignored)) found.push_back(path);
  }
  if (error) {
    return Fail(ErrorCode::kPermission,
                "cannot list the folder: " + error.message(), {folder, 0, 0});
  }
  if (found.empty()) {
    return Fail(ErrorCode::kNotFound,
                "the folder holds no recording; name files, or rename them "
                "to end in .yaml, .log or .txt",
                {folder, 0, 0});
  }
  std::sort(found.begin(), found.end());
  paths.insert(paths.end(), found.begin(), found.end());
  return {};
}

bool IsPattern(const std::string& argument) {
  std::error_code error;
  return argument.find_first_of("*?[") != std::string::npos &&
         !fs::exists(argument, error);
}

Result<void> AddMatches(const std::string& pattern,
                        std::vector<std::string>& paths) {
  glob_t matches{};
  const int status = glob(pattern.c_str(), GLOB_ERR, nullptr, &matches);
  for (std::size_t i = 0; status == 0 && i < matches.gl_pathc; ++i) {
    std::error_code error;
    if (!fs::is_directory(matches.gl_pathv[i], error)) {
      paths.emplace_back(matches.gl_pathv[i]);
    }
  }
  globfree(&matches);
  if (status == 0) return {};
  if (status == GLOB_NOMATCH) {
    return Fail(ErrorCode::kNotFound, "no file matches the pattern",
                {pattern, 0, 0});
  }
  return Fail(ErrorCode::kPermission, "cannot list what the pattern matches",
              {pattern, 0, 0});
}

}  // namespace

Result<std::vector<std::string>> ExpandInputs(
    const std::vector<std::string>& arguments) {
  std::vector<std::string> paths;
  for (const std::string& argument : arguments) {
    std::error_code error;
    if (argument != "-" && fs::is_directory(argument, error)) {
      REBISECT_RETURN_IF_ERROR(AddFolder(argument, paths));
    } else if (IsPattern(argument)) {
      REBISECT_RETURN_IF_ERROR(AddMatches(argument, paths));
    } else {
      paths.push_back(argument);
    }
  }
  return paths;
}

Result<void> CheckOutput(const std::string& output,
                         const std::vector<std::string>& inputs) {
  std::error_code ignored;
  if (output.empty() || !std::filesystem::exists(output, ignored)) return {};
  for (const std::string& input : inputs) {
    if (input.empty() || input == "-") continue;
    const auto files = ExpandInputs({input});
    if (!files) continue;  // its reader says why
    for (const std::string& file : *files) {
      const std::string dag = DagBeside(file);
      for (const std::string& name : {file, dag}) {
        if (!name.empty() &&
            std::filesystem::equivalent(output, name, ignored)) {
          return Fail(ErrorCode::kUsage,
                      "this is an input of the command, and inputs are not "
                      "written over; name another file",
                      {output, 0, 0});
        }
      }
    }
  }
  return {};
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
