#pragma once

#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "harness/cli/commands.h"

namespace rebisect::testing_support {

/// What the program did with a command line.
struct ProgramRun {
  int exit_code = 0;
  std::string out;
  std::string errors;
};

/// Runs the program in this process. `input` stands for the standard input of
/// `drive`; a `-` among the arguments would read the real one.
inline ProgramRun RunProgram(std::vector<std::string> arguments,
                             const std::string& input = "") {
  arguments.insert(arguments.begin(), "rebisect");
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  std::istringstream in(input);
  std::ostringstream out;
  std::ostringstream errors;
  ProgramRun run;
  run.exit_code = RunCommandLine(static_cast<int>(argv.size()), argv.data(),
                                 Streams{in, out, errors, TerminalStyle{}});
  run.out = out.str();
  run.errors = errors.str();
  return run;
}

/// The objects of JSON Lines; a line that is none is a failure of the test.
inline std::vector<nlohmann::json> JsonLines(const std::string& text) {
  std::vector<nlohmann::json> objects;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    objects.push_back(nlohmann::json::parse(line, nullptr, false));
    EXPECT_TRUE(objects.back().is_object()) << line;
  }
  return objects;
}

}  // namespace rebisect::testing_support
