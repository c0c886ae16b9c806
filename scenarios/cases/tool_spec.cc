#include "scenarios/cases/tool_spec.h"

#include <algorithm>
#include <cstddef>
#include <string_view>

#include "scenarios/cases/suite_fields.h"
#include "scenarios/logs/parse.h"
#include "sim/base/result.h"
#include "sim/base/text.h"

namespace rebisect {
namespace {

using std::string_view;

constexpr string_view kToolSchema = "tool/1";
constexpr string_view kOn127 = "exit-127-";

class ToolReader {
 public:
  ToolReader(const YamlNode& root, const std::string& path)
      : root_(root), fields_(root, "a tool") {
    tool_.name = FileStem(path);
    tool_.where = root.where;
  }

  Result<ToolSpec> Read() {
    ReadSchema(fields_, root_, kToolSchema, "a tool");
    fields_.Text("name", &tool_.name);
    if (tool_.name.empty()) {
      fields_.Fail(root_.PlaceOf("name"), "'name' is empty; leave it out");
    }
    fields_.Text("about", &tool_.about);
    Driver();
    Scripts();
    fields_.Texts("tags", &tool_.tags);
    Features();
    tool_.git_exit_codes = OneOf("exit-codes", {"own", "git"}) == "git";
    std::optional<double> limit;
    ReadSeconds(fields_, root_, "limit", &limit);
    tool_.limit_seconds = limit.value_or(tool_.limit_seconds);
    auto read = fields_.Finish();
    if (read) read = Complete();
    REBISECT_RETURN_IF_ERROR(read);
    return std::move(tool_);
  }

 private:
  /// A field that takes one of a few words; empty without it.
  std::string OneOf(string_view key, const std::vector<string_view>& words) {
    std::string text;
    fields_.Text(key, &text);
    const YamlNode* const node = fields_.Node(key);
    if (node == nullptr ||
        std::find(words.begin(), words.end(), text) != words.end()) {
      return text;
    }
    fields_.Fail(node->where, Quote(key) + " cannot be " + Quote(text) +
                                  SuggestWord(text, words));
    return {};
  }

  void Driver() {
    const YamlNode* const node = fields_.Node("driver");
    if (node == nullptr) return;
    ToolSpec::Driver& driver = tool_.driver.emplace();
    YamlFields fields(*node, "a driver");
    fields.Text("git-version", &driver.git_version);
    fields.Flag("commit-graph", &driver.commit_graph);
    fields.Text("select", &driver.select);
    if (driver.git_version == "newest") driver.git_version.clear();
    if (!driver.git_version.empty() && !GitVersion::Parse(driver.git_version)) {
      fields.Fail(node->PlaceOf("git-version"),
                  "'git-version' has to be a version of git, such as 2.34.0, "
                  "or newest, not " +
                      Quote(driver.git_version));
    }
    if (auto read = fields.Finish(); !read) {
      fields_.Fail(std::move(read.error()));
    }
  }

  void Scripts() {
    ToolSpec::Scripts scripts;
    const std::vector<std::pair<string_view, std::string*>> texts = {
        {"program", &scripts.program},     {"version", &scripts.version},
        {"prepare", &scripts.prepare},     {"run", &scripts.run},
        {"reset", &scripts.reset},         {"commit", &scripts.commit},
        {"culprit", &scripts.culprit},     {"candidate", &scripts.candidate},
        {"translate", &scripts.translate},
    };
    for (const auto& [key, text] : texts) {
      fields_.Text(key, text);
      if (tool_.driver && root_.Find(key) != nullptr) {
        fields_.Fail(root_.PlaceOf(key),
                     Quote(key) + " does not go with 'driver'; leave it out");
      }
    }
    Outcomes(scripts);
    if (tool_.driver || root_.kind != YamlNode::Kind::kMap) return;
    for (const auto& [key, text] : texts) {
      if (root_.Find(key) == nullptr || !text->empty()) continue;
      fields_.Fail(root_.PlaceOf(key), Quote(key) + " is empty; leave it out");
    }
    tool_.scripts = std::move(scripts);
  }

  void Outcomes(ToolSpec::Scripts& scripts) {
    const YamlNode* const node = fields_.Node("outcomes");
    if (node == nullptr) return;
    if (node->kind != YamlNode::Kind::kMap || node->keys.empty()) {
      return fields_.Fail(node->where,
                          "'outcomes' has to map outcomes to regular "
                          "expressions");
    }
    if (tool_.driver) {
      return fields_.Fail(node->where,
                          "'outcomes' does not go with 'driver'; leave it out");
    }
    for (std::size_t i = 0; i < node->keys.size(); ++i) {
      const auto outcome = ReadOutcome(node->keys[i]);
      if (!outcome) return fields_.Fail(outcome.error());
      const YamlNode& expression = node->items[i];
      if (expression.kind != YamlNode::Kind::kScalar ||
          expression.scalar.empty()) {
        return fields_.Fail(
            expression.where,
            Quote(node->keys[i].scalar) + " needs a regular expression");
      }
      scripts.outcomes.emplace_back(*outcome, expression.scalar);
    }
  }

  [[nodiscard]] Result<void> Complete() const {
    if (tool_.driver) return {};
    for (const string_view key : {"run", "outcomes"}) {
      if (root_.Find(key) != nullptr) continue;
      return Fail(ErrorCode::kInput,
                  "a tool needs " + Quote(key) +
                      "; only one with a 'driver' does without",
                  root_.where);
    }
    return {};
  }

  void Features() {
    ReadFeatures(fields_, "supports", &tool_.supports);
    for (const std::string& feature : tool_.supports) {
      if (!feature.starts_with(kOn127)) continue;
      fields_.Fail(root_.PlaceOf("supports"),
                   "say `exit-127: " + feature.substr(kOn127.size()) +
                       "` instead of " + Quote(feature));
    }
    std::vector<std::string> on_127;
    fields_.Texts("exit-127", &on_127);
    for (const std::string& way : on_127) {
      if (way != "bad" && way != "abort") {
        fields_.Fail(root_.PlaceOf("exit-127"),
                     "'exit-127' cannot be " + Quote(way) +
                         SuggestWord(way, {"bad", "abort"}));
      }
      tool_.supports.push_back(std::string(kOn127) + way);
    }
  }

  const YamlNode& root_;
  YamlFields fields_;
  ToolSpec tool_{};
};

}  // namespace

Result<ToolSpec> ReadToolSpec(const std::string& text,
                              const std::string& path) {
  REBISECT_ASSIGN_OR_RETURN(const auto root, ReadYaml(text, path));
  return ToolReader(root, path).Read();
}

}  // namespace rebisect
