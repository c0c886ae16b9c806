#include "harness/cli/search_ends.h"

#include <utility>

#include "harness/cli/command_support.h"
#include "harness/graph/recording_graphs.h"
#include "harness/input/load_recording.h"

namespace rebisect {

Result<LoadedEnds> LoadEnds(const GraphArguments& arguments) {
  LoadedEnds ends;
  std::string bad = arguments.bad;
  std::vector<std::string> goods = arguments.goods;
  GraphQuestion question;
  if (arguments.input.empty()) {
    auto source = GraphSource::FromOptions(arguments.graph);
    if (!source) return tl::unexpected(std::move(source.error()));
    ends.source = *std::move(source);
  } else {
    auto recording = LoadRecording(arguments.input);
    if (!recording) return tl::unexpected(std::move(recording.error()));
    auto graph = ChooseGraph(arguments.graph, *recording);
    if (!graph) return tl::unexpected(std::move(graph.error()));
    ends.source = std::move(graph->source);
    ends.recording = *std::move(recording);
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
    const auto id = ends.source->Resolve(bad);
    if (!id) return tl::unexpected(id.error());
    ends.bad = *id;
    ends.recorded.emplace(bad, *id);
    question.bad.push_back(*id);
  }
  for (const std::string& good : goods) {
    const auto id = ends.source->Resolve(good);
    if (!id) return tl::unexpected(id.error());
    ends.goods.push_back(*id);
    ends.recorded.emplace(good, *id);
    question.goods.push_back(*id);
  }
  if (ends.source->kind() == GraphKind::kRepository && !ends.bad) {
    const auto head = ends.source->Head();
    if (!head) {
      return Fail(ErrorCode::kUsage,
                  "the repository has no HEAD commit; say --bad REV");
    }
    question.bad.push_back(*head);
  }
  const auto loaded = ends.source->Load(question);
  if (!loaded) return tl::unexpected(loaded.error());
  // Without a good commit the whole history is wanted.
  while (question.goods.empty()) {
    const auto more = ends.source->LoadMore();
    if (!more) return tl::unexpected(more.error());
    if (!*more) break;
  }
  return ends;
}

}  // namespace rebisect
