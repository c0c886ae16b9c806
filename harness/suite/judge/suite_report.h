#pragma once

// Sources: suite_markdown.cc, suite_report_formats.cc: Markdown, and the
// formats for programs.

#include <string>
#include <vector>

#include "harness/suite/judge/suite_run.h"
#include "harness/text/terminal.h"

namespace rebisect {

/// A summary for people: a line for each suite and tool, and what failed, with
/// the questions that were asked.
[[nodiscard]] std::string SuiteText(const SuiteReport& report,
                                    const TerminalStyle& style);

/// The same for an issue or a mail (harness/text/markdown.h).
[[nodiscard]] std::string SuiteMarkdown(const SuiteReport& report);

/// rebisect.test/1, one line; scenarios/README.md describes it. Holds neither
/// times nor what tools printed: equal runs give equal bytes.
[[nodiscard]] std::string SuiteJson(const SuiteReport& report);

/// JUnit's XML as CI systems read it: a test suite for each tool and suite of
/// scenarios. Known failures are skipped tests.
[[nodiscard]] std::string SuiteJunit(const SuiteReport& report);

/// The Test Anything Protocol, version 13; known failures are TODO.
[[nodiscard]] std::string SuiteTap(const SuiteReport& report);

/// "git 2.39.5", or the name alone.
[[nodiscard]] std::string NameOf(const Tool& tool);

/// What the tool said: "found n4", "only-skipped: n3, n4".
[[nodiscard]] std::string AnswerText(const ScenarioCase& scenario,
                                     const ToolRun& run);

/// "n8 bad, n4 good, n6 skip, n7 code 128": the questions of a search; of many
/// the first and the last.
[[nodiscard]] std::string JournalText(const ScenarioCase& scenario,
                                      const ToolRun& run);

/// What became of the scenarios of one suite with one tool.
struct SuiteCounts {
  std::string suite{};
  std::string text{};  ///< "3 passed, 1 failed"
  bool failed = false;
};
[[nodiscard]] std::vector<SuiteCounts> CountsOf(const SuiteReport& report,
                                                std::size_t tool);

/// "3 passed, 1 failed": what there is of each status.
[[nodiscard]] std::string CountsText(const SuiteReport& report);

}  // namespace rebisect
