#include "harness/suite/case/scenario_graph.h"

#include <algorithm>
#include <numeric>
#include <string>
#include <utility>
#include <variant>

#include "harness/graph/history.h"
#include "harness/suite/case/scenario_names.h"
#include "sim/base/check.h"
#include "sim/base/result.h"
#include "sim/graph/commit_arrays.h"

namespace rebisect {
namespace {

constexpr std::int64_t kEpoch = 1'500'000'000;
constexpr std::int64_t kMinute = 60;

/// Ids that only have to differ, until the true ones are known.
CommitId Placeholder(std::uint32_t number) {
  CommitId id;
  for (std::size_t i = 0; i < sizeof(number); ++i) {
    id.bytes[CommitId::kSize - 1 - i] =
        static_cast<std::uint8_t>(number >> (8 * i));
  }
  return id;
}

std::int64_t MinuteOf(const Scenario& scenario, const DrawnCommit& commit,
                      std::size_t at, std::size_t commits) {
  const ScenarioDates& dates = scenario.dates;
  const auto given = dates.minutes.find(commit.name);
  if (given != dates.minutes.end()) return given->second;
  switch (dates.kind) {
    case ScenarioDates::Kind::kEqual:
      return 0;
    case ScenarioDates::Kind::kFalling:
      return static_cast<std::int64_t>(commits - at);
    case ScenarioDates::Kind::kRising:
      break;
  }
  return static_cast<std::int64_t>(at);
}

Result<CommitArrays> Draw(const Scenario& scenario, const Drawing& drawing) {
  CommitArrays arrays;
  arrays.rows.push_back(0);
  std::size_t dated = 0;
  for (std::uint32_t i = 0; i < drawing.size(); ++i) {
    const DrawnCommit& commit = drawing[i];
    dated += scenario.dates.minutes.count(commit.name);
    arrays.ids.push_back(Placeholder(i));
    arrays.dates.push_back(
        kEpoch + kMinute * MinuteOf(scenario, commit, i, drawing.size()));
    arrays.parents.insert(arrays.parents.end(), commit.parents.begin(),
                          commit.parents.end());
    arrays.rows.push_back(static_cast<std::uint32_t>(arrays.parents.size()));
    arrays.labels.emplace(i, commit.name);
  }
  if (dated == scenario.dates.minutes.size()) return arrays;
  return Fail(ErrorCode::kInput,
              "'dates' names a commit that is not drawn; name those that are",
              scenario.dates.where);
}

/// Dates of a history that was not drawn.
void Redate(const Scenario& scenario, CommitArrays& arrays) {
  const auto [low, high] =
      std::minmax_element(arrays.dates.begin(), arrays.dates.end());
  const std::int64_t sum = *low + *high;
  const std::int64_t first = *low;
  for (std::int64_t& date : arrays.dates) {
    switch (scenario.dates.kind) {
      case ScenarioDates::Kind::kRising:
        break;
      case ScenarioDates::Kind::kEqual:
        date = first;
        break;
      case ScenarioDates::Kind::kFalling:
        date = sum - date;
        break;
    }
  }
}

/// n0, n1, ... in the order in which the commits were made.
void NumberNames(CommitArrays& arrays) {
  std::vector<std::uint32_t> order(arrays.ids.size());
  std::iota(order.begin(), order.end(), 0U);
  // Dates of generated histories rise from commit to commit.
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return arrays.dates[a] < arrays.dates[b];
  });
  for (std::size_t k = 0; k < order.size(); ++k) {
    arrays.labels[order[k]] = 'n' + std::to_string(k);
  }
}

Result<ScenarioGraph> Load(const Scenario& scenario,
                           const HistorySource& source) {
  const auto loaded = LoadHistory(source);
  if (!loaded) {
    Error error = loaded.error();
    if (error.where.file.empty()) error.where = scenario.where;
    return tl::unexpected(std::move(error));
  }
  const CommitGraph& graph = loaded->graph();
  if (!scenario.dates.minutes.empty()) {
    return Fail(ErrorCode::kInput,
                "only drawn commits can be dated one by one; give rising, "
                "equal or falling",
                scenario.dates.where);
  }
  ScenarioGraph made;
  const auto bad = graph.Find(loaded->bad);
  REBISECT_CHECK(bad.has_value());
  made.bad = *bad;
  for (const CommitId& id : loaded->goods) {
    const auto good = graph.Find(id);
    if (good) made.goods.push_back(*good);
  }
  CommitArrays arrays = ArraysOf(graph);
  if (std::holds_alternative<GeneratedHistory>(source)) NumberNames(arrays);
  // Every commit keeps its name, its id that was, in its message.
  for (Vertex v = 0; v < graph.size(); ++v) {
    arrays.labels.try_emplace(v, graph.Label(v));
    arrays.ids[v] = Placeholder(v);
  }
  arrays.boundary.clear();
  Redate(scenario, arrays);
  auto built = CommitGraph::Build(std::move(arrays));
  REBISECT_CHECK(built.has_value());
  made.graph = *std::move(built);
  return made;
}

Result<ScenarioGraph> DrawOrLoad(const Scenario& scenario) {
  const auto* const drawing = std::get_if<Drawing>(&scenario.history);
  if (drawing == nullptr) {
    return Load(scenario, std::get<HistorySource>(scenario.history));
  }
  REBISECT_ASSIGN_OR_RETURN(auto arrays, Draw(scenario, *drawing));
  auto built = CommitGraph::Build(std::move(arrays));
  REBISECT_CHECK(built.has_value());
  ScenarioGraph made;
  made.graph = *std::move(built);
  return made;
}

/// The file COMMIT everywhere, and those that the scenario speaks of.
Result<void> AddFiles(const Scenario& scenario, ScenarioGraph& made) {
  const CommitGraph& graph = made.graph;
  const ScenarioNames names(graph);
  made.files.resize(graph.size());
  for (Vertex v = 0; v < graph.size(); ++v) {
    made.files[v]["COMMIT"] = graph.Label(v) + '\n';
  }
  for (const auto& [path, changed_by] : scenario.repository.changes) {
    REBISECT_ASSIGN_OR_RETURN(const auto found, names.Find(changed_by));
    std::vector<bool> changes(graph.size(), false);
    for (const Vertex v : found) changes[v] = true;
    for (Vertex v = 0; v < graph.size(); ++v) {
      const auto parents = graph.Parents(v);
      if (changes[v]) {
        made.files[v][path] = graph.Label(v) + '\n';
      } else if (!parents.empty()) {
        const auto inherited = made.files[parents[0]].find(path);
        if (inherited != made.files[parents[0]].end()) {
          made.files[v][path] = inherited->second;
        }
      }
    }
  }
  return {};
}

}  // namespace

Result<ScenarioGraph> MakeScenarioGraph(const Scenario& scenario) {
  auto made = DrawOrLoad(scenario);
  if (!made) return made;
  REBISECT_RETURN_IF_ERROR(AddFiles(scenario, *made));
  auto ids = IdsInRepository(made->graph, made->files);
  if (!ids) {
    ids.error().where = scenario.where;
    return tl::unexpected(std::move(ids.error()));
  }
  CommitArrays arrays = ArraysOf(made->graph);
  for (Vertex v = 0; v < made->graph.size(); ++v) {
    arrays.labels.try_emplace(v, made->graph.Label(v));
  }
  arrays.ids = *std::move(ids);
  auto built = CommitGraph::Build(std::move(arrays));
  if (!built) {
    return Fail(ErrorCode::kInput,
                "two commits would be the same object; give them other names",
                scenario.where);
  }
  // Parents come first, so that nothing is numbered anew.
  made->graph = *std::move(built);
  return made;
}

}  // namespace rebisect
