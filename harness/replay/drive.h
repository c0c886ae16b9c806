#pragma once

#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/search/search.h"

namespace rebisect {

/// Markdown where a command offers it.
enum class OutputFormat { kText, kJson, kMarkdown };

/// A simulated `git bisect`: reads commands, one a line (`start`, a term,
/// `skip`, `next`, `terms`, `log`, `replay FILE`, `reset`), and answers each
/// with exactly one line of JSON, or with what git prints. Empty lines and
/// lines that begin with `#` are passed over.
class Drive {
 public:
  Drive(GraphSource& source, const SearchOptions& options, OutputFormat format);

  /// Returns the program's exit code: 0, or 2 when a command could not be
  /// carried out for a reason that git would not have had.
  int Run(std::istream& in, std::ostream& out, std::ostream& errors);

 private:
  struct Words {
    std::string command;
    std::vector<std::string> arguments;
  };

  [[nodiscard]] Result<StepReport> Execute(const Words& words);
  [[nodiscard]] Result<StepReport> ExecuteStart(const Words& words);
  [[nodiscard]] Result<StepReport> ExecuteMark(const Words& words);
  [[nodiscard]] Result<StepReport> ExecuteReplay(const Words& words);
  [[nodiscard]] StepReport ExecuteTerms(const Words& words) const;
  [[nodiscard]] StepReport ExecuteLog() const;
  /// Either the command or git's refusal of it.
  struct StartOrRefusal {
    StartCommand command;
    std::optional<StepReport> refusal;
  };
  [[nodiscard]] StartOrRefusal ReadStart(
      const std::vector<std::string>& arguments) const;
  [[nodiscard]] Result<MarkArgument> ReadArgument(
      const std::string& text) const;
  [[nodiscard]] std::string Json(const std::string& command,
                                 const StepReport& report) const;
  [[nodiscard]] StepReport Standing() const;

  Search search_;
  OutputFormat format_;
  StepReport last_;  ///< where the session stands
  bool failed_ = false;
};

/// "waiting", "testing", "merge-base", "found", "only-skipped", "error".
[[nodiscard]] std::string_view NameOf(SessionState state);

}  // namespace rebisect
