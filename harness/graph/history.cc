#include "harness/graph/history.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "harness/input/load_recording.h"
#include "scenarios/recording/steps.h"
#include "sim/base/result.h"

namespace rebisect {
namespace {

std::string FileName(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

std::string Joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) {
    text.append(text.empty() ? "" : ", ").append(name);
  }
  return text;
}

/// Finds the ends in the source and loads what lies between.
Result<LoadedHistory> LoadBetween(std::unique_ptr<GraphSource> source,
                                  const std::string& bad,
                                  const std::vector<std::string>& goods) {
  LoadedHistory loaded;
  GraphQuestion question;
  REBISECT_ASSIGN_OR_RETURN(const auto found_bad, source->Resolve(bad));
  loaded.bad = found_bad;
  question.bad = {found_bad};
  for (const std::string& good : goods) {
    REBISECT_ASSIGN_OR_RETURN(const auto found, source->Resolve(good));
    if (std::find(loaded.goods.begin(), loaded.goods.end(), found) ==
        loaded.goods.end()) {
      loaded.goods.push_back(found);
    }
  }
  question.goods = loaded.goods;
  REBISECT_RETURN_IF_ERROR(source->Load(question));
  loaded.source = std::move(source);
  return loaded;
}

struct Loader {
  Result<LoadedHistory> operator()(const RepositoryRange& range) const {
    GraphOptions options;
    options.repositories = {range.path};
    return OfOptions(options, range.bad, range.goods,
                     "repository " + FileName(range.path));
  }

  Result<LoadedHistory> operator()(const DagRange& range) const {
    GraphOptions options;
    options.dags = {range.path};
    return OfOptions(options, range.bad, range.goods,
                     "DAG file " + FileName(range.path));
  }

  Result<LoadedHistory> operator()(const GeneratedHistory& history) const {
    MadeHistory made =
        MakeHistory(history.shape, history.commits, history.seed);
    LoadedHistory loaded;
    loaded.bad = made.graph.Id(made.bad);
    loaded.goods = {made.graph.Id(made.good)};
    loaded.made = std::move(made.graph);
    loaded.words = "generated: " + std::string(NameOf(history.shape)) + ", " +
                   std::to_string(history.commits) + " commits, seed " +
                   std::to_string(history.seed);
    return loaded;
  }

  Result<LoadedHistory> operator()(
      const ReconstructedRecording& recorded) const {
    REBISECT_ASSIGN_OR_RETURN(const auto recording,
                              LoadRecording(recorded.path));
    const RecordedSearch search = FindSteps(recording);
    if (search.bad.empty() || search.goods.empty()) {
      return Fail(ErrorCode::kInput,
                  std::string("the record has no ") +
                      (search.bad.empty() ? "bad" : "good") +
                      " end, so there is no range to simulate",
                  {recording.file, 0, 0});
    }
    REBISECT_ASSIGN_OR_RETURN(auto source,
                              GraphSource::FromRecording(recording));
    auto loaded = LoadBetween(std::move(source), search.bad, search.goods);
    if (loaded) {
      loaded->words = "reconstructed from " + FileName(recorded.path);
    }
    return loaded;
  }

 private:
  static Result<LoadedHistory> OfOptions(const GraphOptions& options,
                                         const std::string& bad,
                                         const std::vector<std::string>& goods,
                                         const std::string& what) {
    REBISECT_ASSIGN_OR_RETURN(auto source, GraphSource::FromOptions(options));
    auto loaded = LoadBetween(std::move(source), bad, goods);
    if (loaded) loaded->words = what + ", " + Joined(goods) + ".." + bad;
    return loaded;
  }
};

}  // namespace

Result<LoadedHistory> LoadHistory(const HistorySource& source) {
  return std::visit(Loader{}, source);
}

}  // namespace rebisect
