#include "sim/graph/boost_graph.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include <boost/concept/assert.hpp>
#include <boost/graph/graph_concepts.hpp>
#include <boost/graph/strong_components.hpp>
#include <boost/graph/topological_sort.hpp>

#include "sim/graph/generate_history.h"
#include "sim/graph/reachable.h"

namespace rebisect {
namespace {

BOOST_CONCEPT_ASSERT((boost::VertexListGraphConcept<CommitGraph>));
BOOST_CONCEPT_ASSERT((boost::IncidenceGraphConcept<CommitGraph>));
BOOST_CONCEPT_ASSERT((boost::AdjacencyGraphConcept<CommitGraph>));

CommitGraph Kernel(std::uint32_t commits) {
  return MakeHistory(HistoryShape::kKernel, commits, 1).graph;
}

TEST(BoostGraph, EdgesAreTheParentsInTheirOrder) {
  const CommitGraph graph = Kernel(300);
  ASSERT_EQ(num_vertices(graph), graph.size());
  for (Vertex v = 0; v < graph.size(); ++v) {
    std::vector<Vertex> targets;
    const auto [begin, end] = out_edges(v, graph);
    for (auto edge = begin; edge != end; ++edge) {
      EXPECT_EQ(source(*edge, graph), v);
      targets.push_back(target(*edge, graph));
    }
    const auto parents = graph.Parents(v);
    EXPECT_TRUE(std::equal(targets.begin(), targets.end(), parents.begin(),
                           parents.end()));
    EXPECT_EQ(out_degree(v, graph), parents.size());
  }
}

TEST(BoostGraph, SortsTopologically) {
  const CommitGraph graph = Kernel(300);
  std::vector<Vertex> order;
  boost::topological_sort(
      graph, std::back_inserter(order),
      boost::vertex_index_map(get(boost::vertex_index, graph)));
  ASSERT_EQ(order.size(), graph.size());
  std::vector<std::size_t> place(graph.size());
  for (std::size_t i = 0; i < order.size(); ++i) place[order[i]] = i;
  for (Vertex v = 0; v < graph.size(); ++v) {
    for (const Vertex parent : graph.Parents(v)) {
      EXPECT_LT(place[parent], place[v]);
    }
  }
}

TEST(BoostGraph, HasNoCycle) {
  const CommitGraph graph = Kernel(300);
  std::vector<int> component(graph.size());
  const int components = boost::strong_components(
      graph,
      boost::make_iterator_property_map(component.begin(),
                                        get(boost::vertex_index, graph)),
      boost::vertex_index_map(get(boost::vertex_index, graph)));
  EXPECT_EQ(static_cast<std::size_t>(components), graph.size());
}

TEST(BoostGraph, ReachesTheAncestors) {
  const CommitGraph graph = Kernel(300);
  for (Vertex tip = 0; tip < graph.size(); tip += 37) {
    std::vector<bool> expected(graph.size(), false);
    expected[tip] = true;
    for (Vertex v = tip + 1; v-- > 0;) {  // parents have smaller numbers
      if (!expected[v]) continue;
      for (const Vertex parent : graph.Parents(v)) expected[parent] = true;
    }
    EXPECT_EQ(ReachableFrom(graph, {&tip, 1}), expected) << tip;
  }
  EXPECT_EQ(ReachableFrom(graph, {}), std::vector<bool>(graph.size(), false));
}

}  // namespace
}  // namespace rebisect
