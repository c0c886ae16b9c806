#include "sim/session/git_version.h"

#include <gtest/gtest.h>

namespace rebisect {
namespace {

TEST(GitVersion, ReadsWhatGitsCallThemselves) {
  EXPECT_EQ(*GitVersion::Parse("2.39.5"), (GitVersion{2, 39, 5, 0}));
  EXPECT_EQ(*GitVersion::Parse("v2.55"), (GitVersion{2, 55, 0, 0}));
  EXPECT_EQ(*GitVersion::Parse("1.8.2.2"), (GitVersion{1, 8, 2, 2}));
  EXPECT_EQ(*GitVersion::Parse("2.30.0-rc2"), (GitVersion{2, 30, 0, 0}));
  EXPECT_EQ(*GitVersion::Parse("2.44.0.windows.1"), (GitVersion{2, 44, 0, 0}));
}

TEST(GitVersion, RefusesWhatIsNone) {
  for (const char* text : {"", "v", "2", "new", "2.", "2,39", "-1.2", "2.-3",
                           "2.39 ", "99999999999.1"}) {
    const auto version = GitVersion::Parse(text);
    ASSERT_FALSE(version.has_value()) << text;
    EXPECT_EQ(version.error().code, ErrorCode::kUsage) << text;
  }
}

TEST(GitVersion, PrintsAndReadsBack) {
  for (const char* text : {"2.39.5", "1.8.2.2", "0.99.0"}) {
    EXPECT_EQ(GitVersion::Parse(text)->ToString(), text);
  }
}

TEST(GitRules, DifferBetweenNeighbouringFamilies) {
  const auto families = GitFamilies();
  ASSERT_GT(families.size(), 1U);
  for (std::size_t i = 1; i < families.size(); ++i) {
    EXPECT_GT(families[i - 1], families[i]);
    EXPECT_NE(GitRules::Of(families[i - 1]), GitRules::Of(families[i]))
        << families[i].ToString();
  }
}

/// Releases on both sides of every change, and more: each has the rules of
/// some family, and its range holds it.
TEST(GitRules, AreThoseOfAFamilyForEveryRelease) {
  for (const char* text :
       {"0.99.9", "1.5.0",   "1.5.0.7", "1.5.1",   "1.6.3.4", "1.6.4",
        "1.7.0",  "1.8.2.1", "1.8.2.2", "1.8.3.4", "1.8.4",   "2.2.3",
        "2.3.0",  "2.15.0",  "2.15.1",  "2.16.0",  "2.28.1",  "2.29.0",
        "2.29.3", "2.30.0",  "2.30.9",  "2.31.0",  "2.39.5",  "2.55.0"}) {
    const GitVersion version = *GitVersion::Parse(text);
    std::size_t matching = 0;
    for (const GitVersion& family : GitFamilies()) {
      if (GitRules::Of(family) != GitRules::Of(version)) continue;
      ++matching;
      EXPECT_LE(version, family) << text;
      EXPECT_EQ(FamilyRange(version), FamilyRange(family)) << text;
    }
    EXPECT_EQ(matching, 1U) << text;
  }
}

TEST(GitRules, NameTheRangeOfAFamily) {
  EXPECT_EQ(FamilyRange(*GitVersion::Parse("2.39.5")), "2.31.0 to 2.55.0");
  EXPECT_EQ(FamilyRange(*GitVersion::Parse("2.17.6")), "2.15.1 to 2.28.1");
}

}  // namespace
}  // namespace rebisect
