#pragma once

#include <string>

#include "sim/base/printable.h"

namespace rebisect {

/// A value of nlohmann's as the program writes JSON: in one line unless
/// indented; what is no UTF-8 becomes U+FFFD, and what steers a terminal an
/// escape.
template <class Json>
[[nodiscard]] std::string JsonText(const Json& json, int indent = -1) {
  return EscapedJson(
      json.dump(indent, ' ', false, Json::error_handler_t::replace));
}

}  // namespace rebisect
