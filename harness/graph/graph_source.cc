#include "harness/graph/graph_source.h"

#include <algorithm>
#include <set>
#include <utility>

#include "harness/graph/join_graphs.h"
#include "harness/graph/revision.h"
#include "scenarios/reconstruct/reconstruct.h"
#include "sim/base/result.h"
#include "sim/git/git_tree_comparison.h"
#include "sim/git/load_graph.h"
#include "sim/io/dag_text.h"
#include "sim/io/input.h"

namespace rebisect {
namespace {

/// Where `reconstruct` and `graph export` keep what a record calls a commit.
constexpr const char* kRecordedRefs = "refs/recorded/";

/// Beyond this the rest of the history is loaded at once.
constexpr std::size_t kMaxSlack = 500000;

/// So few ids are looked up one by one.
constexpr std::size_t kFewIds = 8;

void Join(std::vector<CommitId>& into, const std::vector<CommitId>& ids) {
  std::set<CommitId> known;
  if (ids.size() > kFewIds) known.insert(into.begin(), into.end());
  for (const CommitId& id : ids) {
    const bool is_new =
        ids.size() > kFewIds
            ? known.insert(id).second
            : std::find(into.begin(), into.end(), id) == into.end();
    if (is_new) into.push_back(id);
  }
}

}  // namespace

std::string_view NameOf(GraphKind kind) {
  switch (kind) {
    case GraphKind::kRepository:
      return "repository";
    case GraphKind::kDag:
      return "dag";
    case GraphKind::kReconstructed:
      return "reconstructed";
    case GraphKind::kMixed:
      return "mixed";
  }
  return "";
}

Result<std::unique_ptr<GraphSource>> GraphSource::FromOptions(
    const GraphOptions& options) {
  if (options.repositories.empty() == options.dags.empty()) {
    return Fail(ErrorCode::kUsage,
                options.dags.empty()
                    ? "no graph given; use --repo DIR or --dag FILE"
                    : "--repo and --dag cannot be used together");
  }
  if (options.dags.empty()) {
    std::unique_ptr<GraphSource> source(
        new GraphSource(GraphKind::kRepository));
    for (const std::string& path : options.repositories) {
      REBISECT_ASSIGN_OR_RETURN(auto repository, Repository::Open(path));
      source->repositories_.push_back(
          std::make_unique<Repository>(std::move(repository)));
    }
    source->slack_ = kUsualSlack;
    source->progress_ = options.progress;
    return source;
  }
  std::vector<std::unique_ptr<StreamedInput>> inputs;
  std::vector<NamedText> texts;
  for (const std::string& path : options.dags) {
    REBISECT_ASSIGN_OR_RETURN(auto input, StreamedInput::Open(path));
    inputs.push_back(std::move(input));
    texts.push_back({InputName(path), {}, inputs.back().get()});
  }
  auto dag =
      ReadDag(texts, DagOptions{options.allow_missing, options.progress});
  if (options.progress) options.progress(0);
  REBISECT_RETURN_IF_ERROR(dag);
  std::unique_ptr<GraphSource> source(new GraphSource(GraphKind::kDag));
  source->Take(std::move(dag->graph));
  source->notes_ = std::move(dag->notes);
  source->missing_parents_ = dag->missing_parents;
  return source;
}

std::unique_ptr<GraphSource> GraphSource::FromGraph(CommitGraph graph) {
  std::unique_ptr<GraphSource> source(new GraphSource(GraphKind::kDag));
  source->Take(std::move(graph));
  return source;
}

Result<std::unique_ptr<GraphSource>> GraphSource::FromRecording(
    const Recording& recording) {
  REBISECT_ASSIGN_OR_RETURN(auto made, Reconstruct(recording));
  std::unique_ptr<GraphSource> source(
      new GraphSource(GraphKind::kReconstructed));
  source->Take(std::move(made.graph));
  source->notes_ = std::move(made.notes);
  for (const auto& [name, v] : made.recorded) {
    source->recorded_.emplace(name, source->graph().Id(v));
  }
  return source;
}

Result<std::unique_ptr<GraphSource>> GraphSource::Fork() const {
  std::unique_ptr<GraphSource> fork(new GraphSource(kind_));
  for (const auto& repository : repositories_) {
    REBISECT_ASSIGN_OR_RETURN(auto again, Repository::Open(repository->path()));
    fork->repositories_.push_back(
        std::make_unique<Repository>(std::move(again)));
  }
  fork->graph_ = graph_;
  fork->notes_ = notes_;
  fork->missing_parents_ = missing_parents_;
  fork->recorded_ = recorded_;
  fork->question_ = question_;
  fork->loaded_bad_ = loaded_bad_;
  fork->loaded_goods_ = loaded_goods_;
  fork->slack_ = slack_;
  return fork;
}

Result<void> GraphSource::FillMissing(const Recording& recording) {
  REBISECT_ASSIGN_OR_RETURN(auto made, Reconstruct(recording));
  std::map<std::string, CommitId, std::less<>> known;
  GraphQuestion question;
  for (const auto& [name, v] : made.recorded) {
    const auto id = Resolve(name);
    if (!id) continue;
    known.emplace(name, *id);
    question.others.push_back(*id);
  }
  if (known.size() == made.recorded.size()) return {};
  if (kind_ == GraphKind::kRepository && !known.empty()) {
    slack_ = kAllAncestors;
    REBISECT_RETURN_IF_ERROR(Load(question));
  }
  auto joined = JoinGraphs(
      graph(), made, [&](const std::string& name) -> std::optional<Vertex> {
        const auto it = known.find(name);
        return it == known.end() ? std::nullopt : graph().Find(it->second);
      });
  if (!joined) {
    Error error = std::move(joined.error());
    error.message =
        "the record and the real graph contradict each other; the commits "
        "that are missing cannot be filled in";
    error.where.file = recording.file;
    error.notes.clear();
    return tl::unexpected(std::move(error));
  }
  for (const auto& [name, v] : made.recorded) {
    const auto it = known.find(name);
    recorded_.emplace(name, it == known.end() ? made.graph.Id(v) : it->second);
  }
  notes_.push_back(std::to_string(made.recorded.size() - known.size()) +
                   " of " + std::to_string(made.recorded.size()) +
                   " recorded commits are not in the graph; they and what "
                   "lies between them are made up from the counts");
  Take(*std::move(joined));
  kind_ = GraphKind::kMixed;
  return {};
}

Result<bool> GraphSource::Load(const GraphQuestion& question) {
  if (kind_ != GraphKind::kRepository) return false;
  const auto known = [&](const std::vector<CommitId>& ids) {
    return std::all_of(ids.begin(), ids.end(), [&](const CommitId& id) {
      return graph().Find(id).has_value();
    });
  };
  Join(question_.bad, question.bad);
  Join(question_.goods, question.goods);
  Join(question_.others, question.others);
  if (known(question.bad) && known(question.goods) && known(question.others)) {
    return false;
  }
  REBISECT_RETURN_IF_ERROR(Reload());
  return true;
}

Result<bool> GraphSource::LoadMore() {
  if (kind_ != GraphKind::kRepository || slack_ == kAllAncestors) return false;
  // The ends of the search may have become known since: that is enough then.
  if (question_.bad == loaded_bad_ && question_.goods == loaded_goods_) {
    slack_ = slack_ > kMaxSlack ? kAllAncestors : slack_ * 32;
  }
  REBISECT_RETURN_IF_ERROR(Reload());
  return true;
}

std::vector<const Repository*> GraphSource::Repositories() const {
  std::vector<const Repository*> repositories;
  for (const auto& repository : repositories_) {
    repositories.push_back(repository.get());
  }
  return repositories;
}

Result<void> GraphSource::Reload() {
  LoadRequest request;
  request.bad = question_.bad;
  request.goods = question_.goods;
  request.others = question_.others;
  request.slack = slack_;
  // One side alone would mean its whole history; as both it is common to
  // both, and what is missing is loaded when a step asks for it.
  if (slack_ != kAllAncestors) {
    if (request.bad.empty()) request.bad = request.goods;
    if (request.goods.empty()) request.goods = request.bad;
    if (request.bad.empty()) request.bad = request.goods = request.others;
  } else if (request.bad.empty() && request.goods.empty()) {
    request.bad = request.others;
  }
  loaded_bad_ = question_.bad;
  loaded_goods_ = question_.goods;
  request.progress = progress_;
  auto loaded = LoadGraph(Repositories(), request);
  if (progress_) progress_(0);
  REBISECT_RETURN_IF_ERROR(loaded);
  Take(std::move(loaded->graph));
  notes_ = std::move(loaded->notes);
  return {};
}

Result<CommitId> GraphSource::Resolve(const std::string& revision) const {
  if (kind_ != GraphKind::kRepository) {
    const auto recorded = recorded_.find(revision);
    if (recorded != recorded_.end()) return recorded->second;
    auto v = ResolveInGraph(graph(), revision);
    if (!v && v.error().code == ErrorCode::kNotFound) {
      if (auto named = ResolveInGraph(graph(), kRecordedRefs + revision)) {
        v = std::move(named);
      }
    }
    REBISECT_RETURN_IF_ERROR(v);
    return graph().Id(*v);
  }
  Result<CommitId> result = Fail(ErrorCode::kNotFound, "");
  for (const auto& repository : repositories_) {
    auto id = repository->Resolve(revision);
    if (id) return id;
    // The first repository's own complaint is the one to show.
    if (result.error().message.empty()) result = std::move(id);
  }
  for (const auto& repository : repositories_) {
    if (auto id = repository->Resolve(kRecordedRefs + revision)) return id;
  }
  return result;
}

std::optional<CommitId> GraphSource::Head() const {
  if (kind_ == GraphKind::kRepository) {
    const auto head = repositories_.front()->Head();
    return head ? std::optional(*head) : std::nullopt;
  }
  const auto it = graph().Names().find("HEAD");
  if (it == graph().Names().end()) return std::nullopt;
  return graph().Id(it->second);
}

std::string GraphSource::Label(const CommitId& id) const {
  const auto v = graph().Find(id);
  return v ? graph().Label(*v) : id.Hex();
}

std::string GraphSource::Subject(const CommitId& id) const {
  for (const auto& repository : repositories_) {
    if (auto subject = repository->Subject(id)) return *std::move(subject);
  }
  return "";
}

Result<std::unique_ptr<TreeComparison>> GraphSource::Trees(
    const CommitGraph& graph, const std::vector<std::string>& paths) const {
  if (repositories_.empty()) {
    return Fail(ErrorCode::kUnsupported,
                "a search limited to paths needs a repository with trees "
                "(--repo DIR); a " +
                    std::string(NameOf(kind_)) + " graph has none");
  }
  return MakeGitTreeComparison(Repositories(), graph, paths);
}

}  // namespace rebisect
