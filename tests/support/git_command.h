#pragma once

#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <string>

namespace rebisect::testing_support {

struct CommandOutput {
  int status = -1;
  std::string text;  ///< stdout
};

/// Runs a line of shell in a folder with git's settings those of a fresh
/// user, and times fixed, so that ids are the same everywhere.
inline CommandOutput RunShell(const std::string& folder,
                              const std::string& line) {
  const std::string environment =
      "export HOME='" + folder + "' XDG_CONFIG_HOME='" + folder +
      "' GIT_CONFIG_NOSYSTEM=1 GIT_TERMINAL_PROMPT=0 LC_ALL=C TZ=UTC "
      "GIT_AUTHOR_NAME='A U Thor' GIT_AUTHOR_EMAIL=author@example.com "
      "GIT_COMMITTER_NAME='A U Thor' GIT_COMMITTER_EMAIL=author@example.com "
      "GIT_AUTHOR_DATE='1500000000 +0000' "
      "GIT_COMMITTER_DATE=\"${when:-1500000000} +0000\"; "
      "unset GIT_DIR GIT_WORK_TREE GIT_NO_REPLACE_OBJECTS; ";
  const std::string command =
      "cd '" + folder + "' && " + environment + "{ " + line + "\n} 2>/dev/null";
  CommandOutput output;
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return output;
  std::array<char, 4096> buffer;
  while (const std::size_t got =
             std::fread(buffer.data(), 1, buffer.size(), pipe)) {
    output.text.append(buffer.data(), got);
  }
  const int status = pclose(pipe);
  output.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return output;
}

/// The first line that the shell prints.
inline std::string ShellLine(const std::string& folder,
                             const std::string& line) {
  const std::string text = RunShell(folder, line).text;
  return text.substr(0, text.find('\n'));
}

}  // namespace rebisect::testing_support
