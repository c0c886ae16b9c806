#include "sim/graph/tested_groups.h"

#include <map>

namespace rebisect {
namespace {

constexpr std::size_t kWordBits = 64;

}  // namespace

std::vector<TestedGroup> GroupByTests(const CommitGraph& graph,
                                      std::span<const Vertex> suspects,
                                      std::span<const Vertex> tested) {
  const std::size_t words = (tested.size() + kWordBits - 1) / kWordBits;
  std::vector<std::uint64_t> bits(graph.size() * words, 0);
  for (std::size_t i = 0; i < tested.size(); ++i) {
    bits[tested[i] * words + i / kWordBits] |= std::uint64_t{1}
                                               << (i % kWordBits);
  }
  // Children have greater numbers than their parents.
  for (auto v = static_cast<Vertex>(graph.size()); v-- > 0;) {
    for (const Vertex parent : graph.Parents(v)) {
      for (std::size_t w = 0; w < words; ++w) {
        bits[parent * words + w] |= bits[v * words + w];
      }
    }
  }
  std::vector<TestedGroup> groups;
  std::map<std::vector<std::uint64_t>, std::size_t> numbers;
  for (const Vertex v : suspects) {
    const auto begin = bits.begin() + static_cast<std::ptrdiff_t>(v * words);
    std::vector<std::uint64_t> key(begin,
                                   begin + static_cast<std::ptrdiff_t>(words));
    const auto [at, is_new] = numbers.emplace(std::move(key), groups.size());
    if (is_new) {
      TestedGroup group;
      group.contained.resize(tested.size());
      for (std::size_t i = 0; i < tested.size(); ++i) {
        group.contained[i] =
            (at->first[i / kWordBits] >> (i % kWordBits) & 1U) != 0;
      }
      groups.push_back(std::move(group));
    }
    groups[at->second].suspects.push_back(v);
  }
  return groups;
}

}  // namespace rebisect
