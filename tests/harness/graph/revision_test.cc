#include "harness/graph/revision.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/support/graph_literal.h"

namespace rebisect {
namespace {

using testing_support::Arrays;
using testing_support::IdOf;

/// root - a - m - tip, and b beside a; two ids that begin alike; `edge` has
/// parents that are not known.
class RevisionTest : public ::testing::Test {
 protected:
  RevisionTest() {
    CommitArrays arrays = Arrays({{"root", {}},
                                  {"a", {"root"}},
                                  {"b", {"root"}},
                                  {"m", {"a", "b"}},
                                  {"tip", {"m"}},
                                  {"edge", {}}});
    arrays.ids[1].bytes = {0xab, 0xcd, 0xe1};
    arrays.ids[2].bytes = {0xab, 0xcd, 0xe2};
    arrays.boundary = {5};
    arrays.names.clear();
    arrays.names = {{"HEAD", 4},
                    {"refs/tags/v1.0", 0},
                    {"refs/heads/v1.0", 1},
                    {"refs/heads/main", 4},
                    {"refs/remotes/origin/next", 3},
                    {"refs/heads/dead", 2}};
    arrays.labels = {{3, "hypothetical-3"}};
    graph_ = *CommitGraph::Build(std::move(arrays));
  }

  /// The name of the commit found, or the error's message.
  std::string Find(std::string_view text) {
    const auto v = ResolveInGraph(graph_, text);
    if (!v) return v.error().message;
    for (const char* name : {"root", "m", "tip", "edge"}) {
      if (graph_.Id(*v) == IdOf(name)) return name;
    }
    return graph_.Id(*v).bytes[2] == 0xe1 ? "a" : "b";
  }
  ErrorCode Code(std::string_view text) {
    const auto v = ResolveInGraph(graph_, text);
    return v ? ErrorCode::kInternal : v.error().code;
  }

  CommitGraph graph_;
};

TEST_F(RevisionTest, FindsNamesAsGitDoes) {
  EXPECT_EQ(Find("HEAD"), "tip");
  EXPECT_EQ(Find("@"), "tip");
  EXPECT_EQ(Find("refs/heads/main"), "tip");
  EXPECT_EQ(Find("heads/main"), "tip");
  EXPECT_EQ(Find("main"), "tip");
  EXPECT_EQ(Find("origin/next"), "m");
  EXPECT_EQ(Find("v1.0"), "root") << "a tag before a branch";
  EXPECT_EQ(Find("hypothetical-3"), "m");
  EXPECT_EQ(Find("dead"), "b") << "a name before an abbreviation";
}

TEST_F(RevisionTest, FindsIdsAndAbbreviations) {
  EXPECT_EQ(Find(IdOf("tip").Hex()), "tip");
  EXPECT_EQ(Find(IdOf("tip").Hex().substr(0, 7)), "tip");
  EXPECT_EQ(Find("abcde1"), "a");
  EXPECT_EQ(Find("ABCDE2"), "b");
}

TEST_F(RevisionTest, RefusesWhatNamesNoneOrSeveral) {
  EXPECT_EQ(Code("abcde"), ErrorCode::kInput);
  EXPECT_NE(Find("abcde").find("abcde"), std::string::npos);
  for (const char* text :
       {"", "nothing", "abc", "1234567", "~", "^", "HEAD@{1}", "HEAD:file",
        "0000000000000000000000000000000000000000", "HEAD~x", "HEAD^{tree}",
        "HEAD~99999999999999999999"}) {
    EXPECT_EQ(Code(text), ErrorCode::kNotFound) << text;
  }
}

TEST_F(RevisionTest, WalksToParents) {
  EXPECT_EQ(Find("HEAD~"), "m");
  EXPECT_EQ(Find("HEAD~0"), "tip");
  EXPECT_EQ(Find("HEAD~3"), "root");
  EXPECT_EQ(Find("HEAD^^2"), "b");
  EXPECT_EQ(Find("main~1^1"), "a");
  EXPECT_EQ(Find("HEAD^0"), "tip");
  EXPECT_EQ(Find("@~2^"), "root");
  EXPECT_EQ(Find("v1.0^{}"), "root");
  EXPECT_EQ(Find("HEAD^{commit}~1^{}"), "m");
}

TEST_F(RevisionTest, StopsAtRootsAndAtTheEndOfTheGraph) {
  EXPECT_EQ(Code("HEAD~4"), ErrorCode::kNotFound);
  EXPECT_EQ(Code("HEAD^2"), ErrorCode::kNotFound);
  EXPECT_EQ(Code("HEAD~4294967295"), ErrorCode::kNotFound);
  const std::string edge = IdOf("edge").Hex();
  EXPECT_EQ(Find(edge), "edge");
  EXPECT_EQ(Find(edge + "~0"), "edge");
  EXPECT_EQ(Code(edge + "~1"), ErrorCode::kBoundary);
  EXPECT_EQ(Code(edge + "^"), ErrorCode::kBoundary);
}

}  // namespace
}  // namespace rebisect
