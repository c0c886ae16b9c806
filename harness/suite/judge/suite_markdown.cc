#include "harness/suite/judge/suite_report.h"
#include "harness/text/markdown.h"
#include "harness/text/report_lines.h"

namespace rebisect {
namespace {

void AddFailures(const SuiteReport& report, std::size_t tool,
                 MarkdownLines& out) {
  for (const ScenarioResult& result : report.results) {
    if (result.tool != tool) continue;
    const ScenarioCase& scenario = *report.scenarios[result.scenario];
    const std::string name = MarkdownCode(scenario.scenario->FullName());
    if (result.status == ScenarioStatus::kUnexpectedPass) {
      out.Item(name + " passes, although it is known to fail: " +
               MarkdownText(result.note));
    }
    if (result.status != ScenarioStatus::kFailed) continue;
    std::string text = "**failed** " + name;
    const char* separator = ": ";
    for (const std::string& fault : result.judgement.faults) {
      text += separator + MarkdownText(fault);
      separator = "; ";
    }
    const BadQuestion& question = result.judgement.question;
    if (question.number != 0) {
      text += "; question " + std::to_string(question.number) + ": " +
              MarkdownText(question.about);
    }
    out.Item(text +
             "; asked: " + MarkdownCode(JournalText(scenario, result.example)));
  }
}

}  // namespace

std::string SuiteMarkdown(const SuiteReport& report) {
  MarkdownLines out;
  for (std::size_t t = 0; t < report.tools.size(); ++t) {
    const Tool& tool = *report.tools[t];
    out.Heading(MarkdownCode(NameOf(tool)) + ": " +
                MarkdownText(tool.spec().about));
    std::vector<std::vector<std::string>> rows;
    for (const SuiteCounts& suite : CountsOf(report, t)) {
      rows.push_back({MarkdownCode(suite.suite),
                      suite.failed ? "**" + suite.text + "**" : suite.text});
    }
    out.Table({{"suite"}, {"scenarios"}}, rows);
    AddFailures(report, t, out);
  }
  out.Paragraph("**" + Counted(report.scenarios.size(), "scenario") +
                "**: " + CountsText(report));
  return out.Take();
}

}  // namespace rebisect
