#pragma once

// `whatif` on a small graph with a known culprit, and records of searches
// there.

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/harness/testing/program.h"
#include "tests/support/temp_folder.h"

namespace rebisect::testing_support {

// The ends of the search, and where the crash begins.
inline constexpr int kGood = 1;
inline constexpr int kBad = 24;
inline constexpr int kCulprit = 14;

/// n1 ... n10 and, from n4, n11 ... n14; merged in n15, then up to n24.
[[nodiscard]] const std::map<int, std::vector<int>>& Parents();

/// 0 for an id that is none of the graph's.
[[nodiscard]] int NumberOf(const std::string& id);

/// The commit and all that it contains.
[[nodiscard]] std::set<int> Contained(int commit);

/// Commits that every bad one contains and no good one.
[[nodiscard]] std::set<std::string> BruteForce(const std::set<int>& bads,
                                               const std::set<int>& goods);

/// A search as recorded: any crash was bad, ten runs a commit.
struct Searched {
  /// The proposed commit, counted from 1, where another bug crashes in one
  /// run of ten; 0: none.
  int rare_step = 0;
  /// Tests after the end: commits and how many of ten runs crashed.
  std::vector<std::pair<int, int>> later{};
  std::string summary{};
  /// Events are left out after this many marks; 0: none are.
  int most_marks = 0;
};

class WhatifTest : public ::testing::Test {
 protected:
  WhatifTest();

  /// Writes the record of a search on the graph; its path.
  std::string Record(const Searched& searched,
                     const std::string& name = "record");

  ProgramRun Run(const std::string& input, std::vector<std::string> options);
  nlohmann::json Whatif(const std::string& input,
                        std::vector<std::string> options);
  /// What the only policy makes of the record.
  nlohmann::json RecordOf(const std::string& input,
                          std::vector<std::string> options);

  TempFolder folder_;
  std::string dag_ = folder_ / "graph.dag";
  std::vector<int> tested_;  ///< by step of the last record
  std::string culprit_;      ///< that it names
};

}  // namespace rebisect::testing_support
