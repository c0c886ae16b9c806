#include "harness/testing/mocks.h"

#include <gtest/gtest.h>

#include <optional>
#include <utility>
#include <variant>
#include <vector>

namespace rebisect::testing_support {
namespace {

using ::testing::_;
using ::testing::ByMove;
using ::testing::NiceMock;
using ::testing::Return;

TEST(MockSelectionPolicyTest, IsAPolicyThatTrustsVerdicts) {
  const NiceMock<MockSelectionPolicy> policy;
  EXPECT_EQ(policy.Name(), "mock");
  EXPECT_TRUE(policy.TrustsVerdicts());
}

TEST(MockSelectionPolicyTest, DecidesAsExpected) {
  MockSelectionPolicy policy;
  EXPECT_CALL(policy, Next(_))
      .WillOnce(Return(ByMove(Result<NextStep>(TestStep{{3}, 7, 3}))));
  const SuspectGraph suspects;
  const auto next =
      static_cast<SelectionPolicy&>(policy).Next(SearchView{suspects, 0, {}});
  ASSERT_TRUE(next.has_value());
  EXPECT_EQ(std::get<TestStep>(*next).commits, std::vector<Suspect>{3});
}

TEST(MockOracleTest, AnswersAsExpected) {
  MockOracle oracle;
  Answer answer;
  answer.stated = Verdict::kBad;
  EXPECT_CALL(oracle, Ask(_)).WillOnce(Return(ByMove(Result<Answer>(answer))));
  const auto said = static_cast<Oracle&>(oracle).Ask({CommitId{}});
  ASSERT_TRUE(said.has_value());
  EXPECT_EQ(said->stated, Verdict::kBad);
}

}  // namespace
}  // namespace rebisect::testing_support
