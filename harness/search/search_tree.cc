#include "harness/search/search_tree.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "harness/search/session_choice.h"
#include "oracle/diagnosis/hypotheses.h"
#include "sim/base/check.h"
#include "sim/base/result.h"

namespace rebisect {

/// The suspects that a search began with.
struct SearchTree::Node::Watched {
  CommitGraph graph;
  SuspectGraph suspects;
};

SearchTree::SearchTree(const Recording& recording, const RecordedSearch& search,
                       GraphSource& source, const CommitOf& commit_of,
                       const SearchOptions& options, SelectionPolicy* selection)
    : recording_(recording),
      moves_(search),
      source_(source),
      commit_of_(commit_of),
      options_(options),
      selection_(selection) {}

FindRecorded SearchTree::FindAt(int line) const {
  return [this, line](const std::string& name) -> Result<CommitId> {
    if (const auto id = commit_of_(name)) return *id;
    return Fail(ErrorCode::kNotFound,
                "the graph lacks " + name +
                    ", which the record marks; give the repository that has "
                    "it, or --fill-missing",
                {recording_.file, line, 0});
  };
}

Result<SearchTree::Node*> SearchTree::Follow(Node* from, std::size_t move) {
  const Move& what = moves_.moves[move];
  const bool starts = what.kind == MoveKind::kStart;
  REBISECT_CHECK(starts || from != nullptr);
  if (starts) start_ = &std::get<Start>(recording_.events[what.start]);
  if (!starts && !what.verdict) return from;
  auto& known = starts ? roots_ : from->by_move_;
  if (const auto at = known.find(move); at != known.end()) {
    return at->second.get();
  }
  std::unique_ptr<Node> node;
  Result<StepReport> report = StepReport{};
  if (starts) {
    REBISECT_ASSIGN_OR_RETURN(const auto command,
                              StartCommandOf(*start_, FindAt(what.line)));
    node.reset(new Node(std::make_shared<Search>(source_, options_)));
    report = node->search_->Start(command);
  } else if (from->watched_ != nullptr) {
    REBISECT_ASSIGN_OR_RETURN(const auto commit,
                              FindAt(what.line)(what.commit));
    return Mark(*from, commit, *what.verdict);
  } else {
    REBISECT_ASSIGN_OR_RETURN(
        const auto mark,
        MarkCommandOf(what, from->session(), FindAt(what.line)));
    node.reset(new Node(std::make_shared<Search>(*from->search_)));
    report = node->search_->Mark(mark);
  }
  REBISECT_RETURN_IF_ERROR(report);
  node->report_ = *std::move(report);
  REBISECT_RETURN_IF_ERROR(Choose(*node));
  ++size_;
  return known.emplace(move, std::move(node)).first->second.get();
}

Result<SearchTree::Node*> SearchTree::Mark(Node& from, const CommitId& commit,
                                           Verdict verdict) {
  auto& next = from.by_verdict_[{commit, verdict}];
  if (next != nullptr) return next.get();
  std::unique_ptr<Node> node;
  if (from.watched_ != nullptr) {
    node.reset(new Node(from.search_));
    node->watched_ = from.watched_;
    node->observations_ = from.observations_;
    node->skipped_ = from.skipped_;
    node->Hear(commit, verdict);
  } else {
    node.reset(new Node(std::make_shared<Search>(*from.search_)));
    Search& search = *node->search_;
    search.session().AssumeProposed(commit);
    REBISECT_ASSIGN_OR_RETURN(
        auto report, search.Mark({TermOf(search.session(), verdict), {}}));
    node->report_ = std::move(report);
  }
  REBISECT_RETURN_IF_ERROR(Choose(*node));
  ++size_;
  next = std::move(node);
  return next.get();
}

void SearchTree::Node::Hear(const CommitId& commit, Verdict verdict) {
  const auto v = watched_->graph.Find(commit);
  if (!v) return;
  const std::vector<Vertex>& all = watched_->suspects.vertices;
  const auto at = std::lower_bound(all.begin(), all.end(), *v);
  if (at == all.end() || *at != *v) return;
  const auto suspect = static_cast<Suspect>(at - all.begin());
  if (verdict != Verdict::kSkip) {
    observations_.push_back({suspect, verdict == Verdict::kBad});
    return;
  }
  skipped_.resize(all.size(), 0);
  skipped_[suspect] = 1;
}

Result<void> SearchTree::Choose(Node& node) {
  if (selection_ == nullptr) return {};
  if (node.watched_ != nullptr) return ChooseAmongAll(node);
  if (node.report_.state != SessionState::kTesting) return {};
  if (selection_->TrustsVerdicts()) return ChooseAmongLeft(node);
  // Numbers of vertices change when more of the history is loaded.
  auto watched = std::make_shared<Node::Watched>();
  watched->graph = source_.graph();
  watched->suspects = *node.session().suspects();
  watched->suspects.graph = &watched->graph;
  node.watched_ = std::move(watched);
  return ChooseAmongAll(node);
}

Result<void> SearchTree::ChooseAmongLeft(Node& node) {
  REBISECT_ASSIGN_OR_RETURN(auto chosen, ChosenBy(*selection_, node.session()));
  if (chosen) node.report_.next = *chosen;
  return {};
}

Result<void> SearchTree::ChooseAmongAll(Node& node) {
  const SuspectGraph& all = node.watched_->suspects;
  REBISECT_ASSIGN_OR_RETURN(
      const auto next,
      selection_->Next(SearchView{all,
                                  static_cast<Suspect>(all.size() - 1),
                                  node.skipped_,
                                  {},
                                  node.observations_}));
  const auto id = [&](Suspect s) { return all.graph->Id(all.vertices[s]); };
  node.report_ = {};
  if (const auto* const test = std::get_if<TestStep>(&next)) {
    node.report_.state = SessionState::kTesting;
    node.report_.next = id(test->commits.front());
    return {};
  }
  const DoneStep& done = std::get<DoneStep>(next);
  if (done.culprit) {
    node.report_.state = SessionState::kFound;
    node.report_.culprit = id(*done.culprit);
  } else if (done.no_culprit) {
    node.report_.state = SessionState::kError;
    node.report_.errors = "no suspect is to blame\n";
  } else {
    node.report_.state = SessionState::kOnlySkipped;
    for (const Suspect s : done.candidates) {
      node.report_.suspects.push_back(id(s));
    }
  }
  return {};
}

std::vector<CommitId> SearchTree::SuspectsAt(const Node& node) const {
  const BisectSession& session = node.session();
  const CommitGraph& graph = source_.graph();
  std::vector<Vertex> vertices;
  if (start_ != nullptr && !start_->paths.empty()) {
    if (const SuspectGraph* left = session.suspects().get()) {
      for (Suspect s = 0; s < left->size(); ++s) {
        if (left->Counted(s)) vertices.push_back(left->vertices[s]);
      }
    }
  } else if (session.bad() && graph.Find(*session.bad())) {
    std::vector<Vertex> goods;
    for (const CommitId& good : session.goods()) {
      if (const auto v = graph.Find(good)) goods.push_back(*v);
    }
    vertices = SuspectsBetween(graph, *graph.Find(*session.bad()), goods,
                               start_ != nullptr && start_->first_parent);
  }
  std::sort(vertices.begin(), vertices.end());
  std::vector<CommitId> suspects;
  suspects.reserve(vertices.size());
  for (const Vertex v : vertices) suspects.push_back(graph.Id(v));
  return suspects;
}

}  // namespace rebisect
