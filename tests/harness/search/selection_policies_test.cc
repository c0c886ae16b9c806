#include "harness/search/selection_policies.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

namespace rebisect {
namespace {

using ::testing::HasSubstr;

const Position kPlace{"e.yaml", 7, 3};

/// The policy as it is written most shortly, or the error.
std::string Read(std::string_view text) {
  const auto spec = ParseSelection(text, kPlace);
  return spec ? ToText({*spec}) : FormatError(spec.error());
}

TEST(SelectionPolicies, AreMadeWithTheirFallbacks) {
  for (const PolicyInfo& info : SelectionPolicies()) {
    // In full, as --help prints it, it reads back as the bare name.
    EXPECT_EQ(Read(UsageOf(info)), info.name);
    const auto spec = ParseSelection(info.name, kPlace);
    ASSERT_TRUE(spec.has_value());
    const auto policy = MakeSelectionPolicy(*spec, Prng(1, 2, 3));
    ASSERT_TRUE(policy.has_value());
    const bool is_git = GitVersionOf(*spec).has_value();
    EXPECT_EQ((*policy)->Name(), is_git ? "git" : info.name);
    // What trusts no verdict cannot depend on suspects alone.
    EXPECT_TRUE((*policy)->TrustsVerdicts() || !IsDecisionTree(*spec));
  }
}

TEST(SelectionPolicies, HaveTreesWhereSuspectsDecide) {
  std::set<std::string> with_tree;
  for (const PolicyInfo& info : SelectionPolicies()) {
    const PolicySpec spec{std::string(info.name), {}, {}, {}};
    if (IsDecisionTree(spec)) with_tree.emplace(info.name);
    EXPECT_EQ(NeedsFirstParents(spec), info.name == "first-parent");
  }
  EXPECT_EQ(with_tree, (std::set<std::string>{"git", "first-parent", "best",
                                              "linear", "golden"}));
}

TEST(SelectionPolicies, AProgramIsOne) {
  const auto spec = ParseSelection("exec:./choose.py:k=02", kPlace);
  ASSERT_TRUE(spec.has_value()) << FormatError(spec.error());
  EXPECT_EQ(ToText({*spec}), "exec:./choose.py:k=02");
  EXPECT_FALSE(IsDecisionTree(*spec));
  EXPECT_FALSE(NeedsFirstParents(*spec));
  EXPECT_THAT(Read("exec"), HasSubstr("e.yaml:7:3: error: "));
}

TEST(SelectionPolicies, GitIsTheNewestUnlessItIsSaid) {
  const auto version = [](std::string_view text) {
    return *GitVersionOf(*ParseSelection(text, kPlace));
  };
  EXPECT_EQ(version("git"), kNewestGit);
  EXPECT_EQ(Read("git:version=" + kNewestGit.ToString()), "git");
  EXPECT_EQ(version("git:version=v2.39"), (GitVersion{2, 39, 0, 0}));
  EXPECT_EQ(Read("git:version=v2.39"), Read("git:version=2.39.0"));
  EXPECT_EQ(GitVersionOf(*ParseSelection("best", kPlace)), std::nullopt);
}

TEST(SelectionPolicies, NumbersAreReadForWhatTheyMean) {
  EXPECT_EQ(Read("pba:stop=.950:error=1e-1"), "pba");
  EXPECT_EQ(Read("pba:error=.20"), "pba:error=0.2");
  EXPECT_EQ(
      Read("bayes-entropy:false-bad=.1:false-good=2e-1:true-bad-count=.5"),
      "bayes-entropy:false-bad=0.1:false-good=0.2");
  EXPECT_EQ(Read("bayes-entropy:true-good-count=1e9"),
            "bayes-entropy:true-good-count=1e09");
  EXPECT_EQ(Read("bayes-entropy:true-good-count=1e09"),
            Read("bayes-entropy:true-good-count=1000000000"));
}

TEST(SelectionPolicies, SaysWhatCannotBe) {
  const struct {
    std::string_view text;
    std::string_view error;
  } cases[] = {
      {"bset",
       "e.yaml:7:3: error: there is no selection policy 'bset'; did "
       "you mean 'best'?"},
      {"xyzzyxyzzy", "choose one of git, first-parent"},
      {"random:k=2",
       "e.yaml:7:10: error: selection policy 'random' has no "
       "parameter 'k'; it takes none"},
      {"pba:eror=.1", "has no parameter 'eror'; did you mean 'error'?"},
      {"best+git", "e.yaml:7:8: error: one policy selects"},
      {"git:version=new", "e.yaml:7:7: error: "},
      {"git:version=2.2", "give 2.3.0 or later"},
      {"first-parent:version=2.28", "give 2.29.0 or later"},
      {"bayes-entropy:stop=1.2", "give a number between 0 and 1"},
      {"bayes-entropy:stop=0", "give a number between 0 and 1"},
      {"bayes-entropy:false-bad=1.2:false-good=.1",
       "e.yaml:7:17: error: parameter 'false-bad' of 'bayes-entropy' is "
       "'1.2'; give a number from 0 to 1, or unknown"},
      {"bayes-entropy:false-bad=.1", "give both rates, or neither"},
      {"bayes-entropy:false-bad=.5:false-good=.5", "less than 1"},
      {"bayes-entropy:false-bad=.1:false-good=.1:true-bad-count=2",
       "the rates are given, so leave it out"},
      {"bayes-entropy:false-bad-count=0", "give a number from 1e-06"},
      {"facf:flake-rate=1", "give a number from 0 to 0.999"},
      {"facf:tests=0", "give a whole number from 1 to 64"},
      {"facf:predecessor-first=maybe", "give one of no, yes"},
      {"noisy-binary:error=.5", "or unknown"},
      {"pba:error=0", "give a number from"},
      {"k-section:k=65", "give a whole number from 1 to 64"},
      {"k-section:k=2.5", "give a whole number from 1 to 64"},
  };
  for (const auto& one : cases) {
    EXPECT_THAT(Read(one.text), HasSubstr(std::string(one.error)));
  }
}

}  // namespace
}  // namespace rebisect
