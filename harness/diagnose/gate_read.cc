#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <utility>

#include "harness/diagnose/gate.h"
#include "scenarios/recording/recording_names.h"
#include "scenarios/yaml/yaml_fields.h"
#include "scenarios/yaml/yaml_tree.h"
#include "sim/base/result.h"
#include "sim/base/text.h"

namespace rebisect {
namespace {

using std::string_view;

constexpr string_view kGateSchema = "gate/1";

constexpr std::array kGateActions = {GateAction::kSend, GateAction::kHold,
                                     GateAction::kRetest, GateAction::kDrop};
constexpr std::array kGateConclusions = {
    Conclusion::kTrustworthy, Conclusion::kDoubtful, Conclusion::kContradicted};
constexpr std::array kGateKinds = {RecordingKind::kCause, RecordingKind::kFix,
                                   RecordingKind::kMarks};
constexpr std::array kGateGraphs = {GraphKind::kRepository, GraphKind::kDag,
                                    GraphKind::kReconstructed,
                                    GraphKind::kMixed};

/// A code of a rule: what scripts can rely on.
bool IsCode(string_view text) {
  return !text.empty() &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") ==
             string_view::npos;
}

template <typename T>
std::vector<string_view> NamesOf(std::span<const T> values) {
  std::vector<string_view> names;
  for (const T& value : values) names.push_back(NameOf(value));
  return names;
}

}  // namespace

/// Fills in a gate from a document.
class GateReader {
 public:
  Result<Gate> Read(const YamlNode& root) {
    YamlFields fields(root, "a gate");
    std::string schema;
    fields.Text("rebisect", &schema);
    if (schema != kGateSchema) {
      fields.Fail(root.PlaceOf("rebisect"),
                  "it has to say 'rebisect: gate/1', the schema of gates");
    }
    const YamlNode* const list = fields.Node("rules");
    if (list == nullptr || list->kind != YamlNode::Kind::kSequence ||
        list->items.empty()) {
      fields.Fail(root.PlaceOf("rules"),
                  "there is no list 'rules'; write 'rules: [{code: sure, "
                  "when: {conclusion: trustworthy}, action: send}]'");
    } else {
      for (const YamlNode& node : list->items) {
        if (auto read = OneRule(node); !read) {
          fields.Fail(std::move(read.error()));
          break;
        }
      }
    }
    REBISECT_RETURN_IF_ERROR(fields.Finish());
    return std::move(gate_);
  }

 private:
  Result<void> OneRule(const YamlNode& node) {
    Gate::Rule rule;
    YamlFields fields(node, "a rule");
    std::string action;
    fields.Text("code", &rule.code);
    fields.Text("action", &action);
    if (!IsCode(rule.code)) {
      fields.Fail(node.PlaceOf("code"),
                  "a rule has to have a 'code' of small letters, digits and "
                  "'-', which scripts know it by");
    }
    if (const auto known = Named<GateAction>(action, kGateActions)) {
      rule.action = *known;
    } else {
      fields.Fail(
          node.PlaceOf("action"),
          action.empty()
              ? "a rule has to have an 'action': send, "
                "hold, retest or drop"
              : "there is no action '" + action + "'" +
                    SuggestWord(action, NamesOf<GateAction>(kGateActions)));
    }
    if (const YamlNode* const when = fields.Node("when")) {
      if (auto read = Conditions(*when, rule); !read) {
        fields.Fail(std::move(read.error()));
      }
    }
    auto read = fields.Finish();
    if (read) gate_.rules_.push_back(std::move(rule));
    return read;
  }

  static Result<void> Conditions(const YamlNode& node, Gate::Rule& rule) {
    YamlFields fields(node, "the conditions of a rule");
    OneOf<Conclusion>(fields, node, "conclusion", kGateConclusions,
                      rule.conclusions);
    OneOf<RecordingKind>(fields, node, "kind", kGateKinds, rule.kinds);
    OneOf<GraphKind>(fields, node, "graph", kGateGraphs, rule.graphs);
    Codes(fields, node, "reason", kReasonCodes, rule.reasons);
    Codes(fields, node, "finding", kFindingCodes, rule.findings);
    std::string status;
    fields.Text("status", &status);
    if (status == "complete" || status == "in-progress") {
      rule.in_progress = status == "in-progress";
    } else if (node.Find("status") != nullptr) {
      fields.Fail(node.PlaceOf("status"),
                  "there is no status '" + status + "'" +
                      SuggestWord(status, {"complete", "in-progress"}));
    }
    if (node.Find("culprit") != nullptr) {
      bool culprit = false;
      fields.Flag("culprit", &culprit);
      rule.culprit = culprit;
    }
    fields.Share("least-posterior", &rule.least_posterior);
    fields.Whole("largest-set", 0, UINT32_MAX, &rule.largest_set);
    return fields.Finish();
  }

  template <typename T>
  static std::optional<T> Named(string_view name, std::span<const T> values) {
    for (const T& value : values) {
      if (NameOf(value) == name) return value;
    }
    return std::nullopt;
  }

  template <typename T>
  static void OneOf(YamlFields& fields, const YamlNode& node, string_view key,
                    std::span<const T> values, std::vector<T>& into) {
    std::vector<std::string> names;
    fields.Texts(key, &names);
    for (const std::string& name : names) {
      if (const auto value = Named<T>(name, values)) {
        into.push_back(*value);
        continue;
      }
      fields.Fail(node.PlaceOf(key), "there is no " + std::string(key) + " '" +
                                         name + "'" +
                                         SuggestWord(name, NamesOf<T>(values)));
    }
  }

  static void Codes(YamlFields& fields, const YamlNode& node, string_view key,
                    std::span<const string_view> known,
                    std::vector<std::string>& into) {
    fields.Texts(key, &into);
    const std::vector<string_view> all(known.begin(), known.end());
    for (const std::string& code : into) {
      if (std::find(all.begin(), all.end(), code) != all.end()) continue;
      fields.Fail(node.PlaceOf(key), "there is no " + std::string(key) + " '" +
                                         code + "'" + SuggestWord(code, all));
    }
  }

  Gate gate_;
};

Result<Gate> Gate::Read(std::string_view bytes, const std::string& file) {
  REBISECT_ASSIGN_OR_RETURN(const auto root, ReadYaml(bytes, file));
  return GateReader().Read(root);
}

}  // namespace rebisect
