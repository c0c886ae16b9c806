#include "harness/suite/judge/suite_report.h"

#include <algorithm>
#include <array>
#include <map>
#include <string_view>
#include <utility>

#include "harness/text/report_lines.h"

namespace rebisect {
namespace {

/// Questions of a journal that are shown, of the first and of the last.
constexpr std::size_t kShown = 12;

constexpr int kFaultIndent = 4;
constexpr int kLabelColumns = 10;

using Counts = std::map<ScenarioStatus, std::size_t>;

/// "3 passed, 1 failed".
std::string Text(const Counts& counts) {
  static constexpr std::array<std::pair<ScenarioStatus, const char*>, 5>
      kWords = {{{ScenarioStatus::kPassed, "passed"},
                 {ScenarioStatus::kFailed, "failed"},
                 {ScenarioStatus::kKnownFailure, "known to fail"},
                 {ScenarioStatus::kUnexpectedPass, "passed unexpectedly"},
                 {ScenarioStatus::kSkipped, "skipped"}}};
  std::string text;
  for (const auto& [status, words] : kWords) {
    const auto found = counts.find(status);
    if (found == counts.end()) continue;
    text += (text.empty() ? "" : ", ") + std::to_string(found->second) + ' ' +
            words;
  }
  return text;
}

std::string CodeText(int code) {
  switch (code) {
    case kGoodCode:
      return "good";
    case kBadCode:
      return "bad";
    case kSkipCode:
      return "skip";
    default:
      return "code " + std::to_string(code);
  }
}

std::string NameOfAsked(const ScenarioCase& scenario,
                        const AskedQuestion& asked) {
  const auto id = CommitId::FromHex(asked.commit);
  return id ? scenario.NameOf(*id) : "'" + asked.commit + "'";
}

/// Writes the summary.
class TextReport {
 public:
  TextReport(const SuiteReport& report, const TerminalStyle& style)
      : report_(report), style_(style), lines_(style, kLabelColumns) {}

  std::string Write() {
    for (std::size_t t = 0; t < report_.tools.size(); ++t) {
      if (t > 0) lines_.Line("");
      WriteTool(t);
    }
    lines_.Line("");
    lines_.Paragraph(Counted(report_.scenarios.size(), "scenario") + ": " +
                         CountsText(report_),
                     0);
    return lines_.Take();
  }

 private:
  void WriteTool(std::size_t tool) {
    const Tool& its = *report_.tools[tool];
    lines_.Line(style_.Bold(Printable(NameOf(its))) + ": " +
                Printable(its.spec().about));
    const std::vector<SuiteCounts> suites = CountsOf(report_, tool);
    int columns = 0;
    for (const SuiteCounts& suite : suites) {
      columns = std::max(columns, Columns(suite.suite));
    }
    for (const SuiteCounts& suite : suites) {
      lines_.Line("  " + PadRight(Printable(suite.suite), columns + 2) +
                  (suite.failed ? style_.Bad(suite.text) : suite.text));
    }
    for (const ScenarioResult& result : report_.results) {
      if (result.tool != tool) continue;
      if (result.status == ScenarioStatus::kFailed) WriteFailure(result);
      if (result.status == ScenarioStatus::kUnexpectedPass) {
        lines_.Line("  " + style_.Notice("UNEXPECTED") + " " +
                    Printable(Case(result).scenario->FullName()));
        lines_.Paragraph("passes, although it is known to fail: " + result.note,
                         kFaultIndent);
      }
    }
  }

  void WriteFailure(const ScenarioResult& result) {
    const ScenarioCase& scenario = Case(result);
    lines_.Line("  " + style_.Bad("FAILED") + " " +
                Printable(scenario.scenario->FullName()));
    for (const std::string& fault : result.judgement.faults) {
      lines_.Paragraph(fault, kFaultIndent, 2);
    }
    const BadQuestion& question = result.judgement.question;
    if (question.number != 0) {
      lines_.Paragraph(
          "question " + std::to_string(question.number) + ": " + question.about,
          kFaultIndent, 2);
    }
    lines_.Paragraph("asked: " + JournalText(scenario, result.example),
                     kFaultIndent, 2);
    const std::string& output = result.example.output;
    std::size_t at = output.find_last_not_of("\n ");
    for (int i = 0; i < 3 && at != std::string::npos && at > 0; ++i) {
      at = output.rfind('\n', at - 1);
    }
    const std::string tail =
        output.substr(at == std::string::npos ? 0 : at + 1);
    for (std::size_t begin = 0; begin < tail.size();) {
      const std::size_t end = std::min(tail.find('\n', begin), tail.size());
      lines_.Line("    " + style_.Dim(Fit("| " + Printable(tail.substr(
                                                     begin, end - begin)),
                                          style_.width - kFaultIndent)));
      begin = end + 1;
    }
  }

  [[nodiscard]] const ScenarioCase& Case(const ScenarioResult& result) const {
    return *report_.scenarios[result.scenario];
  }

  const SuiteReport& report_;
  const TerminalStyle& style_;
  ReportLines lines_;
};

}  // namespace

std::string NameOf(const Tool& tool) {
  const auto& version = tool.version();
  const ToolSpec& spec = tool.spec();
  // A simulated one says it as long as it is not the newest.
  if (!version || (spec.driver && spec.driver->git_version.empty())) {
    return spec.name;
  }
  return spec.name + ' ' + version->ToString();
}

std::string AnswerText(const ScenarioCase& scenario, const ToolRun& run) {
  std::string text(NameOf(run.outcome));
  if (run.culprit) return text + ' ' + scenario.NameOf(*run.culprit);
  for (std::size_t i = 0; i < run.candidates.size(); ++i) {
    text += (i == 0 ? ": " : ", ") + scenario.NameOf(run.candidates[i]);
  }
  if (!run.trouble.empty()) text += ": " + run.trouble;
  return text;
}

std::string JournalText(const ScenarioCase& scenario, const ToolRun& run) {
  std::string text;
  const std::size_t asked = run.journal.size();
  for (std::size_t i = 0; i < asked; ++i) {
    if (asked > 2 * kShown && i == kShown) {
      text += ", ... " + std::to_string(asked - 2 * kShown) + " more ...";
      i = asked - kShown;
    }
    if (!text.empty()) text += ", ";
    text += NameOfAsked(scenario, run.journal[i]) + ' ' +
            CodeText(run.journal[i].code);
  }
  return text.empty() ? "nothing" : text;
}

std::vector<SuiteCounts> CountsOf(const SuiteReport& report, std::size_t tool) {
  std::vector<std::pair<std::string, Counts>> suites;
  for (const ScenarioResult& result : report.results) {
    if (result.tool != tool) continue;
    const std::string& suite =
        report.scenarios[result.scenario]->scenario->suite;
    if (suites.empty() || suites.back().first != suite) {
      suites.emplace_back(suite, Counts());
    }
    ++suites.back().second[result.status];
  }
  std::vector<SuiteCounts> counted;
  for (const auto& [suite, counts] : suites) {
    counted.push_back(
        {suite, Text(counts), counts.count(ScenarioStatus::kFailed) != 0});
  }
  return counted;
}

std::string CountsText(const SuiteReport& report) {
  Counts counts;
  for (const ScenarioResult& result : report.results) ++counts[result.status];
  return Text(counts);
}

std::string SuiteText(const SuiteReport& report, const TerminalStyle& style) {
  return TextReport(report, style).Write();
}

}  // namespace rebisect
