#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/result.h"
#include "sim/graph/commit_id.h"

namespace rebisect {

/// A commit of a CommitGraph. Vertices are numbered from 0 so that every
/// parent has a smaller number than its children.
using Vertex = std::uint32_t;
inline constexpr Vertex kNoVertex = 0xffffffffU;

/// A commit graph as plain arrays, in whatever order its source had.
/// `parents` holds indices into the same arrays; the parents of commit i are
/// parents[rows[i]] .. parents[rows[i + 1] - 1], in the commit's own order.
struct CommitArrays {
  std::vector<CommitId> ids;
  std::vector<std::int64_t> dates;  ///< committer time, seconds since 1970
  std::vector<std::uint32_t> rows;  ///< ids.size() + 1 entries
  std::vector<std::uint32_t> parents;
  /// Commits whose parents are not known; they have none in `parents`.
  std::vector<std::uint32_t> boundary;
  /// Names that stand for commits: "refs/tags/v1.0", "HEAD".
  std::map<std::string, std::uint32_t, std::less<>> names;
  /// What to print instead of the id, for commits whose id is made up.
  std::map<std::uint32_t, std::string> labels;
};

/// An immutable commit graph: edges from child to parent, the order of the
/// parents kept, committer dates. Value semantics; copies share the arrays,
/// so they cost O(1). Safe to read from many threads. Memory: about 45 bytes a
/// commit. For algorithms of the Boost Graph Library: sim/graph/boost_graph.h.
class CommitGraph {
 public:
  /// The graph without commits.
  CommitGraph();

  /// Numbers the commits topologically (depth-first from the first commit
  /// on, parents in order), so that equal arrays give equal graphs. O(n + e).
  /// Errors: kInput for an id that occurs twice and for a cycle; the notes
  /// then are the hexadecimal ids concerned, and nothing else.
  [[nodiscard]] static Result<CommitGraph> Build(CommitArrays arrays);

  [[nodiscard]] std::size_t size() const { return body_->ids.size(); }
  [[nodiscard]] std::size_t EdgeCount() const { return body_->parents.size(); }

  /// The parents in the commit's own order. REQUIRES: v < size().
  [[nodiscard]] std::span<const Vertex> Parents(Vertex v) const {
    return {parents_ + rows_[v], parents_ + rows_[v + 1]};
  }
  [[nodiscard]] const CommitId& Id(Vertex v) const { return ids_[v]; }
  [[nodiscard]] std::int64_t Date(Vertex v) const { return dates_[v]; }

  /// False for a boundary commit: the source did not say what its parents
  /// are. (A root has known parents: none.)
  [[nodiscard]] bool ParentsKnown(Vertex v) const {
    return body_->boundary.empty() || !body_->boundary[v];
  }

  /// O(1).
  [[nodiscard]] std::optional<Vertex> Find(const CommitId& id) const;

  /// The commits whose id starts with these hexadecimal digits, at most
  /// `limit` of them. O(n).
  [[nodiscard]] std::vector<Vertex> FindPrefix(std::string_view hex,
                                               std::size_t limit) const;

  [[nodiscard]] const std::map<std::string, Vertex, std::less<>>& Names()
      const {
    return body_->names;
  }

  /// The id in hexadecimal, or what stands in its place where it is made up.
  [[nodiscard]] std::string Label(Vertex v) const;
  /// The commit with this label (not an id). O(log n).
  [[nodiscard]] std::optional<Vertex> FindLabel(std::string_view label) const;

  CommitGraph(const CommitGraph&) = default;
  CommitGraph& operator=(const CommitGraph&) = default;
  /// What was moved from may only be assigned to or destroyed.
  CommitGraph(CommitGraph&&) noexcept = default;
  CommitGraph& operator=(CommitGraph&&) noexcept = default;
  ~CommitGraph() = default;

  /// Same commits under the same numbers, with the same parents, dates,
  /// names, labels and boundary.
  friend bool operator==(const CommitGraph& a, const CommitGraph& b);

 private:
  struct Body {
    std::vector<std::uint32_t> rows{0};
    std::vector<Vertex> parents;
    std::vector<CommitId> ids;
    std::vector<std::int64_t> dates;
    std::vector<bool> boundary;  // empty when there is none
    std::map<std::string, Vertex, std::less<>> names;
    std::map<Vertex, std::string> labels;
    std::map<std::string, Vertex, std::less<>> labelled;
    std::vector<Vertex> slots;  // open addressing by id; kNoVertex = free
  };

  explicit CommitGraph(std::shared_ptr<const Body> body);

  std::shared_ptr<const Body> body_;  // null when it was moved from
  // Into *body_: what inner loops read.
  const std::uint32_t* rows_;
  const Vertex* parents_;
  const CommitId* ids_;
  const std::int64_t* dates_;
};

}  // namespace rebisect
