#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include "harness/suite/case/scenario_case.h"
#include "harness/suite/tools/tool.h"
#include "sim/graph/commit_id.h"

namespace rebisect {

/// The test program of a scenario in one search, for tools in this process:
/// it counts visits, so that they meet the same noise as any other tool, and
/// keeps the journal.
class ScenarioQuestions {
 public:
  /// `scenario` and `journal` are borrowed.
  ScenarioQuestions(const ScenarioCase& scenario, std::uint32_t search,
                    std::vector<AskedQuestion>& journal)
      : scenario_(scenario), search_(search), journal_(journal) {}

  /// The exit code at a commit; kAbortCode for one that the history lacks.
  int Ask(const CommitId& commit);

  /// A search that asks so much would not end.
  [[nodiscard]] bool TooMany() const {
    return journal_.size() >= kMaxAsked + 2 * scenario_.suspects;
  }
  static constexpr std::size_t kMaxAsked = 500;

 private:
  const ScenarioCase& scenario_;
  std::uint32_t search_;
  std::vector<AskedQuestion>& journal_;
  std::map<Vertex, std::uint32_t> visits_{};
};

}  // namespace rebisect
