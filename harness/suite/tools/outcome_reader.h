#pragma once

#include <regex.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "scenarios/cases/tool_spec.h"
#include "sim/base/result.h"

namespace rebisect {

/// A POSIX extended regular expression for single lines. May be used by many
/// threads.
class LinePattern {
 public:
  /// `what` names it in the error. Errors: kInput at `where`.
  [[nodiscard]] static Result<LinePattern> Compile(const std::string& text,
                                                   std::string_view what,
                                                   const Position& where);

  [[nodiscard]] bool Matches(const std::string& line) const;
  /// What its first group matched; nothing where that took no part.
  [[nodiscard]] std::optional<std::string> FirstGroup(
      const std::string& line) const;

  [[nodiscard]] bool HasGroup() const { return regex_->re_nsub > 0; }

 private:
  struct Free {
    void operator()(regex_t* regex) const {
      regfree(regex);
      delete regex;
    }
  };
  explicit LinePattern(std::unique_ptr<regex_t, Free> regex)
      : regex_(std::move(regex)) {}

  std::unique_ptr<regex_t, Free> regex_;
};

/// What a tool said.
struct ReadOutcome {
  std::optional<ToolOutcome> outcome{};  ///< nothing told it
  std::string line{};                    ///< the line that told it
  /// What the patterns for the two found, each once, in order.
  std::vector<std::string> culprits{};
  std::vector<std::string> candidates{};
};

/// Reads a tool's output by the patterns of its file.
class OutcomeReader {
 public:
  /// Errors: kInput at the tool file's place for what is no regular
  /// expression, and for one without a group where one is needed.
  [[nodiscard]] static Result<OutcomeReader> Make(const ToolSpec& spec);

  /// The first line that a pattern of an outcome matches tells the outcome;
  /// of several patterns that match it, the first. Lines end with "\n" or
  /// "\r\n"; only the first kMaxLineLength bytes of a line count, and bytes
  /// that are 0 are taken for blanks.
  [[nodiscard]] ReadOutcome Read(std::string_view output) const;
  static constexpr std::size_t kMaxLineLength = 4096;

 private:
  OutcomeReader() = default;

  std::vector<std::pair<ToolOutcome, LinePattern>> outcomes_;
  std::optional<LinePattern> culprit_;
  std::optional<LinePattern> candidate_;
};

}  // namespace rebisect
