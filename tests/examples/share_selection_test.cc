#include "tests/examples/share_selection.h"

#include <gtest/gtest.h>

#include "sim/session/bisect_session.h"
#include "tests/support/search_graph.h"

namespace rebisect::examples {
namespace {

using testing_support::IdOf;
using testing_support::Line;
using testing_support::ListedGraph;

/// Bisects a line of 21 commits, the first of them good, in which `culprit`
/// and all after it are bad. The commits in the order in which they are tested,
/// and at last the one that is named.
std::vector<CommitId> Search(double share, Vertex culprit) {
  const CommitGraph line = ListedGraph(Line(21));
  ShareSelection policy(share);
  BisectSession session(line, policy, {});
  StartCommand start;
  start.bad = IdOf(20);
  start.goods = {IdOf(0)};
  auto report = session.Start(start);
  std::vector<CommitId> tested;
  while (report && report->next) {
    tested.push_back(*report->next);
    const bool bad = *line.Find(tested.back()) >= culprit;
    report = session.Mark({bad ? "bad" : "good"});
  }
  if (report && report->culprit) tested.push_back(*report->culprit);
  return tested;
}

TEST(ShareSelection, TestsWhatHasTheShareBelowIt) {
  EXPECT_EQ(Search(.5, 1).front(), IdOf(10));
  EXPECT_EQ(Search(.8, 1).front(), IdOf(16));
}

TEST(ShareSelection, FindsEveryCulprit) {
  for (Vertex culprit = 1; culprit <= 20; ++culprit) {
    EXPECT_EQ(Search(.8, culprit).back(), IdOf(culprit)) << culprit;
  }
}

TEST(ShareSelection, FindsANewCulpritInFewerTests) {
  EXPECT_LT(Search(.8, 20).size(), Search(.5, 20).size());
  EXPECT_GT(Search(.8, 1).size(), Search(.5, 1).size());
}

}  // namespace
}  // namespace rebisect::examples
