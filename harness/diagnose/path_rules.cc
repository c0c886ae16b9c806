#include "harness/diagnose/path_rules.h"

#include <utility>

#include "harness/diagnose/default_path_rules.h"
#include "scenarios/yaml/yaml_fields.h"
#include "scenarios/yaml/yaml_tree.h"
#include "sim/base/check.h"
#include "sim/base/result.h"

namespace rebisect {
namespace {

using std::string_view;

constexpr string_view kPlaceholder = "{architecture}/";

struct KindName {
  string_view name;
  PathKind kind;
};
constexpr KindName kKinds[] = {
    {"code", PathKind::kCode},
    {"documentation", PathKind::kDocumentation},
    {"tests", PathKind::kTests},
    {"other-architecture", PathKind::kOtherArchitecture},
    {"not-built", PathKind::kNotBuilt},
};

}  // namespace

/// Fills in rules from a document.
struct PathRules::Reader {
  PathRules rules;

  Result<void> Document(const YamlNode& root) {
    YamlFields fields(root, "path rules");
    std::string schema;
    fields.Text("rebisect", &schema);
    fields.Text("architecture", &rules.assumed_architecture_);
    Machines(fields);
    Config(fields);
    const YamlNode* const list = fields.Node("rules");
    if (list == nullptr || list->kind != YamlNode::Kind::kSequence) {
      fields.Fail(list == nullptr ? root.where : list->where,
                  "there is no list 'rules'; write 'rules: [{kind: tests, "
                  "paths: [tests/]}]'");
    } else {
      for (const YamlNode& node : list->items) {
        if (auto read = OneRule(node); !read) {
          fields.Fail(std::move(read.error()));
          break;
        }
      }
    }
    return fields.Finish();
  }

 private:
  void Machines(YamlFields& fields) {
    const YamlNode* const node = fields.Node("architectures");
    if (node == nullptr) return;
    YamlFields names(*node, "the architectures");
    for (const YamlNode& key : node->keys) {
      std::vector<std::string> machines;
      names.Texts(key.scalar, &machines);
      rules.machines_.emplace(key.scalar, key.scalar);
      for (std::string& machine : machines) {
        rules.machines_.emplace(std::move(machine), key.scalar);
      }
    }
    if (auto read = names.Finish(); !read) {
      fields.Fail(std::move(read.error()));
    }
  }

  void Config(YamlFields& fields) {
    if (fields.Node("config") == nullptr) return;
    std::vector<std::string> options;
    fields.Texts("config", &options);
    rules.config_.emplace(options.begin(), options.end());
  }

  Result<void> OneRule(const YamlNode& node) {
    Rule rule;
    YamlFields fields(node, "a rule");
    std::string kind;
    fields.Text("kind", &kind);
    fields.Text("architecture", &rule.architecture);
    fields.Text("option", &rule.option);
    const YamlNode* const paths = fields.Node("paths");
    if (paths == nullptr || paths->kind != YamlNode::Kind::kSequence ||
        paths->items.empty()) {
      fields.Fail(paths == nullptr ? node.where : paths->where,
                  "a rule has to have a list of 'paths'");
    } else {
      Paths(*paths, rule, fields);
    }
    if (node.kind == YamlNode::Kind::kMap) {
      const YamlNode* const at = node.Find("kind");
      Kind(kind, at == nullptr ? node.where : at->where, rule, fields);
    }
    if (auto read = fields.Finish(); !read) return read;
    rules.rules_.push_back(std::move(rule));
    return {};
  }

  static void Paths(const YamlNode& list, Rule& rule, YamlFields& fields) {
    std::vector<std::string> plain;
    for (const YamlNode& item : list.items) {
      if (item.kind != YamlNode::Kind::kScalar) {
        return fields.Fail(item.where, "'paths' has to be a list of texts");
      }
      if (auto parsed = Pathspec::Parse({item.scalar}); !parsed) {
        parsed.error().where = item.where;
        return fields.Fail(std::move(parsed.error()));
      }
      const std::size_t at = item.scalar.find(kPlaceholder);
      if (at == std::string::npos) {
        plain.push_back(item.scalar);
        continue;
      }
      std::string before = item.scalar.substr(0, at);
      if (at + kPlaceholder.size() != item.scalar.size() ||
          before.find_first_of("*?[\\") != std::string::npos) {
        return fields.Fail(item.where,
                           "{architecture}/ has to end a path, and no pattern "
                           "may stand before it");
      }
      rule.before_architecture.push_back(std::move(before));
    }
    rule.paths = *Pathspec::Parse(plain);
  }

  static void Kind(const std::string& name, const Position& where, Rule& rule,
                   YamlFields& fields) {
    std::string known;
    bool found = false;
    for (const KindName& kind : kKinds) {
      if (kind.name == name) {
        rule.kind = kind.kind;
        found = true;
      }
      known.append(known.empty() ? "" : ", ").append(kind.name);
    }
    if (!found) {
      return fields.Fail(where, "there is no kind '" + name +
                                    "'; a rule has to have one of " + known);
    }
    const bool placed = !rule.before_architecture.empty();
    const bool about_machine = rule.kind == PathKind::kOtherArchitecture;
    if (about_machine == (rule.architecture.empty() && !placed)) {
      fields.Fail(where,
                  about_machine
                      ? "say which architecture: 'architecture: s390', or "
                        "{architecture}/ at the end of the paths"
                      : "'architecture' and {architecture}/ are for rules of "
                        "kind other-architecture alone");
    }
    if (!rule.option.empty() && rule.kind != PathKind::kNotBuilt) {
      fields.Fail(where, "'option' is for rules of kind not-built alone");
    }
  }
};

Result<PathRules> PathRules::Read(string_view bytes, const std::string& file) {
  REBISECT_ASSIGN_OR_RETURN(const auto root, ReadYaml(bytes, file));
  const YamlNode* const schema = root.Find("rebisect");
  if (schema == nullptr || schema->scalar != "path-rules/1") {
    return Fail(ErrorCode::kInput,
                "these are no path rules; the first line has to be "
                "'rebisect: path-rules/1'",
                schema == nullptr ? root.where : schema->where);
  }
  Reader reader;
  REBISECT_RETURN_IF_ERROR(reader.Document(root));
  PathRules& rules = reader.rules;
  std::string folder = rules.ArchitectureOf(rules.assumed_architecture_);
  if (!folder.empty()) rules.assumed_architecture_ = std::move(folder);
  return std::move(rules);
}

PathRules PathRules::Default() {
  auto rules = Read(DefaultPathRulesText(), "path_rules.yaml");
  REBISECT_CHECK(rules.has_value());
  return *std::move(rules);
}

std::string PathRules::ArchitectureOf(string_view machine) const {
  const auto found = machines_.find(machine);
  return found == machines_.end() ? "" : found->second;
}

PathAnswer PathRules::Judge(string_view path, string_view architecture) const {
  for (const Rule& rule : rules_) {
    std::string name = rule.architecture;
    bool fits = rule.paths.Matches(path, false) == Pathspec::Match::kYes;
    for (const std::string& before : rule.before_architecture) {
      if (fits || path.substr(0, before.size()) != before) continue;
      const std::size_t end = path.find('/', before.size());
      if (end == string_view::npos || end == before.size()) continue;
      name = path.substr(before.size(), end - before.size());
      fits = true;
    }
    if (!fits) continue;
    if (rule.kind == PathKind::kOtherArchitecture) {
      if (name == architecture) return {};
      return {rule.kind, std::move(name)};
    }
    if (rule.kind == PathKind::kNotBuilt) {
      if (config_ && config_->count(rule.option) > 0) return {};
      return {rule.kind, rule.option};
    }
    return {rule.kind, ""};
  }
  return {};
}

}  // namespace rebisect
