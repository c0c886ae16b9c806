#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/check.h"
#include "sim/graph/commit_graph.h"

namespace rebisect::testing_support {

/// A commit of a small graph written down in a test. Dates rise by a minute
/// in the order of a chain unless given.
struct CommitLiteral {
  std::string name;
  std::vector<std::string> parents;
  std::int64_t date = 1500000000;
};

/// A made-up id: the bytes of the name, repeated, after a scramble that
/// keeps ids of different names apart.
inline CommitId IdOf(std::string_view name) {
  CommitId id;
  std::uint64_t state = 0xcbf29ce484222325ULL;
  for (const char c : name) {
    state = (state ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  }
  for (auto& byte : id.bytes) {
    state ^= state >> 29;
    state *= 0xbf58476d1ce4e5b9ULL;
    byte = static_cast<std::uint8_t>(state >> 56);
  }
  return id;
}

inline CommitArrays Arrays(const std::vector<CommitLiteral>& commits) {
  std::map<std::string, std::uint32_t> index;
  CommitArrays arrays;
  for (const CommitLiteral& commit : commits) {
    index.emplace(commit.name, static_cast<std::uint32_t>(arrays.ids.size()));
    arrays.ids.push_back(IdOf(commit.name));
    arrays.dates.push_back(commit.date);
  }
  arrays.rows.push_back(0);
  for (const CommitLiteral& commit : commits) {
    for (const std::string& parent : commit.parents) {
      REBISECT_CHECK(index.count(parent) == 1);
      arrays.parents.push_back(index.at(parent));
    }
    arrays.rows.push_back(static_cast<std::uint32_t>(arrays.parents.size()));
  }
  for (const auto& [name, at] : index) arrays.names.emplace(name, at);
  return arrays;
}

}  // namespace rebisect::testing_support
