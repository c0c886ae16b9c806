#include "harness/suite/case/fast_import.h"

#include <string_view>

namespace rebisect {
namespace {

/// Where commits are put until the branches are there.
constexpr std::string_view kImportRef = "refs/heads/import";

std::string Data(std::string_view text) {
  return "data " + std::to_string(text.size()) + '\n' + std::string(text) +
         '\n';
}

std::string MarkOf(Vertex v) { return ':' + std::to_string(v + 1); }

/// A path in its line: in quotes where it would end the line, or be taken for
/// a quoted one.
std::string PathText(const std::string& path) {
  if (!path.starts_with('"') && path.find('\n') == std::string::npos) {
    return path;
  }
  std::string quoted = "\"";
  for (const char c : path) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c == '\n' ? std::string("\\n") : std::string(1, c);
  }
  return quoted + '"';
}

}  // namespace

std::string FastImportStream(const ScenarioCase& scenario) {
  const CommitGraph& graph = scenario.written;
  std::string stream;
  for (Vertex v = 0; v < graph.size(); ++v) {
    const auto parents = graph.Parents(v);
    if (parents.empty()) {
      stream.append("reset ").append(kImportRef).append("\n");
    }
    stream.append("commit ").append(kImportRef);
    stream += "\nmark " + MarkOf(v) + '\n';
    const std::string when = " A U Thor <author@example.com> " +
                             std::to_string(graph.Date(v)) + " +0000\n";
    stream.append("author").append(when).append("committer").append(when);
    stream += Data(graph.Label(v) + '\n');
    for (std::size_t i = 0; i < parents.size(); ++i) {
      stream += (i == 0 ? "from " : "merge ") + MarkOf(parents[i]) + '\n';
    }
    stream += "deleteall\n";
    for (const auto& [path, content] : scenario.layout.files[v]) {
      stream += "M 100644 inline " + PathText(path) + '\n' + Data(content);
    }
    stream += '\n';
  }
  for (const auto& [name, v] : scenario.layout.refs) {
    stream += "reset " + name + "\nfrom " + MarkOf(v) + "\n\n";
  }
  // With no commit it is no branch any more.
  stream.append("reset ").append(kImportRef);
  stream += "\nfrom " + std::string(2 * CommitId::kSize, '0') + "\n\n";
  return stream;
}

}  // namespace rebisect
