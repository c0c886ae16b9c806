#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/suite/case/scenario_repository.h"
#include "harness/suite/tools/outcome_reader.h"
#include "harness/suite/tools/tool.h"
#include "oracle/process/process.h"

namespace rebisect {

/// What the sessions of a script tool share; it outlives them.
struct ScriptToolParts {
  ToolSpec spec{};
  std::string program{};  ///< a path; empty where the file names none
  /// The program is not the one that the file names, and takes its place in
  /// PATH under that name.
  bool program_stands_in = false;
  OutcomeReader reader;
  std::function<bool()> stop{};
};

/// The environment that every script of a tool gets, but for what belongs to a
/// scenario: nothing of the user's but PATH.
[[nodiscard]] std::map<std::string, std::string> ScriptEnvironment(
    const ScriptToolParts& parts);

/// A tool driven by scripts, in a repository of its own.
class ScriptSession : public ToolSession {
 public:
  /// All is borrowed.
  ScriptSession(const ScriptToolParts& parts, const ScenarioCase& scenario,
                const std::string& folder);

  [[nodiscard]] Result<ToolRun> Search(std::uint32_t search) override;

 private:
  /// A script that ended, or did not.
  struct ScriptRun {
    ProcessResult process{};
    /// What ran on after its end, and has been killed.
    std::vector<std::string> left_running{};
  };

  /// Makes the repository and all around it. Errors: what the system refuses;
  /// what the tool does wrong goes to `trouble`.
  [[nodiscard]] Result<void> Prepare(std::string& trouble);
  [[nodiscard]] Result<void> MakeFolders();
  void MakeEnvironment();
  [[nodiscard]] Result<void> PutAnswers(std::uint32_t search);
  /// `input`: a file; empty: nothing.
  [[nodiscard]] Result<ScriptRun> RunScript(const std::string& script,
                                            double seconds,
                                            const std::string& input = {});
  [[nodiscard]] Result<void> ReadAnswer(const ProcessResult& process,
                                        ToolRun& run);
  [[nodiscard]] Result<void> ReadIds(const ReadOutcome& read, ToolRun& run);
  [[nodiscard]] Result<std::vector<std::string>> Translate(
      const std::vector<std::string>& ids, ToolRun& run);
  [[nodiscard]] Result<void> CleanUp(ToolRun& run);

  const ScriptToolParts& parts_;
  const ScenarioCase& scenario_;
  std::string folder_;
  double limit_seconds_;
  std::string mark_;  ///< in the environment of all that runs here

  int attempt_ = 0;      ///< the repository is made anew when it was spoilt
  bool ready_ = false;   ///< it can be searched
  std::string place_{};  ///< of this attempt
  std::map<std::string, std::string> environment_{};
  std::optional<MadeRepository> repository_{};
};

}  // namespace rebisect
