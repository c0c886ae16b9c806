#include "harness/experiment_graphs.h"

#include <algorithm>
#include <string>
#include <utility>
#include <variant>

#include "harness/command_support.h"
#include "harness/graph_source.h"
#include "scenarios/steps.h"
#include "sim/bisect_session.h"
#include "sim/check.h"
#include "sim/io/input.h"
#include "sim/io/sha1.h"
#include "sim/policies/narrowing.h"

namespace rebisect {
namespace {

std::string FileName(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

std::string Joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) {
    text.append(text.empty() ? "" : ", ").append(name);
  }
  return text;
}

/// A history and the ends of a search in it.
struct Loaded {
  std::unique_ptr<GraphSource> source;  ///< null if it was made up
  CommitGraph made;
  CommitId bad;
  std::vector<CommitId> goods;
  std::string words;

  [[nodiscard]] const CommitGraph& graph() const {
    return source == nullptr ? made : source->graph();
  }
};

/// Finds the ends in the source and loads what lies between.
Result<Loaded> LoadBetween(std::unique_ptr<GraphSource> source,
                           const std::string& bad,
                           const std::vector<std::string>& goods) {
  Loaded loaded;
  GraphQuestion question;
  const auto found_bad = source->Resolve(bad);
  if (!found_bad) return tl::unexpected(found_bad.error());
  loaded.bad = *found_bad;
  question.bad = {*found_bad};
  for (const std::string& good : goods) {
    const auto found = source->Resolve(good);
    if (!found) return tl::unexpected(found.error());
    if (std::find(loaded.goods.begin(), loaded.goods.end(), *found) ==
        loaded.goods.end()) {
      loaded.goods.push_back(*found);
    }
  }
  question.goods = loaded.goods;
  if (auto result = source->Load(question); !result) {
    return tl::unexpected(std::move(result.error()));
  }
  loaded.source = std::move(source);
  return loaded;
}

struct Loader {
  Result<Loaded> operator()(const RepositoryRange& range) const {
    GraphOptions options;
    options.repositories = {range.path};
    return OfOptions(options, range.bad, range.goods,
                     "repository " + FileName(range.path));
  }

  Result<Loaded> operator()(const DagRange& range) const {
    GraphOptions options;
    options.dags = {range.path};
    return OfOptions(options, range.bad, range.goods,
                     "DAG file " + FileName(range.path));
  }

  Result<Loaded> operator()(const GeneratedHistory& history) const {
    MadeHistory made =
        MakeHistory(history.shape, history.commits, history.seed);
    Loaded loaded;
    loaded.bad = made.graph.Id(made.bad);
    loaded.goods = {made.graph.Id(made.good)};
    loaded.made = std::move(made.graph);
    loaded.words = "generated: " + std::string(NameOf(history.shape)) + ", " +
                   std::to_string(history.commits) + " commits, seed " +
                   std::to_string(history.seed);
    return loaded;
  }

  Result<Loaded> operator()(const ReconstructedRecording& recorded) const {
    const auto recording = LoadRecording(recorded.path);
    if (!recording) return tl::unexpected(recording.error());
    const RecordedSearch search = FindSteps(*recording);
    if (search.bad.empty() || search.goods.empty()) {
      return Fail(ErrorCode::kInput,
                  std::string("the record has no ") +
                      (search.bad.empty() ? "bad" : "good") +
                      " end, so there is no range to simulate",
                  {recording->file, 0, 0});
    }
    auto source = GraphSource::FromRecording(*recording);
    if (!source) return tl::unexpected(std::move(source.error()));
    auto loaded = LoadBetween(*std::move(source), search.bad, search.goods);
    if (loaded) {
      loaded->words = "reconstructed from " + FileName(recorded.path);
    }
    return loaded;
  }

 private:
  static Result<Loaded> OfOptions(const GraphOptions& options,
                                  const std::string& bad,
                                  const std::vector<std::string>& goods,
                                  const std::string& what) {
    auto source = GraphSource::FromOptions(options);
    if (!source) return tl::unexpected(std::move(source.error()));
    auto loaded = LoadBetween(*std::move(source), bad, goods);
    if (loaded) loaded->words = what + ", " + Joined(goods) + ".." + bad;
    return loaded;
  }
};

/// Which commits are reachable from v, v included. O(n).
std::vector<bool> AncestorsOf(const CommitGraph& graph, Vertex v) {
  std::vector<bool> reached(graph.size(), false);
  reached[v] = true;
  // Parents have smaller numbers.
  for (Vertex u = v + 1; u-- > 0;) {
    if (!reached[u]) continue;
    for (const Vertex p : graph.Parents(u)) reached[p] = true;
  }
  return reached;
}

/// What is reachable from `bad`, numbered from there: the bad end comes last,
/// and no number depends on what else the graph holds.
CommitGraph Renumbered(const CommitGraph& graph, Vertex bad) {
  const std::vector<bool> reached = AncestorsOf(graph, bad);
  // The bad end first, the others in any order.
  std::vector<std::uint32_t> index(graph.size(), 0);
  std::uint32_t count = 0;
  CommitArrays arrays;
  for (Vertex v = bad + 1; v-- > 0;) {
    if (reached[v]) index[v] = count++;
  }
  arrays.ids.reserve(count);
  arrays.dates.reserve(count);
  arrays.rows.reserve(count + std::size_t{1});
  arrays.rows.push_back(0);
  for (Vertex v = bad + 1; v-- > 0;) {
    if (!reached[v]) continue;
    arrays.ids.push_back(graph.Id(v));
    arrays.dates.push_back(graph.Date(v));
    for (const Vertex p : graph.Parents(v)) arrays.parents.push_back(index[p]);
    arrays.rows.push_back(static_cast<std::uint32_t>(arrays.parents.size()));
    if (!graph.ParentsKnown(v)) arrays.boundary.push_back(index[v]);
    std::string label = graph.Label(v);
    if (label != graph.Id(v).Hex()) {
      arrays.labels.emplace(index[v], std::move(label));
    }
  }
  auto built = CommitGraph::Build(std::move(arrays));
  REBISECT_CHECK(built.has_value());
  return *std::move(built);
}

/// The suspects that `git bisect start` finds.
Result<SuspectGraph> ListSuspects(const CommitGraph& graph, const CommitId& bad,
                                  const std::vector<CommitId>& goods,
                                  bool first_parent) {
  LinearSelection any;  // which commit is proposed does not matter
  BisectSession session(graph, any, SessionOptions{});
  StartCommand command;
  command.bad = bad;
  command.goods = goods;
  command.first_parent = first_parent;
  const auto report = session.Start(command);
  if (!report) return tl::unexpected(report.error());
  REBISECT_CHECK(session.suspects() != nullptr);
  return *session.suspects();
}

/// By suspect: the first of the chain that contains it. The chain's suspects
/// go from old to new, each the parent of the next. O(n + edges).
std::vector<Suspect> BroughtBy(const SuspectGraph& all,
                               const SuspectGraph& chain) {
  // Whatever no other contains, the bad end does.
  const auto end = static_cast<Suspect>(chain.size() - 1);
  std::vector<Suspect> brought(all.size(), end);
  std::vector<Suspect> number(all.graph->size(), kNoSuspect);
  for (Suspect s = 0; s < all.size(); ++s) number[all.vertices[s]] = s;
  std::vector<Suspect> open;
  for (Suspect c = 0; c < end; ++c) {
    open = {number[chain.vertices[c]]};
    while (!open.empty()) {
      const Suspect s = open.back();
      open.pop_back();
      // Dates far out of order may make git list what is no suspect.
      if (s == kNoSuspect || brought[s] != end) continue;
      brought[s] = c;
      const auto parents = all.Parents(s);
      open.insert(open.end(), parents.begin(), parents.end());
    }
  }
  return brought;
}

/// Bytes that a digest is made of.
class Bytes {
 public:
  void Number(std::uint64_t number) {
    for (int shift = 0; shift < 64; shift += 8) {
      text_ += static_cast<char>((number >> shift) & 0xff);
    }
  }
  void Commit(const CommitGraph& graph, Vertex v) {
    const auto& id = graph.Id(v).bytes;
    text_.append(id.begin(), id.end());
    Number(static_cast<std::uint64_t>(graph.Date(v)));
  }
  [[nodiscard]] std::string Digest() const { return Sha1(text_).Hex(); }

 private:
  std::string text_;
};

std::string DigestOf(const PreparedGraph& prepared) {
  const CommitGraph& graph = *prepared.graph;
  Bytes bytes;
  bytes.Number(prepared.suspects.size());
  for (const Vertex v : prepared.suspects.vertices) {
    bytes.Commit(graph, v);
    const auto parents = graph.Parents(v);
    bytes.Number(parents.size());
    for (const Vertex p : parents) bytes.Commit(graph, p);
  }
  bytes.Commit(graph, prepared.bad);
  std::vector<Vertex> goods = prepared.goods;
  std::sort(goods.begin(), goods.end(),
            [&](Vertex a, Vertex b) { return graph.Id(a) < graph.Id(b); });
  for (const Vertex good : goods) bytes.Commit(graph, good);
  return bytes.Digest();
}

/// Everything but the digest, on the graph as it is loaded.
Result<PreparedGraph> Search(const Loaded& loaded, bool first_parents) {
  const CommitGraph& whole = loaded.graph();
  const auto bad = whole.Find(loaded.bad);
  REBISECT_CHECK(bad.has_value());
  PreparedGraph prepared;
  prepared.graph = std::make_unique<const CommitGraph>(Renumbered(whole, *bad));
  const CommitGraph& graph = *prepared.graph;
  prepared.bad = *graph.Find(loaded.bad);
  for (const CommitId& id : loaded.goods) {
    const auto good = graph.Find(id);
    if (!good) {
      const auto there = whole.Find(id);
      return Fail(ErrorCode::kInput,
                  "the good end " + (there ? whole.Label(*there) : id.Hex()) +
                      " is no ancestor of the bad end " +
                      graph.Label(prepared.bad) +
                      "; simulated searches have good ends that are, such as "
                      "their merge base");
    }
    prepared.goods.push_back(*good);
  }
  std::sort(prepared.goods.begin(), prepared.goods.end());
  const bool same = std::binary_search(prepared.goods.begin(),
                                       prepared.goods.end(), prepared.bad);
  if (!same) {
    auto suspects = ListSuspects(graph, loaded.bad, loaded.goods, false);
    if (!suspects) return tl::unexpected(std::move(suspects.error()));
    prepared.suspects = *std::move(suspects);
  }
  if (prepared.suspects.size() < 2) {
    return Fail(ErrorCode::kInput,
                "a graph without suspects: between the good end and the bad "
                "end there is nothing to test; give a longer range");
  }
  if (first_parents) {
    auto chain = ListSuspects(graph, loaded.bad, loaded.goods, true);
    if (!chain) return tl::unexpected(std::move(chain.error()));
    prepared.first_parent_suspects = *std::move(chain);
    prepared.brought_by =
        BroughtBy(prepared.suspects, prepared.first_parent_suspects);
  }
  return prepared;
}

Result<PreparedGraph> Prepare(const ExperimentGraph& graph,
                              bool first_parents) {
  auto loaded = std::visit(Loader{}, graph.source);
  if (!loaded) return tl::unexpected(std::move(loaded.error()));
  auto prepared = Search(*loaded, first_parents);
  // Dates out of order may lead the walk past what was loaded.
  while (!prepared && prepared.error().code == ErrorCode::kBoundary &&
         loaded->source != nullptr) {
    const auto more = loaded->source->LoadMore();
    if (!more) return tl::unexpected(more.error());
    if (!*more) break;
    prepared = Search(*loaded, first_parents);
  }
  if (!prepared) return prepared;
  prepared->info = {DigestOf(*prepared), prepared->suspects.size(),
                    prepared->suspects.parents.size(), loaded->words};
  return prepared;
}

}  // namespace

Result<PreparedGraph> PrepareGraph(const ExperimentGraph& graph,
                                   bool first_parents) {
  auto prepared = Prepare(graph, first_parents);
  if (!prepared && prepared.error().where.file.empty()) {
    prepared.error().where = graph.where;
  }
  return prepared;
}

}  // namespace rebisect
