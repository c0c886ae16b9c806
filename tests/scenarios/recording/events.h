#pragma once

#include <variant>
#include <vector>

#include "scenarios/recording/recording.h"

namespace rebisect::testing_support {

/// The events of one type, in their order.
template <class T>
std::vector<T> EventsOf(const Recording& recording) {
  std::vector<T> found;
  for (const Event& event : recording.events) {
    if (const auto* value = std::get_if<T>(&event)) found.push_back(*value);
  }
  return found;
}

}  // namespace rebisect::testing_support
