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
#include "sim/io/input.h"

namespace rebisect {
namespace {

/// Runs one manifest's experiment; the exit code.
Result<int> RunOne(const std::string& path, const ReproduceArguments& arguments,
                   const Streams& streams, bool first) {
  const auto text = ReadInput(path);
  if (!text) return tl::unexpected(text.error());
  auto manifest = ReadManifest(*text, path);
  if (!manifest) return tl::unexpected(std::move(manifest.error()));
  ExperimentSpec& experiment = manifest->experiment;
  if (arguments.trials && experiment.trials > 0) {
    experiment.trials = *arguments.trials;
    experiment.canonical = CanonicalText(experiment);
  }
  const auto layout = LayOut(experiment);
  if (!layout) return tl::unexpected(layout.error());
  const auto cells = FindCells(*manifest, (*layout)->info);
  if (!cells) return tl::unexpected(cells.error());
  const auto total =
      Simulate(**layout, {arguments.threads, arguments.store}, streams.errors);
  if (!total) return tl::unexpected(total.error());
  if (!*total) return kExitInterrupted;
  const Reproduction reproduction = Reproduce(*manifest, *cells, **total);
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
