#include <algorithm>
#include <ostream>
#include <utility>

#include "harness/cli/command_support.h"
#include "harness/experiment/engine/simulation.h"
#include "harness/experiment/reproduce/manifest.h"
#include "harness/experiment/reproduce/reproduction.h"
#include "harness/experiment/spec/experiment_parts.h"
#include "harness/input/inputs.h"
#include "harness/process/interruption.h"
#include "sim/base/result.h"
#include "sim/io/input.h"

namespace rebisect {
namespace {

/// Runs one manifest's experiment; the exit code.
Result<int> RunOne(const std::string& path, const ReproduceArguments& arguments,
                   const Streams& streams, bool first) {
  REBISECT_ASSIGN_OR_RETURN(const auto text, ReadInput(path));
  REBISECT_ASSIGN_OR_RETURN(auto manifest, ReadManifest(text, path));
  ExperimentSpec& experiment = manifest.experiment;
  if (arguments.trials && experiment.trials > 0) {
    experiment.trials = *arguments.trials;
    experiment.canonical = CanonicalText(experiment);
  }
  REBISECT_ASSIGN_OR_RETURN(const auto layout, LayOut(experiment));
  REBISECT_ASSIGN_OR_RETURN(const auto cells,
                            FindCells(manifest, layout->info));
  REBISECT_ASSIGN_OR_RETURN(
      const auto total,
      Simulate(*layout, {arguments.threads, arguments.store}, streams.errors));
  if (!total) return kExitInterrupted;
  const Reproduction reproduction = Reproduce(manifest, cells, *total);
  if (arguments.format == OutputFormat::kJson) {
    streams.out << ReproductionJson(reproduction);
  } else {
    if (!first) streams.out << '\n';
    streams.out << ReproductionText(reproduction, streams.style);
  }
  streams.out.flush();
  return reproduction.Agrees() ? kExitHolds : kExitDoesNotHold;
}

}  // namespace

int RunReproduce(const ReproduceArguments& arguments, const Streams& streams) {
  const auto paths = ExpandInputs(arguments.inputs);
  if (!paths) return Report(paths.error(), streams);
  int code = kExitHolds;
  bool first = true;
  for (const std::string& path : *paths) {
    const auto one =
        RunOne(path, arguments, streams, std::exchange(first, false));
    const int made = one ? *one : Report(one.error(), streams);
    if (made == kExitInterrupted) return made;
    code = std::max(code, made);
  }
  return code;
}

}  // namespace rebisect
