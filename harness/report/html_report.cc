#include "harness/report/html_report.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

#include "harness/report/page_files.h"
#include "sim/base/printable.h"
#include "sim/base/result.h"

namespace rebisect {
namespace {

using nlohmann::json;

/// What main.js has a view for.
constexpr std::array<std::string_view, 8> kSchemas = {
    "rebisect.replay/1",         "rebisect.diagnose/1", "rebisect.whatif/1",
    "rebisect.whatif-corpus/1",  "rebisect.results/1",  "rebisect.test/1",
    "rebisect.results-export/1", "rebisect.recording/1"};

std::string EscapedForHtml(std::string_view text) {
  std::string escaped;
  for (const char c : Printable(text)) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

/// Puts `values` in the {{places}} of a text. What is put in is not looked at
/// again.
std::string Filled(
    std::string_view skeleton,
    const std::vector<std::pair<std::string_view, std::string_view>>& values) {
  std::string text;
  while (true) {
    const std::size_t open = skeleton.find("{{");
    const std::size_t close = skeleton.find("}}", open);
    text += skeleton.substr(0, open);
    if (open == std::string_view::npos || close == std::string_view::npos) {
      return text;
    }
    const std::string_view name = skeleton.substr(open + 2, close - open - 2);
    for (const auto& [place, value] : values) {
      if (place == name) text += value;
    }
    skeleton.remove_prefix(close + 2);
  }
}

std::string TextOf(const json& object, const char* name) {
  const auto value = object.find(name);
  return value != object.end() && value->is_string() ? value->get<std::string>()
                                                     : std::string();
}

std::size_t NumberOf(const json& object, const char* name) {
  const auto value = object.find(name);
  return value != object.end() && value->is_number_unsigned()
             ? value->get<std::size_t>()
             : 0;
}

/// A class of "search_graph"; nullopt when it cannot be drawn as it is.
std::optional<DrawnClass> ReadClass(const json& object, std::size_t index,
                                    std::size_t classes) {
  if (!object.is_object()) return std::nullopt;
  DrawnClass drawn;
  drawn.commit = TextOf(object, "commit");
  const std::string verdict = TextOf(object, "verdict");
  if (verdict == "good" || verdict == "bad" || verdict == "skip") {
    drawn.verdict = verdict;
  }
  drawn.step = NumberOf(object, "step");
  drawn.size = NumberOf(object, "size");
  drawn.culprit = object.value("culprit", json()) == json(true);
  const auto parents = object.find("parents");
  if (parents == object.end() || !parents->is_array()) return std::nullopt;
  for (const json& parent : *parents) {
    if (!parent.is_number_unsigned()) return std::nullopt;
    const auto number = parent.get<std::size_t>();
    if (number <= index || number >= classes) return std::nullopt;
    drawn.parents.push_back(number);
  }
  std::sort(drawn.parents.begin(), drawn.parents.end());
  return drawn;
}

/// The graph of a replay's search; empty when there is none to draw.
std::vector<DrawnClass> ReadSearchGraph(const std::string& text) {
  const json replay = json::parse(text, nullptr, false);
  const auto graph = replay.find("search_graph");
  if (graph == replay.end() || !graph->is_object()) return {};
  const auto classes = graph->find("classes");
  if (classes == graph->end() || !classes->is_array() ||
      classes->size() > kMaxDrawnClasses) {
    return {};
  }
  std::vector<DrawnClass> drawn;
  for (const json& object : *classes) {
    auto read = ReadClass(object, drawn.size(), classes->size());
    if (!read) return {};
    drawn.push_back(*std::move(read));
  }
  return drawn;
}

class ReportMaker {
 public:
  Result<HtmlPage> Make(std::span<const ResultText> results,
                        const LayOutGraphs& lay_out) {
    for (std::size_t i = 0; i < results.size(); ++i) {
      REBISECT_RETURN_IF_ERROR(Add(results[i], i));
    }
    const std::string drawings = Draw(lay_out);
    const std::string packed = "{\"shapes\":" + packer_.Shapes() +
                               ",\"undrawn\":" + QuotedForScript(undrawn_) +
                               ",\"results\":[" + packed_ + "]}";
    const std::string title = EscapedForHtml(
        "rebisect report: " +
        (results.size() == 1 && !name_.empty()
             ? name_
             : std::to_string(results.size()) +
                   (results.size() == 1 ? " result" : " results")));
    page_.html = Filled(PageSkeleton(), {{"title", title},
                                         {"version", REBISECT_VERSION},
                                         {"style", PageStyle()},
                                         {"drawings", drawings},
                                         {"results", packed},
                                         {"d3", PageD3()},
                                         {"scripts", PageScripts()}});
    return std::move(page_);
  }

 private:
  Result<void> Add(const ResultText& result, std::size_t index) {
    REBISECT_ASSIGN_OR_RETURN(auto packed, packer_.Pack(result));
    if (std::find(kSchemas.begin(), kSchemas.end(), packed.schema) ==
        kSchemas.end()) {
      return Fail(ErrorCode::kInput,
                  packed.schema.empty()
                      ? "the object has no \"schema\"; a report is made of "
                        "what replay, diagnose, whatif, simulate, results "
                        "show and test print with --format json"
                      : "there is no view for the schema '" + packed.schema +
                            "'; there are views for " + KnownSchemas(),
                  result.where);
    }
    packed_ += (index == 0 ? "" : ",\n") + packed.json;
    name_ = std::move(packed.name);
    if (packed.schema == "rebisect.replay/1") AddGraph(result.json, index);
    return {};
  }

  static std::string KnownSchemas() {
    std::string list;
    for (const std::string_view schema : kSchemas) {
      list.append(list.empty() ? "" : ", ").append(schema);
    }
    return list;
  }

  void AddGraph(const std::string& text, std::size_t index) {
    if (graphs_.size() >= kMaxDrawings) return;
    const std::vector<DrawnClass> classes = ReadSearchGraph(text);
    if (classes.empty()) return;
    graphs_.push_back(DotOf(classes, "g" + std::to_string(index)));
    numbers_.push_back(index);
  }

  /// The drawings as inert templates.
  std::string Draw(const LayOutGraphs& lay_out) {
    if (graphs_.empty()) return {};
    const auto drawings = lay_out(graphs_);
    if (!drawings) {
      undrawn_ = drawings.error().message;
      page_.notes.push_back("the graphs of searches are not drawn: " +
                            undrawn_);
      return {};
    }
    std::string templates;
    for (std::size_t i = 0; i < drawings->size(); ++i) {
      templates += "<template id=\"drawing-" + std::to_string(numbers_[i]) +
                   "\">" + (*drawings)[i] + "</template>\n";
    }
    return templates;
  }

  ResultPacker packer_;
  HtmlPage page_;
  std::string packed_;
  std::string name_;
  std::string undrawn_;  ///< why nothing is drawn
  std::vector<std::string> graphs_;
  std::vector<std::size_t> numbers_;  ///< by graph: of its result
};

}  // namespace

Result<HtmlPage> HtmlReport(std::span<const ResultText> results,
                            const LayOutGraphs& lay_out) {
  if (results.empty()) {
    return Fail(ErrorCode::kUsage, "there is no result to report on");
  }
  return ReportMaker().Make(results, lay_out);
}

std::vector<ResultText> ResultsIn(const std::string& text,
                                  const std::string& file) {
  std::vector<ResultText> results;
  int line = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    ++line;
    std::string json = text.substr(at, end - at);
    if (json.find_first_not_of(" \t\r") != std::string::npos) {
      results.push_back({std::move(json), {file, line, 0}});
    }
    at = end + 1;
  }
  return results;
}

}  // namespace rebisect
