#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <utility>

#include <boost/graph/graph_traits.hpp>
#include <boost/graph/properties.hpp>
#include <boost/iterator/counting_iterator.hpp>
#include <boost/iterator/iterator_facade.hpp>
#include <boost/property_map/property_map.hpp>

#include "sim/graph/commit_graph.h"

/// CommitGraph for the algorithms of the Boost Graph Library: a directed graph
/// with an edge from each commit to each of its parents, in their order. It
/// models VertexListGraph, IncidenceGraph, AdjacencyGraph and, by its vertex
/// numbers, has a vertex index:
///
///   std::vector<int> component(graph.size());
///   boost::strong_components(
///       graph, boost::make_iterator_property_map(
///                  component.begin(), get(boost::vertex_index, graph)));
///
/// For sources that run such algorithms, not for headers: Boost's headers take
/// more than a second to parse.
namespace rebisect {

/// The edge from `child` to its parent number `parent`.
struct ParentEdge {
  Vertex child = kNoVertex;
  std::uint32_t parent = 0;

  friend bool operator==(const ParentEdge&, const ParentEdge&) = default;
};

/// Over the edges from one commit to its parents.
class ParentEdgeIterator
    : public boost::iterator_facade<ParentEdgeIterator, ParentEdge,
                                    boost::random_access_traversal_tag,
                                    ParentEdge, std::ptrdiff_t> {
 public:
  ParentEdgeIterator() = default;
  ParentEdgeIterator(Vertex child, std::uint32_t parent)
      : edge_{child, parent} {}

 private:
  friend class boost::iterator_core_access;

  [[nodiscard]] ParentEdge dereference() const { return edge_; }
  [[nodiscard]] bool equal(const ParentEdgeIterator& other) const {
    return edge_ == other.edge_;
  }
  void increment() { ++edge_.parent; }
  void decrement() { --edge_.parent; }
  void advance(std::ptrdiff_t by) {
    edge_.parent = static_cast<std::uint32_t>(edge_.parent + by);
  }
  [[nodiscard]] std::ptrdiff_t distance_to(
      const ParentEdgeIterator& other) const {
    return static_cast<std::ptrdiff_t>(other.edge_.parent) - edge_.parent;
  }

  ParentEdge edge_{};
};

}  // namespace rebisect

// Specialisations of Boost's templates, which doxygen does not know.
/// @cond
template <>
struct boost::graph_traits<rebisect::CommitGraph> {
  struct traversal_category : virtual boost::vertex_list_graph_tag,
                              virtual boost::incidence_graph_tag,
                              virtual boost::adjacency_graph_tag {};
  using directed_category = boost::directed_tag;
  using edge_parallel_category = boost::allow_parallel_edge_tag;
  using vertex_descriptor = rebisect::Vertex;
  using edge_descriptor = rebisect::ParentEdge;
  using vertex_iterator = boost::counting_iterator<rebisect::Vertex>;
  using out_edge_iterator = rebisect::ParentEdgeIterator;
  using adjacency_iterator = const rebisect::Vertex*;
  using vertices_size_type = std::size_t;
  using edges_size_type = std::size_t;
  using degree_size_type = std::size_t;
  static vertex_descriptor null_vertex() { return rebisect::kNoVertex; }
};

template <>
struct boost::property_map<rebisect::CommitGraph, boost::vertex_index_t> {
  using type = boost::typed_identity_property_map<rebisect::Vertex>;
  using const_type = type;
};
/// @endcond

namespace rebisect {

[[nodiscard]] inline auto vertices(const CommitGraph& graph) {
  using Iterator = boost::counting_iterator<Vertex>;
  return std::pair(Iterator(0), Iterator(static_cast<Vertex>(graph.size())));
}
[[nodiscard]] inline std::size_t num_vertices(const CommitGraph& graph) {
  return graph.size();
}
[[nodiscard]] inline std::size_t out_degree(Vertex v,
                                            const CommitGraph& graph) {
  return graph.Parents(v).size();
}
[[nodiscard]] inline auto out_edges(Vertex v, const CommitGraph& graph) {
  return std::pair(
      ParentEdgeIterator(v, 0),
      ParentEdgeIterator(v, static_cast<std::uint32_t>(out_degree(v, graph))));
}
[[nodiscard]] inline Vertex source(const ParentEdge& edge,
                                   const CommitGraph& /*graph*/) {
  return edge.child;
}
[[nodiscard]] inline Vertex target(const ParentEdge& edge,
                                   const CommitGraph& graph) {
  return graph.Parents(edge.child)[edge.parent];
}
[[nodiscard]] inline auto adjacent_vertices(Vertex v,
                                            const CommitGraph& graph) {
  const auto parents = graph.Parents(v);
  return std::pair(parents.data(), parents.data() + parents.size());
}
[[nodiscard]] inline auto get(boost::vertex_index_t /*tag*/,
                              const CommitGraph& /*graph*/) {
  return boost::typed_identity_property_map<Vertex>();
}

}  // namespace rebisect
