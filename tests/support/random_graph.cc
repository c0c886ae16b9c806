#include "tests/support/random_graph.h"

#include <algorithm>
#include <utility>

#include "sim/base/check.h"
#include "sim/io/sha1.h"

namespace rebisect::testing_support {
namespace {

using Node = std::uint32_t;

constexpr std::int64_t kEpoch = 1500000000;
constexpr std::string_view kPerson = "A U Thor <author@example.com>";

/// Grows a graph commit by commit; `tips` are the open lines of work.
class Grower {
 public:
  Grower(TestPrng& prng, std::size_t commits)
      : prng_(prng), commits_(commits) {}

  RandomGraph Grow(Shape shape) {
    while (graph_.size() < commits_) {
      switch (shape) {
        case Shape::kLinear:
          Extend(0);
          break;
        case Shape::kKernel:
          Kernel(4, 2);
          break;
        case Shape::kCrissCross:
          CrissCross();
          break;
        case Shape::kOctopus:
          Kernel(6, 5);
          break;
        case Shape::kRoots:
          Roots();
          break;
        case Shape::kWide:
          Int128();
          break;
        case Shape::kLadder:
          Ladder();
          break;
        case Shape::kRandom:
          Anywhere();
          break;
      }
    }
    graph_.resize(commits_);
    JoinTips();
    return std::move(graph_);
  }

 private:
  Node Add(const std::vector<Node>& parents) {
    std::vector<Node> distinct;
    for (const Node p : parents) {
      if (std::find(distinct.begin(), distinct.end(), p) == distinct.end()) {
        distinct.push_back(p);
      }
    }
    graph_.push_back({std::move(distinct), 0, {}});
    return static_cast<Node>(graph_.size() - 1);
  }

  void Extend(std::size_t tip) {
    if (tip >= tips_.size()) {
      tips_.push_back(Add({}));
    } else {
      tips_[tip] = Add({tips_[tip]});
    }
  }

  /// A main line (tip 0) and up to `lines` side branches of some length.
  void Kernel(std::size_t lines, std::size_t most_parents) {
    if (tips_.empty()) return Extend(0);
    const std::uint64_t what = prng_.Below(100);
    if (what < 20 && tips_.size() <= lines) {
      tips_.push_back(Add({prng_.Pick(tips_)}));
    } else if (what < 35 && tips_.size() > 1) {
      Merge(most_parents);
    } else {
      Extend(static_cast<std::size_t>(prng_.Below(tips_.size())));
    }
  }

  void Merge(std::size_t most_parents) {
    std::vector<Node> parents = {tips_[0]};
    const auto wanted = static_cast<std::size_t>(
        prng_.Between(2, std::max<std::size_t>(2, most_parents)));
    while (parents.size() < wanted && tips_.size() > 1) {
      const auto at =
          static_cast<std::size_t>(prng_.Between(1, tips_.size() - 1));
      parents.push_back(tips_[at]);
      // A merged branch may go on.
      if (prng_.Percent(70)) tips_.erase(tips_.begin() + long(at));
      if (prng_.Percent(30)) break;
    }
    if (prng_.Percent(20)) std::swap(parents.front(), parents.back());
    tips_[0] = Add(parents);
  }

  void CrissCross() {
    if (tips_.size() < 2) {
      if (tips_.empty()) Extend(0);
      tips_.push_back(Add({tips_[0]}));
      return;
    }
    if (prng_.Percent(30)) {
      const Node a = tips_[0];
      const Node b = tips_[1];
      tips_[0] = Add({a, b});
      tips_[1] = Add({b, a});
    } else {
      Extend(static_cast<std::size_t>(prng_.Below(2)));
    }
  }

  void Roots() {
    if (tips_.empty() || (tips_.size() < 5 && prng_.Percent(12))) {
      return Extend(tips_.size());
    }
    Kernel(4, 3);
  }

  void Int128() {
    if (graph_.empty()) return Extend(0);
    if (tips_.size() > 2 && prng_.Percent(20)) return Merge(5);
    if (prng_.Percent(60)) {
      // From one of the last few main commits.
      const std::size_t back = std::min<std::size_t>(graph_.size(), 6);
      const auto from =
          static_cast<Node>(graph_.size() - 1 - prng_.Below(back));
      tips_.push_back(Add({from}));
    } else {
      Extend(static_cast<std::size_t>(prng_.Below(tips_.size())));
    }
  }

  void Ladder() {
    if (tips_.size() < 2) return Extend(tips_.size());
    const Node left = tips_[0];
    const Node right = tips_[1];
    tips_[0] = Add({left});
    tips_[1] = prng_.Percent(50) ? Add({right, tips_[0]}) : Add({right, left});
  }

  void Anywhere() {
    if (graph_.empty() || prng_.Percent(3)) {
      Add({});
      return;
    }
    std::vector<Node> parents;
    const std::uint64_t wanted = prng_.Percent(60)   ? 1
                                 : prng_.Percent(80) ? 2
                                                     : prng_.Between(3, 6);
    for (std::uint64_t i = 0; i < wanted; ++i) {
      const std::uint64_t size = graph_.size();
      // Mostly near the end, so that histories get long.
      const std::uint64_t reach =
          prng_.Percent(80) ? std::min<std::uint64_t>(size, 8) : size;
      parents.push_back(static_cast<Node>(size - 1 - prng_.Below(reach)));
    }
    Add(parents);
  }

  /// The last commit merges some of what has no children yet.
  void JoinTips() {
    if (graph_.size() < 3) return;
    std::vector<bool> has_child(graph_.size(), false);
    for (const RandomCommit& commit : graph_) {
      for (const Node p : commit.parents) has_child[p] = true;
    }
    std::vector<Node>& parents = graph_.back().parents;
    for (Node v = static_cast<Node>(graph_.size() - 1); v-- > 0;) {
      if (!has_child[v] && parents.size() < 6) parents.push_back(v);
    }
  }

  TestPrng& prng_;
  std::size_t commits_;
  RandomGraph graph_;
  std::vector<Node> tips_;
};

void SetDates(TestPrng& prng, Dates dates, RandomGraph& graph) {
  const auto n = static_cast<std::int64_t>(graph.size());
  const auto below = [&](std::int64_t limit) {
    return static_cast<std::int64_t>(
        prng.Below(static_cast<std::uint64_t>(limit)));
  };
  const std::int64_t block = 2 + below(12);
  std::int64_t skew = 0;
  std::int64_t now = 0;
  for (std::int64_t i = 0; i < n; ++i) {
    std::int64_t at = 0;
    switch (dates) {
      case Dates::kDistinct:
        at = now += 1 + below(4000);
        break;
      case Dates::kEqual:
        break;
      case Dates::kBlocks:
        at = i / block * 60;
        break;
      case Dates::kJitter:
        at = i * 10 + (below(11) - 5) * 10;
        break;
      case Dates::kBranchSkew:
        if (below(100) < 15) skew = (below(25) - 12) * 100;
        at = i * 100 + skew;
        break;
      case Dates::kRandom:
        at = below(n * 50);
        break;
      case Dates::kReversed:
        at = (n - i) * 50;
        break;
      case Dates::kFewValues:
        at = below(3);
        break;
    }
    graph[static_cast<std::size_t>(i)].date = kEpoch + at;
  }
}

std::string FileText(int content) {
  return 'v' + std::to_string(content) + '\n';
}

CommitId ObjectId(std::string_view type, std::string_view text) {
  std::string bytes(type);
  bytes += ' ' + std::to_string(text.size());
  bytes.push_back('\0');
  bytes += text;
  return Sha1(bytes);
}

CommitId TreeId(const std::vector<int>& files) {
  std::string tree;
  for (std::size_t k = 0; k < files.size(); ++k) {
    if (files[k] == 0) continue;
    const CommitId blob = ObjectId("blob", FileText(files[k]));
    tree += "100644 f" + std::to_string(k);
    tree.push_back('\0');
    tree.append(blob.bytes.begin(), blob.bytes.end());
  }
  return ObjectId("tree", tree);
}

/// Author and committer, as in a commit object and for fast-import.
std::string PersonLines(std::int64_t date) {
  const std::string who =
      std::string(kPerson) + ' ' + std::to_string(date) + " +0000\n";
  return "author " + who + "committer " + who;
}

std::string Message(std::size_t node) {
  return 'n' + std::to_string(node) + '\n';
}

}  // namespace

std::string_view ToString(Shape shape) {
  constexpr std::array<std::string_view, kShapes.size()> kNames = {
      "linear", "kernel", "criss-cross", "octopus",
      "roots",  "wide",   "ladder",      "random"};
  return kNames[static_cast<std::size_t>(shape)];
}

std::string_view ToString(Dates dates) {
  constexpr std::array<std::string_view, kDates.size()> kNames = {
      "distinct",   "equal",  "blocks",   "jitter",
      "branchskew", "random", "reversed", "fewvalues"};
  return kNames[static_cast<std::size_t>(dates)];
}

RandomGraph MakeRandomGraph(TestPrng& prng, Shape shape, Dates dates,
                            std::size_t commits) {
  REBISECT_CHECK(commits > 0);
  RandomGraph graph = Grower(prng, commits).Grow(shape);
  SetDates(prng, dates, graph);
  return graph;
}

void AddRandomFiles(TestPrng& prng, RandomGraph& graph, std::size_t count) {
  for (RandomCommit& commit : graph) {
    commit.files.assign(count, 0);
    for (std::size_t k = 0; k < count; ++k) {
      const bool inherits = !commit.parents.empty() && !prng.Percent(25);
      commit.files[k] = inherits ? graph[prng.Pick(commit.parents)].files[k]
                                 : static_cast<int>(prng.Below(4));
    }
  }
}

std::vector<CommitId> CommitIds(const RandomGraph& graph) {
  std::vector<CommitId> ids;
  ids.reserve(graph.size());
  for (std::size_t node = 0; node < graph.size(); ++node) {
    const RandomCommit& commit = graph[node];
    std::string text = "tree " + TreeId(commit.files).Hex() + '\n';
    for (const Node p : commit.parents) {
      text += "parent " + ids[p].Hex() + '\n';
    }
    text += PersonLines(commit.date) + '\n' + Message(node);
    ids.push_back(ObjectId("commit", text));
  }
  return ids;
}

std::string FastImportCommit(const RandomGraph& graph, std::size_t node,
                             const std::string& ref, bool marked) {
  const RandomCommit& commit = graph[node];
  std::string stream;
  // A root is a commit on a ref that does not exist.
  if (commit.parents.empty()) stream += "reset " + ref + "\n\n";
  stream += "commit " + ref + '\n';
  if (marked) stream += "mark :" + std::to_string(node + 1) + '\n';
  const std::string message = Message(node);
  stream += PersonLines(commit.date) + "data " +
            std::to_string(message.size()) + '\n' + message;
  for (std::size_t i = 0; i < commit.parents.size(); ++i) {
    stream += (i == 0 ? "from :" : "merge :") +
              std::to_string(commit.parents[i] + 1) + '\n';
  }
  stream += "deleteall\n";
  for (std::size_t k = 0; k < commit.files.size(); ++k) {
    if (commit.files[k] == 0) continue;
    const std::string text = FileText(commit.files[k]);
    stream += "M 100644 inline f" + std::to_string(k) + "\ndata " +
              std::to_string(text.size()) + '\n' + text;
  }
  return stream + '\n';
}

std::string FastImportStream(const RandomGraph& graph, bool all_heads) {
  std::string stream;
  const auto reset = [&](const std::string& ref, std::size_t node) {
    stream += "reset " + ref + "\nfrom :" + std::to_string(node + 1) + "\n\n";
  };
  std::vector<bool> has_child(graph.size(), false);
  for (std::size_t node = 0; node < graph.size(); ++node) {
    stream += FastImportCommit(graph, node, "refs/heads/master", true);
    for (const Node p : graph[node].parents) has_child[p] = true;
  }
  if (all_heads) {
    for (std::size_t node = 0; node + 1 < graph.size(); ++node) {
      if (!has_child[node]) {
        reset("refs/heads/h" + std::to_string(node), node);
      }
    }
  }
  reset("refs/heads/master", graph.size() - 1);
  return stream + "done\n";
}

CommitGraph BuildGraph(const RandomGraph& graph,
                       const std::vector<CommitId>& ids) {
  REBISECT_CHECK(ids.size() == graph.size());
  CommitArrays arrays;
  arrays.ids = ids;
  arrays.rows.push_back(0);
  for (const RandomCommit& commit : graph) {
    arrays.dates.push_back(commit.date);
    arrays.parents.insert(arrays.parents.end(), commit.parents.begin(),
                          commit.parents.end());
    arrays.rows.push_back(static_cast<std::uint32_t>(arrays.parents.size()));
  }
  auto built = CommitGraph::Build(std::move(arrays));
  REBISECT_CHECK(built.has_value());
  return *std::move(built);
}

SuspectGraph AllSuspects(const CommitGraph& graph) {
  std::vector<Vertex> listing;
  for (Vertex v = 0; v < graph.size(); ++v) listing.push_back(v);
  return BuildSuspectGraph(graph, listing,
                           [&](Vertex v) { return graph.Parents(v); });
}

}  // namespace rebisect::testing_support
