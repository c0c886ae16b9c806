#pragma once

#include <CLI/CLI.hpp>

#include "harness/cli/cli_parts.h"
#include "harness/cli/commands.h"

namespace rebisect {

/// `test` and `suite`, with what they were given.
class ToolCommands {
 public:
  /// Borrowed.
  ToolCommands(Subcommands& commands, const Streams& streams)
      : commands_(commands), streams_(streams) {}

  /// Call it once.
  void AddTo(CLI::App& app);

 private:
  void AddTest(CLI::App& app);
  void AddConformance(CLI::App& test);
  void AddSuite(CLI::App& app);
  [[nodiscard]] int RunTestOrConformance();

  Subcommands& commands_;
  const Streams& streams_;
  TestArguments test_;
  ConformanceArguments conformance_;
  SuiteExportArguments export_;
};

}  // namespace rebisect
