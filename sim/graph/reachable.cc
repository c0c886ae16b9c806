#include "sim/graph/reachable.h"

#include <boost/graph/breadth_first_search.hpp>

#include "sim/graph/boost_graph.h"

namespace rebisect {

std::vector<bool> ReachableFrom(const CommitGraph& graph,
                                std::span<const Vertex> tips) {
  std::vector<boost::default_color_type> colors(graph.size(),
                                                boost::white_color);
  boost::queue<Vertex> queue;
  boost::breadth_first_visit(
      graph, tips.begin(), tips.end(), queue, boost::bfs_visitor<>(),
      boost::make_iterator_property_map(colors.begin(),
                                        get(boost::vertex_index, graph)));
  std::vector<bool> reached(graph.size(), false);
  for (Vertex v = 0; v < graph.size(); ++v) {
    reached[v] = colors[v] != boost::white_color;
  }
  return reached;
}

std::vector<bool> FirstParentsFrom(const CommitGraph& graph,
                                   std::span<const Vertex> tips) {
  std::vector<bool> reached(graph.size(), false);
  for (Vertex v : tips) {
    while (!reached[v]) {
      reached[v] = true;
      if (!graph.Parents(v).empty()) v = graph.Parents(v).front();
    }
  }
  return reached;
}

}  // namespace rebisect
