#pragma once

#include <array>
#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "oracle/process/line_process.h"
#include "sim/base/result.h"
#include "sim/policies/policy_spec.h"

namespace rebisect {

/// The parameter that says how long a program may take for an answer.
inline constexpr std::string_view kTimeLimitParameter = "timeout-ms";
inline constexpr int kUsualTimeLimitMs = 10000;

inline constexpr std::array kProgramParameters = {
    ParameterInfo{kProgramParameter, "PROGRAM",
                  "the program; 'program=' may be left out"},
    ParameterInfo{kTimeLimitParameter, kUsualTimeLimitMs,
                  "how long it may take for an answer; all other parameters "
                  "are the program's"}};

/// For the entries of policies that are programs.
inline constexpr PolicyInfo kProgramPolicyInfo{
    kProgramPolicy,
    "a program of your own, asked in JSON on its standard input",
    kProgramParameters, true};

/// A policy that is a program: `exec:PROGRAM:NAME=VALUE...`.
struct ProgramSpec {
  /// Searched in PATH unless it holds a slash. No shell, no arguments.
  std::string program{};
  /// What the program is told of: all but the two that are ours.
  std::map<std::string, std::string, std::less<>> parameters{};
  int time_limit_ms = kUsualTimeLimitMs;  ///< of an answer
  Position where{};                       ///< for errors
};

/// Errors: kUsage for a spec without a program, or an impossible time limit.
/// REQUIRES: spec.name is kProgramPolicy.
[[nodiscard]] Result<ProgramSpec> ReadProgramSpec(const PolicySpec& spec);

/// A running policy program and the talk with it: JSON objects, one a line, on
/// its stdin and stdout (scenarios/policies/README.md, "Policies as programs").
///
/// The program is started when it is first needed, once; it runs here, in a
/// process group of its own, with the environment that a command of a search
/// gets (ChildEnvironment()). Its stderr is read away, and the last of it
/// is part of errors. At the end its stdin is closed; if it then does not end
/// by itself within a second it is killed; what it leaves running is killed
/// anyhow, in its group or, as daemons, elsewhere.
///
/// After the first error the program is stopped, and every call has the same
/// error. Calls from several threads wait for each other.
class PolicyProgram {
 public:
  /// No answer may be longer.
  static constexpr std::size_t kMaxLineLength = std::size_t{16} << 20U;

  /// `kind` ("verdict", "select") is part of the handshake. Nothing is started
  /// yet.
  PolicyProgram(ProgramSpec spec, std::string_view kind);
  PolicyProgram(const PolicyProgram&) = delete;
  PolicyProgram& operator=(const PolicyProgram&) = delete;
  ~PolicyProgram();

  /// Asks `question`, an object that gets an `id` here, and returns the
  /// answer, an object with the same id. If `statement` is not null it is sent
  /// first; it has no answer.
  /// Errors (where is that of the spec): kNotFound and kPermission for a
  /// program that cannot be started, kInput for one that ends, answers with
  /// anything else or not in time, kInternal when the system has no processes
  /// to give.
  [[nodiscard]] Result<nlohmann::json> Ask(nlohmann::json question,
                                           const nlohmann::json* statement);

  /// An answer that its reader cannot take: `message` says what is wrong with
  /// it. Returns the error that there was first.
  [[nodiscard]] Error Refuse(const nlohmann::json& answer,
                             const std::string& message);

  /// The error that ended the talk, if one did.
  [[nodiscard]] std::optional<Error> failure() const;

 private:
  [[nodiscard]] Result<void> Start();
  [[nodiscard]] Result<nlohmann::json> Exchange(std::string_view lines);
  [[nodiscard]] Error Stop(ErrorCode code, const std::string& message);
  [[nodiscard]] std::string FaultText();

  ProgramSpec spec_;
  std::string kind_;
  mutable std::mutex mutex_;  ///< of all below
  std::unique_ptr<LineProcess> process_;
  std::size_t questions_ = 0;
  std::optional<Error> failure_;
};

}  // namespace rebisect
