#include "harness/graph/revision.h"

#include <array>
#include <charconv>
#include <optional>

namespace rebisect {
namespace {

/// Where git looks for a short name, in its order.
constexpr std::array<std::string_view, 5> kPrefixes = {
    "", "refs/", "refs/tags/", "refs/heads/", "refs/remotes/"};

Result<Vertex> NotFound(std::string_view text) {
  return Fail(ErrorCode::kNotFound,
              "'" + std::string(text) + "' names no commit of this graph");
}

Result<Vertex> ResolveBase(const CommitGraph& graph, std::string_view base) {
  if (base == "@") base = "HEAD";
  for (const std::string_view prefix : kPrefixes) {
    const auto it = graph.Names().find(std::string(prefix) + std::string(base));
    if (it != graph.Names().end()) return it->second;
  }
  if (const auto v = graph.FindLabel(base)) return *v;
  if (!LooksLikeHexId(base)) return NotFound(base);
  if (const auto id = CommitId::FromHex(base)) {
    if (const auto v = graph.Find(*id)) return *v;
    return NotFound(base);
  }
  const std::vector<Vertex> found = graph.FindPrefix(base, 2);
  if (found.size() > 1) {
    return Fail(ErrorCode::kInput, "'" + std::string(base) +
                                       "' is short for several commits; give "
                                       "more digits");
  }
  if (found.empty()) return NotFound(base);
  return found.front();
}

/// The number after `~` or `^`; 1 where there is none. Takes it off `rest`.
std::optional<std::uint32_t> TakeNumber(std::string_view& rest) {
  if (rest.empty() || rest.front() < '0' || rest.front() > '9') return 1;
  std::uint32_t number = 0;
  const auto [end, error] =
      std::from_chars(rest.data(), rest.data() + rest.size(), number);
  if (error != std::errc()) return std::nullopt;
  rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
  return number;
}

Result<Vertex> Parent(const CommitGraph& graph, Vertex v, std::uint32_t nth,
                      std::string_view text) {
  if (!graph.ParentsKnown(v)) {
    return Fail(ErrorCode::kBoundary,
                "'" + std::string(text) + "' leads past the end of the graph");
  }
  if (nth == 0) return v;
  if (nth > graph.Parents(v).size()) {
    return Fail(ErrorCode::kNotFound,
                "'" + std::string(text) + "': " + graph.Label(v) +
                    " has no parent " + std::to_string(nth));
  }
  return graph.Parents(v)[nth - 1];
}

}  // namespace

Result<Vertex> ResolveInGraph(const CommitGraph& graph, std::string_view text) {
  const std::size_t end = text.find_first_of("~^");
  auto v = ResolveBase(graph, text.substr(0, end));
  std::string_view rest = end == std::string_view::npos ? "" : text.substr(end);
  while (v && !rest.empty()) {
    const char sign = rest.front();
    rest.remove_prefix(1);
    bool peeled = false;
    for (const std::string_view peel : {"{}", "{commit}"}) {
      if (sign == '^' && rest.substr(0, peel.size()) == peel) {
        rest.remove_prefix(peel.size());
        peeled = true;
        break;
      }
    }
    if (peeled) continue;
    if (sign != '~' && sign != '^') return NotFound(text);
    const auto number = TakeNumber(rest);
    if (!number) return NotFound(text);
    if (sign == '^') {
      v = Parent(graph, *v, *number, text);
      continue;
    }
    for (std::uint32_t i = 0; v && i < *number; ++i) {
      v = Parent(graph, *v, 1, text);
    }
  }
  return v;
}

}  // namespace rebisect
