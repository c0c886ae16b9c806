#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>

#include "harness/suite/tools/script_session.h"
#include "harness/suite/tools/tool.h"
#include "sim/base/check.h"
#include "sim/base/result.h"

namespace rebisect {
namespace {

namespace fs = std::filesystem;

bool CanBeRun(const std::string& path) {
  std::error_code error;
  return fs::is_regular_file(path, error) && access(path.c_str(), X_OK) == 0;
}

/// The path of a program, as a shell finds it; one that a file names is
/// relative to the file.
Result<std::string> FindProgram(std::string name, const Position& where) {
  std::error_code error;
  if (name.find('/') != std::string::npos && fs::path(name).is_relative()) {
    name = (fs::path(where.file).parent_path() / name).string();
  }
  if (name.find('/') != std::string::npos) {
    if (CanBeRun(name)) {
      return fs::absolute(name, error).lexically_normal().string();
    }
    return Fail(ErrorCode::kNotFound,
                "there is no program " + name + "; name one that can be run",
                where);
  }
  const char* variable = std::getenv("PATH");
  std::string_view folders = variable == nullptr ? "/usr/bin:/bin" : variable;
  while (true) {
    const std::size_t end = folders.find(':');
    std::string path(folders.substr(0, end));
    if (path.empty()) path = ".";
    path += '/';
    path += name;
    if (CanBeRun(path)) return fs::absolute(path, error).string();
    if (end == std::string_view::npos) break;
    folders.remove_prefix(end + 1);
  }
  return Fail(ErrorCode::kNotFound,
              "there is no program '" + name +
                  "' in PATH; install it, or give its path",
              where);
}

/// The first thing in the text that looks like a version: 2.39.5, 6.3.
std::optional<GitVersion> FirstVersion(std::string_view text) {
  const auto is_digit = [&text](std::size_t at) {
    return at < text.size() && text[at] >= '0' && text[at] <= '9';
  };
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (!is_digit(at)) continue;
    std::size_t end = at;
    int dots = 0;
    while (is_digit(end) || (text[end] == '.' && is_digit(end + 1))) {
      dots += text[end] == '.' ? 1 : 0;
      if (++end == text.size()) break;
    }
    if (dots > 0) {
      if (auto version = GitVersion::Parse(text.substr(at, end - at))) {
        return *version;
      }
    }
    at = end;
  }
  return std::nullopt;
}

class ScriptTool : public Tool {
 public:
  explicit ScriptTool(ScriptToolParts parts) : parts_(std::move(parts)) {}

  /// Asks the program for its version. What does not answer has none.
  Result<void> AskVersion() {
    const std::string& script = parts_.spec.scripts->version;
    if (script.empty()) return {};
    ProcessRequest request;
    request.words = {"/bin/sh", "-c", script};
    request.folder = "/";
    request.environment = ScriptEnvironment(parts_);
    request.environment["HOME"] = "/nonexistent";
    request.time_limit_ms = 10'000;
    request.grace_ms = 100;
    request.stop = parts_.stop;
    REBISECT_ASSIGN_OR_RETURN(const auto ran, RunProcess(request));
    if (ran.end == ProcessEnd::kStopped) {
      return Fail(ErrorCode::kAborted, "interrupted");
    }
    version_ = FirstVersion(ran.output);
    return {};
  }

  [[nodiscard]] const ToolSpec& spec() const override { return parts_.spec; }
  [[nodiscard]] const std::optional<GitVersion>& version() const override {
    return version_;
  }
  [[nodiscard]] Result<std::unique_ptr<ToolSession>> Begin(
      const ScenarioCase& scenario, const std::string& folder) const override {
    return std::make_unique<ScriptSession>(parts_, scenario, folder);
  }

 private:
  ScriptToolParts parts_;
  std::optional<GitVersion> version_;
};

}  // namespace

Result<std::unique_ptr<Tool>> MakeScriptTool(ToolSpec spec,
                                             const std::string& program,
                                             std::function<bool()> stop) {
  REBISECT_CHECK(spec.scripts.has_value());
  REBISECT_ASSIGN_OR_RETURN(auto reader, OutcomeReader::Make(spec));
  std::string path;
  const std::string& own = spec.scripts->program;
  if (!program.empty() || !own.empty()) {
    REBISECT_ASSIGN_OR_RETURN(auto found, program.empty()
                                              ? FindProgram(own, spec.where)
                                              : FindProgram(program, {}));
    path = std::move(found);
  }
  const bool stands_in = !program.empty() && !own.empty();
  auto tool = std::make_unique<ScriptTool>(
      ScriptToolParts{std::move(spec), std::move(path), stands_in,
                      std::move(reader), std::move(stop)});
  REBISECT_RETURN_IF_ERROR(tool->AskVersion());
  return tool;
}

}  // namespace rebisect
