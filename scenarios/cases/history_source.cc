#include "scenarios/cases/history_source.h"

#include <algorithm>
#include <cstdlib>
#include <string_view>
#include <utility>

#include "scenarios/recording/recording_names.h"
#include "sim/base/result.h"
#include "sim/base/text.h"

namespace rebisect {
namespace {

using std::string_view;

/// The ends of a search, given as `range`, or as `bad` and `good`.
struct Ends {
  std::string range{};
  std::string bad{};
  std::vector<std::string> goods{};

  void Ask(YamlFields& fields) {
    fields.Text("range", &range);
    fields.Text("bad", &bad);
    fields.Texts("good", &goods);
  }

  Result<void> Settle(const YamlNode& node) {
    if (!range.empty()) {
      const Position& where = node.PlaceOf("range");
      if (!bad.empty() || !goods.empty()) {
        return Fail(ErrorCode::kInput,
                    "give either 'range', or 'bad' and 'good'", where);
      }
      const std::size_t dots = range.find("..");
      const std::string good = range.substr(0, std::min(dots, range.size()));
      bad = dots == std::string::npos ? "" : range.substr(dots + 2);
      if (good.empty() || bad.empty() || bad.front() == '.') {
        return Fail(ErrorCode::kInput,
                    "the range has to be GOOD..BAD, not " + Quote(range),
                    where);
      }
      goods = {good};
    }
    if (bad.empty() || goods.empty()) {
      return Fail(ErrorCode::kInput,
                  "a graph needs the ends of a search; give 'range: "
                  "GOOD..BAD', or 'bad' and 'good'",
                  node.where);
    }
    std::sort(goods.begin(), goods.end());
    const auto twice = std::adjacent_find(goods.begin(), goods.end());
    if (twice == goods.end()) return {};
    return Fail(ErrorCode::kInput,
                "the good end " + Quote(*twice) + " is given twice; keep one",
                node.PlaceOf("good"));
  }
};

Result<GeneratedHistory> ReadGenerated(const YamlNode& node,
                                       const std::string& shape,
                                       std::optional<std::uint64_t> commits,
                                       std::optional<std::uint64_t> seed) {
  const auto found = HistoryShapeNamed(shape);
  if (!found) {
    return Fail(ErrorCode::kInput,
                "there is no generator " + Quote(shape) +
                    SuggestWord(shape, HistoryShapeNames()),
                node.PlaceOf("generate"));
  }
  if (!commits) {
    return Fail(ErrorCode::kInput,
                "a generated history needs a size; give 'commits'", node.where);
  }
  return GeneratedHistory{*found, static_cast<std::uint32_t>(*commits),
                          seed.value_or(GeneratedHistory{}.seed)};
}

}  // namespace

std::string PathFrom(const std::string& file, const std::string& path) {
  if (path.starts_with("~/")) {
    const char* const home = std::getenv("HOME");
    if (home != nullptr) return home + path.substr(1);
  }
  const std::size_t slash = file.rfind('/');
  if (path.starts_with('/') || slash == std::string::npos) return path;
  return file.substr(0, slash + 1) + path;
}

Result<HistorySource> ReadHistorySource(const YamlNode& node, string_view what,
                                        const std::string& file) {
  YamlFields fields(node, what);
  std::string repository;
  std::string dag;
  std::string shape;
  std::string recording;
  Ends ends;
  std::optional<std::uint64_t> commits;
  std::optional<std::uint64_t> seed;
  fields.Text("repository", &repository);
  fields.Text("dag", &dag);
  fields.Text("generate", &shape);
  fields.Text("recording", &recording);
  ends.Ask(fields);
  fields.Whole("commits", 2, kMaxHistory, &commits);
  fields.Whole("seed", 0, kMaxSeed, &seed);
  REBISECT_RETURN_IF_ERROR(fields.Finish());

  HistorySource source;
  Result<void> checked;
  if (!repository.empty() || !dag.empty()) {
    checked = OnlyKeys(node, repository.empty() ? "dag" : "repository",
                       {"range", "bad", "good"});
    if (checked) checked = ends.Settle(node);
    if (repository.empty()) {
      source = DagRange{PathFrom(file, dag), ends.bad, ends.goods};
    } else {
      source =
          RepositoryRange{PathFrom(file, repository), ends.bad, ends.goods};
    }
  } else if (!shape.empty()) {
    checked = OnlyKeys(node, "generate", {"commits", "seed"});
    auto generated = ReadGenerated(node, shape, commits, seed);
    if (checked && !generated) return tl::unexpected(generated.error());
    if (generated) source = *generated;
  } else if (!recording.empty()) {
    checked = OnlyKeys(node, "recording", {});
    source = ReconstructedRecording{PathFrom(file, recording)};
  } else {
    checked = Fail(ErrorCode::kInput,
                   "a graph needs one of 'repository', 'dag', 'generate' and "
                   "'recording'",
                   node.where);
  }
  REBISECT_RETURN_IF_ERROR(checked);
  return source;
}

}  // namespace rebisect
