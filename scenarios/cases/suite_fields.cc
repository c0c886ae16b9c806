#include "scenarios/cases/suite_fields.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "scenarios/recording/recording_names.h"
#include "sim/base/result.h"
#include "sim/base/text.h"

namespace rebisect {
namespace {

using std::string_view;

constexpr double kMaxLimit = 86'400;

}  // namespace

void ReadSchema(YamlFields& fields, const YamlNode& root, string_view schema,
                string_view what) {
  std::string said;
  fields.Text("rebisect", &said);
  if (said == schema) return;
  fields.Fail(root.PlaceOf("rebisect"),
              std::string(what) +
                  " starts with `rebisect: " + std::string(schema) + "`, not " +
                  (said.empty() ? "without it" : Quote(said)));
}

void NeedText(YamlFields& fields, const YamlNode& node, string_view key,
              std::string* value) {
  fields.Text(key, value);
  if (value->empty()) {
    fields.Fail(node.PlaceOf(key), Quote(key) + " has to be said");
  }
}

Result<CommitName> ReadCommitName(const YamlNode& node, string_view what) {
  const std::string& text = node.scalar;
  if (node.kind != YamlNode::Kind::kScalar || text.empty() ||
      std::any_of(text.begin(), text.end(),
                  [](unsigned char c) { return c <= ' '; })) {
    return Fail(ErrorCode::kInput,
                Quote(what) +
                    " has to name a commit, such as n7, n7^2 or 60%, without "
                    "blanks",
                node.where);
  }
  return CommitName{text, node.where};
}

void ReadCommitName(YamlFields& fields, string_view key,
                    std::optional<CommitName>* value) {
  const YamlNode* const node = fields.Node(key);
  if (node == nullptr) return;
  auto name = ReadCommitName(*node, key);
  if (!name) return fields.Fail(std::move(name.error()));
  *value = *std::move(name);
}

Result<std::vector<CommitName>> ReadCommitNames(const YamlNode& node,
                                                string_view what) {
  const bool listed = node.kind == YamlNode::Kind::kSequence;
  const std::size_t count = listed ? node.items.size() : 1;
  std::vector<CommitName> names;
  for (std::size_t i = 0; i < count; ++i) {
    REBISECT_ASSIGN_OR_RETURN(
        auto name, ReadCommitName(listed ? node.items[i] : node, what));
    names.push_back(std::move(name));
  }
  return names;
}

void ReadCommitNames(YamlFields& fields, string_view key,
                     std::vector<CommitName>* value) {
  const YamlNode* const node = fields.Node(key);
  if (node == nullptr) return;
  auto names = ReadCommitNames(*node, key);
  if (!names) return fields.Fail(std::move(names.error()));
  *value = *std::move(names);
}

void ReadFeatures(YamlFields& fields, string_view key,
                  std::vector<std::string>* value) {
  fields.Texts(key, value);
  const YamlNode* const node = fields.Node(key);
  const std::vector<string_view> known = ToolFeatures();
  for (std::size_t i = 0; i < value->size(); ++i) {
    if (std::find(known.begin(), known.end(), (*value)[i]) != known.end()) {
      continue;
    }
    const bool listed = node->kind == YamlNode::Kind::kSequence;
    return fields.Fail(listed ? node->items[i].where : node->where,
                       "tools have no feature " + Quote((*value)[i]) +
                           SuggestWord((*value)[i], known));
  }
}

Result<ToolOutcome> ReadOutcome(const YamlNode& node) {
  if (const auto outcome = ToolOutcomeNamed(node.scalar)) return *outcome;
  return Fail(ErrorCode::kInput,
              "there is no outcome " + Quote(node.scalar) +
                  SuggestWord(node.scalar, ToolOutcomeNames()),
              node.where);
}

void ReadSeconds(YamlFields& fields, const YamlNode& node, string_view key,
                 std::optional<double>* value) {
  fields.Number(key, value);
  if (*value && (**value <= 0 || **value > kMaxLimit)) {
    fields.Fail(node.PlaceOf(key),
                Quote(key) + " has to be a number of seconds, up to a day");
  }
}

}  // namespace rebisect
