#include "harness/graph/recording_graphs.h"

#include <utility>
#include <variant>

#include "harness/input/inputs.h"
#include "harness/input/load_recording.h"
#include "scenarios/recording/steps.h"
#include "sim/base/result.h"

namespace rebisect {
namespace {

Result<void> OneKind(const GraphOptions& options) {
  if (options.reconstruct &&
      (!options.repositories.empty() || !options.dags.empty())) {
    return Fail(ErrorCode::kUsage,
                "--reconstruct cannot be used with --repo or --dag");
  }
  return {};
}

Result<ChosenGraph> Filled(ChosenGraph chosen, const GraphOptions& options,
                           const Recording& recording) {
  if (options.fill_missing) {
    REBISECT_RETURN_IF_ERROR(chosen.source->FillMissing(recording));
  }
  return chosen;
}

/// What a recorded search names; what the source lacks is left out.
void AskFor(const Recording& recording, const GraphSource& source,
            GraphQuestion& question) {
  const auto add = [&](const std::string& name, std::vector<CommitId>& to) {
    if (name.empty()) return;
    if (const auto id = source.Resolve(name)) to.push_back(*id);
  };
  const RecordedSearch search = FindSteps(recording);
  add(search.bad, question.bad);
  for (const std::string& good : search.goods) add(good, question.goods);
  for (const Move& move : search.moves) add(move.commit, question.others);
  for (const std::size_t test : search.other_tests) {
    add(std::get<Test>(recording.events[test]).commit, question.others);
  }
}

}  // namespace

Result<ChosenGraph> ChooseGraph(const GraphOptions& options,
                                const Recording& recording) {
  REBISECT_RETURN_IF_ERROR(OneKind(options));
  ChosenGraph chosen;
  GraphOptions given = options;
  if (!given.Given()) {
    chosen.file = DagBeside(recording.file);
    if (!chosen.file.empty()) given.dags.push_back(chosen.file);
  }
  auto source = given.repositories.empty() && given.dags.empty()
                    ? GraphSource::FromRecording(recording)
                    : GraphSource::FromOptions(given);
  if (!source) {
    Error error = std::move(source.error());
    if (!options.Given() && chosen.file.empty()) {
      error.notes.push_back(
          "hint: without --repo DIR or --dag FILE the graph is rebuilt from "
          "the counts in the record");
    }
    return tl::unexpected(std::move(error));
  }
  chosen.source = *std::move(source);
  return Filled(std::move(chosen), options, recording);
}

Result<RecordingGraphs> RecordingGraphs::Open(
    const GraphOptions& options, const std::vector<std::string>& inputs) {
  REBISECT_RETURN_IF_ERROR(OneKind(options));
  RecordingGraphs graphs(options);
  if (options.repositories.empty() && options.dags.empty()) return graphs;
  REBISECT_ASSIGN_OR_RETURN(auto source, GraphSource::FromOptions(options));
  graphs.shared_ = std::move(source);
  // One search alone loads what it needs as it goes.
  if (options.repositories.empty() || inputs.size() < 2) return graphs;
  GraphQuestion question;
  for (const std::string& input : inputs) {
    if (input == "-") continue;  // can be read once only
    const auto recording = LoadRecording(input);
    if (recording) AskFor(*recording, *graphs.shared_, question);
  }
  if (graphs.shared_->Load(question)) return graphs;
  // One of them asks for what is not there: each loads its own, and that one
  // says so.
  REBISECT_ASSIGN_OR_RETURN(auto anew, GraphSource::FromOptions(options));
  graphs.shared_ = std::move(anew);
  return graphs;
}

Result<ChosenGraph> RecordingGraphs::For(const Recording& recording) const {
  if (shared_ == nullptr) {
    // Several threads cannot all say how far they are.
    GraphOptions quiet = options_;
    quiet.progress = nullptr;
    return ChooseGraph(quiet, recording);
  }
  REBISECT_ASSIGN_OR_RETURN(auto fork, shared_->Fork());
  return Filled({std::move(fork), ""}, options_, recording);
}

}  // namespace rebisect
