#include "oracle/answers/composite_oracle.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "oracle/answers/budgeted_oracle.h"
#include "oracle/answers/cached_oracle.h"
#include "oracle/testing/mock_oracle.h"
#include "tests/support/graph_literal.h"

namespace rebisect {
namespace {

using ::testing::_;
using ::testing::AllOf;
using ::testing::ByMove;
using ::testing::Field;
using ::testing::InSequence;
using ::testing::Return;
using testing_support::IdOf;
using testing_support::MockOracle;

/// An answer of runs whose titles are the letters of `titles`.
Result<Answer> Runs(const std::string& titles) {
  Answer answer;
  for (const char title : titles) {
    answer.test.runs.push_back({RunOutcome::kCrashed, {title}, {}});
  }
  return answer;
}

Result<Answer> Error(ErrorCode code) { return Fail(code, "no"); }

std::string Say(Oracle& oracle, const Question& question) {
  const auto answer = oracle.Ask(question);
  if (!answer) {
    switch (answer.error().code) {
      case ErrorCode::kNeedsUntested:
        return "untested";
      case ErrorCode::kBudget:
        return "budget";
      default:
        return "error";
    }
  }
  std::string titles;
  for (const Run& run : answer->test.runs) titles += run.title;
  return titles;
}

const CommitId kA = IdOf("a");
const CommitId kB = IdOf("b");

auto Asks(int runs, bool rebuild = false) {
  return AllOf(Field(&Question::runs, runs),
               Field(&Question::rebuild, rebuild));
}

class CompositeOracleTest : public testing::Test {
 protected:
  CompositeOracleTest() {
    auto first = std::make_unique<MockOracle>();
    auto second = std::make_unique<MockOracle>();
    first_ = first.get();
    second_ = second.get();
    std::vector<std::unique_ptr<Oracle>> oracles;
    oracles.push_back(std::move(first));
    oracles.push_back(std::move(second));
    oracle_ = std::make_unique<CompositeOracle>(std::move(oracles));
  }

  MockOracle* first_;
  MockOracle* second_;
  std::unique_ptr<CompositeOracle> oracle_;
};

TEST_F(CompositeOracleTest, TheFirstAnswerIsTheAnswer) {
  EXPECT_CALL(*first_, Ask(Asks(2))).WillOnce(Return(ByMove(Runs("x"))));
  EXPECT_CALL(*second_, Ask(_)).Times(0);
  EXPECT_EQ(Say(*oracle_, {kA, 2}), "x");
}

TEST_F(CompositeOracleTest, TheNextIsAskedOnlyForWhatIsUntested) {
  const InSequence order;
  EXPECT_CALL(*first_, Ask(Asks(2, true)))
      .WillOnce(Return(ByMove(Error(ErrorCode::kNeedsUntested))));
  EXPECT_CALL(*second_, Ask(Asks(2, true))).WillOnce(Return(ByMove(Runs("y"))));
  EXPECT_EQ(Say(*oracle_, {kA, 2, true}), "y");
}

TEST_F(CompositeOracleTest, OtherErrorsAreTheAnswer) {
  EXPECT_CALL(*first_, Ask(_))
      .WillOnce(Return(ByMove(Error(ErrorCode::kAborted))));
  EXPECT_CALL(*second_, Ask(_)).Times(0);
  EXPECT_EQ(Say(*oracle_, {kA}), "error");
}

TEST_F(CompositeOracleTest, NobodyKnowing) {
  EXPECT_CALL(*first_, Ask(_))
      .WillOnce(Return(ByMove(Error(ErrorCode::kNeedsUntested))));
  EXPECT_CALL(*second_, Ask(_))
      .WillOnce(Return(ByMove(Error(ErrorCode::kNeedsUntested))));
  EXPECT_EQ(Say(*oracle_, {kA}), "untested");
}

TEST_F(CompositeOracleTest, RewindsAll) {
  EXPECT_CALL(*first_, Rewind());
  EXPECT_CALL(*second_, Rewind());
  oracle_->Rewind();
}

/// An oracle in front of a mock.
template <class Front, class... More>
std::pair<std::unique_ptr<Front>, MockOracle*> InFront(const More&... more) {
  auto mock = std::make_unique<MockOracle>();
  MockOracle* borrowed = mock.get();
  return {std::make_unique<Front>(std::move(mock), more...), borrowed};
}

TEST(BudgetedOracleTest, GivesNoMoreRunsThanAreLeft) {
  Budget budget;
  budget.runs = 5;
  auto [oracle, mock] = InFront<BudgetedOracle>(budget);
  EXPECT_CALL(*mock, Ask(Asks(3))).WillOnce(Return(ByMove(Runs("abc"))));
  EXPECT_CALL(*mock, Ask(Asks(2))).WillOnce(Return(ByMove(Runs("d"))));
  EXPECT_CALL(*mock, Ask(Asks(0))).WillOnce(Return(ByMove(Runs("efg"))));
  EXPECT_EQ(Say(*oracle, {kA, 3}), "abc");
  EXPECT_EQ(Say(*oracle, {kB, 3}), "d") << "3 wanted, 2 left";
  EXPECT_EQ(Say(*oracle, {kB, 0}), "e") << "cut to what is left";
  EXPECT_EQ(Say(*oracle, {kB, 1}), "budget");
  EXPECT_EQ(oracle->runs_spent(), 5);
  EXPECT_EQ(oracle->tests_spent(), 2);
}

TEST(BudgetedOracleTest, CountsBuildsAndForgetsThemAtARewind) {
  Budget budget;
  budget.tests = 2;
  auto [oracle, mock] = InFront<BudgetedOracle>(budget);
  EXPECT_CALL(*mock, Ask(_)).WillRepeatedly([](const Question& question) {
    return question.commit == kB ? Error(ErrorCode::kNeedsUntested) : Runs("x");
  });
  EXPECT_CALL(*mock, Rewind());
  EXPECT_EQ(Say(*oracle, {kB}), "untested") << "costs nothing";
  EXPECT_EQ(Say(*oracle, {kA}), "x");
  EXPECT_EQ(Say(*oracle, {kA}), "x") << "the same build";
  EXPECT_EQ(Say(*oracle, {kA, 0, true}), "x");
  EXPECT_EQ(Say(*oracle, {kA, 0, true}), "budget");
  EXPECT_EQ(Say(*oracle, {kA}), "x");
  oracle->Rewind();
  EXPECT_EQ(Say(*oracle, {kA, 0, true}), "x");
}

TEST(CachedOracleTest, AsksOnceForWhatIsGivenTwice) {
  auto [oracle, mock] = InFront<CachedOracle>();
  const InSequence order;
  EXPECT_CALL(*mock, Ask(Asks(3))).WillOnce(Return(ByMove(Runs("abc"))));
  EXPECT_CALL(*mock, Ask(Asks(1))).WillOnce(Return(ByMove(Runs("d"))));
  EXPECT_CALL(*mock, Rewind()).Times(0);
  EXPECT_EQ(Say(*oracle, {kA, 3}), "abc");
  oracle->Rewind();
  EXPECT_EQ(Say(*oracle, {kA, 2}), "ab");
  EXPECT_EQ(Say(*oracle, {kA, 2}), "c");
  EXPECT_EQ(Say(*oracle, {kA, 1}), "d");
  oracle->Rewind();
  EXPECT_EQ(Say(*oracle, {kA, 9}), "abc");
  EXPECT_EQ(Say(*oracle, {kA, 0}), "d");
}

TEST(CachedOracleTest, KeepsBuildsApart) {
  auto [oracle, mock] = InFront<CachedOracle>();
  const InSequence order;
  EXPECT_CALL(*mock, Ask(Asks(2))).WillOnce(Return(ByMove(Runs("ab"))));
  EXPECT_CALL(*mock, Ask(Asks(1))).WillOnce(Return(ByMove(Runs("c"))));
  EXPECT_CALL(*mock, Ask(Asks(1, true))).WillOnce(Return(ByMove(Runs("X"))));
  EXPECT_CALL(*mock, Ask(Asks(1, true))).WillOnce(Return(ByMove(Runs("Y"))));
  EXPECT_EQ(Say(*oracle, {kA, 2}), "ab");
  EXPECT_EQ(Say(*oracle, {kA, 1}), "c");
  EXPECT_EQ(Say(*oracle, {kA, 1, true}), "X");
  oracle->Rewind();
  EXPECT_EQ(Say(*oracle, {kA, 1, true}), "a") << "the first is a build too";
  EXPECT_EQ(Say(*oracle, {kA, 1, true}), "X");
  EXPECT_EQ(Say(*oracle, {kA, 1, true}), "Y");
}

TEST(CachedOracleTest, DoesNotKeepErrors) {
  auto [oracle, mock] = InFront<CachedOracle>();
  EXPECT_CALL(*mock, Ask(_))
      .WillOnce(Return(ByMove(Error(ErrorCode::kNeedsUntested))))
      .WillOnce(Return(ByMove(Runs("a"))));
  EXPECT_EQ(Say(*oracle, {kA}), "untested");
  EXPECT_EQ(Say(*oracle, {kA}), "a");
}

}  // namespace
}  // namespace rebisect
