#pragma once

#include <array>

#include <CLI/CLI.hpp>

#include "harness/cli/cli_parts.h"
#include "harness/cli/commands.h"

namespace rebisect {

/// `diagnose`, and what it is fed with and judged by: `fit`, `evaluate` and
/// `truth`, with what they were given.
class TrustCommands {
 public:
  /// Borrowed.
  TrustCommands(Subcommands& commands, const Streams& streams)
      : commands_(commands), streams_(streams) {}

  /// Call it once.
  void AddTo(CLI::App& app);

  /// Where `diagnose` and `evaluate` take their graphs from.
  [[nodiscard]] std::array<GraphOptions*, 2> graphs() {
    return {&diagnose_.recordings.graph, &evaluate_.recordings.graph};
  }

 private:
  void AddDiagnose(CLI::App& app);
  void AddFit(CLI::App& app);
  void AddEvaluate(CLI::App& app);
  void AddTruth(CLI::App& app);

  Subcommands& commands_;
  const Streams& streams_;
  DiagnoseArguments diagnose_;
  FitArguments fit_;
  EvaluateArguments evaluate_;
  TruthArguments truth_;
};

}  // namespace rebisect
