#include "sim/graph/slice_graph.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <utility>

#include "sim/base/check.h"

namespace rebisect {
namespace {

enum SliceMark : std::uint8_t {
  kFromBad = 1,
  kFromGood = 2,
  kFromOther = 4,
  kFromBoth = kFromBad | kFromGood,
  kWhole = 8,  ///< kept, with its parents
  kEnd = 16,   ///< kept, but maybe not its parents
};

class Slicer {
 public:
  Slicer(const CommitGraph& graph, const SliceRequest& request)
      : graph_(graph), request_(request), marks_(graph.size(), 0) {}

  CommitGraph Run() {
    FindSides();
    KeepNeeded();
    KeepParents();
    return Build();
  }

 private:
  [[nodiscard]] bool Is(Vertex v, std::uint8_t mark) const {
    return (marks_[v] & mark) != 0;
  }

  void FindSides() {
    for (const Vertex v : request_.bad) marks_[v] |= kFromBad;
    for (const Vertex v : request_.goods) marks_[v] |= kFromGood;
    for (const Vertex v : request_.others) marks_[v] |= kFromOther;
    // Parents have smaller numbers.
    for (auto v = static_cast<Vertex>(graph_.size()); v-- > 0;) {
      for (const Vertex p : graph_.Parents(v)) marks_[p] |= marks_[v];
    }
  }

  void KeepNeeded() {
    std::int64_t oldest = std::numeric_limits<std::int64_t>::max();
    const auto keep = [&](Vertex v) {
      marks_[v] |= kWhole;
      oldest = std::min(oldest, graph_.Date(v));
    };
    for (const auto* const tips : {&request_.goods, &request_.others}) {
      std::for_each(tips->begin(), tips->end(), keep);
    }
    std::vector<Vertex> common;
    for (Vertex v = 0; v < graph_.size(); ++v) {
      if ((marks_[v] & kFromBoth) == kFromBoth) {
        common.push_back(v);
      } else if (marks_[v] != 0) {
        keep(v);
      }
    }
    // Newest first; of equally dated ones in any order that is fixed.
    std::sort(common.begin(), common.end(), [&](Vertex a, Vertex b) {
      if (graph_.Date(a) != graph_.Date(b)) {
        return graph_.Date(a) > graph_.Date(b);
      }
      return a > b;
    });
    std::size_t slack = request_.slack;
    for (const Vertex v : common) {
      if (graph_.Date(v) < oldest && slack-- == 0) break;
      marks_[v] |= kWhole;
    }
  }

  void KeepParents() {
    for (Vertex v = 0; v < graph_.size(); ++v) {
      if (!Is(v, kWhole)) continue;
      for (const Vertex p : graph_.Parents(v)) marks_[p] |= kEnd;
    }
  }

  CommitGraph Build() {
    CommitArrays arrays;
    std::vector<std::uint32_t> index(graph_.size(), 0);
    std::uint32_t count = 0;
    arrays.rows.push_back(0);
    for (Vertex v = 0; v < graph_.size(); ++v) {
      if (!Is(v, kWhole | kEnd)) continue;
      index[v] = count;
      arrays.ids.push_back(graph_.Id(v));
      arrays.dates.push_back(graph_.Date(v));
      if (std::string label = graph_.Label(v); label != graph_.Id(v).Hex()) {
        arrays.labels.emplace(count, std::move(label));
      }
      const auto parents = graph_.Parents(v);
      // A root is no boundary: that it has no parents is known.
      const bool cut = !Is(v, kWhole) && !parents.empty();
      if (cut || !graph_.ParentsKnown(v)) arrays.boundary.push_back(count);
      if (!cut) {
        for (const Vertex p : parents) arrays.parents.push_back(index[p]);
      }
      arrays.rows.push_back(static_cast<std::uint32_t>(arrays.parents.size()));
      ++count;
    }
    for (const auto* const names : {&graph_.Names(), &request_.names}) {
      for (const auto& [name, v] : *names) {
        if (Is(v, kWhole | kEnd)) arrays.names.emplace(name, index[v]);
      }
    }
    auto built = CommitGraph::Build(std::move(arrays));
    REBISECT_CHECK(built.has_value());
    return *std::move(built);
  }

  const CommitGraph& graph_;
  const SliceRequest& request_;
  std::vector<std::uint8_t> marks_;
};

}  // namespace

CommitGraph SliceGraph(const CommitGraph& graph, const SliceRequest& request) {
  return Slicer(graph, request).Run();
}

}  // namespace rebisect
