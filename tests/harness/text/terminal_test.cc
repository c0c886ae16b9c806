#include "harness/text/terminal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rebisect {
namespace {

using ::testing::ElementsAre;

TEST(TerminalTest, CountsCodePoints) {
  EXPECT_EQ(Columns(""), 0);
  EXPECT_EQ(Columns("abc"), 3);
  EXPECT_EQ(Columns("añ…"), 3);
}

TEST(TerminalTest, FitCutsWithAnEllipsis) {
  EXPECT_EQ(Fit("abcdef", 6), "abcdef");
  EXPECT_EQ(Fit("abcdef", 5), "abcd…");
  EXPECT_EQ(Fit("ñññññ", 3), "ññ…");
  EXPECT_EQ(Fit("abc", 1), "…");
  for (int columns = 1; columns < 10; ++columns) {
    EXPECT_LE(Columns(Fit("ein längerer Text", columns)), columns);
  }
}

TEST(TerminalTest, PadsToColumnsNotBytes) {
  EXPECT_EQ(PadRight("ñ", 3), "ñ  ");
  EXPECT_EQ(PadLeft("ñ", 3), "  ñ");
  EXPECT_EQ(PadRight("long", 2), "long");
  EXPECT_EQ(PadLeft("long", 2), "long");
}

TEST(TerminalTest, WrapBreaksBetweenWords) {
  EXPECT_THAT(Wrap("one two three", 7), ElementsAre("one two", "three"));
  EXPECT_THAT(Wrap("  one   two ", 80), ElementsAre("one two"));
  EXPECT_THAT(Wrap("a-word-too-long b", 5),
              ElementsAre("a-word-too-long", "b"));
  EXPECT_THAT(Wrap("x name:a=1:b=22,c", 8),
              ElementsAre("x name:", "a=1:", "b=22,c"));
  EXPECT_THAT(Wrap("", 10), ElementsAre());
  EXPECT_THAT(Wrap("a b", 0), ElementsAre("a", "b"));
}

TEST(TerminalTest, PaintsOnlyWhereThereAreColours) {
  TerminalStyle style;
  EXPECT_EQ(style.Bad("x"), "x");
  style.colour = true;
  EXPECT_EQ(style.Bad("x"), "\x1b[31mx\x1b[0m");
  EXPECT_NE(style.Good("x"), style.Bad("x"));
}

}  // namespace
}  // namespace rebisect
