#pragma once

#include <string>
#include <utility>
#include <vector>

#include <tl/expected.hpp>

namespace rebisect {

/// What went wrong, for code that has to act on it. The text is for people.
enum class ErrorCode {
  kUsage,            ///< a command or option that makes no sense as given
  kInput,            ///< a file or stream that does not hold what it should
  kNotFound,         ///< a file, a name or a revision that does not exist
  kMissingObject,    ///< a commit or tree that the repository lacks
  kUnsupported,      ///< understood, but not something rebisect can do
  kPermission,       ///< the operating system refused
  kBoundary,         ///< the graph ends before the question is answered
  kNeedsUntested,    ///< a recording has no answer for the commit asked about
  kOnlySkippedLeft,  ///< every commit that could be tested was skipped
  kNoTestable,       ///< suspects exist, but none touches the paths asked for
  kBudget,           ///< what may be spent is spent
  kAborted,          ///< a test said that the search has to stop
  kInternal,         ///< a programmer's mistake seen at a border
};

/// A place in an input, lines and columns from 1; 0 where there is none.
struct Position {
  std::string file;
  int line = 0;
  int column = 0;

  friend bool operator==(const Position&, const Position&) = default;
};

/// An error as a value. `message` says what and what to do, in one line;
/// `notes` are printed below it, one a line, with their own "note: " or
/// "hint: " in front.
struct Error {
  ErrorCode code = ErrorCode::kInput;
  std::string message;
  Position where{};
  std::vector<std::string> notes{};
};

/// A T, or the reason why there is none. Used for whatever input or
/// environment can cause; a programmer's mistake is a CHECK.
template <class T>
using Result = tl::expected<T, Error>;

/// Shorthand for `return tl::unexpected(Error{...})`.
[[nodiscard]] inline tl::unexpected<Error> Fail(ErrorCode code,
                                                std::string message,
                                                Position where = {}) {
  return tl::unexpected<Error>(
      Error{code, std::move(message), std::move(where), {}});
}

/// The error as `file:line:column: error: message`, then its notes, each on
/// a line of its own, control characters as `?`; no newline at the end.
[[nodiscard]] std::string FormatError(const Error& error);

}  // namespace rebisect

#define REBISECT_JOIN_(a, b) a##b
#define REBISECT_JOIN(a, b) REBISECT_JOIN_(a, b)

/// Ends the function with the error of a Result, if it has one:
///   REBISECT_RETURN_IF_ERROR(WriteHeader(out));
#define REBISECT_RETURN_IF_ERROR(...)                                 \
  REBISECT_RETURN_IF_ERROR_(REBISECT_JOIN(result_of_line_, __LINE__), \
                            __VA_ARGS__)
#define REBISECT_RETURN_IF_ERROR_(name, ...)                             \
  do {                                                                   \
    if (auto&& name = (__VA_ARGS__); !name) {                            \
      return tl::unexpected(std::forward<decltype(name)>(name).error()); \
    }                                                                    \
  } while (false)

/// Declares a variable with the value of a Result, or ends the function with
/// its error. Several statements: not for an `if` without braces.
///   REBISECT_ASSIGN_OR_RETURN(const auto bytes, ReadInput(path));
#define REBISECT_ASSIGN_OR_RETURN(declaration, ...)                    \
  REBISECT_ASSIGN_OR_RETURN_(REBISECT_JOIN(result_of_line_, __LINE__), \
                             declaration, __VA_ARGS__)
#define REBISECT_ASSIGN_OR_RETURN_(name, declaration, ...)   \
  auto name = __VA_ARGS__;                                   \
  if (!name) return tl::unexpected(std::move(name).error()); \
  declaration = *std::move(name)
