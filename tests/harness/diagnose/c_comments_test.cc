#include "harness/diagnose/c_comments.h"

#include <gtest/gtest.h>

namespace rebisect {
namespace {

TEST(CodeOfC, LeavesCommentsAndWhitespaceOut) {
  const struct {
    const char* what;
    const char* source;
    const char* code;
  } cases[] = {
      {"nothing", "", ""},
      {"a comment alone", "/* x */ // y\n", ""},
      {"a comment parts tokens", "int/**/a;", "int a;"},
      {"blanks about brackets", "f( a , b /* c */ ) ;\n\n", "f(a,b);"},
      {"operators are not joined", "a + +b", "a + +b"},
      {"the end of a block", "/***/a/*/ * /*/b", "a b"},
      {"a line comment goes on", "a // x \\\n y\nb", "a b"},
      {"and with CRLF", "a // x \\\r\n y\r\nb", "a b"},
      {"a start split by a continued line", "a /\\\n/ x\nb", "a b"},
      {"words are joined", "re\\\nturn x;", "return x;"},
      {"a division", "a / b /c", "a / b /c"},
      {"a comment in a string", "s = \"/* x */ // y\";",
       "s = \"/* x */ // y\";"},
      {"an escaped mark", "\"a\\\" // b\" // c", "\"a\\\" // b\""},
      {"an escaped backslash", "\"a\\\\\" // b", "\"a\\\\\""},
      {"blanks in a string", "\"a  b\"", "\"a  b\""},
      {"a string continued", "\"a\\\nb\" // c", "\"ab\""},
      {"characters", "'\"' // x\n'\\'' /* y */", "'\"' '\\''"},
      {"digits in groups", "1'000'000 // it's\n", "1'000'000"},
      {"an exponent", "1e+5 + 2", "1e+5 + 2"},
      {"a raw string", "R\"(a // b\n\"c)\" // d", "R\"(a // b\n\"c)\""},
      {"with a delimiter", "u8R\"x()\" /* )x\" // d", "u8R\"x()\" /* )x\""},
      {"in which lines are not joined", "R\"(a\\\nb)\"", "R\"(a\\\nb)\""},
      {"no raw string", "FOR\"(a\" // b", "FOR\"(a\""},
      {"a macro called R", "R\" (\" // b", "R\" (\""},
      {"a directive ends with its line", "#define A /* x */ b // y\nc",
       "#define A b\nc"},
      {"and may be continued", "#define A \\\n  b\nc", "#define A b\nc"},
      {"a comment over its end", "#define A /* x\n y */ b\nc",
       "#define A b\nc"},
      {"a directive starts a line", "a\n  # if /**/ 1\nb", "a\n# if 1\nb"},
      {"a lone mark", "#error don't /* x\nb", "#error don't /* x\nb"},
      {"no newline at the end", "a // x", "a"},
  };
  for (const auto& c : cases) {
    const auto code = CodeOfC(c.source);
    ASSERT_TRUE(code.has_value()) << c.what;
    EXPECT_EQ(*code, c.code) << c.what;
  }
}

TEST(CodeOfC, TellsCodeApart) {
  const struct {
    const char* before;
    const char* after;
  } cases[] = {
      {"#define F(x) x", "#define F (x) x"},
      {"#define A\nb", "#define A b"},
      {"\"a // b\"", "\"a // c\""},
      {"'a'", "'b'"},
      {"R\"(/* a */)\"", "R\"(/* b */)\""},
      {"a; // \\\nb;", "a; //\nb;"},
      {"inta", "int a"},
      {"a+ +b", "a++b"},
      {"\"  \"", "\" \""},
  };
  for (const auto& c : cases) {
    EXPECT_NE(*CodeOfC(c.before), *CodeOfC(c.after)) << c.before;
  }
}

TEST(CodeOfC, RefusesWhatIsNoSource) {
  EXPECT_FALSE(CodeOfC("a /* b").has_value());
  EXPECT_FALSE(CodeOfC("/*/").has_value());
  EXPECT_FALSE(CodeOfC("R\"(a").has_value());
  EXPECT_FALSE(CodeOfC(std::string_view("a\0b", 3)).has_value());
}

TEST(CodeOfC, TakesLongInputsInOneGo) {
  std::string source;
  for (int i = 0; i < 200000; ++i) source += "\\\n";
  source += "/*" + std::string(1000000, '*') + "/a";
  EXPECT_EQ(*CodeOfC(source), "a");
}

TEST(IsCLike, GoesByTheEndOfTheName) {
  EXPECT_TRUE(IsCLike("fs/open.c"));
  EXPECT_TRUE(IsCLike("a.b.hpp"));
  EXPECT_FALSE(IsCLike("arch/x86/entry.S"));
  EXPECT_FALSE(IsCLike("Makefile"));
  EXPECT_FALSE(IsCLike("x.c/README"));
}

}  // namespace
}  // namespace rebisect
