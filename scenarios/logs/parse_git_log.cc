#include "scenarios/logs/parse_git_log.h"

#include <utility>

#include "scenarios/logs/git_record.h"
#include "scenarios/logs/git_words.h"
#include "scenarios/logs/text_lines.h"

namespace rebisect {
namespace {

void ReadLine(const TextLine& line, GitRecord* record) {
  if (line.text.empty()) return;
  if (const auto comment = git_words::ParseLogComment(line.text)) {
    record->Comment(*comment, line.number);
    return;
  }
  if (line.text.front() == '#') {
    // Whatever else is commented out says nothing to git's replay either:
    // status lines in the language of the user, notes of people.
    if (line.text.find("# only skipped commits left") == 0) {
      record->OnlySkipped(line.number);
    }
    return;
  }
  if (const auto command = git_words::FindCommand(line.text)) {
    if (record->Command(command->line, line.number)) return;
  }
  if (line.text == "[...]") {
    record->AddRemark("[...]", line.number);
    return;
  }
  record->AddUnknown(line);
}

}  // namespace

Result<Recording> ParseGitLog(std::string_view bytes, const std::string& file) {
  const TextLines lines(bytes,
                        WrapRules{&git_words::MayWrap, &git_words::Begins});
  GitRecord record(file, FindTerms(lines.lines()));
  for (const TextLine& line : lines.lines()) ReadLine(line, &record);
  if (record.facts() == 0) {
    return Fail(ErrorCode::kInput,
                "no line of a `git bisect log`; expected lines such as "
                "\"git bisect good <commit>\" or \"# bad: [<commit>] ...\"",
                {file, 1, 1});
  }
  return record.Finish("git-log");
}

}  // namespace rebisect
