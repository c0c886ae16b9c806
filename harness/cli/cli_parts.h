#pragma once

#include <functional>
#include <string>

#include <CLI/CLI.hpp>

#include "harness/cli/commands.h"

// What the subcommands have in common on the command line.

namespace rebisect {

/// Where the column of explanations begins.
inline constexpr int kNameColumns = 26;

/// What an option is for, in the column beside its name.
[[nodiscard]] std::string Help(const std::string& text);

/// A paragraph over the whole width.
[[nodiscard]] std::string Paragraph(const std::string& text);

/// Checks for CLI11: empty, or what is wrong. It takes -1 for the largest
/// number, and too large ones, too.
[[nodiscard]] std::string FaultOfSeed(const std::string& text);
/// What a script says whose variable is not set.
[[nodiscard]] std::string FaultOfEmpty(const std::string& text);
/// Of numbers: CLI::Range takes "nan" for one in any range.
[[nodiscard]] std::string FaultOfNan(const std::string& text);

/// Text for any other word than json and markdown.
[[nodiscard]] OutputFormat FormatNamed(const std::string& name);

/// `--format`.
void AddFormat(CLI::App& command, OutputFormat& format,
               const char* about = "text or json");

/// The same, of a command that offers Markdown, too.
void AddMarkdownFormat(CLI::App& command, OutputFormat& format);

/// `--html`, of a command that has other results, too.
void AddHtml(CLI::App& command, std::string& html);

/// RECORDING, --list, the graph and -j, of a command for many recordings.
void AddRecordings(CLI::App& command, RecordingSelection& recordings,
                   const char* about);

/// `--table` and `--html`, of the same.
void AddTableAndHtml(CLI::App& command, RecordingReports& reports);

/// `-j`.
void AddThreads(CLI::App& command, std::size_t& threads);

/// `--store`, of what a run keeps.
void AddKeptStore(CLI::App& command, std::string& store);

/// Where the graph comes from.
void AddGraph(CLI::App& command, GraphOptions& graph, bool of_recording);

/// Adds subcommands, and knows which one was chosen.
class Subcommands {
 public:
  CLI::App& Add(CLI::App& parent, const char* name, const char* about,
                const char* examples, std::function<int()> run);
  /// REQUIRES: one was chosen.
  [[nodiscard]] int Run() const { return run_(); }

 private:
  std::function<int()> run_;
};

}  // namespace rebisect
