#include "scenarios/logs/parse_transcript.h"

#include <cstddef>
#include <optional>
#include <utility>

#include "scenarios/logs/git_record.h"
#include "scenarios/logs/git_words.h"
#include "scenarios/logs/text_lines.h"
#include "sim/base/text.h"

namespace rebisect {
namespace {

using std::string_view;

// A prompt with any command behind it ends the output of the command before.
bool IsPrompt(string_view text) {
  return text.substr(0, 2) == "$ " || text == "$";
}

class TranscriptParser {
 public:
  TranscriptParser(const std::string& file, Terms terms)
      : file_(file), record_(file, std::move(terms)) {}

  void Read(const TextLine& line, const TextLine* next);
  Result<Recording> Finish();

 private:
  enum class Mode {
    kPlain,
    kTestOutput,   // below "running ...": what the test prints
    kDescription,  // of the culprit
    kCandidates,   // ids, one a line
    kLogCopy,      // below `git bisect log`
  };

  bool Command(const TextLine& line);
  bool Proposed(const TextLine& line, const TextLine* next);
  bool Ended(const TextLine& line);
  bool Running(const TextLine& line);
  bool ModeLine(const TextLine& line);
  void SetMode(Mode mode);

  std::string file_;
  GitRecord record_;
  Mode mode_ = Mode::kPlain;
  int indent_ = 0;  // of the line that began a description
  int output_lines_ = 0;
  int output_from_ = 0;  // line of the first
};

void TranscriptParser::SetMode(Mode mode) {
  if (output_lines_ > 0) {
    record_.AddRemark(std::to_string(output_lines_) +
                          (output_lines_ == 1 ? " line" : " lines") +
                          " of the test's output left out",
                      output_from_);
    output_lines_ = 0;
  }
  mode_ = mode;
}

bool TranscriptParser::Command(const TextLine& line) {
  const auto command = git_words::FindCommand(line.text);
  if (!command.has_value()) return false;
  // A bare command inside the copy of a log is part of the copy.
  if (mode_ == Mode::kLogCopy && !command->prompt) return false;
  SetMode(Mode::kPlain);
  if (!record_.Command(command->line, line.number)) {
    record_.AddUnknown(line);
    return true;
  }
  const auto words = git_words::CommandWords(command->line);
  if (command->prompt && words.has_value() && !words->empty() &&
      words->front() == "log") {
    SetMode(Mode::kLogCopy);
  }
  return true;
}

bool TranscriptParser::Proposed(const TextLine& line, const TextLine* next) {
  if (record_.AwaitsCommit()) {
    if (const auto commit = git_words::ParseCommitLine(line.text)) {
      record_.CommitLine(*commit, line.number);
      return true;
    }
  }
  if (auto proposal = git_words::ParseBisecting(line.text)) {
    SetMode(Mode::kPlain);
    record_.Bisecting(std::move(*proposal), line.number);
    return true;
  }
  const auto is_full_commit_line = [](string_view text) {
    const auto id = git_words::ParseCommitLine(text);
    return id.has_value() && IsFullId(*id);
  };
  if (next != nullptr && is_full_commit_line(next->text)) {
    if (auto proposal = git_words::ParseLocalizedBisecting(line.text)) {
      SetMode(Mode::kPlain);
      record_.Bisecting(std::move(*proposal), line.number);
      return true;
    }
  }
  if (mode_ == Mode::kPlain && is_full_commit_line(line.text)) {
    record_.CommitLine(*git_words::ParseCommitLine(line.text), line.number);
    return true;
  }
  return false;
}

bool TranscriptParser::Ended(const TextLine& line) {
  if (const auto first = git_words::ParseFirstCommit(line.text)) {
    SetMode(Mode::kDescription);
    indent_ = line.indent;
    record_.SetCulprit(first->commit, line.number);
  } else if (git_words::IsOnlySkipped(line.text)) {
    SetMode(Mode::kPlain);
    record_.OnlySkipped(line.number);
  } else if (git_words::IsCouldBeAnyOf(line.text)) {
    SetMode(Mode::kCandidates);
    record_.OnlySkipped(line.number);
  } else if (git_words::ParseMergeBaseBad(line.text).has_value()) {
    SetMode(Mode::kPlain);
    record_.MergeBaseBad(line.number);
  } else if (git_words::IsFailure(line.text)) {
    SetMode(Mode::kPlain);
    // "bisect run cannot continue any more" follows the end it speaks of.
    if (line.text.find("bisect run cannot continue") != 0) {
      record_.Failed(line.text, line.number);
    }
  } else {
    return false;
  }
  return true;
}

bool TranscriptParser::Running(const TextLine& line) {
  if (line.text.find("running ") != 0) return false;
  SetMode(Mode::kTestOutput);
  return true;
}

// Lines that belong to what a line above began. Commands, proposals and ends
// were looked for before.
bool TranscriptParser::ModeLine(const TextLine& line) {
  switch (mode_) {
    case Mode::kPlain:
      return false;
    case Mode::kTestOutput:
      if (git_words::IsChatter(line.text)) return true;
      if (output_lines_++ == 0) output_from_ = line.number;
      return true;
    case Mode::kDescription:
    case Mode::kLogCopy:
      if (!IsPrompt(line.text)) return true;
      SetMode(Mode::kPlain);
      return true;
    case Mode::kCandidates:
      if (!IsHexId(line.text)) {
        SetMode(Mode::kPlain);
        return false;
      }
      record_.Candidate(line.text);
      return true;
  }
  return false;
}

void TranscriptParser::Read(const TextLine& line, const TextLine* next) {
  if (line.text.empty()) return;
  // The culprit's message may quote a bisection; it is indented.
  const bool quoted_message =
      mode_ == Mode::kDescription && line.indent > indent_;
  if (quoted_message) return;
  if (mode_ == Mode::kLogCopy && !git_words::FindCommand(line.text)) {
    (void)ModeLine(line);
    return;
  }
  if (Command(line)) return;
  if (mode_ == Mode::kLogCopy) return;
  if (Proposed(line, next) || Ended(line) || Running(line)) return;
  if (const auto comment = git_words::ParseLogComment(line.text)) {
    SetMode(Mode::kPlain);
    record_.Comment(*comment, line.number);
    return;
  }
  if (ModeLine(line)) return;
  if (git_words::IsChatter(line.text) || line.text.front() == '#' ||
      git_words::IsCannotBisectMore(line.text)) {
    return;
  }
  if (line.text == "[...]") {
    record_.AddRemark("[...]", line.number);
    return;
  }
  record_.AddUnknown(line);
}

Result<Recording> TranscriptParser::Finish() {
  SetMode(Mode::kPlain);
  if (record_.facts() == 0) {
    return Fail(ErrorCode::kInput,
                "no line of a bisection by git; expected lines such as "
                "\"$ git bisect start\" or \"Bisecting: ... revisions left\"",
                {file_, 1, 1});
  }
  return record_.Finish("transcript");
}

}  // namespace

Result<Recording> ParseTranscript(string_view bytes, const std::string& file) {
  const TextLines lines(bytes,
                        WrapRules{&git_words::MayWrap, &git_words::Begins});
  TranscriptParser parser(file, FindTerms(lines.lines()));
  const auto& all = lines.lines();
  for (std::size_t i = 0; i < all.size(); ++i) {
    parser.Read(all[i], i + 1 < all.size() ? &all[i + 1] : nullptr);
  }
  return parser.Finish();
}

}  // namespace rebisect
