#include "sim/policies/posterior_selection.h"

#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <utility>

#include "sim/graph/ancestor_cover.h"
#include "sim/policies/bayes_entropy.h"
#include "sim/policies/facf.h"
#include "sim/policies/noisy_binary.h"
#include "sim/policies/pba.h"
#include "tests/sim/policies/posterior_brute_force.h"

namespace rebisect {
namespace {

using testing_support::Dates;
using testing_support::DoneOf;
using testing_support::History;
using testing_support::Known;
using testing_support::kShapes;
using testing_support::LineHistory;
using testing_support::RandomHistory;
using testing_support::Shape;
using testing_support::TestOf;
using testing_support::TestPrng;

using Policies = std::vector<std::unique_ptr<PosteriorSelection>>;

Policies All() {
  Policies policies;
  policies.push_back(
      std::make_unique<BayesEntropySelection>(BayesEntropyOptions{}));
  policies.push_back(std::make_unique<FacfSelection>(FacfOptions{}));
  policies.push_back(
      std::make_unique<NoisyBinarySelection>(NoisyBinaryOptions{}));
  policies.push_back(std::make_unique<PbaSelection>(PbaOptions{}));
  return policies;
}

/// The same to the last bit.
void ExpectSame(const Result<NextStep>& a, const Result<NextStep>& b,
                std::string_view what) {
  ASSERT_TRUE(a.has_value() && b.has_value()) << what;
  ASSERT_EQ(a->index(), b->index()) << what;
  if (const auto* test = std::get_if<TestStep>(&*a)) {
    EXPECT_EQ(test->commits, std::get<TestStep>(*b).commits) << what;
    return;
  }
  const auto& done = std::get<DoneStep>(*a);
  EXPECT_EQ(done.culprit, std::get<DoneStep>(*b).culprit) << what;
  EXPECT_EQ(done.candidates, std::get<DoneStep>(*b).candidates) << what;
  EXPECT_EQ(done.confidence, std::get<DoneStep>(*b).confidence) << what;
}

TEST(PosteriorSelection, AnswersByTheViewAlone) {
  TestPrng prng(41);
  // One policy is asked all along, of changing graphs; the other only once.
  const Policies kept = All();
  for (int round = 0; round < 3; ++round) {
    for (const Shape shape : kShapes) {
      const History history =
          RandomHistory(prng, shape, Dates::kJitter, prng.Between(2, 60));
      Known known;
      for (int step = 0; step < 12; ++step) {
        const Policies fresh = All();
        for (std::size_t i = 0; i < kept.size(); ++i) {
          ExpectSame(kept[i]->Next(known.View(history)),
                     fresh[i]->Next(known.View(history)), kept[i]->Name());
        }
        if (step == 8) known.observations.resize(3);
        if (step == 5) {
          known.skipped.assign(history.size(), 0);
          known.skipped[prng.Below(history.size())] = 1;
        }
        known.observations.push_back(
            {static_cast<Suspect>(prng.Below(history.size())),
             prng.Percent(50)});
      }
    }
  }
}

TEST(PosteriorSelection, StaysFiniteOverThousandsOfVerdicts) {
  const History history = LineHistory(40);
  for (const auto& policy : All()) {
    Known known;
    // First all against commit 10, then more of them against commit 30.
    for (int i = 0; i < 3000; ++i) {
      known.observations.push_back({10, true});
      known.observations.push_back({9, policy->Name() == "facf"});
    }
    for (int i = 0; i < 4000; ++i) {
      known.observations.push_back({30, true});
      known.observations.push_back({29, false});
      if (policy->Name() != "facf") known.observations.push_back({10, false});
    }
    const auto next = policy->Next(known.View(history));
    ASSERT_TRUE(next.has_value()) << policy->Name();
    if (const auto* done = std::get_if<DoneStep>(&*next)) {
      EXPECT_TRUE(std::isfinite(done->confidence)) << policy->Name();
      // noisy-binary has believed the first of them much more.
      EXPECT_EQ(done->culprit,
                Suspect{policy->Name() == "noisy-binary" ? 10U : 30U})
          << policy->Name();
    }
  }
}

TEST(PosteriorSelection, NeverBlamesWhatThePriorRulesOut) {
  const History history = LineHistory(12);
  for (const auto& policy : All()) {
    Known known;
    known.prior.assign(12, 0);
    known.prior[3] = 1;
    known.prior[8] = 1;
    for (int step = 0; step < 200; ++step) {
      const auto next = policy->Next(known.View(history));
      ASSERT_TRUE(next.has_value());
      if (std::holds_alternative<DoneStep>(*next)) break;
      const Suspect test = TestOf(next, "step");
      known.observations.push_back({test, test >= 7});
    }
    const auto done =
        DoneOf(policy->Next(known.View(history)), std::string(policy->Name()));
    EXPECT_EQ(done.culprit, Suspect{8}) << policy->Name();
  }
}

TEST(PosteriorSelection, HasNothingToSayOfAPriorOfZeros) {
  const History history = LineHistory(3);
  for (const auto& policy : All()) {
    Known known;
    known.prior.assign(3, 0);
    const auto done = DoneOf(policy->Next(known.View(history)), "zeros");
    EXPECT_FALSE(done.culprit.has_value());
    EXPECT_EQ(done.confidence, 0) << policy->Name();
  }
}

TEST(PosteriorSelection, EndsWithWhatSkipsKeepTogether) {
  const History history = LineHistory(10);
  for (const auto& policy : All()) {
    Known known;
    known.skipped.assign(10, 0);
    known.skipped[5] = 1;
    known.skipped[6] = 1;
    for (int step = 0; step < 300; ++step) {
      const auto next = policy->Next(known.View(history));
      ASSERT_TRUE(next.has_value());
      if (std::holds_alternative<DoneStep>(*next)) break;
      const Suspect test = TestOf(next, "step");
      EXPECT_EQ(known.skipped[test], 0);
      known.observations.push_back({test, test >= 6});
    }
    const auto done =
        DoneOf(policy->Next(known.View(history)), std::string(policy->Name()));
    EXPECT_FALSE(done.culprit.has_value());
    EXPECT_EQ(done.candidates, (std::vector<Suspect>{5, 6, 7}))
        << policy->Name();
    EXPECT_GE(done.confidence, .95);
  }
}

TEST(PosteriorSelection, SaysWhatIsLeftWhenNothingMayBeTested) {
  const History history = LineHistory(3);
  for (const auto& policy : All()) {
    Known known;
    known.skipped.assign(3, 1);
    const auto done = DoneOf(policy->Next(known.View(history)), "skipped");
    EXPECT_EQ(done.candidates.size(), 3U) << policy->Name();
  }
}

TEST(PosteriorSelection, KeepsToThePathsThatCount) {
  History history = LineHistory(6);
  history.suspects.counted = {1, 0, 1, 0, 0, 1};
  history.suspects.counted_total = 3;
  for (const auto& policy : All()) {
    Known known;
    for (int step = 0; step < 300; ++step) {
      const auto next = policy->Next(known.View(history));
      ASSERT_TRUE(next.has_value());
      if (std::holds_alternative<DoneStep>(*next)) break;
      const Suspect test = TestOf(next, "step");
      EXPECT_TRUE(history.suspects.Counted(test));
      known.observations.push_back({test, test >= 2});
    }
    const auto done = DoneOf(policy->Next(known.View(history)), "counted");
    EXPECT_EQ(done.culprit, Suspect{2}) << policy->Name();
  }
  history.suspects.counted.assign(6, 0);
  history.suspects.counted_total = 0;
  for (const auto& policy : All()) {
    const auto next = policy->Next(Known{}.View(history));
    ASSERT_FALSE(next.has_value());
    EXPECT_EQ(next.error().code, ErrorCode::kNoTestable);
  }
}

/// `wide` merges of the same two lines, each of `wide` commits, and a merge of
/// all those: too many limbs for a cover.
History Fan(std::uint32_t wide) {
  std::vector<testing_support::NumberedCommit> commits(3 * wide + 1);
  for (std::uint32_t i = 0; i < commits.size(); ++i) {
    commits[i].date = 1500000000 + i;
    if (i >= 2 && i < 2 * wide) commits[i].parents = {i - 2};
    if (i >= 2 * wide) commits[i].parents = {2 * wide - 2, 2 * wide - 1};
  }
  commits.back().parents.clear();
  for (std::uint32_t i = 2 * wide; i < 3 * wide; ++i) {
    commits.back().parents.push_back(i);
  }
  return testing_support::HistoryOf(testing_support::ListedGraph(commits));
}

void ExpectSums(const History& history) {
  const auto reached = testing_support::Reached(history.suspects);
  AncestorSums sums(history.suspects);
  EXPECT_TRUE(sums.IsOf(history.suspects));
  std::vector<double> below;
  std::vector<double> above;
  const auto value = [](Suspect s) { return 1. + s; };
  sums.Below(value, below);
  sums.Above(value, above);
  std::vector<Suspect> ancestors;
  for (Suspect v = 0; v < history.size(); ++v) {
    double wanted_below = 0;
    double wanted_above = 0;
    std::size_t count = 0;
    for (Suspect a = 0; a < history.size(); ++a) {
      if (reached[v][a]) wanted_below += value(a);
      if (reached[v][a]) ++count;
      if (reached[a][v]) wanted_above += value(a);
    }
    EXPECT_DOUBLE_EQ(below[v], wanted_below);
    EXPECT_DOUBLE_EQ(above[v], wanted_above);
    sums.FindAncestors(v, ancestors);
    EXPECT_EQ(ancestors.size(), count);
  }
}

TEST(AncestorSums, AreSumsOverAncestorsAndDescendants) {
  TestPrng prng(42);
  for (const Shape shape : kShapes) {
    ExpectSums(RandomHistory(prng, shape, Dates::kJitter, 90));
  }
}

TEST(AncestorSums, DoWithoutACover) {
  const History history = Fan(220);
  ASSERT_FALSE(CoverAncestors(history.suspects, 64 * history.size()));
  ExpectSums(history);
}

}  // namespace
}  // namespace rebisect
