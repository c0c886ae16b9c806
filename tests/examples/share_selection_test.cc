#include "tests/examples/share_selection.h"

#include <gtest/gtest.h>

#include <array>
#include <memory>

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
std::vector<CommitId> Search(SelectionPolicy& policy, Vertex culprit) {
  const CommitGraph line = ListedGraph(Line(21));
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

std::vector<CommitId> Search(double share, Vertex culprit) {
  ShareSelection policy(share);
  return Search(policy, culprit);
}

/// The policy of the text, as a list of entries has it; or the error.
Result<std::unique_ptr<SelectionPolicy>> Named(std::string_view text) {
  static constexpr std::array kList = {&kShareEntry};
  REBISECT_ASSIGN_OR_RETURN(const auto chain,
                            ParsePolicyChain(text, {"here", 1, 1}));
  REBISECT_ASSIGN_OR_RETURN(const auto* const entry,
                            FindSelection(chain.front(), kList));
  return MakeSelection(*entry, chain.front(), Prng(0, 0, 0));
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

TEST(ShareSelection, HasAName) {
  const auto policy = Named("share:share=.8");
  ASSERT_TRUE(policy.has_value());
  EXPECT_EQ(Search(**policy, 1), Search(.8, 1));
  EXPECT_EQ(UsageOf(kShareEntry.info), "share:share=0.8:prior=none");
  EXPECT_EQ(FormatError(Named("share:share=2").error()),
            "here:1:7: error: parameter 'share' of 'share' is '2'; give a "
            "number between 0 and 1");
}

TEST(ShareSelection, FindsANewCulpritInFewerTests) {
  EXPECT_LT(Search(.8, 20).size(), Search(.5, 20).size());
  EXPECT_GT(Search(.8, 1).size(), Search(.5, 1).size());
}

}  // namespace
}  // namespace rebisect::examples
