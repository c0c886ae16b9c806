#include <cstddef>
#include <map>

#include "scenarios/recording/recording_names.h"
#include "scenarios/recording/recording_yaml.h"
#include "scenarios/yaml/yaml_scalar.h"
#include "sim/base/text.h"

namespace rebisect {
namespace {

using std::string_view;

std::string FlowList(const std::vector<std::string>& values) {
  std::string text = "[";
  for (const std::string& value : values) {
    if (text.size() > 1) text += ", ";
    text += YamlScalar(value, true);
  }
  return text + "]";
}

std::string FlowMap(const std::map<std::string, std::string>& values) {
  std::string text = "{";
  for (const auto& [key, value] : values) {
    if (text.size() > 1) text += ", ";
    text += YamlFlowKey(key) + YamlScalar(value, true);
  }
  return text + "}";
}

// Writes `key: value` lines, each at the same indent; empty values are left
// out. The first line may go behind a "- ".
class YamlBlock {
 public:
  YamlBlock(std::string* out, string_view first_indent, string_view indent)
      : out_(out), next_(first_indent), indent_(indent) {}

  void Raw(string_view key, string_view value) {
    *out_ += next_;
    *out_ += key;
    *out_ += ":";
    if (!value.empty()) *out_ += " ";
    *out_ += value;
    *out_ += "\n";
    next_ = indent_;
  }
  void Text(string_view key, const std::string& value) {
    if (!value.empty()) Raw(key, YamlScalar(value, false));
  }
  void Flag(string_view key, bool value) {
    if (value) Raw(key, "true");
  }
  void Texts(string_view key, const std::vector<std::string>& values) {
    if (!values.empty()) Raw(key, FlowList(values));
  }
  void Map(string_view key, const std::map<std::string, std::string>& values) {
    if (!values.empty()) Raw(key, FlowMap(values));
  }
  void Maybe(string_view key, const std::optional<double>& value) {
    if (value.has_value()) Raw(key, ShortestNumber(*value));
  }
  void Maybe(string_view key, const std::optional<int>& value) {
    if (value.has_value()) Raw(key, std::to_string(*value));
  }

 private:
  std::string* out_;
  string_view next_;
  string_view indent_;
};

std::string RunText(const Run& run, std::size_t count) {
  std::string text = "{outcome: " + std::string(NameOf(run.outcome));
  if (!run.title.empty()) text += ", title: " + YamlScalar(run.title, true);
  if (run.seconds.has_value())
    text += ", seconds: " + ShortestNumber(*run.seconds);
  if (count > 1) text += ", count: " + std::to_string(count);
  return text + "}";
}

constexpr string_view kItem = "  - ";
constexpr string_view kInner = "    ";

void WriteRuns(const Test& test, std::string* out) {
  if (test.runs_alike && test.runs.size() == 1) {
    *out +=
        std::string(kInner) + "all_runs: " + RunText(test.runs[0], 1) + "\n";
    return;
  }
  if (test.runs_alike) *out += std::string(kInner) + "runs_alike: true\n";
  if (test.runs.empty()) return;
  *out += std::string(kInner) + "runs:\n";
  for (std::size_t i = 0; i < test.runs.size();) {
    std::size_t end = i + 1;
    while (end < test.runs.size() && test.runs[end] == test.runs[i]) ++end;
    *out += "      - " + RunText(test.runs[i], end - i) + "\n";
    i = end;
  }
}

void Write(const Test& test, std::string* out) {
  YamlBlock block(out, kItem, kInner);
  block.Raw("test", YamlScalar(test.commit, false));
  if (test.purpose != TestPurpose::kStep) {
    block.Raw("purpose", NameOf(test.purpose));
  }
  block.Text("release", test.release);
  block.Text("compiler", test.compiler);
  block.Text("signature", test.signature);
  WriteRuns(test, out);
  block.Flag("flaky", test.flaky);
  block.Text("undetermined", test.undetermined);
  block.Text("representative", test.representative);
  block.Texts("crash_types", test.crash_types);
  block.Maybe("false_negative_chance", test.false_negative_chance);
}

void Write(const Start& start, std::string* out) {
  *out += "  - start:\n";
  YamlBlock block(out, "      ", "      ");
  // Always there, so that the mapping is never empty.
  block.Raw("bad", YamlScalar(start.bad, false));
  block.Texts("goods", start.goods);
  block.Map("resolved", start.resolved);
  block.Flag("first_parent", start.first_parent);
  block.Flag("no_checkout", start.no_checkout);
  if (start.term_bad != "bad") {
    block.Raw("term_bad", YamlScalar(start.term_bad, false));
  }
  if (start.term_good != "good") {
    block.Raw("term_good", YamlScalar(start.term_good, false));
  }
  block.Texts("paths", start.paths);
}

void Write(const Mark& mark, std::string* out) {
  YamlBlock block(out, kItem, kInner);
  const std::string commits = mark.commits.size() == 1
                                  ? YamlScalar(mark.commits[0], false)
                                  : FlowList(mark.commits);
  block.Raw(ToString(mark.verdict), commits);
  block.Map("resolved", mark.resolved);
}

void Write(const Proposal& proposal, std::string* out) {
  std::string text = "{next: " + YamlScalar(proposal.commit, true);
  if (proposal.merge_base) text += ", merge_base: true";
  if (proposal.revisions_left.has_value()) {
    text += ", revisions_left: " + std::to_string(*proposal.revisions_left);
  }
  if (proposal.steps_left.has_value()) {
    text += ", steps_left: " + std::to_string(*proposal.steps_left);
  }
  *out += std::string(kItem) + text + "}\n";
}

void Write(const Remark& remark, std::string* out) {
  YamlBlock(out, kItem, kInner).Raw("remark", YamlScalar(remark.text, false));
}

void WriteEnd(const End& end, std::string* out) {
  *out += "end:\n";
  YamlBlock block(out, "  ", "  ");
  block.Raw("kind", NameOf(end.kind));
  block.Text("culprit", end.culprit);
  block.Texts("candidates", end.candidates);
  block.Text("message", end.message);
}

void WriteSummary(const Summary& summary, std::string* out) {
  if (summary == Summary()) return;
  *out += "summary:\n";
  YamlBlock block(out, "  ", "  ");
  block.Maybe("revisions_tested", summary.revisions_tested);
  block.Maybe("total_seconds", summary.total_seconds);
  block.Maybe("build_seconds", summary.build_seconds);
  block.Maybe("test_seconds", summary.test_seconds);
  block.Text("crash", summary.crash);
  block.Text("culprit_signature", summary.culprit_signature);
  block.Text("parent_signature", summary.parent_signature);
  block.Flag("flaky", summary.flaky);
  block.Maybe("repro_chance", summary.repro_chance);
  block.Maybe("error_probability", summary.error_probability);
}

void WriteTruth(const Truth& truth, std::string* out) {
  *out += "truth:\n";
  YamlBlock block(out, "  ", "  ");
  block.Raw("judgement", YamlScalar(truth.judgement, false));
  block.Text("culprit", truth.culprit);
  block.Text("note", truth.note);
}

}  // namespace

std::string WriteRecordingYaml(const Recording& recording) {
  std::string out = "rebisect: recording/1\n";
  YamlBlock block(&out, "", "");
  block.Text("name", recording.name);
  block.Raw("format", YamlScalar(recording.format, false));
  block.Raw("kind", NameOf(recording.kind));
  block.Text("start_commit", recording.start_commit);
  block.Text("tool_commit", recording.tool_commit);
  if (recording.truth.has_value()) WriteTruth(*recording.truth, &out);
  if (!recording.events.empty()) out += "events:\n";
  for (const Event& event : recording.events) {
    std::visit([&out](const auto& value) { Write(value, &out); }, event);
  }
  WriteEnd(recording.end, &out);
  WriteSummary(recording.summary, &out);
  if (!recording.unknown.empty()) out += "unknown:\n";
  for (const UnknownLine& line : recording.unknown) {
    out += std::string(kItem) + YamlScalar(line.text, false) + "\n";
  }
  return out;
}

}  // namespace rebisect
