#pragma once

#include <string>
#include <vector>

#include "harness/suite/judge/conformance.h"
#include "harness/text/terminal.h"

namespace rebisect {

/// What was compared, for reports.
struct ComparedTools {
  const Tool& one;
  const Tool& other;
  const ConformanceOptions& options;
  const ConformanceReport& report;
  std::vector<std::string> files{};  ///< that were written, of shrunk cases
};

[[nodiscard]] std::string ConformanceText(const ComparedTools& compared,
                                          const TerminalStyle& style);

/// rebisect.conformance/1, one line; scenarios/README.md describes it.
[[nodiscard]] std::string ConformanceJson(const ComparedTools& compared);

}  // namespace rebisect
