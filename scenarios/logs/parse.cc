#include "scenarios/logs/parse.h"

#include <cstddef>
#include <string>

#include "scenarios/logs/git_words.h"
#include "scenarios/logs/parse_git_log.h"
#include "scenarios/logs/parse_syzkaller.h"
#include "scenarios/logs/parse_transcript.h"
#include "scenarios/logs/text_lines.h"
#include "scenarios/recording/recording_yaml.h"
#include "sim/base/text.h"

namespace rebisect {
namespace {

using std::string_view;

constexpr string_view kExpected =
    "expected a bisection log of syzkaller, the output of `git bisect log`, a "
    "terminal session with `git bisect`, or YAML that begins with "
    "\"rebisect: recording/1\"";

// Cheap test before the lines are taken apart: everything that decides a
// format starts with one of these characters, blanks and quotation aside.
bool MayMatter(string_view text) {
  constexpr string_view kFirst = "#$gtbsBTr[~%/0123456789abcdef";
  if (text.empty()) return false;
  if (kFirst.find(text.front()) != string_view::npos) return true;
  return text.find("git bisect ") != string_view::npos ||
         text.find("git-bisect ") != string_view::npos;
}

struct Seen {
  bool syzkaller = false;
  bool transcript = false;
  bool log = false;
};

void Look(string_view text, Seen* seen) {
  if (!MayMatter(text)) return;
  if (IsSyzkallerLine(text)) {
    seen->syzkaller = true;
  } else if (git_words::ParseBisecting(text).has_value() ||
             git_words::ParseFirstCommit(text).has_value() ||
             git_words::IsOnlySkipped(text) ||
             git_words::ParseMergeBaseBad(text).has_value()) {
    seen->transcript = true;
  } else if (git_words::ParseLogComment(text).has_value()) {
    seen->log = true;
  } else if (const auto command = git_words::FindCommand(text)) {
    if (!git_words::CommandWords(command->line).has_value()) return;
    (command->prompt ? seen->transcript : seen->log) = true;
  }
}

// The first line that is neither blank, a comment nor "---".
string_view FirstYamlLine(string_view bytes) {
  while (!bytes.empty()) {
    const std::size_t end = bytes.find('\n');
    const string_view line = Trim(bytes.substr(0, end));
    if (!line.empty() && line.front() != '#' && line != "---") return line;
    bytes.remove_prefix(end == string_view::npos ? bytes.size() : end + 1);
  }
  return {};
}

bool HasTooManyLines(string_view bytes) {
  std::size_t at = 0;
  for (std::size_t line = 0; line < kMaxRecordLines; ++line) {
    at = bytes.find('\n', at);
    if (at == string_view::npos) return false;
    ++at;
  }
  return at < bytes.size();
}

bool IsBinary(string_view bytes) {
  return bytes.find('\0') != string_view::npos;
}

}  // namespace

std::optional<RecordingFormat> DetectFormat(string_view bytes) {
  (void)StripPrefix(bytes, "\xEF\xBB\xBF", &bytes);
  if (IsBinary(bytes)) return std::nullopt;
  if (FirstYamlLine(bytes).substr(0, 9) == "rebisect:") {
    return RecordingFormat::kYaml;
  }
  Seen seen;
  for (std::size_t at = 0; at < bytes.size() && !seen.syzkaller;) {
    std::size_t end = bytes.find('\n', at);
    if (end == string_view::npos) end = bytes.size();
    Look(Unquote(bytes.substr(at, end - at)), &seen);
    at = end + 1;
  }
  if (seen.syzkaller) return RecordingFormat::kSyzkaller;
  if (seen.transcript) return RecordingFormat::kTranscript;
  if (seen.log) return RecordingFormat::kGitLog;
  return std::nullopt;
}

std::string FileStem(string_view path) {
  const std::size_t slash = path.rfind('/');
  if (slash != string_view::npos) path.remove_prefix(slash + 1);
  constexpr string_view kGz = ".gz";
  if (path.size() > kGz.size() &&
      path.substr(path.size() - kGz.size()) == kGz) {
    path.remove_suffix(kGz.size());
  }
  const std::size_t dot = path.rfind('.');
  if (dot != string_view::npos && dot > 0) path = path.substr(0, dot);
  return std::string(path);
}

Result<Recording> ParseRecording(string_view bytes, const std::string& file) {
  if (Trim(bytes.substr(0, bytes.find('\n'))).empty() &&
      bytes.find_first_not_of(" \t\r\n") == string_view::npos) {
    return Fail(ErrorCode::kInput,
                "the file is empty; " + std::string(kExpected), {file, 1, 1});
  }
  if (HasTooManyLines(bytes)) {
    return Fail(ErrorCode::kInput,
                "a record has at most " + std::to_string(kMaxRecordLines) +
                    " lines; leave out what is none of the bisection's, such "
                    "as the output of builds",
                {file, static_cast<int>(kMaxRecordLines) + 1, 1});
  }
  const auto format = DetectFormat(bytes);
  if (!format.has_value()) {
    const std::string what = IsBinary(bytes)
                                 ? "this is a binary file, no bisection; "
                                 : "no line of a bisection in this file; ";
    return Fail(ErrorCode::kInput, what + std::string(kExpected), {file, 1, 1});
  }
  auto recording = [&]() -> Result<Recording> {
    switch (*format) {
      case RecordingFormat::kSyzkaller:
        return ParseSyzkaller(bytes, file);
      case RecordingFormat::kTranscript:
        return ParseTranscript(bytes, file);
      case RecordingFormat::kYaml:
        return ReadRecordingYaml(bytes, file);
      case RecordingFormat::kGitLog:
        break;
    }
    return ParseGitLog(bytes, file);
  }();
  if (recording.has_value() && recording->name.empty()) {
    recording->name = FileStem(file);
  }
  return recording;
}

}  // namespace rebisect
