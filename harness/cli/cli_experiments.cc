#include "harness/cli/cli_experiments.h"

#include <cstdint>
#include <map>
#include <string>

namespace rebisect {
namespace {

const std::map<std::string, ResultsTable> kResultsTables = {
    {"cells", ResultsTable::kCells},
    {"comparisons", ResultsTable::kComparisons},
    {"counts", ResultsTable::kCounts},
    {"calibration", ResultsTable::kCalibration}};

const std::map<std::string, ExportFormat> kExportFormats = {
    {"csv", ExportFormat::kCsv},
    {"json", ExportFormat::kJson},
    {"manifest", ExportFormat::kManifest}};

}  // namespace

void ExperimentCommands::AddTo(CLI::App& app) {
  AddSimulate(app);
  AddReproduce(app);
  AddResultsCommands(app);
}

void ExperimentCommands::AddSimulate(CLI::App& parent) {
  CLI::App& app = commands_.Add(
      parent, "simulate",
      "run an experiment: which policy is right how often, at "
      "what cost",
      "  rebisect simulate experiment.yaml\n"
      "  rebisect simulate experiment.yaml -j 8 --store results.sqlite\n"
      "  rebisect simulate experiment.yaml --shard 3/16 --store part3.sqlite",
      [this] { return RunSimulate(simulate_, streams_); });
  app.add_option("experiment", simulate_.experiment, "an experiment file")
      ->required();
  AddThreads(app, simulate_.threads);
  app.add_option("--seed", simulate_.seed,
                 Help("in place of the seed of the file; equal seeds give "
                      "equal results"))
      ->check(&FaultOfSeed);
  AddKeptStore(app, simulate_.store);
  app.add_option("--shard", simulate_.shard,
                 Help("I/N: only the I'th of N parts; 'rebisect results "
                      "merge' puts them together"))
      ->check(&FaultOfEmpty);
  AddHtml(app, simulate_.html);
  AddMarkdownFormat(app, simulate_.format);
}

void ExperimentCommands::AddReproduce(CLI::App& parent) {
  CLI::App& app = commands_.Add(
      parent, "reproduce", "run published experiments again, and compare",
      "  rebisect reproduce scenarios/experiments/published\n"
      "  rebisect reproduce paper.yaml --trials 200",
      [this] { return RunReproduce(reproduce_, streams_); });
  app.add_option("MANIFEST", reproduce_.inputs,
                 Help("manifests, or folders of them"))
      ->required();
  AddThreads(app, reproduce_.threads);
  app.add_option("--trials", reproduce_.trials,
                 Help("this many of each cell, in place of the manifest's: "
                      "figures are then compared within error"))
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1} << 40U));
  AddKeptStore(app, reproduce_.store);
  AddFormat(app, reproduce_.format);
}

void ExperimentCommands::AddResultsCommands(CLI::App& parent) {
  CLI::App& results = *parent.add_subcommand(
      "results", Help("look at what `simulate` stored, or put it together"));
  results.require_subcommand(1);
  CLI::App& list =
      commands_.Add(results, "list", "the experiments of a store",
                    "  rebisect results list results.sqlite",
                    [this] { return RunResultsList(results_, streams_); });
  AddStore(list, false);
  AddFormat(list, results_.format);
  CLI::App& show = commands_.Add(
      results, "show", "how often policies were right, and at what cost",
      "  rebisect results show results.sqlite\n"
      "  rebisect results show results.sqlite retries --format json",
      [this] { return RunResultsShow(results_, streams_); });
  AddStore(show, true);
  AddHtml(show, results_.html);
  AddMarkdownFormat(show, results_.format);
  AddResultsExport(results);
  CLI::App& merge = commands_.Add(
      results, "merge", "put the parts of experiments into one store",
      "  rebisect results merge all.sqlite part-*.sqlite",
      [this] { return RunResultsMerge(results_, streams_); });
  merge
      .add_option("OUT", results_.store,
                  Help("made when there is none, else added to"))
      ->required();
  merge.add_option("IN", results_.inputs, Help("the stores to add"))
      ->required();
  AddFormat(merge, results_.format);
}

void ExperimentCommands::AddResultsExport(CLI::App& results) {
  CLI::App& exported = commands_.Add(
      results, "export", "the results as a table, or with every count",
      "  rebisect results export results.sqlite --format csv > cells.csv\n"
      "  rebisect results export results.sqlite --format manifest > p.yaml\n"
      "  rebisect results export results.sqlite --format json | sha256sum",
      [this] { return RunResultsExport(results_, streams_); });
  AddStore(exported, true);
  exported
      .add_option_function<std::string>(
          "--format",
          [this](const std::string& name) {
            results_.export_format = kExportFormats.at(name);
          },
          Help("csv, json, or manifest: what `reproduce` reads, to publish "
               "an experiment with"))
      ->check(CLI::IsMember(kExportFormats))
      ->required();
  exported
      .add_option_function<std::string>(
          "--table",
          [this](const std::string& name) {
            results_.table = kResultsTables.at(name);
          },
          Help("with csv: cells (unless given), comparisons, counts or "
               "calibration"))
      ->check(CLI::IsMember(kResultsTables));
  exported.add_option("--out", results_.output, Help("where to write it"))
      ->type_name("FILE");
}

void ExperimentCommands::AddStore(CLI::App& command, bool of_experiment) {
  command.add_option("STORE", results_.store, Help("the file"))->required();
  if (!of_experiment) return;
  command.add_option("EXPERIMENT", results_.experiment,
                     Help("its name, or the first digits of its digest; all "
                          "unless given"));
}

}  // namespace rebisect
