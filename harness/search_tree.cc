#include "harness/search_tree.h"

#include <algorithm>

#include "oracle/hypotheses.h"
#include "sim/check.h"

namespace rebisect {
SearchTree::SearchTree(const Recording& recording, const RecordedSearch& search,
                       GraphSource& source, const CommitOf& commit_of,
                       const SearchOptions& options)
    : recording_(recording),
      moves_(search),
      source_(source),
      commit_of_(commit_of),
      options_(options) {}

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
    const auto command = StartCommandOf(*start_, FindAt(what.line));
    if (!command) return tl::unexpected(command.error());
    node.reset(new Node(Search(source_, options_)));
    report = node->search_.Start(*command);
  } else {
    const auto mark = MarkCommandOf(what, from->session(), FindAt(what.line));
    if (!mark) return tl::unexpected(mark.error());
    node.reset(new Node(from->search_));
    report = node->search_.Mark(*mark);
  }
  if (!report) return tl::unexpected(std::move(report.error()));
  node->report_ = *std::move(report);
  ++size_;
  return known.emplace(move, std::move(node)).first->second.get();
}

Result<SearchTree::Node*> SearchTree::Mark(Node& from, const CommitId& commit,
                                           Verdict verdict) {
  auto& next = from.by_verdict_[{commit, verdict}];
  if (next != nullptr) return next.get();
  std::unique_ptr<Node> node(new Node(from.search_));
  node->search_.session().AssumeProposed(commit);
  auto report =
      node->search_.Mark({TermOf(node->search_.session(), verdict), {}});
  if (!report) return tl::unexpected(std::move(report.error()));
  node->report_ = *std::move(report);
  ++size_;
  next = std::move(node);
  return next.get();
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
