#include "harness/suite/judge/conformance_report.h"

#include <variant>

#include <nlohmann/json.hpp>

#include "harness/suite/judge/suite_report.h"
#include "harness/text/json_text.h"
#include "harness/text/report_lines.h"

namespace rebisect {
namespace {

using nlohmann::ordered_json;

/// Cases whose difference is printed; the others are counted.
constexpr std::size_t kShownCases = 20;

std::size_t CommitsOf(const Scenario& scenario) {
  return std::get<Drawing>(scenario.history).size();
}

std::string QuestionText(const ToolsPart& part) {
  return "question " + std::to_string(part.question) + ": " + part.about;
}

}  // namespace

std::string ConformanceText(const ComparedTools& compared,
                            const TerminalStyle& style) {
  const ConformanceReport& report = compared.report;
  ReportLines lines(style, 10);
  lines.Paragraph(NameOf(compared.one) + " against " + NameOf(compared.other) +
                      ": " + std::to_string(report.cases) + " random searches" +
                      " of up to " +
                      Counted(compared.options.most_commits, "commit") +
                      ", seed " + std::to_string(compared.options.seed),
                  0, 2);
  lines.Paragraph(
      Counted(report.questions, "question") + ", " +
          (report.failures.empty() ? "all the same, and so were the ends"
                                   : std::to_string(report.failures.size()) +
                                         " searches" + " in which they part"),
      2);
  std::size_t shown = 0;
  for (const ConformanceFailure& failure : report.failures) {
    if (++shown > kShownCases) {
      lines.Line("  ... and " +
                 std::to_string(report.failures.size() - kShownCases) +
                 " more");
      break;
    }
    lines.Line("  " + style.Bad("DIFFERENT") + " case " +
               std::to_string(failure.number) + " (" +
               Counted(failure.commits, "commit") + ")");
    lines.Paragraph(QuestionText(failure.part), 4, 2);
    if (!failure.shrunk) continue;
    lines.Paragraph("still with " +
                        Counted(CommitsOf(*failure.shrunk), "commit") + ": " +
                        QuestionText(failure.shrunk_part),
                    4, 2);
    for (const std::string& chain :
         ChainsOf(std::get<Drawing>(failure.shrunk->history))) {
      lines.Paragraph(chain, 6, 2);
    }
  }
  for (const std::string& file : compared.files) lines.Line("  saved " + file);
  return lines.Take();
}

std::string ConformanceJson(const ComparedTools& compared) {
  const ConformanceReport& report = compared.report;
  ordered_json json;
  json["schema"] = "rebisect.conformance/1";
  json["tools"] = {NameOf(compared.one), NameOf(compared.other)};
  json["seed"] = compared.options.seed;
  json["most_commits"] = compared.options.most_commits;
  json["cases"] = report.cases;
  json["questions"] = report.questions;
  json["different"] = ordered_json::array();
  for (const ConformanceFailure& failure : report.failures) {
    ordered_json one = {{"case", failure.number},
                        {"commits", failure.commits},
                        {"question", failure.part.question},
                        {"about", failure.part.about}};
    if (failure.shrunk) {
      one["shrunk"] = {
          {"commits", CommitsOf(*failure.shrunk)},
          {"question", failure.shrunk_part.question},
          {"about", failure.shrunk_part.about},
          {"scenario",
           SuiteText({failure.shrunk->suite, "", {*failure.shrunk}})}};
    }
    json["different"].push_back(std::move(one));
  }
  json["files"] = compared.files;
  return JsonText(json) + '\n';
}

}  // namespace rebisect
