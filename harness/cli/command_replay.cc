#include <memory>
#include <ostream>
#include <string>
#include <utility>

#include "harness/cli/command_support.h"
#include "harness/cli/recording_rows.h"
#include "harness/cli/recording_run.h"
#include "harness/replay/replay_report.h"
#include "oracle/verdict/verdict_policy.h"
#include "sim/base/result.h"

namespace rebisect {
namespace {

/// What is to be kept of one replay.
struct Replayed {
  std::string shown;
  std::string json;
  RecordingRow row;
  ReplayTotals totals;
};

class ReplayCommandRun {
 public:
  ReplayCommandRun(const ReplayArguments& arguments, const Streams& streams)
      : arguments_(arguments),
        streams_(streams),
        output_(arguments.reports, {}, streams) {}

  int Run() {
    if (auto read = ReadOptions(); !read) {
      return Report(read.error(), streams_);
    }
    const auto run =
        RecordingRun::Open(arguments_.recordings, arguments_.reports.html, {});
    if (!run) return Report(run.error(), streams_);
    output_.Begin();
    run->Each<Replayed>(
        [this](const Recording& recording, ChosenGraph& graph) {
          return One(recording, graph);
        },
        [&](std::size_t i, Result<Replayed> made) {
          Take(run->inputs()[i], std::move(made));
        },
        streams_);
    const OutputFormat format = arguments_.reports.format;
    if (format != OutputFormat::kJson && !output_.IsTable() &&
        run->inputs().size() > 1) {
      streams_.out << TotalsText(totals_, format == OutputFormat::kText
                                              ? streams_.style
                                              : TerminalStyle{});
    }
    if (auto written = output_.End(); !written) {
      return Report(written.error(), streams_);
    }
    if (totals_.failed > 0) return kExitError;
    return totals_.held == totals_.recordings ? kExitHolds : kExitDoesNotHold;
  }

 private:
  Result<void> ReadOptions() {
    options_.commit_graph = arguments_.commit_graph;
    options_.run = arguments_.run;
    options_.search_graph = !output_.IsTable() &&
                            (arguments_.reports.format == OutputFormat::kJson ||
                             !arguments_.reports.html.empty());
    if (arguments_.git_version != "auto") {
      REBISECT_ASSIGN_OR_RETURN(const auto version,
                                GitVersion::Parse(arguments_.git_version));
      options_.version = version;
    }
    REBISECT_RETURN_IF_ERROR(Policy());
    return {};
  }

  /// One of its own for each recording: a program answers one at a time.
  [[nodiscard]] Result<std::unique_ptr<VerdictPolicy>> Policy() const {
    if (arguments_.verdict.empty()) return nullptr;
    return MakeVerdictPolicy(arguments_.verdict, {"--verdict", 1, 1});
  }

  [[nodiscard]] Result<Replayed> One(const Recording& recording,
                                     ChosenGraph& graph) const {
    REBISECT_ASSIGN_OR_RETURN(const auto policy, Policy());
    ReplayOptions options = options_;
    options.policy = policy.get();
    auto result = ReplayRecording(recording, *graph.source, options);
    if (!result) {
      Error& error = result.error();
      if (error.where.file.empty()) error.where.file = recording.file;
      return tl::unexpected(std::move(error));
    }
    if (policy != nullptr) {
      if (auto failure = policy->Failure()) {
        return tl::unexpected(*std::move(failure));
      }
    }
    Replayed made;
    made.totals.Add(*result);
    if (output_.IsTable()) {
      made.row = RowOf(recording);
      AddReplay(*result, made.row);
      return made;
    }
    const ReplayReport report{
        &recording, graph.source->kind(),  graph.source->graph().size(),
        graph.file, graph.source->notes(), *std::move(result)};
    if (options_.search_graph) made.json = ReplayJson(report);
    const OutputFormat format = arguments_.reports.format;
    made.shown = format == OutputFormat::kJson ? made.json
                 : format == OutputFormat::kMarkdown
                     ? ReplayMarkdown(report) + '\n'
                     : ReplayText(report, streams_.style) + '\n';
    return made;
  }

  void Take(const std::string& input, Result<Replayed> made) {
    if (!made) {
      ++totals_.failed;
      output_.Failed(input, made.error());
      return;
    }
    totals_.Add(made->totals);
    if (output_.IsTable()) {
      output_.Row(made->row);
    } else {
      output_.Show(made->shown, std::move(made->json));
    }
  }

  const ReplayArguments& arguments_;
  const Streams& streams_;
  RecordingOutput output_;
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
