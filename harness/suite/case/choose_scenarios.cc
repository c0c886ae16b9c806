#include "harness/suite/case/choose_scenarios.h"

#include <map>
#include <string_view>
#include <utility>

#include "harness/input/inputs.h"
#include "sim/base/result.h"
#include "sim/io/input.h"

namespace rebisect {
namespace {

/// Whether the text fits a pattern in which * stands for anything; one without
/// * may stand anywhere. O(text * pattern).
bool Matches(std::string_view text, std::string_view pattern) {
  if (pattern.find('*') == std::string_view::npos) {
    return text.find(pattern) != std::string_view::npos;
  }
  // The last star met, and where the text went on behind it.
  std::size_t star = std::string_view::npos;
  std::size_t resume = 0;
  std::size_t p = 0;
  std::size_t t = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

}  // namespace

Result<ChosenScenarios> ChooseScenarios(const std::vector<std::string>& paths,
                                        const std::string& filter) {
  REBISECT_ASSIGN_OR_RETURN(const auto files, ExpandInputs(paths));
  ChosenScenarios read;
  std::map<std::string, std::string> file_of;
  for (const std::string& path : files) {
    REBISECT_ASSIGN_OR_RETURN(const auto text, ReadInput(path));
    REBISECT_ASSIGN_OR_RETURN(auto suite, ReadSuite(text, InputName(path)));
    const auto [other, is_new] = file_of.emplace(suite.name, InputName(path));
    if (!is_new) {
      return Fail(ErrorCode::kInput,
                  "the suite '" + suite.name + "' comes from " + other->second +
                      ", too; give one of them another name",
                  {InputName(path), 0, 0});
    }
    read.suites.push_back(std::make_unique<Suite>(std::move(suite)));
    for (const Scenario& scenario : read.suites.back()->scenarios) {
      read.all.push_back(&scenario);
    }
  }
  for (const Scenario* scenario : read.all) {
    if (Matches(scenario->FullName(), filter)) read.chosen.push_back(scenario);
  }
  if (!read.chosen.empty()) return read;
  return Fail(ErrorCode::kUsage,
              "no scenario fits --filter " + filter +
                  "; suite/name is matched, * stands for anything");
}

}  // namespace rebisect
