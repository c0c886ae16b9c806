#include "oracle/process/exec_protocol.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "oracle/process/environment.h"
#include "sim/base/check.h"
#include "sim/base/result.h"
#include "sim/base/text.h"

namespace rebisect {
namespace {

using nlohmann::json;
using std::string_view;

constexpr string_view kProtocol = "policy/1";

std::string LineOf(const json& object) {
  // Titles of crashes are bytes; what is no UTF-8 becomes U+FFFD.
  return object.dump(-1, ' ', false, json::error_handler_t::replace) + '\n';
}

/// Whether brackets are nested as deep as answers are. Checked first, since
/// what the library makes of a line is worked off level by level on the stack.
bool IsShallow(string_view line) {
  constexpr int kMaxDepth = 32;
  int depth = 0;
  bool in_text = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (in_text && c == '\\') {
      ++i;
    } else if (c == '"') {
      in_text = !in_text;
    } else if (!in_text && (c == '[' || c == '{')) {
      if (++depth > kMaxDepth) return false;
    } else if (!in_text && (c == ']' || c == '}')) {
      --depth;
    }
  }
  return true;
}

/// As much of a line as an error can show.
std::string Shown(string_view line) {
  constexpr std::size_t kMax = 100;
  std::string text = ToUtf8(line.substr(0, kMax));
  for (char& c : text) {
    if ((c >= 0 && c < ' ') || c == '\x7f') c = ' ';
  }
  return "'" + text + (line.size() > kMax ? "...'" : "'");
}

std::string SecondsText(int ms) {
  std::string text = std::to_string(ms / 1000);
  if (ms % 1000 != 0) {
    std::string rest = std::to_string(1000 + ms % 1000).substr(1);
    rest.erase(rest.find_last_not_of('0') + 1);
    text.append(".").append(rest);
  }
  return text + (ms == 1000 ? " second" : " seconds");
}

}  // namespace

Result<ProgramSpec> ReadProgramSpec(const PolicySpec& spec) {
  REBISECT_CHECK(spec.name == kProgramPolicy);
  PolicyParameters params(spec, kProgramPolicyInfo);
  ProgramSpec program;
  program.where = spec.where;
  program.time_limit_ms = params.Int(kTimeLimitParameter, 1, 86400000);
  if (params.error()) return tl::unexpected(*params.error());
  program.parameters = spec.params;
  program.parameters.erase(std::string(kTimeLimitParameter));
  const auto name = program.parameters.find(kProgramParameter);
  if (name == program.parameters.end() || name->second.empty()) {
    return Fail(ErrorCode::kUsage,
                "'exec' names no program; write exec:./PROGRAM", spec.where);
  }
  program.program = name->second;
  program.parameters.erase(name);
  return program;
}

PolicyProgram::PolicyProgram(ProgramSpec spec, string_view kind)
    : spec_(std::move(spec)), kind_(kind) {}

PolicyProgram::~PolicyProgram() = default;

Error PolicyProgram::Stop(ErrorCode code, const std::string& message) {
  if (!failure_) {
    failure_ = Error{code,
                     "the policy program '" + spec_.program + "' " + message,
                     spec_.where,
                     {}};
    if (process_ != nullptr) {
      const std::string complaint = process_->LastErrorLine();
      if (!complaint.empty()) {
        failure_->notes.push_back("note: the last line of its stderr: " +
                                  Shown(complaint));
      }
    }
  }
  process_.reset();
  return *failure_;
}

/// What the process did instead of answering.
std::string PolicyProgram::FaultText() {
  const std::string code = std::to_string(process_->fault_code());
  const std::string asked =
      questions_ == 0 ? "the handshake"
                      : "an answer to question " + std::to_string(questions_);
  switch (process_->fault()) {
    case LineFault::kExited:
      return "ended with exit status " + code + " before " + asked +
             "; it has to go on until its input ends";
    case LineFault::kSignalled:
      return "was ended by signal " + code + " before " + asked;
    case LineFault::kClosed:
      return "closed its output before " + asked +
             "; it has to go on until its input ends";
    case LineFault::kTimedOut:
      return "took more than " + SecondsText(spec_.time_limit_ms) + " for " +
             asked +
             "; let it flush its output after each line, or give a longer "
             "timeout-ms";
    case LineFault::kTooLong:
      return "wrote a line of more than " +
             std::to_string(kMaxLineLength >> 20U) + " MiB; answer in short";
  }
  return "";
}

Result<json> PolicyProgram::Exchange(string_view lines) {
  const auto line = process_->Exchange(lines);
  if (!line) return tl::unexpected(Stop(ErrorCode::kInput, FaultText()));
  json answer = IsShallow(*line) ? json::parse(*line, nullptr, false) : json();
  if (!answer.is_object()) {
    return tl::unexpected(
        Stop(ErrorCode::kInput, "answered " + Shown(*line) +
                                    ", which is no JSON object as answers are; "
                                    "write one object a line on "
                                    "stdout and anything else on stderr"));
  }
  return answer;
}

Result<void> PolicyProgram::Start() {
  LineProcessRequest request;
  request.words = {spec_.program};
  request.environment = ChildEnvironment({}, {});
  request.time_limit_ms = spec_.time_limit_ms;
  request.longest_line = kMaxLineLength;
  int error = 0;
  process_ = LineProcess::Start(request, &error);
  if (process_ == nullptr) {
    const ErrorCode code = error == ENOENT || error == ENOTDIR
                               ? ErrorCode::kNotFound
                           : error == EAGAIN || error == ENOMEM ||
                                   error == EMFILE || error == ENFILE
                               ? ErrorCode::kInternal
                               : ErrorCode::kPermission;
    return tl::unexpected(
        Stop(code,
             std::string("cannot be started: ") + std::strerror(error) +
                 (code == ErrorCode::kNotFound &&
                          spec_.program.find('/') != std::string::npos
                      ? "; is the path right?"
                  : code == ErrorCode::kNotFound
                      ? "; give its path, with a slash for one that is not "
                        "in PATH (./" +
                            spec_.program + ")"
                  : error == ENOEXEC ? "; let it begin with #! and what runs it"
                  : error == EACCES  ? "; make it executable (chmod +x)"
                                     : "")));
  }
  const json handshake = {{"rebisect", kProtocol},
                          {"kind", kind_},
                          {"parameters", spec_.parameters}};
  REBISECT_ASSIGN_OR_RETURN(const auto answer, Exchange(LineOf(handshake)));
  const auto protocol = answer.find("rebisect");
  if (protocol == answer.end() || *protocol != kProtocol) {
    return tl::unexpected(
        Stop(ErrorCode::kInput, "answered the handshake with " +
                                    Shown(answer.dump()) +
                                    R"(; answer {"rebisect": "policy/1"})"));
  }
  return {};
}

Result<json> PolicyProgram::Ask(json question, const json* statement) {
  REBISECT_CHECK(question.is_object());
  const std::lock_guard lock(mutex_);
  if (failure_) return tl::unexpected(*failure_);
  if (process_ == nullptr) {
    REBISECT_RETURN_IF_ERROR(Start());
  }
  const std::size_t id = ++questions_;
  question["id"] = id;
  std::string lines;
  if (statement != nullptr) lines = LineOf(*statement);
  lines += LineOf(question);
  auto answer = Exchange(lines);
  if (!answer) return answer;
  const auto said = answer->find("id");
  if (said == answer->end() || *said != id) {
    return tl::unexpected(Stop(
        ErrorCode::kInput,
        (said == answer->end() ? std::string("gave an answer without an id")
                               : "answered question " + Shown(said->dump())) +
            " when it was asked question " + std::to_string(id) +
            "; give every question one answer, with its id"));
  }
  return answer;
}

Error PolicyProgram::Refuse(const json& answer, const std::string& message) {
  const std::lock_guard lock(mutex_);
  return Stop(
      ErrorCode::kInput,
      "answered " +
          Shown(answer.dump(-1, ' ', false, json::error_handler_t::replace)) +
          ": " + message);
}

std::optional<Error> PolicyProgram::failure() const {
  const std::lock_guard lock(mutex_);
  return failure_;
}

}  // namespace rebisect
