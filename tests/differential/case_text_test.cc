#include "tests/differential/case_text.h"

#include <gtest/gtest.h>

namespace rebisect::testing_support {
namespace {

TEST(CaseText, IsReadAsItWasWritten) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    const std::string text = CaseText(MakeBisectCase(seed, kNewestGit));
    const auto read = ReadCase(text, "a.case");
    ASSERT_TRUE(read.has_value()) << FormatError(read.error());
    EXPECT_EQ(CaseText(*read), text);
  }
}

TEST(CaseText, OfSingleStepsToo) {
  const std::string text = CaseText(MakeStepCase(7, kNewestGit));
  const auto read = ReadCase(text, "a.case");
  ASSERT_TRUE(read.has_value()) << FormatError(read.error());
  EXPECT_TRUE(read->single_step);
  EXPECT_EQ(CaseText(*read), text);
}

TEST(ReadCase, NamesTheLineAtFault) {
  const auto error = [](const char* text) {
    const auto read = ReadCase(text, "a.case");
    return read ? "" : FormatError(read.error());
  };
  EXPECT_EQ(error("commit 5\ncommit 6 n1\n"),
            "a.case:2:1: error: no line of a case: 'commit 6 n1'; see "
            "case_text.h");
  EXPECT_NE(error(""), "");
  for (const char* line :
       {"commit", "commit x", "git bisect", "git bisect bad n7", "shallow",
        "replaced n0 n0", "commit-graph new", "git bisect start -- g0",
        "git bisect run n0", "git bisect replay upper", "by-names 1"}) {
    EXPECT_NE(error(("commit 5\n" + std::string(line)).c_str()), "") << line;
  }
}

}  // namespace
}  // namespace rebisect::testing_support
