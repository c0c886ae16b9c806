// What `whatif --model` adds to a record.

#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/harness/graph/line_dag.h"
#include "tests/harness/whatif/whatif_fixture.h"

namespace rebisect {
namespace {

using nlohmann::json;
using testing_support::kCulprit;
using testing_support::LineId;
using testing_support::WhatifTest;

TEST_F(WhatifTest, StandardErrorsAreBinomialAndSharesAddUp) {
  const json policy =
      Whatif(Record({3}), {"--verdict", "threshold:k=2", "--model", "--trials",
                           "250"})["policies"][0];
  const json& model = policy["model"];
  EXPECT_EQ(model["trials"], 250);
  double sum = 0;
  for (const char* name : {"right", "wrong", "undecided"}) {
    const double share = model[name];
    sum += share;
    EXPECT_NEAR(model["standard_errors"][name].get<double>(),
                std::sqrt(share * (1 - share) / 250), 1e-6)
        << name;
  }
  EXPECT_NEAR(sum, 1, 1e-9);
  EXPECT_GT(model["right"], .5);
  for (const json& named : model["culprits"]) {
    const double share = named["share"];
    EXPECT_NEAR(named["standard_error"].get<double>(),
                std::sqrt(share * (1 - share) / 250), 1e-6);
  }
  EXPECT_GT(model["further_tests"], 1);
  EXPECT_NEAR(model["further_runs"].get<double>(),
              10 * model["further_tests"].get<double>(), 1e-3);
}

TEST_F(WhatifTest, TheModelAddsNothingToASearchThatIsAtItsEnd) {
  const json policy = Whatif(Record({}), {"--verdict", "any-crash", "--model",
                                          "--trials", "100"})["policies"][0];
  const json& model = policy["model"];
  EXPECT_EQ(model["further_tests"], 0);
  EXPECT_EQ(model["further_runs"], 0);
  EXPECT_EQ(model["culprits_named"], 1);
  EXPECT_EQ(model["culprits"][0]["commit"], LineId(kCulprit));
  EXPECT_EQ(model["culprits"][0]["share"], 1);
  EXPECT_EQ(policy["record"]["culprit"], LineId(kCulprit));
}

TEST_F(WhatifTest, WithoutModelNothingIsModelled) {
  const json policy =
      Whatif(Record({3}), {"--verdict", "threshold:k=2"})["policies"][0];
  EXPECT_EQ(policy["model"], nullptr);
}

TEST_F(WhatifTest, EqualSeedsGiveEqualBytes) {
  const std::string record = Record({3});
  const auto out = [&](const char* seed, const char* format) {
    return Run(record, {"--verdict", "threshold:k=2", "--retry",
                        "recorded,confirm-last", "--model", "--trials", "60",
                        "--matrix", "--seed", seed, "--format", format})
        .out;
  };
  for (const char* format : {"text", "json"}) {
    EXPECT_EQ(out("5", format), out("5", format));
    EXPECT_NE(out("5", format), out("6", format));
  }
}

TEST_F(WhatifTest, APolicyStandsAloneWhateverStandsBesideIt) {
  const std::string record = Record({3});
  const std::vector<std::string> model{"--model", "--trials", "60"};
  const auto policies = [&](const char* list) {
    std::vector<std::string> options{"--verdict", list};
    options.insert(options.end(), model.begin(), model.end());
    return Whatif(record, options)["policies"];
  };
  EXPECT_EQ(policies("any-crash,threshold:k=2")[1],
            policies("threshold:k=2")[0]);
}

}  // namespace
}  // namespace rebisect
