#include "harness/replay/search_graph.h"

#include <algorithm>
#include <utility>

#include "harness/graph/commit_names.h"
#include "harness/search/folded_suspects.h"
#include "harness/search/search_space.h"
#include "sim/base/result.h"

namespace rebisect {
namespace {

class SearchGraphMaker {
 public:
  SearchGraphMaker(const Recording& recording, const RecordedSearch& search,
                   GraphSource& source)
      : recording_(recording),
        search_(search),
        source_(source),
        names_(recording, source) {}

  Result<SearchGraph> Make(const std::vector<std::size_t>& step_of_move) {
    REBISECT_ASSIGN_OR_RETURN(const auto located,
                              LocateSearch(recording_, search_, source_));
    const CommitGraph& graph = source_.graph();
    const auto bad = Find(search_.bad);
    if (!bad) {
      return Fail(ErrorCode::kNotFound, "the graph lacks " + search_.bad);
    }
    marks_.push_back({*bad, 0, Verdict::kBad});
    FindMarks(step_of_move);
    const std::optional<Vertex> culprit = located.culprit;
    if (culprit) marks_.push_back({*culprit, LastStep(), std::nullopt});
    REBISECT_ASSIGN_OR_RETURN(
        const auto folded,
        FoldSuspects(graph, located.space.suspects, first_parent_, marks_));
    SearchGraph result;
    for (const FoldedClass& part : folded) {
      result.classes.push_back(Named(part, culprit));
    }
    return result;
  }

  /// Of a search limited to paths git simplifies the history anew at every
  /// step: who is whose ancestor then depends on the step.
  [[nodiscard]] bool HasPaths() {
    for (const Event& event : recording_.events) {
      if (const auto* const start = std::get_if<Start>(&event)) {
        has_paths_ = !start->paths.empty();
        first_parent_ = start->first_parent;
      }
    }
    return has_paths_;
  }

 private:
  [[nodiscard]] std::optional<Vertex> Find(const std::string& name) {
    const auto id = names_(name);
    return id ? source_.graph().Find(*id) : std::nullopt;
  }

  [[nodiscard]] std::size_t LastStep() const {
    return marks_.empty() ? 0 : marks_.back().step;
  }

  /// What the last search was told: from its start on.
  void FindMarks(const std::vector<std::size_t>& step_of_move) {
    for (std::size_t i = 0; i < search_.moves.size(); ++i) {
      const Move& move = search_.moves[i];
      if (move.kind == MoveKind::kStart) marks_.resize(kEnds);
      if (move.kind == MoveKind::kStart || !move.verdict ||
          i >= step_of_move.size() || step_of_move[i] == 0) {
        continue;
      }
      std::vector<std::string> names = move.marked;
      if (move.kind == MoveKind::kStep) names = {move.commit};
      for (const std::string& name : names) {
        if (name.find("..") != std::string::npos) continue;  // skipped
        if (const auto commit = Find(name)) {
          marks_.push_back({*commit, step_of_move[i], move.verdict});
        }
      }
    }
  }

  [[nodiscard]] SearchGraph::Class Named(const FoldedClass& part,
                                         std::optional<Vertex> culprit) const {
    SearchGraph::Class named;
    named.size = part.size;
    named.left_at = part.left_at;
    named.parents = part.parents;
    if (!part.head) return named;
    const CommitId& id = source_.graph().Id(*part.head);
    named.commit = source_.Label(id);
    named.subject = source_.Subject(id);
    named.culprit = part.head == culprit;
    for (const SearchMark& mark : marks_) {
      if (mark.commit != *part.head || !mark.verdict) continue;
      named.verdict = mark.verdict;
      named.step = mark.step;
    }
    return named;
  }

  static constexpr std::size_t kEnds = 1;  // the bad end comes first

  const Recording& recording_;
  const RecordedSearch& search_;
  GraphSource& source_;
  CommitNames names_;
  std::vector<SearchMark> marks_;
  bool has_paths_ = false;
  bool first_parent_ = false;
};

}  // namespace

SearchGraph GraphOfSearch(const Recording& recording,
                          const RecordedSearch& search,
                          const std::vector<std::size_t>& step_of_move,
                          GraphSource& source) {
  SearchGraph none;
  SearchGraphMaker maker(recording, search, source);
  if (maker.HasPaths()) {
    none.left_out = "the search is limited to paths";
    return none;
  }
  auto made = maker.Make(step_of_move);
  if (made) return *std::move(made);
  none.left_out = std::move(made.error().message);
  return none;
}

}  // namespace rebisect
