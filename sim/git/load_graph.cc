#include "sim/git/load_graph.h"

#include <array>
#include <utility>

#include "sim/base/check.h"
#include "sim/base/result.h"
#include "sim/git/commit_source.h"
#include "sim/graph/date_queue.h"

namespace rebisect {
namespace {

/// From where a commit was reached.
enum : std::uint8_t { kFromBad = 1, kFromGood = 2, kFromOther = 4 };

/// Commits from one call of LoadRequest::progress to the next.
constexpr std::size_t kToldEvery = 1024;

class GraphLoader {
 public:
  GraphLoader(std::span<const Repository* const> repositories,
              const LoadRequest& request)
      : request_(request), source_(repositories, request.use_commit_graph) {}

  Result<LoadedGraph> Run(std::span<const Repository* const> repositories) {
    const std::array<std::pair<const std::vector<CommitId>*, std::uint8_t>, 3>
        tips = {{{&request_.bad, kFromBad},
                 {&request_.goods, kFromGood},
                 {&request_.others, kFromOther}}};
    for (const auto& [ids, from] : tips) {
      for (const CommitId& id : *ids) {
        REBISECT_ASSIGN_OR_RETURN(const auto commit,
                                  source_.Get(id, kNoVertex));
        Reach(commit, from);
      }
    }
    REBISECT_RETURN_IF_ERROR(Walk());
    CommitArrays arrays = Arrays();
    if (request_.with_names) {
      for (const Repository* repository : repositories) {
        REBISECT_ASSIGN_OR_RETURN(const auto references,
                                  repository->References());
        for (const auto& [name, id] : references) {
          // As with the commits, the first repository that has it counts.
          const auto commit = source_.Find(id);
          if (commit) arrays.names.emplace(name, *commit);
        }
      }
    }
    arrays.ids = source_.Ids();
    arrays.dates = std::move(source_.dates());
    auto graph = CommitGraph::Build(std::move(arrays));
    if (!graph) return tl::unexpected(CycleError(std::move(graph.error())));
    return LoadedGraph{std::move(*graph), std::move(source_.notes()),
                       source_.from_commit_graph()};
  }

 private:
  struct State {
    std::uint8_t from = 0;
    bool queued = false;
    bool visited = false;
    std::uint32_t edges_begin = 0;  // into edges_, once visited
    std::uint32_t edge_count = 0;
  };
  /// No objects can make a cycle; what stands in for them can.
  static Error CycleError(Error error) {
    constexpr std::size_t kMaxNotes = 20;
    if (error.notes.size() > kMaxNotes) error.notes.resize(kMaxNotes);
    for (std::string& note : error.notes)
      note.insert(0, "note: in the cycle: ");
    error.message += "; look at refs/replace/ and info/grafts";
    return error;
  }

  static bool IsCommon(std::uint8_t from) {
    return (from & kFromBad) != 0 && (from & kFromGood) != 0;
  }

  /// Marks the commit, and queues it when that is news for its ancestors.
  void Reach(std::uint32_t commit, std::uint8_t from) {
    if (commit >= states_.size()) states_.resize(commit + 1);
    State& state = states_[commit];
    const auto all = static_cast<std::uint8_t>(state.from | from);
    if (all == state.from) return;
    if (state.queued && !IsCommon(state.from)) --one_sided_;
    if (!IsCommon(all)) ++one_sided_;
    state.from = all;
    if (state.queued) return;
    state.queued = true;
    queue_.Push(commit, source_.Date(commit));
  }

  Result<void> Walk() {
    std::size_t slack = request_.slack;
    while (!queue_.Empty()) {
      if (one_sided_ > 0) {
        slack = request_.slack;
      } else if (slack == 0) {
        break;
      } else if (slack != kAllAncestors) {
        --slack;
      }
      const std::uint32_t commit = queue_.Pop();
      State& state = states_[commit];
      state.queued = false;
      const std::uint8_t from = state.from;
      if (!IsCommon(from)) --one_sided_;
      if (auto visited = Visit(commit); !visited) return visited;
      const State& now = states_[commit];
      for (std::uint32_t i = 0; i < now.edge_count; ++i) {
        Reach(edges_[states_[commit].edges_begin + i], from);
      }
    }
    return {};
  }

  Result<void> Visit(std::uint32_t commit) {
    if (states_[commit].visited) return {};
    const auto begin = static_cast<std::uint32_t>(edges_.size());
    if (auto read = source_.AppendParents(commit, edges_); !read) return read;
    const std::size_t known = source_.size();
    if (known > states_.size()) states_.resize(known);
    State& state = states_[commit];
    state.visited = true;
    if (++visited_ % kToldEvery == 0 && request_.progress) {
      request_.progress(visited_);
    }
    state.edges_begin = begin;
    state.edge_count = static_cast<std::uint32_t>(edges_.size()) - begin;
    return {};
  }

  /// All but ids, dates and names.
  CommitArrays Arrays() {
    CommitArrays arrays;
    const auto count = static_cast<std::uint32_t>(states_.size());
    arrays.rows.reserve(count + 1);
    arrays.rows.push_back(0);
    arrays.parents.reserve(edges_.size());
    for (std::uint32_t commit = 0; commit < count; ++commit) {
      const State& state = states_[commit];
      const auto begin = edges_.begin() + state.edges_begin;
      arrays.parents.insert(arrays.parents.end(), begin,
                            begin + state.edge_count);
      arrays.rows.push_back(static_cast<std::uint32_t>(arrays.parents.size()));
      if (!state.visited && !source_.IsRoot(commit)) {
        arrays.boundary.push_back(commit);
      }
    }
    return arrays;
  }

  const LoadRequest& request_;
  CommitSource source_;
  std::vector<State> states_;
  std::vector<std::uint32_t> edges_;
  DateQueue queue_;
  std::size_t visited_ = 0;
  std::size_t one_sided_ = 0;  // queued, and reached from one side only
};

}  // namespace

Result<LoadedGraph> LoadGraph(std::span<const Repository* const> repositories,
                              const LoadRequest& request) {
  REBISECT_CHECK(!repositories.empty());
  return GraphLoader(repositories, request).Run(repositories);
}

Result<LoadedGraph> LoadGraph(const Repository& repository,
                              const LoadRequest& request) {
  const Repository* const one = &repository;
  return LoadGraph({&one, 1}, request);
}

}  // namespace rebisect
