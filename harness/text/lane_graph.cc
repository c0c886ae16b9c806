#include "harness/text/lane_graph.h"

#include <algorithm>
#include <string_view>

namespace rebisect {
namespace {

// The arms of a character that is part of lines.
constexpr unsigned kUp = 1;
constexpr unsigned kDown = 2;
constexpr unsigned kLeft = 4;
constexpr unsigned kRight = 8;

std::string_view BoxOf(unsigned arms) {
  switch (arms) {
    case kUp | kDown:
      return "│";
    case kLeft | kRight:
      return "─";
    case kUp | kDown | kRight:
      return "├";
    case kUp | kDown | kLeft:
      return "┤";
    case kUp | kDown | kLeft | kRight:
      return "┼";
    case kDown | kLeft | kRight:
      return "┬";
    case kUp | kLeft | kRight:
      return "┴";
    case kDown | kLeft:
      return "╮";
    case kDown | kRight:
      return "╭";
    case kUp | kLeft:
      return "╯";
    case kUp | kRight:
      return "╰";
    default:
      return " ";
  }
}

std::string_view AsciiOf(unsigned arms) {
  if (arms == 0) return " ";
  if (arms == (kUp | kDown)) return "|";
  if (arms == (kLeft | kRight)) return "-";
  if ((arms & kUp) == 0) return ".";
  return (arms & kDown) == 0 ? "'" : "+";
}

std::string_view SignOf(LaneNode::Sign sign, bool box) {
  switch (sign) {
    case LaneNode::Sign::kCommit:
      return box ? "●" : "*";
    case LaneNode::Sign::kStretch:
      return box ? "┊" : ":";
    case LaneNode::Sign::kOutside:
      return box ? "○" : "o";
  }
  return "";
}

class LaneDrawer {
 public:
  LaneDrawer(std::span<const LaneNode> nodes, bool box)
      : nodes_(nodes), box_(box) {}

  std::vector<LaneRow> Draw() {
    for (std::size_t n = 0; n < nodes_.size(); ++n) {
      const std::size_t lane = LaneOf(n);
      DrawNode(n, lane);
      const std::vector<std::size_t>& parents = nodes_[n].parents;
      if (parents.empty()) {
        lanes_[lane].reset();
        // What comes next in this lane would look like its parent.
        if (n + 1 < nodes_.size()) DrawJoints({});
        continue;
      }
      lanes_[lane] = parents.front();
      BranchOff(lane, parents);
    }
    return std::move(rows_);
  }

 private:
  struct Joint {
    std::size_t lane = 0;
    unsigned arms = 0;
  };

  /// The first of the lanes that lead to the node; the others end in it.
  std::size_t LaneOf(std::size_t node) {
    std::vector<Joint> joints;
    for (std::size_t lane = 0; lane < lanes_.size(); ++lane) {
      if (lanes_[lane] != node) continue;
      joints.push_back({lane, joints.empty() ? kUp | kDown : kUp});
    }
    if (joints.empty()) {
      const std::size_t lane = FreeLane(0);
      lanes_[lane] = node;
      return lane;
    }
    if (joints.size() > 1) DrawJoints(joints);
    for (std::size_t i = 1; i < joints.size(); ++i) {
      lanes_[joints[i].lane].reset();
    }
    return joints.front().lane;
  }

  /// Lanes to all parents but the first: those that lead there already, or
  /// new ones.
  void BranchOff(std::size_t from, const std::vector<std::size_t>& parents) {
    std::vector<Joint> joints = {{from, kUp | kDown}};
    for (std::size_t i = 1; i < parents.size(); ++i) {
      const auto known = std::find(lanes_.begin(), lanes_.end(), parents[i]);
      if (known != lanes_.end()) {
        joints.push_back(
            {static_cast<std::size_t>(known - lanes_.begin()), kUp | kDown});
        continue;
      }
      const std::size_t lane = FreeLane(from + 1);
      lanes_[lane] = parents[i];
      joints.push_back({lane, kDown});
    }
    if (joints.size() == 1) return;
    std::sort(joints.begin(), joints.end(),
              [](const Joint& a, const Joint& b) { return a.lane < b.lane; });
    DrawJoints(joints);
  }

  std::size_t FreeLane(std::size_t from) {
    std::size_t lane = from;
    while (lane < lanes_.size() && lanes_[lane]) ++lane;
    if (lane >= lanes_.size()) lanes_.resize(lane + 1);
    return lane;
  }

  void DrawNode(std::size_t node, std::size_t lane) {
    std::string row;
    for (std::size_t l = 0; l < lanes_.size(); ++l) {
      row += l == lane ? SignOf(nodes_[node].sign, box_)
                       : Char(lanes_[l] ? kUp | kDown : 0);
      row += ' ';
    }
    Add(std::move(row), node);
  }

  /// A line through the joints, which ascend.
  void DrawJoints(const std::vector<Joint>& joints) {
    const std::size_t first =
        joints.empty() ? lanes_.size() : joints.front().lane;
    const std::size_t last = joints.empty() ? 0 : joints.back().lane;
    std::string row;
    std::size_t next = 0;
    for (std::size_t l = 0; l < lanes_.size(); ++l) {
      const unsigned line = (l > first && l <= last ? kLeft : 0) |
                            (l >= first && l < last ? kRight : 0);
      if (next < joints.size() && joints[next].lane == l) {
        row += Char(joints[next++].arms | line);
      } else {
        row += Char(lanes_[l] ? kUp | kDown : line);
      }
      row += Char((line & kRight) != 0 ? kLeft | kRight : 0);
    }
    Add(std::move(row), std::nullopt);
  }

  [[nodiscard]] std::string_view Char(unsigned arms) const {
    return box_ ? BoxOf(arms) : AsciiOf(arms);
  }

  void Add(std::string row, std::optional<std::size_t> node) {
    row.erase(row.find_last_not_of(' ') + 1);
    rows_.push_back({std::move(row), node});
  }

  std::span<const LaneNode> nodes_;
  bool box_;
  std::vector<std::optional<std::size_t>> lanes_;  ///< where each leads
  std::vector<LaneRow> rows_;
};

}  // namespace

std::vector<LaneRow> DrawLanes(std::span<const LaneNode> nodes, bool box) {
  return LaneDrawer(nodes, box).Draw();
}

std::vector<std::size_t> LaneOrder(
    const std::vector<std::vector<std::size_t>>& parents) {
  std::vector<std::size_t> children(parents.size(), 0);
  for (const auto& its : parents) {
    for (const std::size_t parent : its) ++children[parent];
  }
  std::vector<std::size_t> ready;
  for (std::size_t n = parents.size(); n-- > 0;) {
    if (children[n] == 0) ready.push_back(n);
  }
  std::vector<std::size_t> order;
  while (!ready.empty()) {
    const std::size_t n = ready.back();
    ready.pop_back();
    order.push_back(n);
    for (const std::size_t parent : parents[n]) {
      if (--children[parent] == 0) ready.push_back(parent);
    }
  }
  return order;
}

}  // namespace rebisect
