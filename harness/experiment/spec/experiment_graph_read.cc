// Graphs, truths and budgets of an experiment file.

#include <array>
#include <utility>

#include "harness/experiment/results/experiment_result.h"
#include "harness/experiment/spec/experiment_parts.h"
#include "sim/base/result.h"
#include "sim/base/text.h"

namespace rebisect {
namespace {

using std::string_view;

}  // namespace

Result<ExperimentGraph> ReadExperimentGraph(const YamlNode& node,
                                            const std::string& file) {
  REBISECT_ASSIGN_OR_RETURN(auto source,
                            ReadHistorySource(node, "a graph", file));
  return ExperimentGraph{std::move(source), node.where};
}

Result<ExperimentTruth> ReadExperimentTruth(const YamlNode& node,
                                            const std::string& file) {
  ExperimentTruth truth;
  truth.where = node.where;
  if (node.kind == YamlNode::Kind::kScalar) {
    truth.kind = node.scalar == "none" ? ExperimentTruth::Kind::kNone
                                       : ExperimentTruth::Kind::kEvery;
    if (node.scalar == "none" || node.scalar == "every") return truth;
    return Fail(ErrorCode::kInput,
                "there is no truth " + Quote(node.scalar) +
                    "; give every, none, {none: SHARE}, {sample: COUNT} or "
                    "{weights: FILE}",
                node.where);
  }
  YamlFields fields(node, "a truth");
  std::optional<std::uint64_t> sample;
  std::optional<double> none;
  std::string path;
  std::string sha1;
  fields.Whole("sample", 1, kMaxHistory, &sample);
  fields.Number("none", &none);
  fields.Text("weights", &path);
  fields.Text("sha1", &sha1);
  REBISECT_RETURN_IF_ERROR(fields.Finish());
  if (int{sample.has_value()} + int{none.has_value()} + int{!path.empty()} !=
      1) {
    return Fail(ErrorCode::kInput,
                "a truth is one of every, none, {none: SHARE}, {sample: COUNT} "
                "and {weights: FILE}",
                node.where);
  }
  if (none) {
    REBISECT_RETURN_IF_ERROR(OnlyKeys(node, "none", {}));
    if (!(*none > 0 && *none < 1)) {
      return Fail(ErrorCode::kInput,
                  "'none' has to be a number above 0 and below 1; no culprit "
                  "at all is the truth `none`, one each time `every`",
                  node.Find("none")->where);
    }
    truth.kind = ExperimentTruth::Kind::kMaybe;
    truth.none = *none;
    return truth;
  }
  if (sample) {
    REBISECT_RETURN_IF_ERROR(OnlyKeys(node, "sample", {}));
    truth.kind = ExperimentTruth::Kind::kSample;
    truth.count = static_cast<std::uint32_t>(*sample);
    return truth;
  }
  truth.kind = ExperimentTruth::Kind::kWeighted;
  REBISECT_ASSIGN_OR_RETURN(
      auto table,
      ReadCommitTable({PathFrom(file, path), sha1, node.PlaceOf("sha1")},
                      kWeightColumn));
  truth.table = std::move(table);
  return truth;
}

Result<ExperimentBudget> ReadExperimentBudget(const YamlNode& node) {
  YamlFields fields(node, "a budget");
  std::optional<std::uint64_t> numbers[3];
  constexpr std::array<string_view, 3> kKeys = {"tests", "runs", "cost-ms"};
  for (std::size_t i = 0; i < kKeys.size(); ++i) {
    fields.Whole(kKeys[i], 1, kMaxQuantity, &numbers[i]);
  }
  REBISECT_RETURN_IF_ERROR(fields.Finish());
  const auto limit = [&](std::size_t i) -> std::optional<std::int64_t> {
    if (!numbers[i]) return std::nullopt;
    return static_cast<std::int64_t>(*numbers[i]);
  };
  return ExperimentBudget{limit(0), limit(1), limit(2), node.where};
}

}  // namespace rebisect
