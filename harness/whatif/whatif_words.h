#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "harness/whatif/whatif.h"
#include "harness/whatif/whatif_corpus.h"

namespace rebisect {

/// Labels and what stands beside them; without a label: more of the same.
using WhatifFields = std::vector<std::pair<std::string, std::string>>;

/// What the reports for people have to say, in words.
struct WhatifWords {
  struct Policy {
    std::string title{};
    WhatifFields fields{};
  };
  WhatifFields head{};
  std::vector<Policy> policies{};
  WhatifFields pairs{};  ///< of a corpus: policies two by two
};
[[nodiscard]] WhatifWords WordsOf(const WhatifReport& report);
[[nodiscard]] WhatifWords WordsOf(const CorpusSummary& summary);
[[nodiscard]] std::string TitleOf(const CorpusSummary& summary);

/// What stands for a policy in tables: A, B, ...
[[nodiscard]] char LetterOf(std::size_t policy);

/// A step of the search with a policy, and its end, in a few words.
[[nodiscard]] std::string StepText(const WhatifRecord& record, std::size_t row);
[[nodiscard]] std::string EndText(const WhatifRecord& record);

/// What the signs in a table of steps mean.
inline constexpr const char* kMatrixSigns =
    "! parts from the record; > on its own; more-runs: the record lacks them";

}  // namespace rebisect
