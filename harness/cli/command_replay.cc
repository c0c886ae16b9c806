#include <ostream>
#include <utility>

#include "harness/cli/command_support.h"
#include "harness/cli/inputs.h"
#include "harness/replay/replay_report.h"
#include "oracle/verdict_policy.h"

namespace rebisect {
namespace {

class ReplayCommandRun {
 public:
  ReplayCommandRun(const ReplayArguments& arguments, const Streams& streams)
      : arguments_(arguments), streams_(streams) {}

  int Run() {
    options_.commit_graph = arguments_.commit_graph;
    options_.search_graph = arguments_.format == OutputFormat::kJson;
    if (arguments_.git_version != "auto") {
      const auto version = GitVersion::Parse(arguments_.git_version);
      if (!version) return Report(version.error(), streams_);
      options_.version = *version;
    }
    std::unique_ptr<VerdictPolicy> policy;
    if (!arguments_.verdict.empty()) {
      auto made = MakeVerdictPolicy(arguments_.verdict, {"--verdict", 1, 1});
      if (!made) return Report(made.error(), streams_);
      policy = *std::move(made);
      options_.policy = policy.get();
    }
    const auto inputs = ExpandInputs(arguments_.inputs);
    if (!inputs) return Report(inputs.error(), streams_);
    for (const std::string& input : *inputs) {
      if (const auto done = One(input); !done) {
        ++totals_.failed;
        Report(done.error(), streams_);
      }
    }
    if (arguments_.format != OutputFormat::kJson && inputs->size() > 1) {
      streams_.out << TotalsText(
          totals_, arguments_.format == OutputFormat::kText ? streams_.style
                                                            : TerminalStyle{});
    }
    if (totals_.failed > 0) return kExitError;
    return totals_.held == totals_.recordings ? kExitHolds : kExitDoesNotHold;
  }

 private:
  Result<void> One(const std::string& input) {
    const auto recording = LoadRecording(input);
    if (!recording) return tl::unexpected(recording.error());
    auto graph = ChooseGraph(arguments_.graph, *recording);
    if (!graph) return tl::unexpected(std::move(graph.error()));
    auto result = ReplayRecording(*recording, *graph->source, options_);
    if (!result) {
      Error& error = result.error();
      if (error.where.file.empty()) error.where.file = recording->file;
      return tl::unexpected(std::move(error));
    }
    if (options_.policy != nullptr) {
      if (auto failure = options_.policy->Failure()) {
        return tl::unexpected(*std::move(failure));
      }
    }
    totals_.Add(*result);
    const ReplayReport report{
        &*recording, graph->source->kind(),  graph->source->graph().size(),
        graph->file, graph->source->notes(), *std::move(result)};
    if (arguments_.format == OutputFormat::kJson) {
      streams_.out << ReplayJson(report);
    } else if (arguments_.format == OutputFormat::kMarkdown) {
      streams_.out << ReplayMarkdown(report) << '\n';
    } else {
      streams_.out << ReplayText(report, streams_.style) << '\n';
    }
    streams_.out.flush();
    return {};
  }

  const ReplayArguments& arguments_;
  const Streams& streams_;
  ReplayOptions options_;
  ReplayTotals totals_;
};

}  // namespace

int RunReplay(const ReplayArguments& arguments, const Streams& streams) {
  return ReplayCommandRun(arguments, streams).Run();
}

int RunDrive(const DriveArguments& arguments, const Streams& streams) {
  SearchOptions options;
  if (!arguments.git_version.empty()) {
    const auto version = GitVersion::Parse(arguments.git_version);
    if (!version) return Report(version.error(), streams);
    options.version = *version;
  }
  options.commit_graph = arguments.commit_graph;
  options.subjects = arguments.format == OutputFormat::kText;
  const auto source = GraphSource::FromOptions(arguments.graph);
  if (!source) return Report(source.error(), streams);
  for (const std::string& note : (*source)->notes()) {
    streams.errors << "note: " << Printable(note) << '\n';
  }
  return Drive(**source, options, arguments.format)
      .Run(streams.in, streams.out, streams.errors);
}

}  // namespace rebisect
