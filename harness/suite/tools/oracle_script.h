#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "harness/suite/case/scenario_case.h"
#include "harness/suite/tools/tool.h"

namespace rebisect {

/// A POSIX shell program that answers for the commit that is checked out, or
/// that its argument names, with its exit code, as `git bisect run` wants it.
/// It reads its answers from the file kAnswersFile and appends a line for each
/// question, `<commit> <code>`, to kJournalFile, both in its own folder.
/// `commit_script` prints the id of what is checked out; empty: what git has
/// for BISECT_HEAD or else HEAD. The program needs no rebisect.
[[nodiscard]] std::string OracleScript(std::string_view commit_script);
inline constexpr std::string_view kAnswersFile = "answers";
inline constexpr std::string_view kJournalFile = "journal";

/// After this many visits of a commit the answers of a noisy test begin anew.
inline constexpr std::uint32_t kVisitsInTable = 64;

/// What the script answers in the `search`-th search: a line a commit, with
/// its id, its code, and `<visit>:<code>` for each visit (from 0) with another
/// one. O(commits), times kVisitsInTable where there is noise.
[[nodiscard]] std::string AnswerTable(const ScenarioCase& scenario,
                                      std::uint32_t search);

/// The journal that a search left. Lines that are none of the script's are
/// left out; so is what comes after kMaxQuestions.
[[nodiscard]] std::vector<AskedQuestion> ReadJournal(std::string_view text);
inline constexpr std::size_t kMaxQuestions = 1'000'000;

}  // namespace rebisect
