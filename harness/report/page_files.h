#pragma once

#include <string_view>

namespace rebisect {

// The files that a page is made of: those in harness/report/page, and D3. They
// are part of the program.
[[nodiscard]] std::string_view PageSkeleton();  ///< with {{places}}
[[nodiscard]] std::string_view PageStyle();
[[nodiscard]] std::string_view PageScripts();
[[nodiscard]] std::string_view PageD3();

}  // namespace rebisect
