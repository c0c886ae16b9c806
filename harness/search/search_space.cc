#include "harness/search/search_space.h"

#include <algorithm>
#include <utility>

#include "harness/graph/commit_names.h"
#include "harness/search/search.h"
#include "sim/base/result.h"

namespace rebisect {
namespace {

/// The last search that the record starts.
const Start* LastStart(const Recording& recording) {
  const Start* last = nullptr;
  for (const Event& event : recording.events) {
    if (const auto* const start = std::get_if<Start>(&event)) last = start;
  }
  return last;
}

class Locator {
 public:
  Locator(const Recording& recording, const RecordedSearch& search,
          GraphSource& source)
      : recording_(recording),
        search_(search),
        source_(source),
        names_(recording, source) {}

  Result<LocatedSearch> Run() {
    result_.evidence = CollectEvidence(recording_, search_);
    if (search_.bad.empty() || search_.goods.empty()) {
      return Fail(ErrorCode::kInput,
                  std::string("the record has no ") +
                      (search_.bad.empty() ? "bad" : "good") +
                      " end, so there is no range to look at",
                  {recording_.file, 0, 0});
    }
    REBISECT_RETURN_IF_ERROR(FindEnds());
    FindTested();
    REBISECT_RETURN_IF_ERROR(source_.Load(question_));
    REBISECT_RETURN_IF_ERROR(FindSuspects());
    Locate();
    return std::move(result_);
  }

 private:
  Result<CommitId> Need(const std::string& name, const char* what) {
    if (const auto id = names_(name)) return *id;
    return Fail(ErrorCode::kNotFound,
                "the graph lacks " + name + ", the " + what +
                    " of the recorded search; give the repository that has "
                    "it, or --fill-missing",
                {recording_.file, 0, 0});
  }

  Result<void> FindEnds() {
    REBISECT_ASSIGN_OR_RETURN(const auto bad, Need(search_.bad, "bad end"));
    question_.bad = {bad};
    for (const std::string& name : search_.goods) {
      REBISECT_ASSIGN_OR_RETURN(const auto good, Need(name, "good end"));
      question_.goods.push_back(good);
    }
    if (recording_.end.kind == EndKind::kCulprit) {
      REBISECT_ASSIGN_OR_RETURN(const auto culprit,
                                Need(recording_.end.culprit, "culprit"));
      culprit_ = culprit;
      question_.others.push_back(culprit);
    }
    return {};
  }

  void FindTested() {
    for (const CommitEvidence& commit : result_.evidence.commits) {
      auto id = names_(commit.commit);
      if (!id && !commit.release.empty()) id = names_(commit.release);
      if (id) {
        question_.others.push_back(*id);
      } else {
        result_.missing.push_back(commit.commit);
      }
      tested_.push_back(id);
    }
  }

  Result<void> FindSuspects() {
    const Start* const start = LastStart(recording_);
    std::vector<Vertex>& suspects = result_.space.suspects;
    if (start != nullptr && !start->paths.empty()) {
      Search search(source_, SearchOptions{});
      StartCommand command;
      command.bad = question_.bad.front();
      command.goods = question_.goods;
      command.first_parent = start->first_parent;
      command.paths = start->paths;
      REBISECT_RETURN_IF_ERROR(search.Start(command));
      if (const SuspectGraph* left = search.session().suspects().get()) {
        for (Suspect s = 0; s < left->size(); ++s) {
          if (left->Counted(s)) suspects.push_back(left->vertices[s]);
        }
        std::sort(suspects.begin(), suspects.end());
      }
    } else {
      const CommitGraph& graph = source_.graph();
      std::vector<Vertex> goods;
      for (const CommitId& good : question_.goods) {
        if (const auto v = graph.Find(good)) goods.push_back(*v);
      }
      suspects =
          SuspectsBetween(graph, *graph.Find(question_.bad.front()), goods,
                          start != nullptr && start->first_parent);
    }
    if (!suspects.empty()) return {};
    return Fail(ErrorCode::kNotFound,
                "there are no commits between the good and the bad end of the "
                "recorded search in this graph; is it of the same repository?",
                {recording_.file, 0, 0});
  }

  void Locate() {
    const CommitGraph& graph = source_.graph();
    SearchSpace& space = result_.space;
    space.graph = &graph;
    for (const CommitId& good : question_.goods) {
      if (const auto v = graph.Find(good)) space.goods.push_back(*v);
    }
    for (const auto& id : tested_) {
      space.tested.push_back(id ? graph.Find(*id) : std::nullopt);
    }
    if (!culprit_) return;
    result_.culprit = graph.Find(*culprit_);
    if (source_.kind() != GraphKind::kReconstructed &&
        source_.kind() != GraphKind::kMixed) {
      return;
    }
    const auto pair =
        CulpritAndParent(result_.evidence, recording_.end.culprit);
    if (pair && space.tested[pair->first] && space.tested[pair->second]) {
      space.culprit_parent = pair;
    }
  }

  const Recording& recording_;
  const RecordedSearch& search_;
  GraphSource& source_;
  CommitNames names_;
  GraphQuestion question_;
  std::optional<CommitId> culprit_;
  std::vector<std::optional<CommitId>> tested_;
  LocatedSearch result_;
};

}  // namespace

Result<LocatedSearch> LocateSearch(const Recording& recording,
                                   const RecordedSearch& search,
                                   GraphSource& source) {
  return Locator(recording, search, source).Run();
}

}  // namespace rebisect
