#include "harness/report/graph_drawing.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <ostream>
#include <sstream>
#include <string_view>
#include <utility>

#include <boost/graph/compressed_sparse_row_graph.hpp>
#include <boost/graph/graphviz.hpp>

#include "harness/process/scratch_folder.h"
#include "oracle/process/process.h"
#include "sim/base/result.h"
#include "sim/io/input.h"

namespace rebisect {
namespace {

using DrawnGraph = boost::compressed_sparse_row_graph<boost::directedS>;

constexpr int kLayoutLimitMs = 60'000;

/// What a record calls a commit, as far as it can stand in a label: printable
/// ASCII without quotes and backslashes, ids abbreviated.
std::string LabelOf(const std::string& commit) {
  constexpr std::size_t kIdDigits = 40;
  constexpr std::size_t kShown = 12;
  constexpr std::size_t kMaxLength = 24;
  std::string label =
      commit.substr(0, commit.size() == kIdDigits &&
                               commit.find_first_not_of("0123456789abcdef") ==
                                   std::string::npos
                           ? kShown
                           : kMaxLength);
  for (char& c : label) {
    if (c < ' ' || c > '~' || c == '"' || c == '\\') c = '?';
  }
  return label;
}

std::string LabelOf(const DrawnClass& drawn) {
  if (drawn.commit.empty()) return std::to_string(drawn.size) + " untested";
  std::string label = LabelOf(drawn.commit);
  if (drawn.culprit) label += "\\nculprit";
  if (!drawn.verdict.empty()) {
    label += (drawn.culprit ? ", " : "\\n") + drawn.verdict +
             (drawn.step > 0 ? ", step " + std::to_string(drawn.step)
                             : std::string(" end"));
  }
  if (drawn.size > 1) {
    label += "\\n+ " + std::to_string(drawn.size - 1) + " untested";
  }
  return label;
}

std::string_view ShapeOf(const DrawnClass& drawn) {
  if (drawn.commit.empty()) return "box";
  if (drawn.verdict == "good") return "ellipse";
  if (drawn.verdict == "skip") return "hexagon";
  return "box";
}

std::string ClassOf(const DrawnClass& drawn) {
  if (drawn.commit.empty()) return "untested";
  // Words of our own only: what is no verdict is no class.
  std::string names = drawn.verdict == "good" || drawn.verdict == "bad" ||
                              drawn.verdict == "skip"
                          ? drawn.verdict
                          : "none";
  if (drawn.culprit) names += " culprit";
  return names;
}

/// The edges without those that others imply.
DrawnGraph Reduced(const std::vector<DrawnClass>& classes) {
  std::vector<std::pair<std::size_t, std::size_t>> edges;
  std::vector<std::vector<bool>> ancestors(
      classes.size(), std::vector<bool>(classes.size(), false));
  for (std::size_t c = classes.size(); c-- > 0;) {
    // A parent that is an ancestor of another one comes after it.
    for (const std::size_t parent : classes[c].parents) {
      if (ancestors[c][parent]) continue;
      edges.emplace_back(c, parent);
      ancestors[c][parent] = true;
      for (std::size_t a = parent; a < classes.size(); ++a) {
        if (ancestors[parent][a]) ancestors[c][a] = true;
      }
    }
  }
  return {boost::edges_are_unsorted_multi_pass, edges.begin(), edges.end(),
          classes.size()};
}

/// The <svg> element of a file, without the comments in it.
std::string ElementIn(std::string_view text) {
  const std::size_t begin = text.find("<svg");
  if (begin == std::string_view::npos) return {};
  text.remove_prefix(begin);
  std::string element;
  while (true) {
    const std::size_t comment = text.find("<!--");
    element += text.substr(0, comment);
    if (comment == std::string_view::npos) break;
    const std::size_t end = text.find("-->", comment);
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 3);
    if (!text.empty() && text.front() == '\n') text.remove_prefix(1);
  }
  return element;
}

Result<void> RunDot(const std::string& folder,
                    const std::function<void()>& waiting) {
  ProcessRequest request;
  request.words = {"dot", "-Tsvg", "-O", "graphs.dot"};
  request.folder = folder;
  const char* const path = std::getenv("PATH");
  request.environment = {{"PATH", path == nullptr ? "/usr/bin:/bin" : path},
                         {"HOME", folder},
                         {"LC_ALL", "C.UTF-8"}};
  request.time_limit_ms = kLayoutLimitMs;
  request.stop = [&waiting] {
    if (waiting) waiting();
    return false;
  };
  REBISECT_ASSIGN_OR_RETURN(const auto result, RunProcess(request));
  if (result.end == ProcessEnd::kNotStarted) {
    return Fail(
        result.code == ENOENT ? ErrorCode::kNotFound : ErrorCode::kInternal,
        "Graphviz's dot cannot be run; install graphviz");
  }
  if (result.end != ProcessEnd::kExited || result.code != 0) {
    return Fail(ErrorCode::kInternal,
                result.end == ProcessEnd::kTimedOut
                    ? "Graphviz's dot took more than a minute"
                    : "Graphviz's dot failed: " + result.output.substr(0, 200));
  }
  return {};
}

}  // namespace

std::string DotOf(const std::vector<DrawnClass>& classes,
                  const std::string& prefix) {
  std::ostringstream out;
  out.imbue(std::locale::classic());
  boost::write_graphviz(
      out, Reduced(classes),
      [&](std::ostream& stream, std::size_t v) {
        stream << "[id=\"" << prefix << "_c" << v << "\", class=\""
               << ClassOf(classes[v]) << "\", shape=" << ShapeOf(classes[v])
               << ", label=\"" << LabelOf(classes[v]) << "\"]";
      },
      [&, edge = 0](std::ostream& stream, const auto&) mutable {
        stream << "[id=\"" << prefix << "_e" << edge++ << "\"]";
      },
      [&](std::ostream& stream) {
        stream << "id=\"" << prefix
               << "\"; bgcolor=transparent; rankdir=TB; nodesep=0.25; "
                  "ranksep=0.3;\n"
                  "node [fontname=\"Helvetica\", fontsize=12, "
                  "margin=\"0.15,0.06\", height=0.3];\n"
                  "edge [arrowsize=0.6];\n";
      });
  return out.str();
}

Result<std::vector<std::string>> LayOutByDot(
    const std::vector<std::string>& graphs,
    const std::function<void()>& waiting) {
  if (graphs.empty()) return std::vector<std::string>{};
  REBISECT_ASSIGN_OR_RETURN(const auto folder, ScratchFolder::Make());
  std::string all;
  for (const std::string& graph : graphs) all += graph;
  REBISECT_RETURN_IF_ERROR(PutScratchFile(folder.path() + "/graphs.dot", all));
  REBISECT_RETURN_IF_ERROR(RunDot(folder.path(), waiting));
  std::vector<std::string> drawings;
  for (std::size_t i = 1; i <= graphs.size(); ++i) {
    // As -O names them: graphs.dot.svg, graphs.dot.2.svg, ...
    const std::string number = i == 1 ? "" : '.' + std::to_string(i);
    REBISECT_ASSIGN_OR_RETURN(
        const auto drawing,
        ReadInput(folder.path() + "/graphs.dot" + number + ".svg"));
    drawings.push_back(ElementIn(drawing));
  }
  return drawings;
}

}  // namespace rebisect
