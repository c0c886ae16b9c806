#pragma once

#include <string_view>

namespace rebisect {

/// The text of scenarios/path_rules.yaml when the program was built.
[[nodiscard]] std::string_view DefaultPathRulesText();

}  // namespace rebisect
