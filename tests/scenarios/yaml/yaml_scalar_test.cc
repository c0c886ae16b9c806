#include "scenarios/yaml/yaml_scalar.h"

#include <string>

#include <gtest/gtest.h>

#include "scenarios/yaml/yaml_tree.h"

namespace rebisect {
namespace {

// By the regular expressions of YAML 1.1's types and of 1.2's core schema.
TEST(YamlScalar, WhatSomeReaderTakesForAnotherTypeIsQuoted) {
  for (const char* const text : {"0",          "1234567",
                                 "0000001",    "+12",
                                 "-12",        "1_000",
                                 "1,000",      "0x1f",
                                 "0X1F",       "0o17",
                                 "0b1101",     "5.6",
                                 "5.",         ".5",
                                 "-.5",        "1.2.3",
                                 "123e4567",   "1e+05",
                                 "1E-5",       "12:30:45",
                                 "12:30:45.5", ".inf",
                                 "-.Inf",      "+.INF",
                                 ".nan",       ".NaN",
                                 "null",       "Null",
                                 "~",          "true",
                                 "True",       "FALSE",
                                 "yes",        "No",
                                 "ON",         "off",
                                 "y",          "N",
                                 "2020-05-26", "2020-05-26T10:11:12Z",
                                 "2020-5-6",   "2020-05-26 10:11:12"}) {
    EXPECT_FALSE(PlainReadsAsText(text)) << text;
    EXPECT_EQ(YamlScalar(text, false), '"' + std::string(text) + '"');
    EXPECT_EQ(YamlScalar(text, true), '"' + std::string(text) + '"');
  }
}

TEST(YamlScalar, WhatEveryReaderTakesForTextIsPlain) {
  for (const char* const text : {"8797c81a33fa4415",
                                 "123e456f",
                                 "e123",
                                 "0x",
                                 "0x1g",
                                 "0b12",
                                 "0o8",
                                 "v5.6",
                                 "1e",
                                 "1e5x",
                                 "5.6-rc1",
                                 "+",
                                 "12 runs",
                                 "2020-05-26.",
                                 "20-05-26",
                                 "nulls",
                                 "inf",
                                 "nan",
                                 "only",
                                 "0e",
                                 "1:2a"}) {
    EXPECT_TRUE(PlainReadsAsText(text)) << text;
    EXPECT_EQ(YamlScalar(text, false), text);
  }
  // Alone they are no text, and nothing else either.
  EXPECT_FALSE(PlainReadsAsText(""));
  EXPECT_TRUE(PlainReadsAsText("."));
  EXPECT_TRUE(PlainReadsAsText("-"));
}

TEST(YamlTree, KnowsWhatWasQuoted) {
  const auto list = ReadYaml("- 12\n- \"12\"\n- '12'\n- |-\n  12\n", "x.yaml");
  ASSERT_TRUE(list.has_value()) << FormatError(list.error());
  ASSERT_EQ(list->items.size(), 4U);
  for (std::size_t i = 0; i < list->items.size(); ++i) {
    EXPECT_EQ(list->items[i].scalar, "12");
    EXPECT_EQ(list->items[i].quoted, i > 0) << i;
  }
}

}  // namespace
}  // namespace rebisect
