#include <charconv>
#include <cstdint>
#include <string>

#include "sim/base/printable.h"
#include "sim/io/dag_text.h"

namespace rebisect {
namespace {

void AppendHex(std::string& text, const CommitId& id) {
  static constexpr char kDigits[] = "0123456789abcdef";
  char hex[CommitId::kHexSize];
  char* at = hex;
  for (const std::uint8_t byte : id.bytes) {
    *at++ = kDigits[byte >> 4];
    *at++ = kDigits[byte & 15];
  }
  text.append(hex, sizeof hex);
}

void AppendNumber(std::string& text, std::int64_t number) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, number);
  text.append(digits, end.ptr);
}

}  // namespace

std::string WriteDag(const CommitGraph& graph) {
  std::string text;
  text.reserve(graph.size() * (CommitId::kHexSize + 13) +
               graph.EdgeCount() * (CommitId::kHexSize + 1));
  for (Vertex v = 0; v < graph.size(); ++v) {
    if (!graph.ParentsKnown(v)) text += "- ";
    AppendHex(text, graph.Id(v));
    text += ' ';
    AppendNumber(text, graph.Date(v));
    for (const Vertex parent : graph.Parents(v)) {
      text += ' ';
      AppendHex(text, graph.Id(parent));
    }
    text += '\n';
  }
  for (const auto& [name, v] : graph.Names()) {
    if (Printable(name) != name) continue;
    AppendHex(text, graph.Id(v));
    text += ' ' + name + '\n';
  }
  return text;
}

}  // namespace rebisect
