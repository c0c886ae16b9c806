#include "tests/differential/compare_case.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <sstream>

#include <nlohmann/json.hpp>

#include "harness/replay/drive.h"
#include "tests/differential/git_repository.h"
#include "tests/differential/rev_list.h"
#include "tests/support/temp_folder.h"

namespace rebisect::testing_support {
namespace {

/// git's output without the description of the culprit, whatever its form:
/// it begins "commit <id>", right after the line that names the culprit.
std::string WithoutDescription(const std::string& out) {
  const std::string marker = " commit\ncommit ";
  const std::size_t at = out.find(marker);
  if (at == std::string::npos) return out;
  return out.substr(0, at + std::string(" commit\n").size());
}

/// stderr without the advice that every command gives where there are grafts.
std::string WithoutHints(const std::string& errors) {
  std::string text;
  std::istringstream lines(errors);
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("hint: ")) text += line + '\n';
  }
  return text;
}

/// The refs that git would keep for this state.
std::map<std::string, std::string> RefsOf(const BisectSession& session) {
  std::map<std::string, std::string> refs;
  if (session.bad()) refs.emplace(session.term_bad(), session.bad()->Hex());
  for (const CommitId& id : session.goods()) {
    refs.emplace(session.term_good() + '-' + id.Hex(), id.Hex());
  }
  for (const CommitId& id : session.skips()) {
    refs.emplace("skip-" + id.Hex(), id.Hex());
  }
  return refs;
}

/// git's refs that count: a refused `start` may leave others behind, named
/// after terms that are not in force.
std::map<std::string, std::string> RefsInForce(const GitRepository& repository,
                                               const BisectSession& session) {
  std::map<std::string, std::string> refs = repository.BisectRefs();
  std::erase_if(refs, [&](const auto& ref) {
    return ref.first != session.term_bad() &&
           ref.first.rfind(session.term_good() + '-', 0) != 0 &&
           ref.first.rfind("skip-", 0) != 0;
  });
  return refs;
}

std::string Join(const std::map<std::string, std::string>& refs) {
  std::string text;
  for (const auto& [name, hex] : refs) {
    text.append(name).append(" ").append(hex).append("\n");
  }
  return text;
}

/// Gathers what differs after one command.
class Differ {
 public:
  void Expect(const std::string& what, const std::string& git,
              const std::string& here) {
    if (git == here) return;
    text_ += what + ": git\n" + git + "\nhere\n" + here + '\n';
  }
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::string text_;
};

/// What our side answers to a command. What it does not tell is not there.
struct OurAnswer {
  std::optional<std::string> failure{};
  SessionState state = SessionState::kWaiting;
  int exit_code = 0;
  std::string said{};  ///< stdout, then stderr
  std::optional<std::string> errors{};
  std::string next{};
  std::string log{};
  std::optional<std::map<std::string, std::string>> refs{};
  std::optional<std::string> head{};
};

OurAnswer AnswerOf(const Result<StepReport>& report,
                   const BisectSession& session) {
  OurAnswer answer;
  if (!report) {
    answer.failure = FormatError(report.error());
    return answer;
  }
  answer.state = report->state;
  answer.exit_code = report->exit_code;
  answer.said = report->output + report->errors;
  answer.errors = report->errors;
  answer.next = report->next ? report->next->Hex() : "nothing";
  answer.log = session.log();
  answer.refs = RefsOf(session);
  if (session.started()) {
    answer.head = session.head() ? session.head()->Hex() + '\n' : "";
  }
  return answer;
}

/// Our side as the program: `drive` on the repository.
class ProgramSide {
 public:
  ProgramSide(const std::string& repository, const BisectCase& bisect_case,
              const GitVersion& version) {
    GraphOptions graph;
    graph.repositories = {repository};
    auto source = GraphSource::FromOptions(graph);
    if (!source) {
      failure_ = FormatError(source.error());
      return;
    }
    source_ = *std::move(source);
    SearchOptions options;
    options.version = version;
    options.commit_graph = bisect_case.UsesCorrectedDates();
    options.subjects = true;
    drive_.emplace(*source_, options, OutputFormat::kJson);
  }

  OurAnswer Run(const std::vector<std::string>& words) {
    OurAnswer answer;
    if (failure_) {
      answer.failure = failure_;
      return answer;
    }
    const nlohmann::json said = Say(words);
    answer.state = StateOf(said["state"].get<std::string>());
    answer.exit_code = said["exit_code"].get<int>();
    answer.said = said["message"].get<std::string>();
    answer.next =
        said["next"].is_null() ? "nothing" : said["next"].get<std::string>();
    const nlohmann::json log = Say({"log"});
    if (log["exit_code"] == 0) answer.log = log["message"].get<std::string>();
    return answer;
  }

 private:
  nlohmann::json Say(const std::vector<std::string>& words) {
    std::string line;
    for (const std::string& word : words) line += '\'' + word + "' ";
    std::istringstream in(line + '\n');
    std::ostringstream out;
    std::ostringstream errors;
    (void)drive_->Run(in, out, errors);
    return nlohmann::json::parse(out.str());
  }

  static SessionState StateOf(std::string_view name) {
    SessionState state = SessionState::kWaiting;
    while (NameOf(state) != name) {
      state = static_cast<SessionState>(static_cast<int>(state) + 1);
      REBISECT_CHECK(state <= SessionState::kError);
    }
    return state;
  }

  std::optional<std::string> failure_;
  std::unique_ptr<GraphSource> source_;
  std::optional<Drive> drive_;
};

std::string Trimmed(std::string text) {
  while (text.ends_with('\n')) text.pop_back();
  return text;
}

/// One case, command by command.
class CaseComparison {
 public:
  CaseComparison(const BisectCase& bisect_case, const GitBinary& git,
                 const std::string& path)
      : case_(bisect_case),
        repository_(git.path, path),
        session_(bisect_case, git.version),
        names_(RevisionNames(bisect_case, session_.ids())) {
    repository_.Import(bisect_case, session_.ids());
    if (case_.by_program) program_.emplace(path, bisect_case, git.version);
  }

  CaseOutcome Run() {
    for (std::size_t i = 0; i < case_.commands.size(); ++i) {
      const std::optional<std::string> text = Compare(case_.commands[i]);
      if (!text) break;
      ++outcome_.compared;
      if (text->empty()) continue;
      outcome_.difference = Difference{i, *text};
      break;
    }
    return std::move(outcome_);
  }

 private:
  using Kind = CaseCommand::Kind;

  /// What differs; nothing at all for a command that cannot be given here, as
  /// comes up while a case is shrunk.
  std::optional<std::string> Compare(const CaseCommand& command) {
    const BisectSession& session = session_.session();
    std::vector<std::string> words;
    if (command.kind == Kind::kReplay) {
      if (session.log().empty()) return std::nullopt;
      const std::string file = repository_.Path("replayed.log");
      PutFile(file, EditLog(repository_.File("BISECT_LOG").value_or(""),
                            command.edits));
      words = {"replay", file};
    } else if (command.kind == Kind::kRun) {
      if (!Proposes(last_) || !session.bad() || session.goods().empty()) {
        return std::nullopt;
      }
      WriteScript(command);
      // Not executed itself: while another thread starts a process, a script
      // just written may be "text file busy".
      words = {"run", "sh", "./verdict"};
    } else {
      words = Words(command, names_);
    }
    const OurAnswer answer = Ask(command, words);
    words.insert(words.begin(), "bisect");
    const ProcessResult said = repository_.Run(words);
    last_ = answer.state;
    outcome_.states.insert(last_);
    if (answer.said.find(" was both ") != std::string::npos) {
      outcome_.contradiction = true;
    }
    if (last_ == SessionState::kMergeBase) ++outcome_.merge_bases;
    return Differences(command, said, answer);
  }

  OurAnswer Ask(const CaseCommand& command,
                const std::vector<std::string>& words) {
    // The session always goes along: it knows which refs there should be.
    const auto report = session_.Run(command);
    if (!program_) return AnswerOf(report, session_.session());
    if (command.kind != Kind::kRun) return program_->Run(words);
    return RunScript(command);
  }

  OurAnswer RunScript(const CaseCommand& command) {
    const std::vector<CommitId>& ids = session_.ids();
    std::string id = Trimmed(repository_.File("BISECT_HEAD").value_or(""));
    while (true) {
      const auto at =
          std::find_if(ids.begin(), ids.end(),
                       [&](const CommitId& c) { return c.Hex() == id; });
      const int exit_code =
          ScriptExit(command, static_cast<Node>(at - ids.begin()));
      OurAnswer answer =
          program_->Run({exit_code == 125 ? "skip"
                         : exit_code == 0 ? session_.session().term_good()
                                          : session_.session().term_bad()});
      if (answer.failure ||
          !RunGoesOn(answer.state, session_.session().version())) {
        return answer;
      }
      id = answer.next;
    }
  }

  void WriteScript(const CaseCommand& command) {
    std::string verdicts;
    for (std::size_t node = 0; node < session_.ids().size(); ++node) {
      verdicts += session_.ids()[node].Hex() + ' ' +
                  std::to_string(ScriptExit(command, static_cast<Node>(node))) +
                  '\n';
    }
    PutFile(repository_.Path("verdicts"), verdicts);
    PutFile(repository_.Path("verdict"),
            "read -r id <BISECT_HEAD\n"
            "exit \"$(sed -n \"s/^$id //p\" verdicts)\"\n");
  }

  std::string Differences(const CaseCommand& command, const ProcessResult& said,
                          const OurAnswer& answer) {
    if (answer.failure) return "our side fails: " + *answer.failure;
    Differ differ;
    const std::string out = WithoutDescription(said.out);
    if (command.kind != Kind::kRun) {
      differ.Expect("exit code", std::to_string(said.exit_code),
                    std::to_string(answer.exit_code));
      const std::string errors = WithoutHints(said.err);
      const std::string all = out + errors;
      differ.Expect("output", answer.errors ? all : Trimmed(all), answer.said);
      if (answer.errors) differ.Expect("stderr", errors, *answer.errors);
    }
    if (answer.refs) {
      differ.Expect("refs/bisect",
                    Join(RefsInForce(repository_, session_.session())),
                    Join(*answer.refs));
    }
    const std::string log = repository_.File("BISECT_LOG").value_or("");
    differ.Expect("BISECT_LOG", answer.refs ? log : Trimmed(log), answer.log);
    const bool proposes =
        Proposes(answer.state) && command.kind != Kind::kTerms;
    if (proposes) {
      differ.Expect("BISECT_EXPECTED_REV",
                    repository_.File("BISECT_EXPECTED_REV").value_or(""),
                    answer.next + '\n');
    }
    if (answer.head) {
      differ.Expect("BISECT_HEAD", repository_.File("BISECT_HEAD").value_or(""),
                    *answer.head);
    }
    return differ.text();
  }

  const BisectCase& case_;
  GitRepository repository_;
  CaseSession session_;
  std::vector<std::string> names_;
  std::optional<ProgramSide> program_;
  SessionState last_ = SessionState::kWaiting;
  CaseOutcome outcome_;
};

}  // namespace

CaseOutcome CompareCase(const BisectCase& bisect_case, const GitBinary& git,
                        const std::string& folder) {
  if (bisect_case.single_step) {
    GitRepository repository(git.path, folder + "/steps.git");
    std::string text = CompareStep(bisect_case, git.version, repository);
    CaseOutcome outcome;
    outcome.compared = 2;
    if (!text.empty()) outcome.difference = Difference{0, std::move(text)};
    return outcome;
  }
  const std::string path = folder + "/case.git";
  std::filesystem::remove_all(path);
  return CaseComparison(bisect_case, git, path).Run();
}

}  // namespace rebisect::testing_support
