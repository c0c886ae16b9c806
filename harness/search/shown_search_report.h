#pragma once

// Sources: shown_search_json.cc, shown_search_text.cc: a file for each format.

#include <string>
#include <vector>

#include "harness/graph/graph_source.h"
#include "harness/search/shown_search.h"
#include "harness/text/terminal.h"

namespace rebisect {

/// A search to look at, with what it is of.
struct ShownSearchReport {
  std::string name{};                   ///< of the recording; empty: none
  const GraphSource* source = nullptr;  ///< borrowed
  ShownSearch shown{};
  std::vector<std::string> notes{};
};

/// One object of schema rebisect.graph-show/1, in one line with its newline.
[[nodiscard]] std::string ShownSearchJson(const ShownSearchReport& report);

/// The drawing for a person (DrawLanes): newest commits on top.
[[nodiscard]] std::string ShownSearchText(const ShownSearchReport& report,
                                          const TerminalStyle& style);

}  // namespace rebisect
