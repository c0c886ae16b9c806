#include "harness/cli/cli_parts.h"

#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "harness/text/terminal.h"

namespace rebisect {
namespace {

void AddFormatOption(CLI::App& command, OutputFormat& format, const char* about,
                     const std::vector<std::string>& names) {
  command
      .add_option_function<std::string>(
          "--format",
          [&format](const std::string& name) { format = FormatNamed(name); },
          Help(about))
      ->check(CLI::IsMember(names));
}

}  // namespace

std::string Help(const std::string& text) {
  constexpr int kColumns = 80 - kNameColumns;
  std::string wrapped;
  for (const std::string& line : Wrap(text, kColumns)) {
    if (!wrapped.empty()) wrapped += '\n';
    wrapped += line;
  }
  return wrapped;
}

std::string Paragraph(const std::string& text) {
  std::string wrapped;
  for (const std::string& line : Wrap(text, 79)) wrapped += line + '\n';
  return wrapped;
}

std::string FaultOfSeed(const std::string& text) {
  std::uint64_t seed = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, seed);
  if (error == std::errc() && stop == end) return "";
  return "'" + text + "' is no seed; give a whole number from 0 to 2^64 - 1";
}

std::string FaultOfEmpty(const std::string& text) {
  return text.empty() ? "it is empty; leave the option out, or say what" : "";
}

std::string FaultOfNan(const std::string& text) {
  return std::isnan(std::strtod(text.c_str(), nullptr))
             ? "'" + text + "' is no number"
             : "";
}

OutputFormat FormatNamed(const std::string& name) {
  if (name == "json") return OutputFormat::kJson;
  return name == "markdown" ? OutputFormat::kMarkdown : OutputFormat::kText;
}

void AddFormat(CLI::App& command, OutputFormat& format, const char* about) {
  AddFormatOption(command, format, about, {"text", "json"});
}

void AddMarkdownFormat(CLI::App& command, OutputFormat& format) {
  AddFormatOption(command, format,
                  "text, json, or markdown: to paste into an issue or a mail",
                  {"text", "json", "markdown"});
}

void AddHtml(CLI::App& command, std::string& html) {
  command
      .add_option("--html", html,
                  Help("write a page of the results to this file, too: it "
                       "opens in any browser and loads nothing"))
      ->type_name("FILE")
      ->check(&FaultOfEmpty);
}

void AddGraph(CLI::App& command, GraphOptions& graph, bool of_recording) {
  command
      .add_option("--repo", graph.repositories,
                  Help("a git repository: bare, worktree, shallow or partial; "
                       "repeat it for commits that are in another clone"))
      ->type_name("DIR")
      ->allow_extra_args(false);
  command
      .add_option(
          "--dag", graph.dags,
          Help("a graph as text, as `git log --format='%H %ct %P'` prints "
               "it; repeat it to join several"))
      ->type_name("FILE")
      ->allow_extra_args(false);
  command.add_flag(
      "--allow-missing", graph.allow_missing,
      Help("with --dag: let parents be missing (results may then be "
           "inexact)"));
  if (of_recording) {
    command.add_flag("--reconstruct", graph.reconstruct,
                     Help("rebuild the graph from the counts in the recording "
                          "(without --repo and --dag this is done anyway)"));
    command.add_flag("--fill-missing", graph.fill_missing,
                     Help("make up recorded commits that the graph lacks, from "
                          "the counts"));
  }
}

void AddRecordings(CLI::App& command, RecordingSelection& recordings,
                   const char* about) {
  command.add_option("RECORDING", recordings.inputs, Help(about));
  command
      .add_option("--list", recordings.list,
                  Help("a file with further paths, one a line; `-` is the "
                       "standard input"))
      ->type_name("FILE")
      ->check(&FaultOfEmpty);
  AddGraph(command, recordings.graph, true);
  AddThreads(command, recordings.threads);
}

void AddTableAndHtml(CLI::App& command, RecordingReports& reports) {
  command
      .add_option_function<std::string>(
          "--table",
          [&reports](const std::string& name) {
            reports.table = name == "csv"     ? RowFormat::kCsv
                            : name == "jsonl" ? RowFormat::kJsonLines
                                              : RowFormat::kText;
          },
          Help("a row for each recording in place of its report, as soon as "
               "it and those before it are done: text, csv or jsonl"))
      ->check(CLI::IsMember({"text", "csv", "jsonl"}));
  AddHtml(command, reports.html);
}

void AddThreads(CLI::App& command, std::size_t& threads) {
  command
      .add_option("-j,--threads", threads,
                  Help("how many threads; results do not depend on it (as many "
                       "as there are processors)"))
      ->check(CLI::Range(1, 1024));
}

void AddKeptStore(CLI::App& command, std::string& store) {
  command
      .add_option("--store", store,
                  Help("an SQLite file that keeps results: a run that was "
                       "interrupted goes on where it was"))
      ->check(&FaultOfEmpty);
}

CLI::App& Subcommands::Add(CLI::App& parent, const char* name,
                           const char* about, const char* examples,
                           std::function<int()> run) {
  CLI::App& command = *parent.add_subcommand(name, Help(about));
  command.footer(std::string("Examples:\n") + examples);
  command.callback([this, run = std::move(run)] { run_ = run; });
  return command;
}

}  // namespace rebisect
