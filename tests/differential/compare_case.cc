#include "tests/differential/compare_case.h"

#include <filesystem>
#include <map>

#include "tests/differential/git_repository.h"
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

std::string CompareCommand(const ProcessResult& said,
                           const GitRepository& repository,
                           const Result<StepReport>& report,
                           const BisectSession& session) {
  if (!report) return "the session fails: " + FormatError(report.error());
  Differ differ;
  differ.Expect("exit code", std::to_string(said.exit_code),
                std::to_string(report->exit_code));
  differ.Expect("stdout", WithoutDescription(said.out), report->output);
  differ.Expect("stderr", said.err, report->errors);
  differ.Expect("refs/bisect", Join(RefsInForce(repository, session)),
                Join(RefsOf(session)));
  differ.Expect("BISECT_LOG", repository.File("BISECT_LOG").value_or(""),
                session.log());
  const bool proposes = report->state == SessionState::kTesting ||
                        report->state == SessionState::kMergeBase;
  if (proposes) {
    const std::string hex = report->next ? report->next->Hex() : "nothing";
    differ.Expect("BISECT_EXPECTED_REV",
                  repository.File("BISECT_EXPECTED_REV").value_or(""),
                  hex + '\n');
  }
  if (session.started()) {
    differ.Expect("BISECT_HEAD", repository.File("BISECT_HEAD").value_or(""),
                  session.head() ? session.head()->Hex() + '\n' : "");
  }
  return differ.text();
}

}  // namespace

std::optional<Difference> CompareCase(const BisectCase& bisect_case,
                                      const GitBinary& git,
                                      const std::string& folder) {
  const std::string path = folder + "/case.git";
  std::filesystem::remove_all(path);
  GitRepository repository(git.path, path);
  repository.Import(bisect_case.graph, bisect_case.commit_graph);
  CaseSession session(bisect_case, git.version);
  std::vector<std::string> names;
  for (const CommitId& id : session.ids()) names.push_back(id.Hex());
  for (std::size_t i = 0; i < bisect_case.commands.size(); ++i) {
    const CaseCommand& command = bisect_case.commands[i];
    std::vector<std::string> words = {"bisect"};
    if (command.kind == CaseCommand::Kind::kReplay) {
      // Comes up while a case is shrunk: there is nothing to replay.
      if (session.session().log().empty()) return std::nullopt;
      PutFile(repository.Path("replayed.log"),
              repository.File("BISECT_LOG").value_or(""));
      words.insert(words.end(), {"replay", "replayed.log"});
    } else {
      const std::vector<std::string> more = Words(command, names);
      words.insert(words.end(), more.begin(), more.end());
    }
    const ProcessResult said = repository.Run(words);
    const auto report = session.Run(command);
    const std::string text =
        CompareCommand(said, repository, report, session.session());
    if (!text.empty()) return Difference{i, text};
  }
  return std::nullopt;
}

}  // namespace rebisect::testing_support
