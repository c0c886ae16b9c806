#include "harness/experiment/reproduce/manifest.h"

#include <cmath>
#include <utility>

#include "harness/experiment/spec/experiment_parts.h"
#include "harness/search/selection_policies.h"
#include "scenarios/yaml/yaml_fields.h"
#include "scenarios/yaml/yaml_tree.h"
#include "sim/base/result.h"
#include "sim/base/text.h"

namespace rebisect {
namespace {

using std::string_view;

constexpr string_view kSchema = "manifest/1";
constexpr std::uint64_t kMaxTrials = std::uint64_t{1} << 40;

/// A figure, none below 0.
Result<double> ReadNumber(const YamlNode& node) {
  const auto number = ToDouble(node.scalar);
  if (node.kind == YamlNode::Kind::kScalar && number &&
      std::isfinite(*number) && *number >= 0) {
    return *number;
  }
  return Fail(ErrorCode::kInput, "a figure has to be a number from 0 on",
              node.where);
}

/// A figure or [low, high].
Result<Interval> ReadRange(const YamlNode& node) {
  if (node.kind != YamlNode::Kind::kSequence) {
    REBISECT_ASSIGN_OR_RETURN(const auto number, ReadNumber(node));
    return Interval{number, number};
  }
  if (node.items.size() != 2) {
    return Fail(ErrorCode::kInput,
                "a range of figures has two ends, as in [0.97, 1]", node.where);
  }
  REBISECT_ASSIGN_OR_RETURN(const auto low, ReadNumber(node.items[0]));
  REBISECT_ASSIGN_OR_RETURN(const auto high, ReadNumber(node.items[1]));
  if (low > high) {
    return Fail(ErrorCode::kInput,
                "the lower end of a range comes first; turn them round",
                node.where);
  }
  return Interval{low, high};
}

void ReadSpreads(YamlFields& fields, Spreads& spreads) {
  for (std::size_t i = 0; i < kFigures; ++i) {
    if (kSpreadNames[i].empty()) continue;
    const YamlNode* const spread = fields.Node(kSpreadNames[i]);
    if (spread == nullptr) continue;
    if (const auto number = ReadNumber(*spread)) {
      spreads[i] = *number;
    } else {
      fields.Fail(number.error());
    }
  }
}

Result<PublishedFigures> ReadPublished(const YamlNode& node) {
  PublishedFigures figures;
  YamlFields fields(node, "what is published");
  for (std::size_t i = 0; i < kFigures; ++i) {
    const YamlNode* const figure = fields.Node(kFigureNames[i]);
    if (figure == nullptr) continue;
    if (auto range = ReadRange(*figure)) {
      figures.values[i] = *range;
    } else {
      fields.Fail(std::move(range.error()));
    }
  }
  ReadSpreads(fields, figures.spreads);
  fields.Whole("trials", 1, kMaxTrials, &figures.trials);
  REBISECT_RETURN_IF_ERROR(fields.Finish());
  return figures;
}

Result<RecordedFigures> ReadRecorded(const YamlNode& node) {
  RecordedFigures figures;
  YamlFields fields(node, "our figures");
  for (std::size_t i = 0; i < kFigures; ++i) {
    const YamlNode* const figure = fields.Node(kFigureNames[i]);
    if (figure == nullptr) continue;
    if (const auto number = ReadNumber(*figure)) {
      figures.values[i] = *number;
    } else {
      fields.Fail(number.error());
    }
  }
  ReadSpreads(fields, figures.spreads);
  std::optional<std::uint64_t> trials;
  fields.Whole("trials", 0, kMaxTrials, &trials);
  REBISECT_RETURN_IF_ERROR(fields.Finish());
  figures.trials = trials.value_or(0);
  return figures;
}

/// The part of a result that `read` reads.
template <class Part, class Read>
void ReadPart(YamlFields& fields, string_view key, Part& part,
              const Read& read) {
  const YamlNode* const node = fields.Node(key);
  if (node == nullptr) return;
  if (auto made = read(*node)) {
    part = *std::move(made);
  } else {
    fields.Fail(std::move(made.error()));
  }
}

Result<ManifestResult> ReadResult(const YamlNode& node) {
  ManifestResult result;
  result.where = node.where;
  YamlFields fields(node, "a result");
  fields.Text("select", &result.select);
  fields.Text("retry", &result.retry);
  fields.Text("verdict", &result.verdict);
  fields.Text("graph", &result.graph);
  fields.Text("truth", &result.truth);
  fields.Text("noise", &result.noise);
  fields.Text("budget", &result.budget);
  std::optional<std::uint64_t> mean_of;
  fields.Whole("mean-of", 2, kMaxCellsOfExperiment, &mean_of);
  ReadPart(fields, "published", result.published, &ReadPublished);
  ReadPart(fields, "ours", result.recorded, &ReadRecorded);
  fields.Text("why", &result.why);
  REBISECT_RETURN_IF_ERROR(fields.Finish());
  result.mean_of = mean_of.value_or(1);
  if (result.select.empty()) {
    return Fail(ErrorCode::kInput,
                "a result is one of a selection policy; give 'select'",
                node.where);
  }
  const YamlNode& select = *node.Find("select");
  REBISECT_ASSIGN_OR_RETURN(const auto policy,
                            ParseSelection(result.select, select.where));
  result.select = ToText({policy});
  return result;
}

class ManifestReader {
 public:
  ManifestReader(const YamlNode& root, const std::string& text,
                 const std::string& file)
      : root_(root), text_(text), file_(file), fields_(root, "a manifest") {}

  Result<Manifest> Read() {
    manifest_.file = file_;
    Head();
    ReadPart(fields_, "experiment", manifest_.experiment,
             [this](const YamlNode& node) {
               return ReadExperiment(node, text_, file_);
             });
    Made();
    const YamlNode* const results = fields_.Node("results");
    REBISECT_RETURN_IF_ERROR(fields_.Finish());
    if (root_.Find("experiment") == nullptr || results == nullptr ||
        results->kind != YamlNode::Kind::kSequence || results->items.empty()) {
      return Fail(ErrorCode::kInput,
                  "a manifest needs 'experiment', and 'results', a list",
                  results == nullptr ? root_.where : results->where);
    }
    for (const YamlNode& node : results->items) {
      REBISECT_ASSIGN_OR_RETURN(auto result, ReadResult(node));
      manifest_.results.push_back(std::move(result));
    }
    return std::move(manifest_);
  }

 private:
  void Head() {
    std::string schema;
    fields_.Text("rebisect", &schema);
    if (schema != kSchema) {
      const YamlNode* const said = fields_.Node("rebisect");
      fields_.Fail(said != nullptr ? said->where : root_.where,
                   "a manifest starts with `rebisect: " + std::string(kSchema) +
                       "`, not " +
                       (schema.empty() ? "without it" : "'" + schema + "'"));
    }
    for (const auto& [key, text] :
         {std::pair{string_view("source"), &manifest_.source},
          std::pair{string_view("setting"), &manifest_.setting}}) {
      fields_.Text(key, text);
      if (!text->empty()) continue;
      fields_.Fail(root_.where,
                   "a manifest says where its figures come from, "
                   "and of what; give '" +
                       std::string(key) + "'");
    }
  }

  void Made() {
    const YamlNode* const node = fields_.Node("made");
    if (node == nullptr) return;
    YamlFields made(*node, "what made our figures");
    made.Text("version", &manifest_.made_version);
    made.Text("digest", &manifest_.made_digest);
    if (auto read = made.Finish(); !read) fields_.Fail(read.error());
  }

  const YamlNode& root_;
  const std::string& text_;
  const std::string& file_;
  YamlFields fields_;
  Manifest manifest_;
};

}  // namespace

Result<Manifest> ReadManifest(const std::string& text,
                              const std::string& path) {
  REBISECT_ASSIGN_OR_RETURN(const auto root, ReadYaml(text, path));
  return ManifestReader(root, text, path).Read();
}

}  // namespace rebisect
