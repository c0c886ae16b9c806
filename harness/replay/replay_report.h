#pragma once

// Sources: replay_json.cc, replay_markdown.cc, replay_text.cc: a file for each
// format.

#include <string>
#include <vector>

#include "harness/replay/replay.h"
#include "harness/text/terminal.h"

namespace rebisect {

/// A replay with what it was of. Borrows the recording.
struct ReplayReport {
  const Recording* recording = nullptr;
  GraphKind graph_kind = GraphKind::kRepository;
  std::size_t graph_commits = 0;
  std::string graph_file{};  ///< the DAG found beside the recording
  std::vector<std::string> graph_notes{};
  ReplayResult result{};
};

/// One object of schema rebisect.replay/1, in one line with its newline.
[[nodiscard]] std::string ReplayJson(const ReplayReport& report);

/// The table for a person.
[[nodiscard]] std::string ReplayText(const ReplayReport& report,
                                     const TerminalStyle& style);

/// For an issue or a mail (harness/text/markdown.h): the same figures.
[[nodiscard]] std::string ReplayMarkdown(const ReplayReport& report);

/// What several replays come to.
struct ReplayTotals {
  std::size_t recordings = 0;
  std::size_t held = 0;
  std::size_t failed = 0;  ///< could not be replayed
  std::size_t steps = 0;
  std::size_t agreeing = 0;
  std::size_t culprits = 0;  ///< recorded
  std::size_t same_culprits = 0;

  void Add(const ReplayResult& result);
  void Add(const ReplayTotals& other);
};
[[nodiscard]] std::string TotalsText(const ReplayTotals& totals,
                                     const TerminalStyle& style);

}  // namespace rebisect
