#pragma once

#include <cstdint>
#include <string_view>

namespace rebisect {

/// What git is told of a commit. `kGood` and `kBad` are git's sides (old and
/// new): in a bisection for a fix, kBad means that the crash is gone.
enum class Verdict : std::uint8_t { kGood, kBad, kSkip };

/// "good", "bad", "skip".
[[nodiscard]] constexpr std::string_view ToString(Verdict verdict) {
  switch (verdict) {
    case Verdict::kGood:
      return "good";
    case Verdict::kBad:
      return "bad";
    case Verdict::kSkip:
      return "skip";
  }
  return "";
}

}  // namespace rebisect
