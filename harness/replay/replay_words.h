#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "harness/replay/replay_report.h"

namespace rebisect {

/// What the reports for people have to say of a replay, in words.
struct ReplayWords {
  std::string kind{};     ///< of search
  std::string graph{};    ///< where it comes from
  std::string git{};      ///< as which git was chosen, and why
  std::string outcome{};  ///< the ends of record and replay
  std::string steps{};    ///< how many agree
  std::string truth{};    ///< empty: not known
};
[[nodiscard]] ReplayWords WordsOf(const ReplayReport& report);

/// Of a replay that is ReplayResult::inexact.
inline constexpr std::string_view kInexactText =
    "the graph ends before a step did; what lies beyond was taken as not there";

/// "v4.18", "HEAD", "start commit": a test before the search.
[[nodiscard]] std::string NameOfRelease(const ReleaseStep& release);

/// "-", "12", or where the record has another count than the replay, "12!13".
[[nodiscard]] std::string CountText(std::optional<std::int64_t> recorded,
                                    std::optional<std::int64_t> here);

}  // namespace rebisect
