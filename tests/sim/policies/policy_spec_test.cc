#include "sim/policies/policy_spec.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>

namespace rebisect {
namespace {

const Position kPlace{"--verdict", 1, 1};

/// "column: message", or the chain's text.
std::string ReadChain(std::string_view text) {
  const auto chain = ParsePolicyChain(text, kPlace);
  if (chain) return ToText(*chain);
  EXPECT_EQ(chain.error().code, ErrorCode::kUsage);
  EXPECT_EQ(chain.error().where.file, "--verdict");
  return std::to_string(chain.error().where.column) + ": " +
         chain.error().message;
}

TEST(PolicySpecTest, ReadsAChain) {
  const auto chain = ParsePolicyChain("same-family+threshold:n=10:k=2", kPlace);
  ASSERT_TRUE(chain.has_value());
  ASSERT_EQ(chain->size(), 2U);
  EXPECT_EQ((*chain)[0].name, "same-family");
  EXPECT_TRUE((*chain)[0].params.empty());
  EXPECT_EQ((*chain)[1].name, "threshold");
  EXPECT_EQ((*chain)[1].params.at("k"), "2");
  EXPECT_EQ((*chain)[1].where.column, 13);
  EXPECT_EQ((*chain)[1].param_where.at("k").column, 28);
  EXPECT_EQ(ToText(*chain), "same-family+threshold:k=2:n=10");
}

TEST(PolicySpecTest, AProgramNeedsNoName) {
  const auto chain = ParsePolicyChain("related+exec:./k_of_n.py:k=2", kPlace);
  ASSERT_TRUE(chain.has_value());
  EXPECT_EQ((*chain)[1].params.at("program"), "./k_of_n.py");
  EXPECT_EQ((*chain)[1].param_where.at("program").column, 14);
  EXPECT_EQ((*chain)[1].params.at("k"), "2");
  EXPECT_EQ(ToText(*chain), "related+exec:./k_of_n.py:k=2");
  EXPECT_EQ(ReadChain("exec:k=2:program=a"), "exec:a:k=2");
  EXPECT_EQ(ReadChain("exec:k=2"), "exec:k=2");
  EXPECT_EQ(ReadChain("exec:a:program=b"),
            "8: parameter 'program' is given twice; keep one");
  EXPECT_EQ(ReadChain("threshold:2").substr(0, 2), "12");
}

TEST(PolicySpecTest, SaysWhatCannotBeAndWhere) {
  const struct {
    std::string_view text;
    std::string_view start;
  } cases[] = {
      {"", "1: the text ends where the name of a policy"},
      {"a+", "3: the text ends where the name of a policy"},
      {"a++b", "3: there is '+' where the name of a policy"},
      {" a", "1: there is ' '"},
      {"a b", "2: there is ' ' where '+' or the end"},
      {"a,b", "2: there is ','"},
      {"a:", "3: the text ends where the name of a parameter"},
      {"a:k", "4: the text ends where '=' after 'k'"},
      {"a:k=", "5: the text ends where the value of 'k'"},
      {"a:k=1=2", "6: there is '='"},
      {"a:k=1:k=1", "7: parameter 'k' is given twice"},
      {"A", "1: there is 'A'"},
  };
  for (const auto& one : cases) {
    EXPECT_EQ(ReadChain(one.text).substr(0, one.start.size()), one.start)
        << one.text;
  }
}

TEST(PolicySpecTest, ReadsAListOfChains) {
  const auto list =
      ParsePolicyList("any-crash,same-title+syzkaller-2024", kPlace);
  ASSERT_TRUE(list.has_value());
  ASSERT_EQ(list->size(), 2U);
  EXPECT_EQ(ToText((*list)[0]), "any-crash");
  EXPECT_EQ(ToText((*list)[1]), "same-title+syzkaller-2024");
  EXPECT_EQ(ParsePolicyList("a,,b", kPlace).error().where.column, 3);
  EXPECT_EQ(ParsePolicyList("a,b,", kPlace).error().where.column, 5);
}

constexpr std::array kParams = {ParameterInfo{"k", "2", "crashes"},
                                ParameterInfo{"p", "0.5", "chance"}};
constexpr std::array kKnown = {PolicyInfo{"plain", "nothing", {}},
                               PolicyInfo{"counts", "k", kParams}};

PolicySpec Spec(std::string_view text) {
  return ParsePolicyChain(text, kPlace)->front();
}

TEST(PolicySpecTest, FindsAPolicyOrSaysWhatThereIs) {
  EXPECT_EQ(FindPolicy(Spec("counts:k=1"), kKnown, "policy"), 1U);
  EXPECT_EQ(UsageOf(kKnown[1]), "counts:k=2:p=0.5");
  const auto name = FindPolicy(Spec("count"), kKnown, "policy");
  ASSERT_FALSE(name.has_value());
  EXPECT_EQ(name.error().message,
            "there is no policy 'count'; did you mean 'counts'?");
  const auto param = FindPolicy(Spec("counts:k=1:q=1"), kKnown, "policy");
  ASSERT_FALSE(param.has_value());
  EXPECT_EQ(param.error().message,
            "policy 'counts' has no parameter 'q'; it takes k, p");
  EXPECT_EQ(param.error().where.column, 12);
  EXPECT_EQ(FindPolicy(Spec("plain:k=1"), kKnown, "policy").error().message,
            "policy 'plain' has no parameter 'k'; it takes none");
}

TEST(PolicySpecTest, ParametersHaveFallbacksAndBounds) {
  const PolicySpec given = Spec("counts:p=0.25");
  PolicyParameters params(given, kKnown[1]);
  EXPECT_EQ(params.Int("k", 1, 9), 2);
  EXPECT_EQ(params.Probability("p"), 0.25);
  EXPECT_FALSE(params.error().has_value());

  for (const std::string_view bad :
       {"0", "10", "two", "2.5", "99999999999", "-1", "2x"}) {
    const PolicySpec spec = Spec("counts:k=" + std::string(bad));
    PolicyParameters wrong(spec, kKnown[1]);
    EXPECT_EQ(wrong.Int("k", 1, 9), 1);
    ASSERT_TRUE(wrong.error().has_value()) << bad;
    EXPECT_EQ(wrong.error()->message, "parameter 'k' of 'counts' is '" +
                                          std::string(bad) +
                                          "'; give a whole number from 1 to 9");
    EXPECT_EQ(wrong.error()->where.column, 8);
  }
  for (const std::string_view bad :
       {"0", "1", "nan", "inf", "-0.5", "1e-999"}) {
    const PolicySpec spec = Spec("counts:p=" + std::string(bad));
    PolicyParameters wrong(spec, kKnown[1]);
    EXPECT_EQ(wrong.Probability("p"), 0.5);
    EXPECT_TRUE(wrong.error().has_value()) << bad;
  }
}

}  // namespace
}  // namespace rebisect
