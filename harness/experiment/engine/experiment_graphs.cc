#include "harness/experiment/engine/experiment_graphs.h"

#include <algorithm>
#include <string>
#include <utility>

#include "harness/graph/history.h"
#include "sim/base/check.h"
#include "sim/base/result.h"
#include "sim/graph/reachable.h"
#include "sim/io/sha1.h"
#include "sim/policies/narrowing.h"
#include "sim/session/bisect_session.h"

namespace rebisect {
namespace {

/// What is reachable from `bad`, numbered from there: the bad end comes last,
/// and no number depends on what else the graph holds.
CommitGraph Renumbered(const CommitGraph& graph, Vertex bad) {
  const std::vector<bool> reached = ReachableFrom(graph, {&bad, 1});
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
  REBISECT_RETURN_IF_ERROR(session.Start(command));
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
Result<PreparedGraph> Search(const LoadedHistory& loaded, bool first_parents) {
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
    REBISECT_ASSIGN_OR_RETURN(
        auto suspects, ListSuspects(graph, loaded.bad, loaded.goods, false));
    prepared.suspects = std::move(suspects);
  }
  if (prepared.suspects.size() < 2) {
    return Fail(ErrorCode::kInput,
                "a graph without suspects: between the good end and the bad "
                "end there is nothing to test; give a longer range");
  }
  if (first_parents) {
    REBISECT_ASSIGN_OR_RETURN(
        auto chain, ListSuspects(graph, loaded.bad, loaded.goods, true));
    prepared.first_parent_suspects = std::move(chain);
    prepared.brought_by =
        BroughtBy(prepared.suspects, prepared.first_parent_suspects);
  }
  return prepared;
}

Result<PreparedGraph> Prepare(const ExperimentGraph& graph,
                              bool first_parents) {
  REBISECT_ASSIGN_OR_RETURN(auto loaded, LoadHistory(graph.source));
  auto prepared = Search(loaded, first_parents);
  // Dates out of order may lead the walk past what was loaded.
  while (!prepared && prepared.error().code == ErrorCode::kBoundary &&
         loaded.source != nullptr) {
    REBISECT_ASSIGN_OR_RETURN(const auto more, loaded.source->LoadMore());
    if (!more) break;
    prepared = Search(loaded, first_parents);
  }
  if (!prepared) return prepared;
  prepared->info = {DigestOf(*prepared), prepared->suspects.size(),
                    prepared->suspects.parents.size(), loaded.words};
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
