#include "harness/cli/recording_rows.h"

#include <algorithm>
#include <string_view>

#include <nlohmann/json.hpp>

#include "harness/diagnose/gate.h"
#include "harness/text/csv.h"
#include "harness/text/json_text.h"
#include "harness/text/json_values.h"
#include "harness/text/report_lines.h"
#include "harness/text/rounded.h"

namespace rebisect {
namespace {

using nlohmann::ordered_json;

constexpr int kNameColumns = 20;
constexpr int kAgreesColumns = 6;
constexpr int kCulpritColumns = 12;
constexpr int kTrustColumns = 20;
constexpr int kActionColumns = 6;

template <typename T>
ordered_json NameOrNull(const std::optional<T>& value) {
  return value ? ordered_json(NameOf(*value)) : ordered_json(nullptr);
}

ordered_json Object(const RecordingRow& row) {
  ordered_json json;
  json["schema"] = "rebisect.recording/1";
  json["recording"] = OrNull(row.recording);
  json["file"] = row.file;
  json["error"] = OrNull(row.error);
  json["agrees"] = OrNull(row.agrees);
  json["outcome"] = OrNull(row.outcome);
  json["culprit"] = OrNull(row.culprit);
  json["trust"] = NameOrNull(row.trust);
  json["posterior"] = row.posterior ? ordered_json(Rounded(*row.posterior))
                                    : ordered_json(nullptr);
  const GateDecision* const gate = row.gate ? &*row.gate : nullptr;
  json["action"] = gate == nullptr ? ordered_json(nullptr)
                                   : ordered_json(NameOf(gate->action));
  json["code"] =
      gate == nullptr ? ordered_json(nullptr) : ordered_json(gate->code);
  json["claim"] =
      gate == nullptr ? ordered_json(nullptr) : NameOrNull(gate->claim);
  json["reason"] = OrNull(row.reason);
  return json;
}

std::string Csv(const RecordingRow& row, bool head) {
  std::vector<ordered_json> fields;
  const ordered_json object = Object(row);
  for (const auto& [name, value] : object.items()) {
    if (name != "schema") fields.push_back(head ? ordered_json(name) : value);
  }
  return CsvLine(fields);
}

std::string TrustText(const RecordingRow& row) {
  if (!row.trust) return "-";
  std::string text(NameOf(*row.trust));
  if (row.posterior) text += ' ' + PercentText(*row.posterior);
  return text;
}

/// The reason against a result, after what is always said of it.
std::string ReasonOf(const Diagnosis& diagnosis) {
  if (diagnosis.conclusion == Conclusion::kTrustworthy) return "";
  const auto& reasons = diagnosis.reasons;
  const auto against = std::find_if(
      reasons.begin(), reasons.end(),
      [](const auto& reason) { return CodeOf(reason) != "posterior"; });
  if (against != reasons.end()) return *against;
  return reasons.empty() ? "" : reasons.front();
}

}  // namespace

RecordingRow RowOf(const Recording& recording) {
  RecordingRow row;
  row.recording = recording.name;
  row.file = recording.file;
  row.culprit = recording.end.culprit;
  return row;
}

void AddReplay(const ReplayResult& result, RecordingRow& row) {
  row.agrees = result.Holds();
  row.outcome = NameOf(result.outcome);
  if (!row.reason.empty()) return;
  for (const Divergence& divergence : result.divergences) {
    if (divergence.explained) continue;
    row.reason = std::string(NameOf(divergence.kind)) + ": ";
    if (divergence.step > 0) {
      row.reason += "step " + std::to_string(divergence.step) + ": ";
    }
    row.reason += divergence.explanation;
    return;
  }
  if (!result.Holds()) row.reason = row.outcome;
}

void AddDiagnosis(const DiagnosisReport& report, RecordingRow& row) {
  row.trust = report.diagnosis.conclusion;
  row.posterior = report.diagnosis.result;
  row.gate = report.gate;
  row.reason = ReasonOf(report.diagnosis);
}

std::string RowJson(const RecordingRow& row) {
  return JsonText(Object(row)) + '\n';
}

std::string RecordingTable::Head() const {
  if (format_ == RowFormat::kJsonLines) return "";
  if (format_ == RowFormat::kCsv) return Csv({}, true);
  std::string line = PadRight("recording", kNameColumns) + ' ' +
                     PadRight("agrees", kAgreesColumns) + ' ' +
                     PadRight("culprit", kCulpritColumns) + ' ';
  if (parts_.gate) line += PadRight("action", kActionColumns) + ' ';
  if (parts_.trust) line += PadRight("trust", kTrustColumns) + ' ';
  return line + "reason\n";
}

std::string RecordingTable::Line(const RecordingRow& row) const {
  switch (format_) {
    case RowFormat::kText:
      return TextLine(row);
    case RowFormat::kCsv:
      return Csv(row, false);
    case RowFormat::kJsonLines:
      break;
  }
  return RowJson(row);
}

std::string RecordingTable::TextLine(const RecordingRow& row) const {
  const std::string_view name =
      row.recording.empty() ? row.file : row.recording;
  std::string line =
      PadRight(Fit(Printable(name), kNameColumns), kNameColumns) + ' ';
  int left = style_.width - kNameColumns - 1;
  if (!row.error.empty()) {
    return line + style_.Bad(Fit("error: " + Printable(row.error), left)) +
           '\n';
  }
  const auto cell = [&](const std::string& text, int columns) {
    left -= columns + 1;
    return PadRight(Fit(text, columns), columns) + ' ';
  };
  const std::string agrees = !row.agrees ? "-" : *row.agrees ? "yes" : "no";
  std::string shown = cell(agrees, kAgreesColumns);
  line += agrees == "no" ? style_.Bad(shown) : shown;
  line += cell(row.culprit.empty() ? "none" : Printable(Short(row.culprit)),
               kCulpritColumns);
  if (parts_.gate) {
    line += cell(row.gate ? std::string(NameOf(row.gate->action)) : "-",
                 kActionColumns);
  }
  if (parts_.trust) {
    shown = cell(TrustText(row), kTrustColumns);
    line += row.trust == Conclusion::kTrustworthy    ? style_.Good(shown)
            : row.trust == Conclusion::kContradicted ? style_.Bad(shown)
                                                     : shown;
  }
  std::string reason = row.reason;
  if (row.gate) reason = row.gate->code + (reason.empty() ? "" : "; ") + reason;
  line += Fit(Printable(reason), left);
  return line.substr(0, line.find_last_not_of(' ') + 1) + '\n';
}

}  // namespace rebisect
