#pragma once

#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include "harness/text/rounded.h"
#include "sim/base/verdict.h"

namespace rebisect {

/// What a result's JSON says of a value that may be absent: null without it.
[[nodiscard]] inline nlohmann::ordered_json OrNull(const std::string& text) {
  return text.empty() ? nlohmann::ordered_json(nullptr)
                      : nlohmann::ordered_json(text);
}

template <class T>
[[nodiscard]] nlohmann::ordered_json OrNull(const std::optional<T>& value) {
  return value ? nlohmann::ordered_json(*value)
               : nlohmann::ordered_json(nullptr);
}

[[nodiscard]] inline nlohmann::ordered_json OrNull(
    const std::optional<Verdict>& verdict) {
  return verdict ? nlohmann::ordered_json(ToString(*verdict))
                 : nlohmann::ordered_json(nullptr);
}

[[nodiscard]] inline nlohmann::ordered_json RoundedOrNull(
    const std::optional<double>& value) {
  return value ? nlohmann::ordered_json(Rounded(*value))
               : nlohmann::ordered_json(nullptr);
}

}  // namespace rebisect
