#include "sim/commit_graph.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "sim/check.h"

namespace rebisect {
namespace {

/// The edges of arrays in a new order of the commits, as the iterator of
/// (source, target) pairs, sources ascending, that Boost wants.
class EdgeIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = std::pair<Vertex, Vertex>;
  using difference_type = std::ptrdiff_t;
  using pointer = const value_type*;
  using reference = const value_type&;

  EdgeIterator() = default;
  EdgeIterator(const CommitArrays* arrays, const std::vector<Vertex>* order,
               const std::vector<Vertex>* number, std::size_t vertex)
      : arrays_(arrays), order_(order), number_(number), vertex_(vertex) {
    Settle();
  }

  reference operator*() const { return edge_; }
  pointer operator->() const { return &edge_; }
  EdgeIterator& operator++() {
    ++offset_;
    Settle();
    return *this;
  }
  EdgeIterator operator++(int) {
    EdgeIterator before = *this;
    ++*this;
    return before;
  }
  friend bool operator==(const EdgeIterator& a, const EdgeIterator& b) {
    return a.vertex_ == b.vertex_ && a.offset_ == b.offset_;
  }

 private:
  /// Goes on to the next vertex that has a parent left, and reads the edge.
  void Settle() {
    while (vertex_ < order_->size()) {
      const std::uint32_t old = (*order_)[vertex_];
      const std::uint32_t at = arrays_->rows[old] + offset_;
      if (at < arrays_->rows[old + 1]) {
        edge_ = {static_cast<Vertex>(vertex_),
                 (*number_)[arrays_->parents[at]]};
        return;
      }
      ++vertex_;
      offset_ = 0;
    }
  }

  const CommitArrays* arrays_ = nullptr;
  const std::vector<Vertex>* order_ = nullptr;
  const std::vector<Vertex>* number_ = nullptr;
  std::size_t vertex_ = 0;
  std::uint32_t offset_ = 0;
  value_type edge_{};
};

enum : Vertex { kNew = kNoVertex, kOpen = kNoVertex - 1 };

struct Order {
  std::vector<Vertex> order;         // new number -> old index
  std::vector<Vertex> number;        // old index -> new number
  std::vector<std::uint32_t> cycle;  // old indices, when there is one
};

/// Depth-first postorder over the parents, without recursion.
Order TopologicalOrder(const CommitArrays& arrays) {
  const auto n = static_cast<std::uint32_t>(arrays.ids.size());
  Order result;
  result.order.reserve(n);
  result.number.assign(n, kNew);
  struct Frame {
    std::uint32_t commit;
    std::uint32_t next;
  };
  std::vector<Frame> stack;
  for (std::uint32_t start = 0; start < n; ++start) {
    if (result.number[start] != kNew) continue;
    result.number[start] = kOpen;
    stack.push_back({start, arrays.rows[start]});
    while (!stack.empty()) {
      Frame& top = stack.back();
      if (top.next == arrays.rows[top.commit + 1]) {
        result.number[top.commit] = static_cast<Vertex>(result.order.size());
        result.order.push_back(top.commit);
        stack.pop_back();
        continue;
      }
      const std::uint32_t parent = arrays.parents[top.next++];
      if (result.number[parent] == kOpen) {
        const auto begin =
            std::find_if(stack.begin(), stack.end(),
                         [&](const Frame& f) { return f.commit == parent; });
        for (auto it = begin; it != stack.end(); ++it) {
          result.cycle.push_back(it->commit);
        }
        return result;
      }
      if (result.number[parent] == kNew) {
        result.number[parent] = kOpen;
        stack.push_back({parent, arrays.rows[parent]});
      }
    }
  }
  return result;
}

std::size_t SlotCount(std::size_t commits) {
  std::size_t slots = 16;
  while (slots < 2 * commits) slots *= 2;
  return slots;
}

std::size_t FirstSlot(const CommitId& id, std::size_t slots) {
  return std::hash<CommitId>()(id) & (slots - 1);
}

}  // namespace

Result<CommitGraph> CommitGraph::Build(CommitArrays arrays) {
  const std::size_t n = arrays.ids.size();
  REBISECT_CHECK(arrays.dates.size() == n && arrays.rows.size() == n + 1);
  REBISECT_CHECK(arrays.rows.back() == arrays.parents.size());
  REBISECT_CHECK(n < kOpen);
  const Order topo = TopologicalOrder(arrays);
  if (!topo.cycle.empty()) {
    Error error{ErrorCode::kInput,
                "the parents form a cycle, so this is no commit graph",
                {},
                {}};
    for (const std::uint32_t commit : topo.cycle) {
      error.notes.push_back(arrays.ids[commit].Hex());
    }
    return tl::unexpected(std::move(error));
  }
  CommitGraph graph;
  graph.csr_ = Csr(boost::edges_are_sorted,
                   EdgeIterator(&arrays, &topo.order, &topo.number, 0),
                   EdgeIterator(&arrays, &topo.order, &topo.number, n),
                   static_cast<Vertex>(n),
                   static_cast<std::uint32_t>(arrays.parents.size()));
  graph.BindRows();
  graph.ids_.reserve(n);
  graph.dates_.reserve(n);
  for (const std::uint32_t old : topo.order) {
    graph.ids_.push_back(arrays.ids[old]);
    graph.dates_.push_back(arrays.dates[old]);
  }
  if (!arrays.boundary.empty()) {
    graph.boundary_.assign(n, false);
    for (const std::uint32_t old : arrays.boundary) {
      graph.boundary_[topo.number[old]] = true;
    }
  }
  for (auto& [name, old] : arrays.names) {
    graph.names_.emplace(name, topo.number[old]);
  }
  for (auto& [old, label] : arrays.labels) {
    graph.labelled_.emplace(label, topo.number[old]);
    graph.labels_.emplace(topo.number[old], std::move(label));
  }
  graph.slots_.assign(SlotCount(n), kNoVertex);
  for (Vertex v = 0; v < n; ++v) {
    std::size_t slot = FirstSlot(graph.ids_[v], graph.slots_.size());
    while (graph.slots_[slot] != kNoVertex) {
      if (graph.ids_[graph.slots_[slot]] == graph.ids_[v]) {
        Error error{ErrorCode::kInput, "a commit occurs twice", {}, {}};
        error.notes.push_back(graph.ids_[v].Hex());
        return tl::unexpected(std::move(error));
      }
      slot = (slot + 1) & (graph.slots_.size() - 1);
    }
    graph.slots_[slot] = v;
  }
  return graph;
}

void CommitGraph::BindRows() {
  edge_count_ = csr_.m_forward.m_column.size();
  row_begin_ = csr_.m_forward.m_rowstart.data();
  parent_begin_ = csr_.m_forward.m_column.data();
}

std::optional<Vertex> CommitGraph::Find(const CommitId& id) const {
  if (slots_.empty()) return std::nullopt;
  std::size_t slot = FirstSlot(id, slots_.size());
  while (slots_[slot] != kNoVertex) {
    if (ids_[slots_[slot]] == id) return slots_[slot];
    slot = (slot + 1) & (slots_.size() - 1);
  }
  return std::nullopt;
}

std::vector<Vertex> CommitGraph::FindPrefix(std::string_view hex,
                                            std::size_t limit) const {
  std::vector<Vertex> found;
  if (!LooksLikeHexId(hex)) return found;
  std::string padded(hex);
  padded.resize(CommitId::kHexSize, '0');
  const CommitId low = *CommitId::FromHex(padded);
  const std::size_t whole = hex.size() / 2;
  for (Vertex v = 0; v < size() && found.size() < limit; ++v) {
    const auto& bytes = ids_[v].bytes;
    if (!std::equal(bytes.begin(),
                    bytes.begin() + static_cast<std::ptrdiff_t>(whole),
                    low.bytes.begin())) {
      continue;
    }
    if (hex.size() % 2 == 1 && bytes[whole] >> 4 != low.bytes[whole] >> 4) {
      continue;
    }
    found.push_back(v);
  }
  return found;
}

std::string CommitGraph::Label(Vertex v) const {
  const auto it = labels_.find(v);
  return it == labels_.end() ? ids_[v].Hex() : it->second;
}

std::optional<Vertex> CommitGraph::FindLabel(std::string_view label) const {
  const auto it = labelled_.find(label);
  if (it == labelled_.end()) return std::nullopt;
  return it->second;
}

CommitGraph::CommitGraph(const CommitGraph& other)
    : csr_(other.csr_),
      ids_(other.ids_),
      dates_(other.dates_),
      boundary_(other.boundary_),
      names_(other.names_),
      labels_(other.labels_),
      labelled_(other.labelled_),
      slots_(other.slots_) {
  BindRows();
}

CommitGraph& CommitGraph::operator=(const CommitGraph& other) {
  if (this != &other) *this = CommitGraph(other);
  return *this;
}

CommitGraph::CommitGraph(CommitGraph&& other) noexcept {
  *this = std::move(other);
}

CommitGraph& CommitGraph::operator=(CommitGraph&& other) noexcept {
  csr_ = Csr();
  csr_.m_forward.m_rowstart.swap(other.csr_.m_forward.m_rowstart);
  csr_.m_forward.m_column.swap(other.csr_.m_forward.m_column);
  ids_ = std::move(other.ids_);
  dates_ = std::move(other.dates_);
  boundary_ = std::move(other.boundary_);
  names_ = std::move(other.names_);
  labels_ = std::move(other.labels_);
  labelled_ = std::move(other.labelled_);
  slots_ = std::move(other.slots_);
  BindRows();
  other.BindRows();
  return *this;
}

bool operator==(const CommitGraph& a, const CommitGraph& b) {
  return a.csr_.m_forward.m_rowstart == b.csr_.m_forward.m_rowstart &&
         a.csr_.m_forward.m_column == b.csr_.m_forward.m_column &&
         a.ids_ == b.ids_ && a.dates_ == b.dates_ &&
         a.boundary_ == b.boundary_ && a.names_ == b.names_ &&
         a.labels_ == b.labels_;
}

}  // namespace rebisect
