// Graphs, truths and budgets of an experiment file.

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <set>
#include <utility>

#include "harness/experiment_parts.h"
#include "harness/experiment_result.h"
#include "scenarios/csv_reader.h"
#include "scenarios/git_words.h"
#include "scenarios/recording_names.h"
#include "sim/io/input.h"
#include "sim/io/sha1.h"

namespace rebisect {
namespace {

using std::string_view;

constexpr std::uint64_t kLargestSeed = ~std::uint64_t{0};

std::string Quoted(string_view text) { return "'" + std::string(text) + "'"; }

/// Where the value of a key stands.
Position PlaceOf(const YamlNode& node, string_view key) {
  const YamlNode* const value = node.Find(key);
  return value == nullptr ? node.where : value->where;
}

/// Errors: a key that is not among those that go with `kind`.
Result<void> Only(const YamlNode& node, string_view kind,
                  std::initializer_list<string_view> others) {
  for (const YamlNode& key : node.keys) {
    if (key.scalar == kind) continue;
    if (std::find(others.begin(), others.end(), key.scalar) != others.end()) {
      continue;
    }
    return Fail(ErrorCode::kInput,
                Quoted(key.scalar) + " does not go with " + Quoted(kind) +
                    "; leave it out",
                key.where);
  }
  return {};
}

/// The ends of a search, given as `range`, or as `bad` and `good`.
struct Ends {
  std::string range{};
  std::string bad{};
  std::vector<std::string> goods{};

  void Ask(YamlFields& fields) {
    fields.Text("range", &range);
    fields.Text("bad", &bad);
    fields.Texts("good", &goods);
  }

  Result<void> Settle(const YamlNode& node) {
    if (!range.empty()) {
      const Position where = PlaceOf(node, "range");
      if (!bad.empty() || !goods.empty()) {
        return Fail(ErrorCode::kInput,
                    "give either 'range', or 'bad' and 'good'", where);
      }
      const std::size_t dots = range.find("..");
      const std::string good = range.substr(0, std::min(dots, range.size()));
      bad = dots == std::string::npos ? "" : range.substr(dots + 2);
      if (good.empty() || bad.empty() || bad.front() == '.') {
        return Fail(ErrorCode::kInput,
                    "the range has to be GOOD..BAD, not " + Quoted(range),
                    where);
      }
      goods = {good};
    }
    if (bad.empty() || goods.empty()) {
      return Fail(ErrorCode::kInput,
                  "a graph needs the ends of a search; give 'range: "
                  "GOOD..BAD', or 'bad' and 'good'",
                  node.where);
    }
    std::sort(goods.begin(), goods.end());
    const auto twice = std::adjacent_find(goods.begin(), goods.end());
    if (twice == goods.end()) return {};
    return Fail(ErrorCode::kInput,
                "the good end " + Quoted(*twice) + " is given twice; keep one",
                PlaceOf(node, "good"));
  }
};

Result<GeneratedHistory> ReadGenerated(const YamlNode& node,
                                       const std::string& shape,
                                       std::optional<std::uint64_t> commits,
                                       std::optional<std::uint64_t> seed) {
  const auto found = HistoryShapeNamed(shape);
  if (!found) {
    return Fail(ErrorCode::kInput,
                "there is no generator " + Quoted(shape) +
                    SuggestWord(shape, HistoryShapeNames()),
                PlaceOf(node, "generate"));
  }
  if (!commits) {
    return Fail(ErrorCode::kInput,
                "a generated history needs a size; give 'commits'", node.where);
  }
  return GeneratedHistory{*found, static_cast<std::uint32_t>(*commits),
                          seed.value_or(GeneratedHistory{}.seed)};
}

}  // namespace

std::string PathFrom(const std::string& file, const std::string& path) {
  if (path.starts_with("~/")) {
    const char* const home = std::getenv("HOME");
    if (home != nullptr) return home + path.substr(1);
  }
  const std::size_t slash = file.rfind('/');
  if (path.starts_with('/') || slash == std::string::npos) return path;
  return file.substr(0, slash + 1) + path;
}

void Whole(YamlFields& fields, string_view key, std::uint64_t low,
           std::uint64_t high, std::optional<std::uint64_t>* value) {
  std::string text;
  fields.Text(key, &text);
  const YamlNode* const node = fields.Node(key);
  if (node == nullptr) return;
  std::uint64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error == std::errc() && stop == end && number >= low && number <= high) {
    *value = number;
    return;
  }
  fields.Fail(node->where, Quoted(key) + " has to be a whole number from " +
                               std::to_string(low) + " to " +
                               std::to_string(high) + ", not " + Quoted(text));
}

void Share(YamlFields& fields, string_view key, double* value) {
  std::optional<double> number;
  fields.Number(key, &number);
  if (!number) return;
  if (*number < 0 || *number > 1) {
    const YamlNode* const node = fields.Node(key);
    fields.Fail(node == nullptr ? Position{} : node->where,
                Quoted(key) + " has to be a number from 0 to 1");
    return;
  }
  *value = *number;
}

Result<ExperimentGraph> ReadExperimentGraph(const YamlNode& node,
                                            const std::string& file) {
  YamlFields fields(node, "a graph");
  std::string repository;
  std::string dag;
  std::string shape;
  std::string recording;
  Ends ends;
  std::optional<std::uint64_t> commits;
  std::optional<std::uint64_t> seed;
  fields.Text("repository", &repository);
  fields.Text("dag", &dag);
  fields.Text("generate", &shape);
  fields.Text("recording", &recording);
  ends.Ask(fields);
  Whole(fields, "commits", 2, kLargestHistory, &commits);
  Whole(fields, "seed", 0, kLargestSeed, &seed);
  if (auto read = fields.Finish(); !read) return tl::unexpected(read.error());

  ExperimentGraph graph;
  graph.where = node.where;
  Result<void> checked;
  if (!repository.empty() || !dag.empty()) {
    checked = Only(node, repository.empty() ? "dag" : "repository",
                   {"range", "bad", "good"});
    if (checked) checked = ends.Settle(node);
    if (repository.empty()) {
      graph.source = DagRange{PathFrom(file, dag), ends.bad, ends.goods};
    } else {
      graph.source =
          RepositoryRange{PathFrom(file, repository), ends.bad, ends.goods};
    }
  } else if (!shape.empty()) {
    checked = Only(node, "generate", {"commits", "seed"});
    auto generated = ReadGenerated(node, shape, commits, seed);
    if (checked && !generated) return tl::unexpected(generated.error());
    if (generated) graph.source = *generated;
  } else if (!recording.empty()) {
    checked = Only(node, "recording", {});
    graph.source = ReconstructedRecording{PathFrom(file, recording)};
  } else {
    checked = Fail(ErrorCode::kInput,
                   "a graph needs one of 'repository', 'dag', 'generate' and "
                   "'recording'",
                   node.where);
  }
  if (!checked) return tl::unexpected(checked.error());
  return graph;
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
                "there is no truth " + Quoted(node.scalar) +
                    "; give every, none, {none: SHARE}, {sample: COUNT} or "
                    "{weights: FILE}",
                node.where);
  }
  YamlFields fields(node, "a truth");
  std::optional<std::uint64_t> sample;
  std::optional<double> none;
  std::string path;
  std::string sha1;
  Whole(fields, "sample", 1, kLargestHistory, &sample);
  fields.Number("none", &none);
  fields.Text("weights", &path);
  fields.Text("sha1", &sha1);
  if (auto read = fields.Finish(); !read) return tl::unexpected(read.error());
  if (int{sample.has_value()} + int{none.has_value()} + int{!path.empty()} !=
      1) {
    return Fail(ErrorCode::kInput,
                "a truth is one of every, none, {none: SHARE}, {sample: COUNT} "
                "and {weights: FILE}",
                node.where);
  }
  if (none) {
    if (auto only = Only(node, "none", {}); !only) {
      return tl::unexpected(only.error());
    }
    if (!(*none > 0 && *none < 1)) {
      return Fail(ErrorCode::kInput,
                  "'none' has to be a number above 0 and below 1; nobody at "
                  "all is the truth `none`, somebody each time `every`",
                  PlaceOf(node, "none"));
    }
    truth.kind = ExperimentTruth::Kind::kMaybe;
    truth.none = *none;
    return truth;
  }
  if (sample) {
    if (auto only = Only(node, "sample", {}); !only) {
      return tl::unexpected(only.error());
    }
    truth.kind = ExperimentTruth::Kind::kSample;
    truth.count = static_cast<std::uint32_t>(*sample);
    return truth;
  }
  truth.kind = ExperimentTruth::Kind::kWeighted;
  auto table = ReadCommitTable(
      {PathFrom(file, path), sha1, PlaceOf(node, "sha1")}, kWeightColumn);
  if (!table) return tl::unexpected(std::move(table.error()));
  truth.table = *std::move(table);
  return truth;
}

Result<ExperimentBudget> ReadExperimentBudget(const YamlNode& node) {
  YamlFields fields(node, "a budget");
  std::optional<std::uint64_t> numbers[3];
  constexpr std::array<string_view, 3> kKeys = {"tests", "runs", "cost-ms"};
  for (std::size_t i = 0; i < kKeys.size(); ++i) {
    Whole(fields, kKeys[i], 1, kLargestQuantity, &numbers[i]);
  }
  if (auto read = fields.Finish(); !read) return tl::unexpected(read.error());
  const auto limit = [&](std::size_t i) -> std::optional<std::int64_t> {
    if (!numbers[i]) return std::nullopt;
    return static_cast<std::int64_t>(*numbers[i]);
  };
  return ExperimentBudget{limit(0), limit(1), limit(2), node.where};
}

}  // namespace rebisect
