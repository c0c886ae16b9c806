#include "scenarios/logs/parse_syzkaller.h"

#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "scenarios/logs/git_words.h"
#include "scenarios/logs/syzkaller_lines.h"
#include "scenarios/logs/text_lines.h"
#include "sim/base/text.h"

namespace rebisect {
namespace {

using std::string_view;
using syzkaller_lines::IsKnown;
using syzkaller_lines::TestedCommit;

string_view FirstWord(string_view text) {
  return text.substr(0, text.find(' '));
}

class SyzkallerParser {
 public:
  explicit SyzkallerParser(const std::string& file) { recording_.file = file; }

  void Read(const TextLine& line);
  Result<Recording> Finish();

 private:
  enum class Mode {
    kLog,
    kDescription,  // of the culprit, after "is the first bad commit"
    kCandidates,   // ids of commits, one a line
    kReport,       // of the crash, to the end
  };

  bool Opening(string_view text);
  bool Endpoint(string_view text, int line);
  bool Tested(string_view text, int line);
  bool TestDetail(string_view text);
  bool RunOrFailure(string_view text);
  bool Git(string_view text, int line);
  bool GitCommand(string_view text, int line);
  bool Ending(string_view text, int line);
  bool EndingState(string_view text, int line);
  bool SummaryLine(string_view text, int line);
  bool ModeLine(const TextLine& line);
  void Unexplained(const TextLine& line);

  TestPurpose PurposeOf(string_view commit) const;
  void AddRemark(string_view text, int line) {
    recording_.events.emplace_back(Remark{std::string(text), line});
  }
  void SetEnd(EndKind kind, int line) {
    recording_.end.kind = kind;
    recording_.end.line = line;
  }
  void SetCulprit(string_view culprit, int line);
  // The last event is a Bisecting line whose commit is yet to come.
  bool AwaitsCommit() const {
    if (recording_.events.empty()) return false;
    const auto* last = std::get_if<Proposal>(&recording_.events.back());
    return last != nullptr && last->commit.empty();
  }
  Test* test() {
    return test_.has_value() ? &std::get<Test>(recording_.events[*test_])
                             : nullptr;
  }

  Recording recording_;
  Mode mode_ = Mode::kLog;
  int description_indent_ = 0;
  std::optional<std::size_t> test_;  // the event that run lines belong to
  bool failure_text_ = false;        // lines below may be the rest of a failure
  std::optional<TestPurpose> announced_;  // by a line before the test
  std::string announced_commit_;          // where that line names it
  std::string release_;
  bool config_ = false;     // the configuration is being minimised
  bool searching_ = false;  // `git bisect start` was seen
  bool start_tested_ = false;
  int tests_ = 0;
  int facts_ = 0;  // lines of the format that were recognised
};

TestPurpose SyzkallerParser::PurposeOf(string_view commit) const {
  if (announced_.has_value() &&
      (announced_commit_.empty() || announced_commit_ == commit)) {
    return *announced_;
  }
  if (recording_.end.kind != EndKind::kUnfinished) return TestPurpose::kCulprit;
  if (searching_ || recording_.start_commit.empty()) return TestPurpose::kStep;
  if (!start_tested_ && (tests_ == 0 || commit == recording_.start_commit)) {
    return TestPurpose::kStart;
  }
  if (config_ || commit == recording_.start_commit) return TestPurpose::kConfig;
  return TestPurpose::kStep;
}

void SyzkallerParser::SetCulprit(string_view culprit, int line) {
  End& end = recording_.end;
  if (end.kind == EndKind::kCulprit && end.culprit != culprit) {
    recording_.unknown.push_back(
        {line, "another culprit is named: " + std::string(culprit)});
    return;
  }
  const int first_line = end.kind == EndKind::kCulprit ? end.line : line;
  SetEnd(EndKind::kCulprit, first_line);
  end.culprit = culprit;
}

bool SyzkallerParser::Opening(string_view text) {
  string_view rest;
  if (const auto opening = syzkaller_lines::ParseOpening(text)) {
    recording_.kind =
        opening->fix ? RecordingKind::kFix : RecordingKind::kCause;
    recording_.start_commit = opening->commit;
    return true;
  }
  if (StripPrefix(text, "building syzkaller on ", &rest)) {
    recording_.tool_commit = FirstWord(rest);
    return true;
  }
  if (text.starts_with("ensuring issue is reproducible on original commit ")) {
    announced_ = TestPurpose::kStart;
    return true;
  }
  return Contains(text, " starts bisection ") && Contains(text, "m=");
}

bool SyzkallerParser::Endpoint(string_view text, int line) {
  string_view rest;
  if (StripPrefix(text, "testing release ", &rest)) {
    // Two in a row: the first was never tested.
    if (announced_ == TestPurpose::kRelease) {
      AddRemark("testing release " + release_, line);
    }
    release_ = Trim(rest);
    announced_ = TestPurpose::kRelease;
    announced_commit_.clear();
    config_ = false;
    test_.reset();
    return true;
  }
  if (text.starts_with("testing current HEAD ")) {
    announced_ = TestPurpose::kHead;
    announced_commit_.clear();
    config_ = false;
    test_.reset();
    return true;
  }
  if (text.starts_with("checking the merge base ")) {
    announced_ = TestPurpose::kMergeBase;
    announced_commit_ = text.substr(text.rfind(' ') + 1);
    AddRemark(text, line);
    return true;
  }
  // `<sha>/<title> is a merge base[, check if it has the bug]`; titles are
  // not kept.
  const std::size_t slash = text.find('/');
  if (slash != string_view::npos && IsFullId(text.substr(0, slash)) &&
      Contains(text, " is a merge base")) {
    announced_ = TestPurpose::kMergeBase;
    announced_commit_ = text.substr(0, slash);
    AddRemark(std::string(text.substr(0, slash)) + " is a merge base", line);
    return true;
  }
  if (StripPrefix(text, "rewritten commit ", &rest)) {
    AddRemark("rewritten commit " + std::string(FirstWord(rest)) +
                  " reidentified by title",
              line);
    return true;
  }
  return false;
}

bool SyzkallerParser::Tested(string_view text, int line) {
  const std::optional<string_view> commit = TestedCommit(text);
  if (!commit.has_value()) return false;
  Test tested;
  tested.commit = *commit;
  tested.purpose = PurposeOf(*commit);
  if (tested.purpose == TestPurpose::kRelease) tested.release = release_;
  if (tested.purpose == TestPurpose::kStart) start_tested_ = true;
  string_view rest = Trim(text.substr(text.find(*commit) + commit->size()));
  (void)StripPrefix(rest, "with ", &rest);
  tested.compiler = rest;
  tested.line = line;
  announced_.reset();
  announced_commit_.clear();
  ++tests_;
  test_ = recording_.events.size();
  recording_.events.emplace_back(std::move(tested));
  return true;
}

bool SyzkallerParser::TestDetail(string_view text) {
  Test* const tested = test();
  if (tested == nullptr) return false;
  string_view rest;
  if (StripPrefix(text, "compiler: ", &rest)) {
    tested->compiler = Trim(rest);
  } else if (StripPrefix(text, "kernel signature:", &rest)) {
    tested->signature = Trim(rest);
  } else if (text.starts_with("previous signature:")) {
    // The pair form of late 2019 repeats the signature of the test before.
  } else if (text == "reproducer seems to be flaky") {
    tested->flaky = true;
  } else if (text.starts_with("too many neither good nor bad results") ||
             text.starts_with("unable to determine the verdict")) {
    tested->undetermined = text;
  } else if (syzkaller_lines::ParseRepresentative(text, tested)) {
    // Taken.
  } else if (StripPrefix(text, "false negative chance: ", &rest)) {
    tested->false_negative_chance = ToDouble(Trim(rest));
    return tested->false_negative_chance.has_value();
  } else {
    return false;
  }
  return true;
}

bool SyzkallerParser::RunOrFailure(string_view text) {
  Test* const tested = test();
  if (tested == nullptr) return false;
  const auto line = syzkaller_lines::ParseRunLine(text);
  if (line.has_value()) {
    // "all runs" after runs one by one cannot be: keep it as one more run.
    tested->runs_alike = line->all && tested->runs.empty();
    tested->runs.push_back(line->run);
    failure_text_ = line->run.outcome != RunOutcome::kOk &&
                    line->run.outcome != RunOutcome::kCrashed;
    return true;
  }
  auto failure = syzkaller_lines::ParseFailure(text);
  if (!failure) return false;
  tested->runs.push_back(*std::move(failure));
  failure_text_ = true;
  return true;
}

bool SyzkallerParser::GitCommand(string_view text, int line) {
  const auto command = git_words::FindCommand(text);
  if (!command.has_value()) return false;
  const auto words = git_words::CommandWords(command->line);
  if (!words.has_value() || words->empty()) return false;
  const std::string& verb = words->front();
  std::vector<std::string> rest(words->begin() + 1, words->end());
  if (verb == "start") {
    auto start = git_words::ParseStart(rest);
    if (!start.has_value()) return false;
    start->line = line;
    searching_ = true;
    config_ = false;
    recording_.events.emplace_back(std::move(*start));
  } else if (verb == "good" || verb == "bad" || verb == "skip") {
    Mark mark;
    mark.verdict = verb == "good"  ? Verdict::kGood
                   : verb == "bad" ? Verdict::kBad
                                   : Verdict::kSkip;
    mark.commits = std::move(rest);
    mark.line = line;
    searching_ = true;
    recording_.events.emplace_back(std::move(mark));
  } else {
    AddRemark(command->line, line);
  }
  test_.reset();
  return true;
}

bool SyzkallerParser::Git(string_view text, int line) {
  if (GitCommand(text, line)) return true;
  if (auto proposal = git_words::ParseBisecting(text)) {
    proposal->line = line;
    recording_.events.emplace_back(std::move(*proposal));
    test_.reset();
    return true;
  }
  if (const auto commit = git_words::ParseCommitLine(text)) {
    if (AwaitsCommit()) {
      std::get<Proposal>(recording_.events.back()).commit = *commit;
    } else {
      Proposal proposal;
      proposal.commit = *commit;
      proposal.line = line;
      recording_.events.emplace_back(std::move(proposal));
      test_.reset();
    }
    return true;
  }
  if (const auto first = git_words::ParseFirstCommit(text)) {
    SetCulprit(first->commit, line);
    mode_ = Mode::kDescription;
    test_.reset();
    return true;
  }
  if (git_words::IsOnlySkipped(text)) {
    SetEnd(EndKind::kOnlySkippedLeft, line);
    return true;
  }
  if (git_words::IsCouldBeAnyOf(text)) {
    recording_.end.candidates.clear();
    mode_ = Mode::kCandidates;
    return true;
  }
  if (git_words::ParseMergeBaseBad(text).has_value()) {
    SetEnd(EndKind::kMergeBaseBad, line);
    return true;
  }
  if (git_words::IsFailure(text)) {
    SetEnd(EndKind::kError, line);
    recording_.end.message = text;
    return true;
  }
  return git_words::IsCannotBisectMore(text) || git_words::IsChatter(text);
}

bool SyzkallerParser::EndingState(string_view text, int line) {
  const EndKind not_found = recording_.kind == RecordingKind::kFix
                                ? EndKind::kStillOnHead
                                : EndKind::kOldestAlreadyBad;
  if (text.starts_with("the crash is still unfixed") ||
      text.starts_with("the crash still happens on HEAD") ||
      text.starts_with("crash still not fixed on HEAD") ||
      text.starts_with("crash still not fixed or there were")) {
    SetEnd(EndKind::kStillOnHead, line);
  } else if (text.starts_with("crash still not fixed/happens on the oldest")) {
    SetEnd(not_found, line);
  } else if (text.starts_with("the crash already happened on the oldest") ||
             text.starts_with("oldest tested release already had the bug")) {
    SetEnd(EndKind::kOldestAlreadyBad, line);
  } else {
    return false;
  }
  return true;
}

bool SyzkallerParser::Ending(string_view text, int line) {
  string_view rest;
  if (StripPrefix(text, "first bad commit: ", &rest) ||
      StripPrefix(text, "first good commit: ", &rest)) {
    SetCulprit(FirstWord(rest), line);
    return true;
  }
  if (text.starts_with("bisection is inconclusive")) {
    SetEnd(EndKind::kInconclusive, line);
    recording_.end.candidates.clear();
    mode_ = Mode::kCandidates;
    return true;
  }
  if (StripPrefix(text, "error: ", &rest)) {
    SetEnd(EndKind::kError, line);
    recording_.end.message = rest;
    failure_text_ = true;
    return true;
  }
  return EndingState(text, line);
}

bool SyzkallerParser::SummaryLine(string_view text, int line) {
  Summary& summary = recording_.summary;
  string_view rest;
  if (syzkaller_lines::ParseRevisionsTested(text, &summary)) return true;
  if (StripPrefix(text, "culprit signature:", &rest)) {
    summary.culprit_signature = Trim(rest);
  } else if (StripPrefix(text, "parent  signature:", &rest) ||
             StripPrefix(text, "parent signature:", &rest)) {
    summary.parent_signature = Trim(rest);
  } else if (text == "Reproducer flagged being flaky") {
    summary.flaky = true;
  } else if (StripPrefix(text, "reproducer is flaky", &rest)) {
    summary.flaky = true;
    if (StripPrefix(Trim(rest), "(", &rest)) {
      summary.repro_chance = ToDouble(FirstWord(rest));
    }
  } else if (StripPrefix(text, "accumulated error probability: ", &rest)) {
    summary.error_probability = ToDouble(Trim(rest));
  } else if (StripPrefix(text, syzkaller_lines::kCrashPrefix, &rest)) {
    summary.crash = rest;
    mode_ = Mode::kReport;
  } else if (text.starts_with("parent commit ")) {
    AddRemark(text, line);
  } else {
    return false;
  }
  return true;
}

bool SyzkallerParser::ModeLine(const TextLine& line) {
  switch (mode_) {
    case Mode::kLog:
      return false;
    case Mode::kReport:
      return true;
    case Mode::kCandidates:
      if (IsHexId(line.text)) {
        recording_.end.candidates.emplace_back(line.text);
        return true;
      }
      mode_ = Mode::kLog;
      return false;
    case Mode::kDescription:
      if (line.indent <= description_indent_ && IsKnown(line.text)) {
        mode_ = Mode::kLog;
        return false;
      }
      return true;
  }
  return false;
}

void SyzkallerParser::Unexplained(const TextLine& line) {
  if (failure_text_) return;
  Test* const tested = test();
  // From 2018 to 2020 a failed build showed nothing but its error.
  if (tested != nullptr && tested->runs.empty()) {
    tested->runs.push_back(
        Run{RunOutcome::kBuildFailed, std::string(line.text), std::nullopt});
    failure_text_ = true;
    return;
  }
  recording_.unknown.push_back({line.number, std::string(line.whole)});
}

void SyzkallerParser::Read(const TextLine& line) {
  if (line.text.empty() || ModeLine(line)) return;
  const string_view text = line.text;
  const bool failure = failure_text_;
  // Compilers say "error: " too.
  if (failure && text.starts_with("error: ")) return;
  failure_text_ = false;
  bool known = Opening(text) || Tested(text, line.number) ||
               RunOrFailure(text) || TestDetail(text) ||
               Git(text, line.number) || Endpoint(text, line.number) ||
               SummaryLine(text, line.number) || Ending(text, line.number);
  if (!known && text.starts_with("kconfig minimization: ")) {
    config_ = true;
    AddRemark(text, line.number);
    known = true;
  }
  if (!known && syzkaller_lines::IsRemark(text)) {
    if (text.starts_with("check whether we can drop")) config_ = true;
    AddRemark(text, line.number);
    known = true;
  }
  if (!known) known = syzkaller_lines::IsIgnored(text);
  if (known) {
    ++facts_;
    if (mode_ == Mode::kDescription) description_indent_ = line.indent;
    return;
  }
  failure_text_ = failure;
  Unexplained(line);
}

Result<Recording> SyzkallerParser::Finish() {
  if (facts_ == 0) {
    return Fail(ErrorCode::kInput,
                "no line of a bisection by syzkaller; expected lines such as "
                "\"testing commit <id>\" and \"all runs: OK\"",
                {recording_.file, 1, 1});
  }
  // A log that was cut may lack its opening; runs are still of a crash.
  if (recording_.kind == RecordingKind::kMarks) {
    recording_.kind = RecordingKind::kCause;
  }
  recording_.format = "syzkaller";
  return std::move(recording_);
}

}  // namespace

bool IsSyzkallerLine(string_view text) {
  if (syzkaller_lines::ParseOpening(text).has_value()) return true;
  const auto commit = TestedCommit(text);
  return (commit.has_value() && IsFullId(*commit)) ||
         text.starts_with("building syzkaller on ");
}

Result<Recording> ParseSyzkaller(string_view bytes, const std::string& file) {
  const TextLines lines(
      bytes, WrapRules{&syzkaller_lines::MayWrap, &syzkaller_lines::Begins});
  SyzkallerParser parser(file);
  for (const TextLine& line : lines.lines()) parser.Read(line);
  return parser.Finish();
}

}  // namespace rebisect
