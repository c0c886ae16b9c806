#include "harness/text/progress.h"

#include <array>
#include <cmath>
#include <cstdio>
#include <ostream>
#include <utility>

namespace rebisect {
namespace {

/// "0.4", "1234", "56.7 thousand", "8.9 million".
std::string RateText(double rate) {
  std::array<char, 32> text{};
  if (rate >= 1e6) {
    std::snprintf(text.data(), text.size(), "%.1f million", rate / 1e6);
  } else if (rate >= 1e4) {
    std::snprintf(text.data(), text.size(), "%.1f thousand", rate / 1e3);
  } else {
    std::snprintf(text.data(), text.size(), rate < 10 ? "%.1f" : "%.0f", rate);
  }
  return text.data();
}

constexpr std::chrono::milliseconds kTerminalPause{200};
constexpr std::chrono::milliseconds kTerminalFirst{1'000};
constexpr std::chrono::milliseconds kLogPause{10'000};

}  // namespace

std::string DurationText(double seconds) {
  const auto whole = static_cast<long long>(std::llround(seconds));
  std::array<char, 32> text{};
  if (whole < 60) {
    std::snprintf(text.data(), text.size(), "%llds", whole);
  } else if (whole < 3600) {
    std::snprintf(text.data(), text.size(), "%lldm %02llds", whole / 60,
                  whole % 60);
  } else {
    std::snprintf(text.data(), text.size(), "%lldh %02lldm", whole / 3600,
                  whole % 3600 / 60);
  }
  return text.data();
}

Progress::Progress(std::ostream& errors, bool terminal, std::string unit,
                   std::uint64_t total, std::uint64_t done)
    : errors_(errors),
      terminal_(terminal),
      unit_(std::move(unit)),
      total_(total),
      before_(done),
      begin_(Clock::now()),
      next_(begin_ + (terminal ? kTerminalFirst : kLogPause)) {}

void Progress::Update(std::uint64_t done) {
  const Clock::time_point now = Clock::now();
  if (now < next_) return;
  const double seconds = std::chrono::duration<double>(now - begin_).count();
  next_ = now + (terminal_ ? kTerminalPause : kLogPause);
  if (terminal_) {
    errors_ << "\r\x1b[K" << Text(done, seconds) << std::flush;
  } else {
    errors_ << Text(done, seconds) << std::endl;
  }
  shown_ = true;
}

void Progress::Finish() {
  if (shown_ && terminal_) errors_ << "\r\x1b[K" << std::flush;
  shown_ = false;
}

std::string Progress::Text(std::uint64_t done, double seconds) const {
  const double rate = static_cast<double>(done - before_) / seconds;
  if (total_ == 0) {
    if (done == 0) return unit_ + ", " + DurationText(seconds);
    return std::to_string(done) + ' ' + unit_ + ", " + RateText(rate) +
           " a second";
  }
  const double share = static_cast<double>(done) / static_cast<double>(total_);
  std::array<char, 16> percent{};
  std::snprintf(percent.data(), percent.size(), "%5.1f%%", 100 * share);
  std::string text = percent.data();
  text += ", " + RateText(rate) + ' ' + unit_ + " a second";
  if (rate > 0 && done < total_) {
    text += ", " + DurationText(static_cast<double>(total_ - done) / rate) +
            " left";
  }
  return text;
}

}  // namespace rebisect
