#include "tests/mutation/mutations.h"

#include <algorithm>

namespace rebisect::testing_support {
namespace {

/// Each with its newline, but perhaps for the last.
std::vector<std::string_view> LinesOf(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return lines;
}

}  // namespace

std::string Describe(const Mutation& mutation) {
  const std::string line = "line " + std::to_string(mutation.at + 1);
  switch (mutation.kind) {
    case Mutation::Kind::kTruncated:
      return "truncated after byte " + std::to_string(mutation.at);
    case Mutation::Kind::kDeleted:
      return line + " deleted";
    case Mutation::Kind::kDoubled:
      return line + " doubled";
    case Mutation::Kind::kSwapped:
      return line + " swapped with the next";
  }
  return {};
}

std::vector<Mutation> MutationsOf(std::string_view text, std::size_t stride) {
  std::vector<Mutation> mutations;
  for (std::size_t i = 0; i < text.size(); i += stride) {
    mutations.push_back({Mutation::Kind::kTruncated, i});
  }
  const std::vector<std::string_view> lines = LinesOf(text);
  for (std::size_t i = 0; i < lines.size(); i += stride) {
    mutations.push_back({Mutation::Kind::kDeleted, i});
    mutations.push_back({Mutation::Kind::kDoubled, i});
    if (i + 1 < lines.size() && lines[i] != lines[i + 1]) {
      mutations.push_back({Mutation::Kind::kSwapped, i});
    }
  }
  return mutations;
}

std::string Apply(const Mutation& mutation, std::string_view text) {
  if (mutation.kind == Mutation::Kind::kTruncated) {
    return std::string(text.substr(0, mutation.at));
  }
  std::vector<std::string_view> lines = LinesOf(text);
  const auto at = lines.begin() + static_cast<std::ptrdiff_t>(mutation.at);
  if (mutation.kind == Mutation::Kind::kDeleted) {
    lines.erase(at);
  } else if (mutation.kind == Mutation::Kind::kDoubled) {
    lines.insert(at, *at);
  } else {
    std::iter_swap(at, at + 1);
  }
  std::string mutated;
  for (const std::string_view line : lines) mutated += line;
  return mutated;
}

}  // namespace rebisect::testing_support
