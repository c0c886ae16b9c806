#include <algorithm>
#include <utility>

#include "oracle/verdict/verdict_expression.h"
#include "oracle/verdict/verdict_list.h"
#include "oracle/verdict/verdict_runs.h"
#include "scenarios/yaml/yaml_fields.h"
#include "sim/base/result.h"
#include "sim/policies/policy_spec.h"

namespace rebisect {
namespace {

using std::string_view;

/// The bytes from this line and column on; empty beyond the end.
class LineIndex {
 public:
  explicit LineIndex(string_view bytes) : bytes_(bytes), starts_{0} {
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      if (bytes[i] == '\n') starts_.push_back(i + 1);
    }
  }

  [[nodiscard]] string_view From(int line, int column) const {
    if (line < 1 || column < 1) return {};
    if (static_cast<std::size_t>(line) > starts_.size()) return {};
    const std::size_t at = starts_[static_cast<std::size_t>(line) - 1] +
                           static_cast<std::size_t>(column) - 1;
    return at <= bytes_.size() ? bytes_.substr(at) : string_view();
  }

 private:
  string_view bytes_;
  std::vector<std::size_t> starts_;
};

/// One rule, from its mapping.
class RuleReader {
 public:
  RuleReader(const YamlNode& node, const LineIndex& lines)
      : node_(node), lines_(lines), fields_(node, "a rule") {}

  Result<RuleText> Read(const std::string& name) {
    RuleText rule;
    rule.name = name;
    if (node_.kind != YamlNode::Kind::kMap) {
      return Fail(ErrorCode::kInput,
                  "a rule has to be a mapping; write '" + name +
                      ": {bad: \"bad > 0\", good: \"good > 0\"}'",
                  node_.where);
    }
    fields_.Text("about", &rule.about);
    Formula("abort", ExpressionType::kTruth, &rule.abort);
    Formula("bad", ExpressionType::kTruth, &rule.bad);
    Formula("good", ExpressionType::kTruth, &rule.good);
    Formula("skip", ExpressionType::kTruth, &rule.skip);
    Formula("more-runs", ExpressionType::kNumber, &rule.more_runs);
    Count("runs", 0, &rule.runs);
    Count("alike", 1, &rule.alike);
    REBISECT_RETURN_IF_ERROR(fields_.Finish());
    if (!rule.bad && !rule.good) {
      return Fail(ErrorCode::kInput,
                  "rule '" + name +
                      "' says neither when a commit is bad nor when it is "
                      "good; add 'bad:' and 'good:'",
                  node_.where);
    }
    return rule;
  }

 private:
  void Formula(string_view key, ExpressionType type,
               std::optional<Expression>* expression) {
    const YamlNode* const node = fields_.Node(key);
    if (node == nullptr) return;
    if (node->kind != YamlNode::Kind::kScalar) {
      fields_.Fail(node->where, "'" + std::string(key) +
                                    "' has to be an expression; write one in "
                                    "quotation marks");
      return;
    }
    auto compiled = Expression::Compile(node->scalar, RuleVariables(), type,
                                        PlaceOf(*node));
    if (compiled) {
      expression->emplace(*std::move(compiled));
    } else {
      fields_.Fail(std::move(compiled.error()));
    }
  }

  /// Folded lines and escapes are not what they look like.
  [[nodiscard]] ExpressionPlace PlaceOf(const YamlNode& node) const {
    ExpressionPlace place{node.where, true};
    for (const int quote : {0, 1}) {
      const string_view there =
          lines_.From(node.where.line, node.where.column + quote);
      if (!node.scalar.empty() && there.starts_with(node.scalar) &&
          node.scalar.find('\n') == std::string::npos) {
        place.where.column += quote;
        return place;
      }
    }
    place.literal = false;
    return place;
  }

  void Count(string_view key, int least, int* value) {
    std::optional<int> given;
    fields_.Int(key, &given);
    if (!given) return;
    if (*given < least || *given > kMaxRuns) {
      fields_.Fail(fields_.Node(key)->where,
                   "'" + std::string(key) + "' has to be from " +
                       std::to_string(least) + " to " +
                       std::to_string(kMaxRuns));
      return;
    }
    *value = *given;
  }

  const YamlNode& node_;
  const LineIndex& lines_;
  YamlFields fields_;
};

/// Names as they can stand in a list of policies, and none that means
/// something already.
Result<void> CheckName(const YamlNode& key) {
  const auto chain = ParsePolicyChain(key.scalar, key.where);
  if (!chain || chain->size() != 1 || !chain->front().params.empty()) {
    return Fail(ErrorCode::kInput,
                "'" + key.scalar +
                    "' cannot be the name of a rule; use lower-case letters, "
                    "digits, '-' and '_'",
                key.where);
  }
  if (EntryOf(VerdictEntries(), key.scalar) != nullptr) {
    return Fail(ErrorCode::kInput,
                "there is a verdict policy '" + key.scalar +
                    "' already; give the rule another name",
                key.where);
  }
  return {};
}

}  // namespace

Result<VerdictRules> VerdictRules::Read(const YamlNode& node,
                                        string_view bytes) {
  if (node.kind != YamlNode::Kind::kMap) {
    return Fail(ErrorCode::kInput,
                "rules have to be a mapping of names to rules; write 'rules: "
                "{mine: {bad: \"bad > 0\", good: \"good > 0\"}}'",
                node.where);
  }
  const LineIndex lines(bytes);
  VerdictRules rules;
  for (std::size_t i = 0; i < node.keys.size(); ++i) {
    const YamlNode& key = node.keys[i];
    REBISECT_RETURN_IF_ERROR(CheckName(key));
    REBISECT_ASSIGN_OR_RETURN(
        auto rule, RuleReader(node.items[i], lines).Read(key.scalar));
    rules.rules_.emplace(key.scalar,
                         std::make_shared<const RuleText>(std::move(rule)));
  }
  return rules;
}

Result<VerdictRules> VerdictRules::ReadFile(string_view bytes,
                                            const std::string& file) {
  REBISECT_ASSIGN_OR_RETURN(const auto root, ReadYaml(bytes, file));
  const YamlNode* const schema = root.Find("rebisect");
  if (schema == nullptr || schema->scalar != "rules/1") {
    return Fail(ErrorCode::kInput,
                "this is no file of rules; its first line has to be "
                "'rebisect: rules/1'",
                schema == nullptr ? root.where : schema->where);
  }
  YamlFields top(root, "a file of rules");
  top.Node("rebisect");
  const YamlNode* const node = top.Node("rules");
  REBISECT_RETURN_IF_ERROR(top.Finish());
  if (node == nullptr) {
    return Fail(ErrorCode::kInput,
                "there is no mapping 'rules'; write 'rules: {mine: {bad: \"bad "
                "> 0\", good: \"good > 0\"}}'",
                root.where);
  }
  return Read(*node, bytes);
}

}  // namespace rebisect
