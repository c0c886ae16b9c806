// The priors of an experiment file.

#include <algorithm>
#include <cmath>
#include <utility>

#include "harness/experiment/spec/experiment_parts.h"
#include "sim/base/result.h"
#include "sim/base/text.h"
#include "sim/git/pathspec.h"

namespace rebisect {
namespace {

/// Of a text that policies take as the value of a parameter.
bool IsName(const std::string& text) {
  return !text.empty() && text != "none" &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                  c == '-' || c == '_';
         });
}

/// Errors: kInput for what is no weight.
Result<double> WeightOf(const YamlNode& node) {
  const auto weight = node.kind == YamlNode::Kind::kScalar
                          ? ToDouble(node.scalar)
                          : std::nullopt;
  if (weight && std::isfinite(*weight) && *weight >= 0) return *weight;
  return Fail(ErrorCode::kInput, "a weight has to be a finite number from 0 on",
              node.where);
}

Result<ExperimentPrior::Paths> ReadPaths(const YamlNode& node) {
  if (node.kind != YamlNode::Kind::kMap || node.keys.empty()) {
    return Fail(ErrorCode::kInput,
                "'paths' are patterns with their weights, such as "
                "{\"net/*\": 10}",
                node.where);
  }
  ExperimentPrior::Paths paths;
  for (std::size_t i = 0; i < node.keys.size(); ++i) {
    REBISECT_ASSIGN_OR_RETURN(const auto weight, WeightOf(node.items[i]));
    if (auto parsed = Pathspec::Parse({node.keys[i].scalar}); !parsed) {
      parsed.error().where = node.keys[i].where;
      return tl::unexpected(std::move(parsed.error()));
    }
    paths.patterns.emplace_back(node.keys[i].scalar, weight);
  }
  return paths;
}

Result<ExperimentPrior> ReadPrior(const std::string& name, const YamlNode& node,
                                  const std::string& file) {
  YamlFields fields(node, "a prior");
  CommitTableName table;
  table.where = node.where;
  fields.Text("weights", &table.path);
  fields.Text("sha1", &table.sha1);
  const YamlNode* const patterns = fields.Node("paths");
  const YamlNode* const others = fields.Node("others");
  REBISECT_RETURN_IF_ERROR(fields.Finish());
  const bool by_table = !table.path.empty();
  if (by_table == (patterns != nullptr) ||
      (by_table ? others != nullptr : !table.sha1.empty())) {
    return Fail(ErrorCode::kInput,
                "a prior is {weights: FILE}, or {paths: {PATTERN: WEIGHT, "
                "...}, others: WEIGHT}",
                node.where);
  }
  ExperimentPrior prior{name, {}, node.where};
  if (by_table) {
    table.path = PathFrom(file, table.path);
    REBISECT_ASSIGN_OR_RETURN(auto read, ReadCommitTable(table, kWeightColumn));
    prior.source = std::move(read);
    return prior;
  }
  REBISECT_ASSIGN_OR_RETURN(auto paths, ReadPaths(*patterns));
  if (others != nullptr) {
    REBISECT_ASSIGN_OR_RETURN(const auto weight, WeightOf(*others));
    paths.others = weight;
  }
  prior.source = std::move(paths);
  return prior;
}

}  // namespace

Result<std::vector<ExperimentPrior>> ReadExperimentPriors(
    const YamlNode& node, const std::string& file) {
  if (node.kind != YamlNode::Kind::kMap) {
    return Fail(ErrorCode::kInput,
                "'priors' are names with what they stand for, such as "
                "{risk: {weights: risk.csv}}",
                node.where);
  }
  std::vector<ExperimentPrior> priors;
  for (std::size_t i = 0; i < node.keys.size(); ++i) {
    if (!IsName(node.keys[i].scalar)) {
      return Fail(ErrorCode::kInput,
                  "a prior's name is made of a to z, 0 to 9, '-' and '_', and "
                  "is not 'none'",
                  node.keys[i].where);
    }
    REBISECT_ASSIGN_OR_RETURN(
        auto prior, ReadPrior(node.keys[i].scalar, node.items[i], file));
    priors.push_back(std::move(prior));
  }
  std::sort(priors.begin(), priors.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  return priors;
}

}  // namespace rebisect
