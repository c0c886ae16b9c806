#include "oracle/process/environment.h"

#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string_view>

namespace rebisect {
namespace {

bool LeadsGitElsewhere(std::string_view name) {
  // What `git rev-parse --local-env-vars` lists.
  static constexpr std::string_view kNames[] = {
      "GIT_ALTERNATE_OBJECT_DIRECTORIES",
      "GIT_CONFIG",
      "GIT_CONFIG_PARAMETERS",
      "GIT_CONFIG_COUNT",
      "GIT_OBJECT_DIRECTORY",
      "GIT_DIR",
      "GIT_WORK_TREE",
      "GIT_IMPLICIT_WORK_TREE",
      "GIT_GRAFT_FILE",
      "GIT_INDEX_FILE",
      "GIT_NO_REPLACE_OBJECTS",
      "GIT_REPLACE_REF_BASE",
      "GIT_PREFIX",
      "GIT_SHALLOW_FILE",
      "GIT_COMMON_DIR"};
  return std::find(std::begin(kNames), std::end(kNames), name) !=
         std::end(kNames);
}

bool PassedAlways(std::string_view name) {
  // The last is the mark of a test of this program as a tool.
  static constexpr std::string_view kNames[] = {
      "PATH", "HOME",   "USER", "LOGNAME", "SHELL",
      "TERM", "TMPDIR", "TZ",   "LANG",    "REBISECT_ID"};
  return name.starts_with("LC_") ||
         std::find(std::begin(kNames), std::end(kNames), name) !=
             std::end(kNames);
}

}  // namespace

std::map<std::string, std::string> ChildEnvironment(
    const std::vector<std::string>& passed,
    const std::map<std::string, std::string>& added) {
  const bool all = std::find(passed.begin(), passed.end(), "*") != passed.end();
  std::map<std::string, std::string> environment;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos || equals == 0) continue;
    const std::string_view name = text.substr(0, equals);
    const bool named =
        std::find(passed.begin(), passed.end(), name) != passed.end();
    if (named || PassedAlways(name) || (all && !LeadsGitElsewhere(name))) {
      environment[std::string(name)] = text.substr(equals + 1);
    }
  }
  for (const auto& [name, value] : added) environment[name] = value;
  return environment;
}

}  // namespace rebisect
