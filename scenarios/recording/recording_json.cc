#include "scenarios/recording/recording_json.h"

#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "scenarios/recording/recording_yaml.h"
#include "scenarios/yaml/yaml_scalar.h"
#include "scenarios/yaml/yaml_tree.h"
#include "sim/base/printable.h"

namespace rebisect {
namespace {

using nlohmann::json;
using std::string_view;

constexpr string_view kSchemaKey = "rebisect";  // of the YAML form

std::string Quoted(const std::string& text) {
  return EscapedJson(
      json(text).dump(-1, ' ', false, json::error_handler_t::replace));
}

// The writer quotes every text that does not read as one: what stands there
// plain all the same is a number or a flag, in digits that JSON takes too.
std::string ScalarJson(const YamlNode& node) {
  if (node.quoted || PlainReadsAsText(node.scalar)) return Quoted(node.scalar);
  const json value = json::parse(node.scalar, nullptr, false);
  const bool plain = value.is_number() || value.is_boolean();
  return plain ? node.scalar : Quoted(node.scalar);
}

// Writes a tree without recursion: the nodes that are open, outermost first.
class TreeWriter {
 public:
  std::string Run(const YamlNode& root) {
    Begin(root);
    while (!open_.empty()) {
      Level& level = open_.back();
      if (level.next == level.node->items.size()) {
        out_ += IsMap(*level.node) ? '}' : ']';
        open_.pop_back();
        continue;
      }
      const std::size_t i = level.next++;
      if (i > 0) out_ += ',';
      if (IsMap(*level.node)) {
        out_ += Quoted(level.node->keys[i].scalar);
        out_ += ':';
      }
      Begin(level.node->items[i]);  // may move `level` away
    }
    return std::move(out_);
  }

 private:
  struct Level {
    const YamlNode* node;
    std::size_t next;
  };

  static bool IsMap(const YamlNode& node) {
    return node.kind == YamlNode::Kind::kMap;
  }

  void Begin(const YamlNode& node) {
    switch (node.kind) {
      case YamlNode::Kind::kNull:
        out_ += "null";
        return;
      case YamlNode::Kind::kScalar:
        out_ += ScalarJson(node);
        return;
      case YamlNode::Kind::kSequence:
      case YamlNode::Kind::kMap:
        out_ += IsMap(node) ? '{' : '[';
        open_.push_back({&node, 0});
        return;
    }
  }

  std::string out_;
  std::vector<Level> open_;
};

}  // namespace

Result<std::string> WriteRecordingJson(const Recording& recording) {
  // The YAML writer is the one table of the fields.
  auto tree = ReadYaml(WriteRecordingYaml(recording), recording.file);
  if (!tree.has_value()) {
    Error error = std::move(tree.error());
    error.message = "this recording cannot be written as JSON (" +
                    error.message + "); write it as YAML, --format text";
    error.where = {recording.file, 0, 0};  // not a line of the input
    return tl::unexpected<Error>(std::move(error));
  }
  for (std::size_t i = 0; i < tree->keys.size(); ++i) {
    if (tree->keys[i].scalar != kSchemaKey) continue;
    tree->keys[i].scalar = "schema";
    tree->items[i].scalar.insert(0, "rebisect.");
  }
  return TreeWriter().Run(*tree) + '\n';
}

}  // namespace rebisect
