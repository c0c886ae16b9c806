#pragma once

#include <memory>
#include <string>
#include <vector>

#include "scenarios/cases/scenario.h"
#include "sim/base/result.h"

namespace rebisect {

/// Suites that were read, and those of their scenarios that are wanted.
struct ChosenScenarios {
  std::vector<std::unique_ptr<Suite>> suites{};
  std::vector<const Scenario*> all{};
  std::vector<const Scenario*> chosen{};
};

/// Reads suites, or folders of them. `filter` is matched with suite/name: with
/// * for anything, or, where it has none, anywhere in it.
/// Errors: those of the files; kInput for two suites of one name; kUsage when
/// nothing fits the filter.
[[nodiscard]] Result<ChosenScenarios> ChooseScenarios(
    const std::vector<std::string>& paths, const std::string& filter);

}  // namespace rebisect
