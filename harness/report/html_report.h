#pragma once

#include <span>
#include <string>
#include <vector>

#include "harness/report/graph_drawing.h"
#include "harness/report/packed_result.h"
#include "sim/base/result.h"

namespace rebisect {

/// A report as a page.
struct HtmlPage {
  std::string html;
  /// What is missing from it and why, a sentence each.
  std::vector<std::string> notes{};
};

/// Of this many searches the graphs are drawn, the first ones.
inline constexpr std::size_t kMaxDrawings = 100;

/// One page that shows all results, with an index if there are several. It
/// holds what the results say and nothing else, loads nothing, and opens
/// without a network. Where graphs cannot be laid out it has none. Equal
/// results give equal bytes, with the same Graphviz.
/// Errors: kInput, with the place, for what is no result, or one that there is
/// no view for; kUsage without results.
[[nodiscard]] Result<HtmlPage> HtmlReport(
    std::span<const ResultText> results,
    const LayOutGraphs& lay_out = [](const std::vector<std::string>& graphs) {
      return LayOutByDot(graphs);
    });

/// The objects in JSON Lines; blank lines are passed over.
[[nodiscard]] std::vector<ResultText> ResultsIn(const std::string& text,
                                                const std::string& file);

}  // namespace rebisect
