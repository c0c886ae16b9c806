#include <charconv>
#include <ostream>
#include <utility>

#include "harness/cli/command_support.h"
#include "harness/cli/html_output.h"
#include "harness/experiment/engine/simulation.h"
#include "harness/experiment/results/results_report.h"
#include "harness/experiment/spec/experiment.h"
#include "harness/input/inputs.h"
#include "harness/process/interruption.h"
#include "sim/base/result.h"
#include "sim/io/input.h"

namespace rebisect {
namespace {

struct Shard {
  std::size_t number = 0;  // from 0
  std::size_t of = 1;
};

Result<Shard> ReadShard(const std::string& text) {
  if (text.empty()) return Shard{};
  Shard shard;
  const char* const end = text.data() + text.size();
  const auto number = std::from_chars(text.data(), end, shard.number);
  if (number.ec == std::errc() && number.ptr != end && *number.ptr == '/') {
    const auto of = std::from_chars(number.ptr + 1, end, shard.of);
    if (of.ec == std::errc() && of.ptr == end && shard.number >= 1 &&
        shard.number <= shard.of) {
      --shard.number;
      return shard;
    }
  }
  return Fail(ErrorCode::kUsage,
              "--shard " + text + " is no part; write I/N, such as 3/16");
}

Result<int> RunExperiment(const SimulateArguments& arguments,
                          const Streams& streams) {
  for (const std::string& output : {arguments.html, arguments.store}) {
    REBISECT_RETURN_IF_ERROR(CheckOutput(output, {arguments.experiment}));
  }
  REBISECT_RETURN_IF_ERROR(CheckOutput(arguments.html, {arguments.store}));
  REBISECT_ASSIGN_OR_RETURN(const auto shard, ReadShard(arguments.shard));
  REBISECT_ASSIGN_OR_RETURN(auto text, ReadInput(arguments.experiment));
  REBISECT_ASSIGN_OR_RETURN(auto spec,
                            ReadExperiment(text, arguments.experiment));
  if (arguments.seed) Reseed(spec, *arguments.seed);
  REBISECT_ASSIGN_OR_RETURN(const auto layout, LayOut(spec));
  REBISECT_ASSIGN_OR_RETURN(
      const auto total,
      Simulate(*layout,
               {arguments.threads, arguments.store, shard.number, shard.of},
               streams.errors));
  if (!total) return kExitInterrupted;
  HtmlOutput html(arguments.html);
  if (html.wanted()) html.Add(ResultsJson(*total));
  streams.out << ResultsAs(arguments.format, *total, streams.style);
  REBISECT_RETURN_IF_ERROR(html.Write(streams));
  return kExitHolds;
}

}  // namespace

int RunSimulate(const SimulateArguments& arguments, const Streams& streams) {
  const auto code = RunExperiment(arguments, streams);
  return code ? *code : Report(code.error(), streams);
}

}  // namespace rebisect
