// The table of selection policies in scenarios/experiments/README.md says what
// their entries say.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "harness/search/selection_policies.h"

namespace rebisect {
namespace {

std::vector<std::string> LinesOfDocument() {
  std::ifstream in(REBISECT_EXPERIMENTS_DIR "/README.md");
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

/// What stands between backquotes in the first cells of the table.
std::vector<std::string> FirstCells() {
  const auto lines = LinesOfDocument();
  auto line =
      std::find(lines.begin(), lines.end(), "| policy | what is tested next |");
  std::vector<std::string> cells;
  for (; line != lines.end() && !line->empty(); ++line) {
    if (!line->starts_with("| `")) continue;
    cells.push_back(line->substr(3, line->find('`', 3) - 3));
  }
  return cells;
}

bool Takes(const PolicyInfo& policy, const ParameterInfo& parameter) {
  return std::any_of(
      policy.parameters.begin(), policy.parameters.end(),
      [&](const ParameterInfo& one) { return one.name == parameter.name; });
}

/// The policy with its parameters, but for those that are told below the table.
std::string CellOf(const PolicyInfo& policy) {
  std::vector<ParameterInfo> shown;
  for (const ParameterInfo& parameter : policy.parameters) {
    if (parameter.name == kPriorParameter.name ||
        parameter.name == kObjectiveParameter.name) {
      continue;
    }
    shown.push_back(parameter);
  }
  return UsageOf({policy.name, policy.about, shown});
}

/// "`a`, `b` and `c`".
std::string InWords(const std::vector<std::string_view>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) text += i + 1 == names.size() ? " and " : ", ";
    text.append("`").append(names[i]).append("`");
  }
  return text;
}

bool DocumentSays(const std::string& sentence) {
  std::string text;
  for (const std::string& line : LinesOfDocument()) text += line + ' ';
  return text.find(sentence) != std::string::npos;
}

TEST(SelectionTable, HasEveryPolicyWithItsParametersAndDefaults) {
  std::vector<std::string> expected = {"exec:PROGRAM"};
  for (const PolicyInfo& policy : SelectionPolicies()) {
    expected.push_back(CellOf(policy));
  }
  auto cells = FirstCells();
  std::sort(expected.begin(), expected.end());
  std::sort(cells.begin(), cells.end());
  EXPECT_EQ(cells, expected);
}

TEST(SelectionTable, BeginsWithThoseThatAreTrees) {
  const auto cells = FirstCells();
  std::size_t trees = 0;
  for (const std::string& cell : cells) {
    const PolicySpec spec{cell.substr(0, cell.find(':')), {}, {}, {}};
    if (!IsDecisionTree(spec)) break;
    ++trees;
  }
  for (const PolicyInfo& policy : SelectionPolicies()) {
    const auto row = std::find(cells.begin(), cells.end(), CellOf(policy));
    EXPECT_EQ(static_cast<std::size_t>(row - cells.begin()) < trees,
              IsDecisionTree({std::string(policy.name), {}, {}, {}}))
        << policy.name;
  }
  EXPECT_EQ(trees, 5U);
  EXPECT_TRUE(DocumentSays("The first five take every verdict for right"));
}

TEST(SelectionTable, IsFollowedByWhatSeveralTake) {
  std::vector<std::string_view> no_prior;
  std::vector<std::string_view> objective;
  for (const PolicyInfo& policy : SelectionPolicies()) {
    if (!Takes(policy, kPriorParameter)) no_prior.push_back(policy.name);
    if (Takes(policy, kObjectiveParameter)) objective.push_back(policy.name);
  }
  EXPECT_TRUE(
      DocumentSays("All but " + InWords(no_prior) + " take `prior=NAME`"));
  EXPECT_TRUE(
      DocumentSays(InWords(objective) + " take `objective=cost` as well"));
}

}  // namespace
}  // namespace rebisect
