#include <ostream>

#include <nlohmann/json.hpp>

#include "harness/cli/command_support.h"
#include "harness/input/inputs.h"
#include "harness/input/load_recording.h"
#include "harness/text/json_text.h"
#include "harness/text/json_values.h"
#include "harness/text/markdown.h"
#include "harness/text/report_lines.h"
#include "scenarios/audit/audit.h"
#include "scenarios/recording/recording_names.h"

namespace rebisect {
namespace {

using nlohmann::ordered_json;

std::string AuditJson(const AuditReport& report) {
  ordered_json json;
  json["schema"] = "rebisect.audit/1";
  json["file"] = report.file;
  json["format"] = report.format;
  json["kind"] = NameOf(report.kind);
  json["steps"] = report.steps;
  json["start"] = {{"bad", OrNull(report.bad)}, {"goods", report.goods}};
  json["culprit"] = OrNull(report.culprit);
  json["end"] = NameOf(report.end);
  json["chain_closes"] = report.chain_closes
                             ? ordered_json(*report.chain_closes)
                             : ordered_json(nullptr);
  json["findings"] = ordered_json::array();
  for (const Finding& finding : report.findings) {
    json["findings"].push_back({{"severity", NameOf(finding.severity)},
                                {"code", finding.code},
                                {"line", finding.line},
                                {"message", finding.message}});
  }
  return JsonText(json) + '\n';
}

std::string Painted(Severity severity, const TerminalStyle& style) {
  const std::string_view name = NameOf(severity);
  switch (severity) {
    case Severity::kError:
      return style.Bad(name);
    case Severity::kWarning:
      return style.Notice(name);
    case Severity::kNote:
      break;
  }
  return style.Dim(name);
}

std::string CountsText(const AuditReport& report) {
  if (!report.chain_closes) return "nothing to check";
  return *report.chain_closes ? "agree with each other"
                              : "contradict each other";
}

std::string KindText(const AuditReport& report) {
  return std::string(NameOf(report.kind)) + " bisection, " + report.format +
         ", " + Counted(report.steps, "step");
}

std::string AuditText(const AuditReport& report, const TerminalStyle& style) {
  std::string text = style.Bold(Printable(report.file)) + '\n';
  const auto field = [&](const std::string& label, const std::string& value) {
    if (!value.empty()) {
      text += "  " + PadRight(label, 10) + Printable(value) + '\n';
    }
  };
  field("is", KindText(report));
  field("bad", report.bad);
  for (const std::string& good : report.goods) field("good", good);
  field("end", std::string(NameOf(report.end)));
  field("culprit", report.culprit);
  field("counts", CountsText(report));
  for (const Finding& finding : report.findings) {
    const std::string where =
        finding.line > 0 ? "line " + std::to_string(finding.line) + ": " : "";
    bool first = true;
    for (const std::string& line :
         Wrap(Printable(where + finding.message + " [" + finding.code + ']'),
              style.width - 11)) {
      text += first ? "  " + Painted(finding.severity, style) +
                          std::string(9 - NameOf(finding.severity).size(), ' ')
                    : std::string(11, ' ');
      text += line + '\n';
      first = false;
    }
  }
  return text;
}

std::string AuditMarkdown(const AuditReport& report) {
  MarkdownLines out;
  out.Heading(MarkdownCode(report.file) + ": audit");
  out.Field("is", KindText(report));
  if (!report.bad.empty()) out.Item("bad: " + MarkdownCode(report.bad));
  for (const std::string& good : report.goods) {
    out.Item("good: " + MarkdownCode(good));
  }
  out.Field("end", std::string(NameOf(report.end)));
  if (!report.culprit.empty()) {
    out.Item("culprit: " + MarkdownCode(report.culprit));
  }
  out.Field("counts", CountsText(report));
  std::vector<std::vector<std::string>> rows;
  for (const Finding& finding : report.findings) {
    rows.push_back({std::string(NameOf(finding.severity)),
                    finding.line > 0 ? std::to_string(finding.line) : "",
                    MarkdownText(finding.message), MarkdownCode(finding.code)});
  }
  out.Table({{"finding"}, {"line", true}, {""}, {"code"}}, rows);
  return out.Take();
}

}  // namespace

int RunAudit(const AuditArguments& arguments, const Streams& streams) {
  const auto inputs = ExpandInputs(arguments.inputs);
  if (!inputs) return Report(inputs.error(), streams);
  int exit_code = kExitHolds;
  for (const std::string& input : *inputs) {
    const auto recording = LoadRecording(input);
    if (!recording) {
      exit_code = Report(recording.error(), streams);
      continue;
    }
    const AuditReport report = Audit(*recording);
    if (arguments.format == OutputFormat::kJson) {
      streams.out << AuditJson(report);
    } else if (arguments.format == OutputFormat::kMarkdown) {
      streams.out << AuditMarkdown(report) << '\n';
    } else {
      streams.out << AuditText(report, streams.style) << '\n';
    }
    if (!report.Holds() && exit_code == kExitHolds) {
      exit_code = kExitDoesNotHold;
    }
  }
  return exit_code;
}

}  // namespace rebisect
