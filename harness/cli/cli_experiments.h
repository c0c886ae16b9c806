#pragma once

#include <CLI/CLI.hpp>

#include "harness/cli/cli_parts.h"
#include "harness/cli/commands.h"

namespace rebisect {

/// `simulate`, `reproduce` and `results`, with what they were given.
class ExperimentCommands {
 public:
  /// Borrowed.
  ExperimentCommands(Subcommands& commands, const Streams& streams)
      : commands_(commands), streams_(streams) {}

  /// Call it once.
  void AddTo(CLI::App& app);

 private:
  void AddSimulate(CLI::App& app);
  void AddReproduce(CLI::App& app);
  void AddResultsCommands(CLI::App& app);
  void AddResultsExport(CLI::App& results);
  void AddStore(CLI::App& command, bool of_experiment);

  Subcommands& commands_;
  const Streams& streams_;
  SimulateArguments simulate_;
  ReproduceArguments reproduce_;
  ResultsArguments results_;
};

}  // namespace rebisect
