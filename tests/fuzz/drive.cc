#include "harness/replay/drive.h"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <sstream>
#include <string>
#include <utility>

#include <nlohmann/json.hpp>

#include "harness/graph/graph_source.h"
#include "sim/base/check.h"
#include "sim/io/dag_text.h"
#include "tests/fuzz/expect.h"
#include "tests/fuzz/targets.h"
#include "tests/support/temp_folder.h"

namespace rebisect::fuzz {
namespace {

using testing_support::PutFile;
using testing_support::TempFolder;

/// Commits 1111... to eeee..., with two roots, an octopus, merges that cross,
/// equal dates and one that lies before its parent's.
CommitGraph SmallGraph() {
  struct Row {
    char id;
    int date;
    const char* parents;
  };
  constexpr Row kRows[] = {
      {'1', 10, ""},   {'2', 20, "1"},   {'3', 30, "2"}, {'4', 30, "2"},
      {'5', 40, "34"}, {'6', 41, "43"},  {'7', 5, "5"},  {'8', 60, "6"},
      {'9', 15, ""},   {'a', 70, "789"}, {'b', 80, "a"}, {'c', 80, "8"},
      {'d', 90, "bc"}, {'e', 100, "d"},
  };
  std::string text;
  for (const Row& row : kRows) {
    text += std::string(40, row.id) + ' ' + std::to_string(row.date);
    for (const char* parent = row.parents; *parent != '\0'; ++parent) {
      text += ' ' + std::string(40, *parent);
    }
    text += '\n' + std::string(40, row.id) + " refs/tags/v" + row.id + '\n';
  }
  text += std::string(40, 'e') + " HEAD\n";
  const NamedText named{"small", text};
  auto dag = ReadDag({&named, 1});
  REBISECT_CHECK(dag.has_value());
  return std::move(dag->graph);
}

constexpr GitVersion kVersions[] = {{1, 5, 0, 0},  {1, 6, 0, 0},  {1, 7, 0, 0},
                                    {1, 8, 3, 0},  {2, 2, 0, 0},  {2, 11, 4, 0},
                                    {2, 28, 0, 0}, {2, 39, 5, 0}, kNewestGit};

/// Commands without files of others: every `replay` is of `log`.
std::string Commands(std::string_view bytes, const std::string& log) {
  std::istringstream lines{std::string(bytes)};
  std::string commands;
  for (std::string line; std::getline(lines, line);) {
    if (line.find("replay") != std::string::npos) line = "replay " + log;
    const bool quoted = line.find_first_of("\\'\"") != std::string::npos;
    if (quoted && line.find('/') != std::string::npos) continue;
    commands += line + '\n';
  }
  return commands;
}

}  // namespace

/// A byte for git's version and the form of the answers, the rest of a line,
/// then commands; below a line `---` the file that `replay` reads.
void FuzzDrive(std::string_view bytes) {
  static const TempFolder folder;
  static const auto source = GraphSource::FromGraph(SmallGraph());
  const std::size_t first = bytes.find('\n');
  if (first == 0 || first == std::string_view::npos) return;
  const auto choice = static_cast<unsigned char>(bytes[0]);
  const bool json = choice % 2 == 0;
  SearchOptions options;
  options.version = kVersions[choice / 2 % std::size(kVersions)];
  options.commit_graph = choice % 5 == 0;
  bytes.remove_prefix(first + 1);
  const std::size_t part = bytes.find("\n---\n");
  if (part != std::string_view::npos) {
    PutFile(folder / "log", bytes.substr(part + 5));
  } else {
    std::filesystem::remove(folder / "log");
  }

  std::istringstream in(Commands(bytes.substr(0, part), folder / "log"));
  std::ostringstream out;
  std::ostringstream errors;
  Drive drive(*source, options,
              json ? OutputFormat::kJson : OutputFormat::kText);
  const int code = drive.Run(in, out, errors);
  Expect(code == 0 || code == 2, "the exit code is 0 or 2");
  if (!json) return;
  std::istringstream answers(out.str());
  for (std::string line; std::getline(answers, line);) {
    const auto answer = nlohmann::json::parse(line, nullptr, false);
    Expect(answer.is_object(), "every answer is a line of JSON", line);
    Expect(answer["state"] != "testing" || !answer["next"].is_null(),
           "who tests has a commit to test", line);
  }
}

}  // namespace rebisect::fuzz
