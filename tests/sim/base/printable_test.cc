#include "sim/base/printable.h"

#include <gtest/gtest.h>

namespace rebisect {
namespace {

TEST(Printable, LeavesNothingThatSteers) {
  EXPECT_EQ(Printable("plain text, ünïcode ✓ 🙂"),
            "plain text, ünïcode ✓ 🙂");
  EXPECT_EQ(Printable("\x1b[31mred\x1b[0m"), "?[31mred?[0m");
  EXPECT_EQ(Printable("a\rb\nc\td\x7f"), "a?b?c?d?");
  EXPECT_EQ(Printable("\xc2\x9b"
                      "31m"),
            "?31m")
      << "the C1 form of escape [";
  EXPECT_EQ(Printable("\u202egpj.exe\u202c \u2066a\u2069"), "?gpj.exe? ?a?")
      << "direction";
  EXPECT_EQ(Printable("a\u2028b\u2029c\u0085d"), "a?b?c?d") << "line ends";
  EXPECT_EQ(Printable(std::string_view("\0", 1)), "?");
  EXPECT_EQ(Printable("\xc2\xa0"), "\xc2\xa0");
}

TEST(Printable, LeavesUtf8Alone) {
  for (const char* bytes :
       {"\xff", "\xc2", "\x80", "\xe2\x80", "\xf0\x9f\x99"}) {
    const std::string text(bytes);
    EXPECT_EQ(Printable(text), std::string(text.size(), '?')) << text;
  }
  EXPECT_EQ(Printable("\xc0\xaf"), "??") << "longer than need be";
  EXPECT_EQ(Printable("\xed\xa0\x80"), "???") << "half of a pair";
  EXPECT_EQ(Printable("\xf4\x90\x80\x80"), "????") << "past the last one";
  EXPECT_EQ(Printable("\xc2\x0a\xc2\x1b"), "????");
}

TEST(Printable, IsLinear) {
  std::string text;
  for (int i = 0; i < 2000000; ++i) text += "\xc2\x9b";
  EXPECT_EQ(Printable(text), std::string(2000000, '?'));
}

TEST(EscapedJson, StaysTheSameJson) {
  EXPECT_EQ(EscapedJson("{\n  \"a\": \"ü\x7f\u009b\u202e\u2028\"\n}\n"),
            "{\n  \"a\": \"ü\\u007f\\u009b\\u202e\\u2028\"\n}\n");
}

}  // namespace
}  // namespace rebisect
