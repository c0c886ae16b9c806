#include "harness/cli/search_ends.h"

#include <utility>

#include "harness/cli/command_support.h"
#include "harness/graph/recording_graphs.h"
#include "harness/input/load_recording.h"
#include "sim/base/result.h"

namespace rebisect {

Result<LoadedEnds> LoadEnds(const GraphArguments& arguments) {
  LoadedEnds ends;
  std::string bad = arguments.bad;
  std::vector<std::string> goods = arguments.goods;
  GraphQuestion question;
  if (arguments.input.empty()) {
    REBISECT_ASSIGN_OR_RETURN(auto source,
                              GraphSource::FromOptions(arguments.graph));
    ends.source = std::move(source);
  } else {
    REBISECT_ASSIGN_OR_RETURN(auto recording, LoadRecording(arguments.input));
    REBISECT_ASSIGN_OR_RETURN(auto graph,
                              ChooseGraph(arguments.graph, recording));
    ends.source = std::move(graph.source);
    ends.recording = std::move(recording);
    ends.search = FindSteps(*ends.recording);
    if (bad.empty()) bad = ends.search.bad;
    if (goods.empty()) goods = ends.search.goods;
    for (const Move& move : ends.search.moves) {
      if (move.commit.empty()) continue;
      if (const auto id = ends.source->Resolve(move.commit)) {
        question.others.push_back(*id);
        ends.recorded.emplace(move.commit, *id);
      }
    }
  }
  if (!bad.empty()) {
    REBISECT_ASSIGN_OR_RETURN(const auto id, ends.source->Resolve(bad));
    ends.bad = id;
    ends.recorded.emplace(bad, id);
    question.bad.push_back(id);
  }
  for (const std::string& good : goods) {
    REBISECT_ASSIGN_OR_RETURN(const auto id, ends.source->Resolve(good));
    ends.goods.push_back(id);
    ends.recorded.emplace(good, id);
    question.goods.push_back(id);
  }
  if (ends.source->kind() == GraphKind::kRepository && !ends.bad) {
    const auto head = ends.source->Head();
    if (!head) {
      return Fail(ErrorCode::kUsage,
                  "the repository has no HEAD commit; say --bad REV");
    }
    question.bad.push_back(*head);
  }
  REBISECT_RETURN_IF_ERROR(ends.source->Load(question));
  // Without a good commit the whole history is wanted.
  while (question.goods.empty()) {
    REBISECT_ASSIGN_OR_RETURN(const auto more, ends.source->LoadMore());
    if (!more) break;
  }
  return ends;
}

}  // namespace rebisect
