#include <charconv>
#include <ostream>
#include <utility>

#include "harness/cli/command_support.h"
#include "harness/cli/html_output.h"
#include "harness/experiment/engine/simulation.h"
#include "harness/experiment/results/results_report.h"
#include "harness/experiment/spec/experiment.h"
#include "harness/process/interruption.h"
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
  const auto shard = ReadShard(arguments.shard);
  if (!shard) return tl::unexpected(shard.error());
  auto text = ReadInput(arguments.experiment);
  if (!text) return tl::unexpected(std::move(text.error()));
  auto spec = ReadExperiment(*text, arguments.experiment);
  if (!spec) return tl::unexpected(std::move(spec.error()));
  if (arguments.seed) Reseed(*spec, *arguments.seed);
  const auto layout = LayOut(*spec);
  if (!layout) return tl::unexpected(layout.error());
  const auto total = Simulate(
      **layout, {arguments.threads, arguments.store, shard->number, shard->of},
      streams.errors);
  if (!total) return tl::unexpected(total.error());
  if (!*total) return kExitInterrupted;
  HtmlOutput html(arguments.html);
  if (html.wanted()) html.Add(ResultsJson(**total));
  streams.out << ResultsAs(arguments.format, **total, streams.style);
  if (auto written = html.Write(streams); !written) {
    return tl::unexpected(std::move(written.error()));
  }
  return kExitHolds;
}

}  // namespace

int RunSimulate(const SimulateArguments& arguments, const Streams& streams) {
  const auto code = RunExperiment(arguments, streams);
  return code ? *code : Report(code.error(), streams);
}

}  // namespace rebisect
