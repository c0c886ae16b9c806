#pragma once

// Sources: command_audit.cc, command_conformance.cc, command_data.cc,
// command_diagnose.cc, command_evaluate.cc, command_fit.cc,
// command_graph_show.cc, command_replay.cc, command_report.cc,
// command_reproduce.cc, command_results.cc, command_simulate.cc,
// command_suite.cc, command_test.cc, command_truth.cc, command_whatif.cc: a
// file for each command.

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "harness/cli/recording_rows.h"
#include "harness/experiment/results/results_report.h"
#include "harness/graph/graph_source.h"
#include "harness/replay/drive.h"
#include "harness/text/terminal.h"

namespace rebisect {

/// Where a command writes: results to `out`, diagnostics to `errors`.
struct Streams {
  std::istream& in;
  std::ostream& out;
  std::ostream& errors;
  TerminalStyle style{};
};

/// Exit codes of the program.
enum ExitCode : int {
  kExitHolds = 0,
  kExitDoesNotHold = 1,
  kExitError = 2,
};

struct AuditArguments {
  std::vector<std::string> inputs;
  OutputFormat format = OutputFormat::kText;
};
[[nodiscard]] int RunAudit(const AuditArguments& arguments,
                           const Streams& streams);

/// Many recordings, each on its graph.
struct RecordingSelection {
  std::vector<std::string> inputs;
  std::string list;  ///< a file of more, `-`: the standard input; empty: none
  GraphOptions graph;
  std::size_t threads = 0;  ///< 0: as many as there are processors
};

/// How what is found of them is shown.
struct RecordingReports {
  std::optional<RowFormat> table;  ///< a row a recording in place of reports
  std::string html;                ///< a page; empty: none
  OutputFormat format = OutputFormat::kText;
};

struct ReplayArguments {
  RecordingSelection recordings;
  std::string git_version = "auto";
  bool commit_graph = false;
  bool run = false;
  std::string verdict;  ///< name of a policy; empty: as recorded
  RecordingReports reports;
};
[[nodiscard]] int RunReplay(const ReplayArguments& arguments,
                            const Streams& streams);

/// What is taken for granted where recordings are diagnosed.
struct AssumptionArguments {
  std::string prior;  ///< a file of noise/1; empty: the defaults
  /// Of verdicts without runs: false bad, false good; one stands for both;
  /// none: as in the priors.
  std::vector<double> error_rates;
  std::string path_rules;  ///< a file of path-rules/1; empty: the defaults
};

struct DiagnoseArguments {
  RecordingSelection recordings;
  AssumptionArguments assumptions;
  std::string gate;     ///< a file of gate/1; empty: none
  std::string truth;    ///< a file; empty: what the recordings say
  std::string fail_on;  ///< "doubtful", "contradicted" or empty
  bool mail = false;    ///< in place of `reports.format`
  RecordingReports reports;
};
[[nodiscard]] int RunDiagnose(const DiagnoseArguments& arguments,
                              const Streams& streams);

struct EvaluateArguments {
  RecordingSelection recordings;
  AssumptionArguments assumptions;
  std::string truth;  ///< a file; empty: what the recordings say
  OutputFormat format = OutputFormat::kText;
};
[[nodiscard]] int RunEvaluate(const EvaluateArguments& arguments,
                              const Streams& streams);

struct TruthArguments {
  std::vector<std::string> inputs;
  std::vector<std::string> repositories;
  std::string output;  ///< empty: the standard output
  OutputFormat format = OutputFormat::kText;
};
[[nodiscard]] int RunTruth(const TruthArguments& arguments,
                           const Streams& streams);

struct FitArguments {
  std::vector<std::string> inputs;
  std::string output;  ///< of noise/1; empty: none is written
  OutputFormat format = OutputFormat::kText;
};
[[nodiscard]] int RunFit(const FitArguments& arguments, const Streams& streams);

struct WhatifArguments {
  std::vector<std::string> inputs;
  GraphOptions graph;
  bool commit_graph = false;
  std::string verdict;              ///< policies, a list
  std::string rules;                ///< a file of rules/1; empty: none
  std::string retry;                ///< the same; empty: as recorded
  std::string select = "recorded";  ///< the same
  bool model = false;
  std::uint32_t trials = 400;
  std::uint64_t seed = 1;
  std::string prior;  ///< a file; empty: the defaults
  bool matrix = false;
  std::string truth;  ///< a file; empty: what the recordings say
  std::string html;   ///< a page; empty: none
  OutputFormat format = OutputFormat::kText;
};
[[nodiscard]] int RunWhatif(const WhatifArguments& arguments,
                            const Streams& streams);

struct DriveArguments {
  GraphOptions graph;
  std::string git_version;  ///< empty: the newest known
  bool commit_graph = false;
  OutputFormat format = OutputFormat::kJson;
};
[[nodiscard]] int RunDrive(const DriveArguments& arguments,
                           const Streams& streams);

struct ConvertArguments {
  std::string input;
  std::string from;    ///< "csv", "jsonl"; empty: by content
  std::string output;  ///< empty: the standard output
  OutputFormat format = OutputFormat::kText;  ///< text: YAML
};
[[nodiscard]] int RunConvert(const ConvertArguments& arguments,
                             const Streams& streams);

struct ReconstructArguments {
  std::string input;
  std::string folder;
  OutputFormat format = OutputFormat::kText;
};
[[nodiscard]] int RunReconstruct(const ReconstructArguments& arguments,
                                 const Streams& streams);

struct GraphArguments {
  std::string input;  ///< a recording, or empty
  GraphOptions graph;
  std::string bad;
  std::vector<std::string> goods;
  bool whole = false;  ///< show only: what dropped out, too
  bool slice = false;  ///< export only: no more than the search needs
  std::string output;  ///< export only; empty: the standard output
  OutputFormat format = OutputFormat::kText;
};
[[nodiscard]] int RunGraphInfo(const GraphArguments& arguments,
                               const Streams& streams);
[[nodiscard]] int RunGraphShow(const GraphArguments& arguments,
                               const Streams& streams);
[[nodiscard]] int RunGraphExport(const GraphArguments& arguments,
                                 const Streams& streams);

struct GenerateArguments {
  std::string shape;
  std::uint32_t commits = 1000;
  std::uint64_t seed = 1;
  std::string output;  ///< empty: the standard output
};
[[nodiscard]] int RunGraphGenerate(const GenerateArguments& arguments,
                                   const Streams& streams);

struct ReportArguments {
  std::vector<std::string> inputs;  ///< files of JSON Lines
  std::string html;
};
[[nodiscard]] int RunReport(const ReportArguments& arguments,
                            const Streams& streams);

struct SimulateArguments {
  std::string experiment;             ///< an experiment file
  std::size_t threads = 0;            ///< 0: as many as there are processors
  std::optional<std::uint64_t> seed;  ///< in place of the file's
  std::string store;  ///< where results are kept; empty: nowhere
  std::string shard;  ///< "I/N"; empty: all
  std::string html;   ///< a page; empty: none
  OutputFormat format = OutputFormat::kText;
};
[[nodiscard]] int RunSimulate(const SimulateArguments& arguments,
                              const Streams& streams);

struct ReproduceArguments {
  std::vector<std::string> inputs;      ///< manifests
  std::size_t threads = 0;              ///< 0: as many as there are processors
  std::optional<std::uint64_t> trials;  ///< in place of the manifests'
  std::string store;  ///< where results are kept; empty: nowhere
  OutputFormat format = OutputFormat::kText;
};
[[nodiscard]] int RunReproduce(const ReproduceArguments& arguments,
                               const Streams& streams);

enum class ExportFormat { kJson, kCsv, kManifest };

struct ResultsArguments {
  std::string store;
  std::string experiment;           ///< name or digest; empty: all
  std::vector<std::string> inputs;  ///< merge only: stores
  ExportFormat export_format = ExportFormat::kJson;  ///< export only
  ResultsTable table = ResultsTable::kCells;
  std::string output;  ///< export only; empty: the standard output
  std::string html;    ///< show only: a page; empty: none
  OutputFormat format = OutputFormat::kText;
};
[[nodiscard]] int RunResultsList(const ResultsArguments& arguments,
                                 const Streams& streams);
[[nodiscard]] int RunResultsShow(const ResultsArguments& arguments,
                                 const Streams& streams);
[[nodiscard]] int RunResultsExport(const ResultsArguments& arguments,
                                   const Streams& streams);
[[nodiscard]] int RunResultsMerge(const ResultsArguments& arguments,
                                  const Streams& streams);

struct TestArguments {
  std::vector<std::string> suites;
  std::vector<std::string> tools = {"driver"};
  std::string git_binary;               ///< empty: that of PATH
  std::size_t threads = 0;              ///< 0: as many as there are processors
  std::string filter;                   ///< empty: all
  std::optional<double> limit_seconds;  ///< empty: as the tools say
  std::string known_failures;           ///< a file; empty: none
  std::string junit;                    ///< a file; empty: none
  std::string html;                     ///< a page; empty: none
  bool tap = false;
  OutputFormat format = OutputFormat::kText;
};
[[nodiscard]] int RunTest(const TestArguments& arguments,
                          const Streams& streams);

/// `test --against`.
struct ConformanceArguments {
  std::string tool = "driver";
  std::string against;
  std::string git_binary;  ///< empty: that of PATH
  std::size_t threads = 0;
  std::optional<double> limit_seconds;
  std::uint64_t cases = 200;
  std::uint64_t seed = 1;
  std::uint32_t commits = 40;  ///< of a history, at most
  std::string save;            ///< a folder; empty: nothing is saved
  OutputFormat format = OutputFormat::kText;
};
[[nodiscard]] int RunConformance(const ConformanceArguments& arguments,
                                 const Streams& streams);

struct SuiteExportArguments {
  std::vector<std::string> suites;
  std::string folder;
  std::string filter;
};
[[nodiscard]] int RunSuiteExport(const SuiteExportArguments& arguments,
                                 const Streams& streams);

/// The whole program: options, subcommands, help.
[[nodiscard]] int RunCommandLine(int argc, char** argv, const Streams& streams);

}  // namespace rebisect
