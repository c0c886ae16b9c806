#include "tests/examples/parse_hg.h"

#include <optional>
#include <utility>

#include "scenarios/logs/git_words.h"
#include "scenarios/logs/text_lines.h"
#include "sim/base/text.h"

namespace rebisect::examples {
namespace {

using std::string_view;

/// "12:9f3ac1d2b5e0 (...)" -> "9f3ac1d2b5e0": the number holds in one clone.
std::string IdIn(string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == string_view::npos) return {};
  text.remove_prefix(colon + 1);
  return std::string(text.substr(0, text.find(' ')));
}

std::optional<Verdict> VerdictOf(string_view option) {
  if (option == "--good" || option == "-g") return Verdict::kGood;
  if (option == "--bad" || option == "-b") return Verdict::kBad;
  if (option == "--skip" || option == "-s") return Verdict::kSkip;
  return std::nullopt;
}

class HgSession {
 public:
  HgSession() { recording_.events.emplace_back(Start{}); }

  /// "hg bisect --good REV": a mark. False when it is none.
  bool Command(string_view command, int line) {
    const auto words = git_words::ShellWords(command);
    if (!words || words->size() < 3) return false;
    const auto verdict = VerdictOf((*words)[2]);
    if (!verdict) return false;
    Mark mark;
    mark.verdict = *verdict;
    mark.commits.assign(words->begin() + 3, words->end());
    if (mark.commits.empty()) mark.commits = {proposed_};
    mark.line = line;
    recording_.events.emplace_back(std::move(mark));
    return true;
  }

  /// What hg says of a step or of the end. False when it is neither.
  bool Output(string_view text, int line) {
    // No Proposal: hg counts the suspects, not what is left after the test.
    if (StripPrefix(text, "Testing changeset ", &text)) {
      proposed_ = IdIn(text);
      return !proposed_.empty();
    }
    if (text == "The first bad revision is:") {
      recording_.end = {EndKind::kCulprit, "", {}, "", line};
      return true;
    }
    if (recording_.end.kind == EndKind::kCulprit &&
        recording_.end.culprit.empty() &&
        StripPrefix(text, "changeset:", &text)) {
      recording_.end.culprit = IdIn(text);
      return true;
    }
    return false;
  }

  [[nodiscard]] Recording& recording() { return recording_; }

 private:
  Recording recording_{};
  std::string proposed_ = "@";
};

}  // namespace

Result<Recording> ParseHg(string_view bytes, const std::string& file) {
  HgSession session;
  const TextLines lines(bytes, {});
  for (const TextLine& line : lines.lines()) {
    string_view command = line.text;
    (void)StripPrefix(line.text, "$ ", &command);
    if (line.text.empty() || command == "hg bisect --reset") continue;
    const bool known = command.starts_with("hg bisect ")
                           ? session.Command(command, line.number)
                           : session.Output(line.text, line.number);
    if (!known) {
      session.recording().unknown.push_back(
          {line.number, std::string(line.text)});
    }
  }
  if (session.recording().events.size() == 1) {
    return Fail(ErrorCode::kInput,
                "no line of a session with `hg bisect`; expected lines such as "
                "\"$ hg bisect --good 12\"",
                {file, 1, 1});
  }
  session.recording().file = file;
  session.recording().format = "hg";
  return std::move(session.recording());
}

}  // namespace rebisect::examples
