// JSON, JUnit's XML and TAP.

#include <algorithm>

#include <nlohmann/json.hpp>

#include "harness/suite/judge/suite_report.h"
#include "harness/text/json_text.h"
#include "harness/text/json_values.h"
#include "harness/text/report_lines.h"

namespace rebisect {
namespace {

using nlohmann::ordered_json;

ordered_json Json(const ScenarioCase& scenario,
                  const std::vector<AskedQuestion>& journal) {
  ordered_json json = ordered_json::array();
  for (const AskedQuestion& asked : journal) {
    const auto id = CommitId::FromHex(asked.commit);
    json.push_back({{"commit", asked.commit},
                    {"name", id ? scenario.NameOf(*id) : asked.commit},
                    {"code", asked.code}});
  }
  return json;
}

ordered_json Json(const SearchSummary& summary) {
  return {{"searches", summary.searches},
          {"right", summary.right},
          {"accuracy_low", summary.accuracy.low},
          {"accuracy_high", summary.accuracy.high},
          {"tests_mean", summary.mean_tests},
          {"tests_fewest", summary.fewest_tests},
          {"tests_most", summary.most_tests}};
}

ordered_json Json(const SuiteReport& report, const ScenarioResult& result) {
  const ScenarioCase& scenario = *report.scenarios[result.scenario];
  ordered_json json;
  json["tool"] = report.tools[result.tool]->spec().name;
  json["status"] = NameOf(result.status);
  json["note"] = OrNull(result.note);
  if (result.status == ScenarioStatus::kSkipped) return json;
  const ScenarioJudgement& judgement = result.judgement;
  const ToolRun& run = result.example;
  json["faults"] = judgement.faults;
  json["question"] = judgement.question.number == 0
                         ? ordered_json(nullptr)
                         : ordered_json({{"number", judgement.question.number},
                                         {"about", judgement.question.about}});
  json["summary"] = Json(judgement.summary);
  json["search"] = judgement.example;
  json["outcome"] = NameOf(run.outcome);
  json["culprit"] =
      run.culprit ? ordered_json(run.culprit->Hex()) : ordered_json(nullptr);
  json["candidates"] = ordered_json::array();
  for (const CommitId& id : run.candidates) {
    json["candidates"].push_back(id.Hex());
  }
  json["exit_code"] =
      run.exit_code ? ordered_json(*run.exit_code) : ordered_json(nullptr);
  json["tests"] = run.journal.size();
  json["repeated"] = RepeatedQuestions(run);
  json["left_behind"] = run.left_behind;
  json["journal"] = Json(scenario, run.journal);
  return json;
}

/// Text for XML 1.0: what it cannot hold becomes `?`.
std::string Xml(std::string_view text) {
  std::string safe;
  for (const char c : Printable(text)) {
    switch (c) {
      case '&':
        safe += "&amp;";
        break;
      case '<':
        safe += "&lt;";
        break;
      case '>':
        safe += "&gt;";
        break;
      case '"':
        safe += "&quot;";
        break;
      default:
        safe += c;
    }
  }
  return safe;
}

/// Several lines.
std::string XmlLines(std::string_view text) {
  std::string safe;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    safe += Xml(text.substr(at, end - at)) + '\n';
    at = end + 1;
  }
  return safe;
}

std::string FirstOf(const std::vector<std::string>& texts) {
  return texts.empty() ? "" : texts.front();
}

/// What is wrong and what was asked, a line each.
std::string Details(const ScenarioCase& scenario,
                    const ScenarioResult& result) {
  std::string text;
  for (const std::string& fault : result.judgement.faults) text += fault + '\n';
  const BadQuestion& question = result.judgement.question;
  if (question.number != 0) {
    text += "question " + std::to_string(question.number) + ": " +
            question.about + '\n';
  }
  return text + "asked: " + JournalText(scenario, result.example) + '\n';
}

class JunitReport {
 public:
  explicit JunitReport(const SuiteReport& report) : report_(report) {}

  std::string Write() {
    std::string suites;
    for (std::size_t tool = 0; tool < report_.tools.size(); ++tool) {
      std::string suite;
      for (const ScenarioResult& result : report_.results) {
        if (result.tool != tool) continue;
        const std::string& its = Case(result).scenario->suite;
        if (its != suite) suites += EndSuite(tool, suite);
        suite = its;
        Add(result);
      }
      suites += EndSuite(tool, suite);
    }
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\""
           "rebisect\"" +
           all_.Attributes() + ">\n" + suites + "</testsuites>\n";
  }

 private:
  struct Totals {
    std::size_t tests = 0;
    std::size_t failures = 0;
    std::size_t skipped = 0;
    double seconds = 0;

    [[nodiscard]] std::string Attributes() const {
      return " tests=\"" + std::to_string(tests) + "\" failures=\"" +
             std::to_string(failures) + "\" errors=\"0\" skipped=\"" +
             std::to_string(skipped) + "\" time=\"" + Fixed(seconds, 3) + '"';
    }
    void Add(const Totals& other) {
      tests += other.tests;
      failures += other.failures;
      skipped += other.skipped;
      seconds += other.seconds;
    }
  };

  [[nodiscard]] const ScenarioCase& Case(const ScenarioResult& result) const {
    return *report_.scenarios[result.scenario];
  }

  std::string EndSuite(std::size_t tool, const std::string& suite) {
    if (cases_.empty()) return {};
    std::string text = "  <testsuite name=\"" +
                       Xml(NameOf(*report_.tools[tool]) + ": " + suite) + '"' +
                       totals_.Attributes() + ">\n" + cases_ +
                       "  </testsuite>\n";
    all_.Add(totals_);
    totals_ = {};
    cases_.clear();
    return text;
  }

  void Add(const ScenarioResult& result) {
    const ScenarioCase& scenario = Case(result);
    ++totals_.tests;
    totals_.seconds += result.seconds;
    std::string inside;
    switch (result.status) {
      case ScenarioStatus::kPassed:
        break;
      case ScenarioStatus::kFailed:
        ++totals_.failures;
        inside = "      <failure type=\"" +
                 Xml(NameOf(result.example.outcome)) + "\" message=\"" +
                 Xml(FirstOf(result.judgement.faults)) + "\">" +
                 XmlLines(Details(scenario, result)) + "</failure>\n";
        if (!result.example.output.empty()) {
          inside += "      <system-out>" + XmlLines(result.example.output) +
                    "</system-out>\n";
        }
        break;
      case ScenarioStatus::kSkipped:
        ++totals_.skipped;
        inside = "      <skipped message=\"" + Xml(result.note) + "\"/>\n";
        break;
      case ScenarioStatus::kKnownFailure:
        ++totals_.skipped;
        inside = "      <skipped message=\"known to fail: " + Xml(result.note) +
                 "\"/>\n";
        break;
      case ScenarioStatus::kUnexpectedPass:
        inside = "      <system-out>passes, although it is known to fail: " +
                 Xml(result.note) + "</system-out>\n";
        break;
    }
    cases_ += "    <testcase classname=\"" +
              Xml(report_.tools[result.tool]->spec().name + '.' +
                  scenario.scenario->suite) +
              "\" name=\"" + Xml(scenario.scenario->name) + "\" time=\"" +
              Fixed(result.seconds, 3) + '"';
    cases_ += inside.empty() ? "/>\n" : ">\n" + inside + "    </testcase>\n";
  }

  const SuiteReport& report_;
  Totals all_{};
  Totals totals_{};
  std::string cases_{};
};

/// A description may hold no '#', which begins a directive.
std::string TapText(std::string_view text) {
  std::string safe = Printable(text);
  for (char& c : safe) {
    if (c == '#') c = '?';
  }
  return safe;
}

}  // namespace

std::string SuiteJson(const SuiteReport& report) {
  ordered_json json;
  json["schema"] = "rebisect.test/1";
  json["tools"] = ordered_json::array();
  for (const Tool* tool : report.tools) {
    const auto& version = tool->version();
    json["tools"].push_back(
        {{"name", tool->spec().name},
         {"about", tool->spec().about},
         {"version", version ? ordered_json(version->ToString()) : nullptr}});
  }
  for (const ScenarioStatus status :
       {ScenarioStatus::kPassed, ScenarioStatus::kFailed,
        ScenarioStatus::kKnownFailure, ScenarioStatus::kUnexpectedPass,
        ScenarioStatus::kSkipped}) {
    json["counts"][std::string(NameOf(status))] = report.Count(status);
  }
  json["scenarios"] = ordered_json::array();
  for (std::size_t s = 0; s < report.scenarios.size(); ++s) {
    const ScenarioCase& scenario = *report.scenarios[s];
    ordered_json one = {{"suite", scenario.scenario->suite},
                        {"name", scenario.scenario->name},
                        {"about", scenario.scenario->about},
                        {"suspects", scenario.suspects},
                        {"optimum", scenario.optimum}};
    one["results"] = ordered_json::array();
    for (std::size_t t = 0; t < report.tools.size(); ++t) {
      one["results"].push_back(
          Json(report, report.results[s * report.tools.size() + t]));
    }
    json["scenarios"].push_back(std::move(one));
  }
  return JsonText(json) + '\n';
}

std::string SuiteJunit(const SuiteReport& report) {
  return JunitReport(report).Write();
}

std::string SuiteTap(const SuiteReport& report) {
  std::string text =
      "TAP version 13\n1.." + std::to_string(report.results.size()) + '\n';
  std::size_t number = 0;
  for (const ScenarioResult& result : report.results) {
    const ScenarioCase& scenario = *report.scenarios[result.scenario];
    const bool ok = result.status != ScenarioStatus::kFailed &&
                    result.status != ScenarioStatus::kKnownFailure;
    text += (ok ? "ok " : "not ok ") + std::to_string(++number) + " - " +
            TapText(report.tools[result.tool]->spec().name + ": " +
                    scenario.scenario->FullName());
    if (result.status == ScenarioStatus::kSkipped) {
      text += " # SKIP " + TapText(result.note);
    } else if (result.status == ScenarioStatus::kKnownFailure ||
               result.status == ScenarioStatus::kUnexpectedPass) {
      text += " # TODO " + TapText(result.note);
    }
    text += '\n';
    if (result.status != ScenarioStatus::kFailed) continue;
    const std::string details = Details(scenario, result);
    for (std::size_t at = 0; at < details.size();) {
      const std::size_t end = std::min(details.find('\n', at), details.size());
      text += "# " + Printable(details.substr(at, end - at)) + '\n';
      at = end + 1;
    }
  }
  return text;
}

}  // namespace rebisect
