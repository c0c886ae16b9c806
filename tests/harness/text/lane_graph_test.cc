#include "harness/text/lane_graph.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/prng.h"

namespace rebisect {
namespace {

using Parents = std::vector<std::vector<std::size_t>>;

std::vector<LaneNode> NodesOf(const Parents& parents) {
  std::vector<LaneNode> nodes;
  for (const auto& its : parents) nodes.push_back({its});
  return nodes;
}

/// The drawing, each node by its number.
std::string Drawn(const Parents& parents, bool box = false) {
  std::string text;
  for (const LaneRow& row : DrawLanes(NodesOf(parents), box)) {
    text += row.lanes;
    if (row.node) text += ' ' + std::to_string(*row.node);
    text += '\n';
  }
  return text;
}

TEST(LaneGraphTest, Line) {
  EXPECT_EQ(Drawn({{1}, {2}, {}}),
            "* 0\n"
            "* 1\n"
            "* 2\n");
  EXPECT_EQ(Drawn({}), "");
}

TEST(LaneGraphTest, Merge) {
  const Parents merge = {{2, 1}, {3}, {3}, {}};
  EXPECT_EQ(Drawn(merge),
            "* 0\n"
            "+-.\n"
            "| * 1\n"
            "* | 2\n"
            "+-'\n"
            "* 3\n");
  EXPECT_EQ(Drawn(merge, true),
            "● 0\n"
            "├─╮\n"
            "│ ● 1\n"
            "● │ 2\n"
            "├─╯\n"
            "● 3\n");
}

TEST(LaneGraphTest, MergeOfWhatIsBelowAnyway) {
  EXPECT_EQ(Drawn({{2, 1}, {2}, {}}),
            "* 0\n"
            "+-.\n"
            "| * 1\n"
            "+-'\n"
            "* 2\n");
}

TEST(LaneGraphTest, CrissCross) {
  EXPECT_EQ(Drawn({{1, 2}, {3, 4}, {4, 3}, {5}, {5}, {}}),
            "* 0\n"
            "+-.\n"
            "* | 1\n"
            "+-|-.\n"
            "| * | 2\n"
            "+-+ |\n"
            "* | | 3\n"
            "| +-'\n"
            "| * 4\n"
            "+-'\n"
            "* 5\n");
}

TEST(LaneGraphTest, Octopus) {
  EXPECT_EQ(Drawn({{3, 2, 1}, {4}, {4}, {4}, {}}),
            "* 0\n"
            "+-.-.\n"
            "| | * 1\n"
            "| * | 2\n"
            "* | | 3\n"
            "+-'-'\n"
            "* 4\n");
}

TEST(LaneGraphTest, SeveralRootsAndTips) {
  EXPECT_EQ(Drawn({{2, 1}, {}, {}, {4}, {}}),
            "* 0\n"
            "+-.\n"
            "| * 1\n"
            "|\n"
            "* 2\n"
            "\n"
            "* 3\n"
            "* 4\n");
}

TEST(LaneGraphTest, OrderKeepsBranchesTogether) {
  EXPECT_EQ(LaneOrder({{1, 2}, {3}, {4}, {5}, {5}, {}}),
            (std::vector<std::size_t>{0, 2, 4, 1, 3, 5}));
  EXPECT_EQ(LaneOrder({{1}, {}, {1}}), (std::vector<std::size_t>{0, 2, 1}));
}

/// The edges that a person reads off a drawing.
class DrawingReader {
 public:
  std::set<std::pair<std::size_t, std::size_t>> Read(
      const std::vector<LaneRow>& rows) {
    for (const LaneRow& row : rows) {
      if (row.node) {
        ReadNode(row);
      } else {
        ReadJoints(row.lanes);
      }
    }
    return edges_;
  }

 private:
  /// The children whose lines come down in a column.
  std::set<std::size_t>& At(std::size_t column) {
    if (column >= lines_.size()) lines_.resize(column + 1);
    return lines_[column];
  }

  void ReadNode(const LaneRow& row) {
    for (std::size_t i = 0; i < std::max(row.lanes.size(), lines_.size());
         ++i) {
      const char c = i < row.lanes.size() ? row.lanes[i] : ' ';
      if (c == '*') {
        for (const std::size_t child : At(i)) edges_.emplace(child, *row.node);
        At(i) = {*row.node};
        node_ = i;
      } else if (c == ' ') {
        At(i).clear();
      }
    }
  }

  /// All joints of a line are connected: from above to below.
  void ReadJoints(const std::string& lanes) {
    std::set<std::size_t> from_above;
    for (std::size_t i = 0; i < lanes.size(); ++i) {
      if (lanes[i] == '\'') {
        from_above.insert(At(i).begin(), At(i).end());
        At(i).clear();
      }
    }
    const bool joins = lanes.find('\'') != std::string::npos;
    if (!joins && node_ < lines_.size()) from_above = At(node_);
    bool first = true;
    for (std::size_t i = 0; i < lanes.size(); ++i) {
      if (lanes[i] != '+' && lanes[i] != '.') {
        if (lanes[i] == ' ') At(i).clear();
        continue;
      }
      // Lines that end go on in the one that does not: the first.
      if (!joins || first) {
        At(i).insert(from_above.begin(), from_above.end());
      }
      first = false;
    }
    for (std::size_t i = lanes.size(); i < lines_.size(); ++i) At(i).clear();
  }

  std::vector<std::set<std::size_t>> lines_;
  std::size_t node_ = 0;
  std::set<std::pair<std::size_t, std::size_t>> edges_;
};

TEST(LaneGraphTest, DrawsTheEdgesAndNoOthers) {
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    testing_support::TestPrng prng(seed);
    const std::size_t size = 1 + prng.Below(12);
    Parents random(size);
    for (std::size_t n = 0; n + 1 < size; ++n) {
      const std::size_t wanted = prng.Below(5);
      for (std::size_t i = 0; i < wanted; ++i) {
        const std::size_t parent = n + 1 + prng.Below(size - n - 1);
        if (std::find(random[n].begin(), random[n].end(), parent) ==
            random[n].end()) {
          random[n].push_back(parent);
        }
      }
    }
    std::set<std::pair<std::size_t, std::size_t>> edges;
    for (std::size_t n = 0; n < size; ++n) {
      for (const std::size_t parent : random[n]) edges.emplace(n, parent);
    }
    EXPECT_EQ(DrawingReader().Read(DrawLanes(NodesOf(random), false)), edges)
        << Drawn(random);
  }
}

}  // namespace
}  // namespace rebisect
