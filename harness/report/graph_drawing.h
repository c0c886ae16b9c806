#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "sim/base/result.h"

namespace rebisect {

/// A class of the graph of a search (FoldedClass) as it is drawn.
struct DrawnClass {
  std::string commit{};   ///< as labelled; empty: none is tested
  std::string verdict{};  ///< "good", "bad", "skip"; empty: none
  std::size_t step = 0;   ///< 0: at the start
  bool culprit = false;
  std::size_t size = 0;
  std::vector<std::size_t> parents{};
};

/// Graphs with more classes are not drawn: they could not be read.
inline constexpr std::size_t kMaxDrawnClasses = 300;

/// The graph in Graphviz's language, newest commits on top, edges that others
/// imply left out. Its nodes have the ids PREFIX_c0, PREFIX_c1, ... and say
/// nothing but ids, verdicts and numbers, so that no text of a record gets in.
/// REQUIRES: at most kMaxDrawnClasses; parents have greater numbers than
/// their children.
[[nodiscard]] std::string DotOf(const std::vector<DrawnClass>& classes,
                                const std::string& prefix);

/// Lays graphs out: for each its `<svg>` element, without declarations and
/// comments.
using LayOutGraphs = std::function<Result<std::vector<std::string>>(
    const std::vector<std::string>& graphs)>;

/// LayOutGraphs by one run of Graphviz's `dot`.
/// Errors: kNotFound when it is not in PATH; kInternal when it fails, or takes
/// more than a minute; those of ScratchFolder. `waiting`, unless empty, is
/// called at least every 50 ms until it is done.
[[nodiscard]] Result<std::vector<std::string>> LayOutByDot(
    const std::vector<std::string>& graphs,
    const std::function<void()>& waiting = {});

}  // namespace rebisect
