#include "sim/graph/commit_graph.h"

#include <algorithm>
#include <utility>

#include "sim/base/check.h"

namespace rebisect {
namespace {

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
  auto body = std::make_shared<Body>();
  body->rows.reserve(n + 1);
  body->parents.reserve(arrays.parents.size());
  body->ids.reserve(n);
  body->dates.reserve(n);
  for (const std::uint32_t old : topo.order) {
    for (std::uint32_t at = arrays.rows[old]; at < arrays.rows[old + 1]; ++at) {
      body->parents.push_back(topo.number[arrays.parents[at]]);
    }
    body->rows.push_back(static_cast<std::uint32_t>(body->parents.size()));
    body->ids.push_back(arrays.ids[old]);
    body->dates.push_back(arrays.dates[old]);
  }
  if (!arrays.boundary.empty()) {
    body->boundary.assign(n, false);
    for (const std::uint32_t old : arrays.boundary) {
      body->boundary[topo.number[old]] = true;
    }
  }
  for (auto& [name, old] : arrays.names) {
    body->names.emplace(name, topo.number[old]);
  }
  for (auto& [old, label] : arrays.labels) {
    body->labelled.emplace(label, topo.number[old]);
    body->labels.emplace(topo.number[old], std::move(label));
  }
  body->slots.assign(SlotCount(n), kNoVertex);
  for (Vertex v = 0; v < n; ++v) {
    std::size_t slot = FirstSlot(body->ids[v], body->slots.size());
    while (body->slots[slot] != kNoVertex) {
      if (body->ids[body->slots[slot]] == body->ids[v]) {
        Error error{ErrorCode::kInput, "a commit occurs twice", {}, {}};
        error.notes.push_back(body->ids[v].Hex());
        return tl::unexpected(std::move(error));
      }
      slot = (slot + 1) & (body->slots.size() - 1);
    }
    body->slots[slot] = v;
  }
  return CommitGraph(std::move(body));
}

CommitGraph::CommitGraph()
    : CommitGraph([] {
        static const auto empty = std::make_shared<const Body>();
        return empty;
      }()) {}

CommitGraph::CommitGraph(std::shared_ptr<const Body> body)
    : body_(std::move(body)),
      rows_(body_->rows.data()),
      parents_(body_->parents.data()),
      ids_(body_->ids.data()),
      dates_(body_->dates.data()) {}

std::optional<Vertex> CommitGraph::Find(const CommitId& id) const {
  if (body_->slots.empty()) return std::nullopt;
  std::size_t slot = FirstSlot(id, body_->slots.size());
  while (body_->slots[slot] != kNoVertex) {
    if (ids_[body_->slots[slot]] == id) return body_->slots[slot];
    slot = (slot + 1) & (body_->slots.size() - 1);
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
  const auto it = body_->labels.find(v);
  return it == body_->labels.end() ? ids_[v].Hex() : it->second;
}

std::optional<Vertex> CommitGraph::FindLabel(std::string_view label) const {
  const auto it = body_->labelled.find(label);
  if (it == body_->labelled.end()) return std::nullopt;
  return it->second;
}

bool operator==(const CommitGraph& a, const CommitGraph& b) {
  return a.body_ == b.body_ ||
         (a.body_->rows == b.body_->rows &&
          a.body_->parents == b.body_->parents &&
          a.body_->ids == b.body_->ids && a.body_->dates == b.body_->dates &&
          a.body_->boundary == b.body_->boundary &&
          a.body_->names == b.body_->names &&
          a.body_->labels == b.body_->labels);
}

}  // namespace rebisect
