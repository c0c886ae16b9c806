#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "scenarios/cases/scenario.h"

namespace rebisect {
namespace {

const Position kPlace{"a.yaml", 3, 5};

/// "a b(a) c(b,a)", or the error's text.
std::string ReadChains(const std::vector<std::string>& chains) {
  const auto drawing = ReadDrawing(chains, kPlace);
  if (!drawing) {
    EXPECT_EQ(drawing.error().code, ErrorCode::kInput);
    EXPECT_EQ(drawing.error().where, kPlace);
    return drawing.error().message;
  }
  std::string text;
  for (const auto& [name, parents] : *drawing) {
    if (!text.empty()) text += ' ';
    text += name;
    for (std::size_t i = 0; i < parents.size(); ++i) {
      text += (i == 0 ? '(' : ',') + (*drawing)[parents[i]].name;
    }
    if (!parents.empty()) text += ')';
  }
  return text;
}

std::string Start(const std::string& text) { return text.substr(0, 40); }

TEST(DrawingTest, ReadsChains) {
  EXPECT_EQ(ReadChains({"a"}), "a");
  EXPECT_EQ(ReadChains({"a-b-c"}), "a b(a) c(b)");
  EXPECT_EQ(ReadChains({"a-b-d, a-c-d"}), "a b(a) c(a) d(b,c)");
  EXPECT_EQ(ReadChains({" a - b ;a-c\nb-d,c-d,\n"}), "a b(a) c(a) d(b,c)");
  EXPECT_EQ(ReadChains({"a-b", "c-b"}), "a c b(a,c)");
  EXPECT_EQ(ReadChains({"n8..n11-X_1"}), "n8 n9(n8) n10(n9) n11(n10) X_1(n11)");
  EXPECT_EQ(ReadChains({"n3..n3, 0..2"}), "n3 0 1(0) 2(1)");
}

TEST(DrawingTest, ParentsComeFirstElseCommitsStayAsNamed) {
  EXPECT_EQ(ReadChains({"c-d", "a-b-c"}), "a b(a) c(b) d(c)");
  EXPECT_EQ(ReadChains({"z-y", "b", "a-z"}), "b a z(a) y(z)");
}

TEST(DrawingTest, SaysWhatCannotBe) {
  EXPECT_EQ(Start(ReadChains({})), "the drawing has no commit; write chains,");
  EXPECT_EQ(Start(ReadChains({" ,;\n"})),
            "the drawing has no commit; write chains,");
  EXPECT_EQ(Start(ReadChains({"a--b"})),
            "a commit cannot be called '' in 'a--b'; ");
  EXPECT_EQ(Start(ReadChains({"a-"})),
            "a commit cannot be called '' in 'a-'; wr");
  EXPECT_EQ(Start(ReadChains({"a b"})),
            "a commit cannot be called 'a b' in 'a b'");
  EXPECT_EQ(Start(ReadChains({"\xc3\xa4"})).substr(0, 27),
            "a commit cannot be called '");
  EXPECT_EQ(ReadChains({"a-b, a-b"}),
            "'a' is twice a parent of 'b'; name it once");
  for (const char* const row : {"n3..n1", "n1..m3", "n..n3", "n01..n3", "..",
                                "n1..n99999999999999999999", "n1..n2..n3"}) {
    EXPECT_NE(ReadChains({row}).find("is no row of commits"), std::string::npos)
        << row;
  }
}

TEST(DrawingTest, NoCommitIsItsOwnAncestor) {
  EXPECT_EQ(Start(ReadChains({"a-a"})),
            "'a' would be its own ancestor; in 'a-b' ");
  EXPECT_EQ(Start(ReadChains({"r-a-b-c-t", "c-a"})),
            "'a' would be its own ancestor; in 'a-b' ");
}

TEST(DrawingTest, HasItsLargestSize) {
  EXPECT_EQ(ReadDrawing({"n1..n20000"}, kPlace)->size(), kMaxDrawing);
  for (const char* const chain : {"n0..n20000", "n1..n20000-x", "n0..n99999999",
                                  "n0..n18446744073709551615"}) {
    EXPECT_EQ(Start(ReadChains({chain})),
              "the drawing has more than 20000 commits;")
        << chain;
  }
  EXPECT_EQ(ReadChains({"n18446744073709551615..n18446744073709551615"}),
            "n18446744073709551615");
}

TEST(DrawingTest, IsWrittenAsChainsThatReadBack) {
  const struct {
    std::vector<std::string> chains;
    std::vector<std::string> written;
  } cases[] = {
      {{"a"}, {"a"}},
      {{"n0..n16"}, {"n0..n16"}},
      {{"n0-n1-x-n2-n3-n4"}, {"n0-n1-x-n2..n4"}},
      {{"n00-n01-n02"}, {"n00-n01-n02"}},
      {{"a-b-d", "a-c-d"}, {"a-b", "a-c", "b-d", "c-d"}},
      {{"a-b, c-d, d-b, b-e"}, {"a", "c-d", "a-b", "d-b-e"}},
      {{"r-x-m-t, r-y, y-m, q-m"}, {"r-x", "r-y", "q", "x-m", "y-m", "q-m-t"}},
  };
  for (const auto& [chains, written] : cases) {
    const auto drawing = ReadDrawing(chains, kPlace);
    ASSERT_TRUE(drawing.has_value());
    EXPECT_EQ(ChainsOf(*drawing), written);
    EXPECT_EQ(ReadChains(ChainsOf(*drawing)), ReadChains(chains));
  }
}

}  // namespace
}  // namespace rebisect
