#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "harness/suite/case/scenario_case.h"
#include "sim/base/check.h"

namespace rebisect::testing_support {

/// A scenario made ready from the fields of its YAML, a line each.
class ScenarioLiteral {
 public:
  explicit ScenarioLiteral(const std::string& fields) {
    std::string text = "scenarios:\n  - name: s\n    about: a test\n";
    for (std::size_t at = 0; at < fields.size();) {
      const std::size_t end = std::min(fields.find('\n', at), fields.size());
      text += "    " + fields.substr(at, end - at) + '\n';
      at = end + 1;
    }
    auto suite =
        ReadSuite("rebisect: suite/1\nabout: tests\n" + text, "t.yaml");
    EXPECT_TRUE(suite.has_value()) << FormatError(suite.error());
    suite_ = *std::move(suite);
    auto made = PrepareScenario(suite_.scenarios[0]);
    EXPECT_TRUE(made.has_value()) << FormatError(made.error());
    case_ = *std::move(made);
  }
  ScenarioLiteral(const ScenarioLiteral&) = delete;
  ScenarioLiteral& operator=(const ScenarioLiteral&) = delete;

  const ScenarioCase& operator*() const { return case_; }
  const ScenarioCase* operator->() const { return &case_; }

  /// The id of the commit that the scenario calls so.
  [[nodiscard]] CommitId Id(const std::string& name) const {
    const auto vertex = case_.graph.FindLabel(name);
    REBISECT_CHECK(vertex.has_value());
    return case_.graph.Id(*vertex);
  }
  [[nodiscard]] std::string Hex(const std::string& name) const {
    return Id(name).Hex();
  }

 private:
  Suite suite_;
  ScenarioCase case_;
};

}  // namespace rebisect::testing_support
