#pragma once

// Sources: audit_doubts.cc, audit_search.cc, audit_tests.cc: a file for each
// kind of check.

#include <set>
#include <string>
#include <vector>

#include "scenarios/audit/audit.h"
#include "scenarios/recording/log_arithmetic.h"
#include "scenarios/recording/recording.h"
#include "scenarios/recording/run_verdict.h"
#include "scenarios/recording/steps.h"

/// The parts of Audit(), each looking at one side of a record. All add to
/// `findings` and change nothing else.
namespace rebisect::audit_checks {

/// Counts, step estimates, jumps that part them.
void Counts(const LogArithmetic& arithmetic, std::vector<Finding>* findings);

/// Order of marks, proposals and tests; commits marked twice.
void Order(const Recording& recording, const RecordedSearch& search,
           std::vector<Finding>* findings);

/// The commit named against the one that the marks imply, signatures, the
/// end itself, lines that nothing explains.
void Ends(const Recording& recording, const RecordedSearch& search,
          std::vector<Finding>* findings);

/// Verdicts against the runs they were made of; few crashes.
void Verdicts(const Recording& recording, const RecordedSearch& search,
              std::vector<Finding>* findings);

/// Verdicts that rest on another title than the start commit's.
void Titles(const Recording& recording, const RecordedSearch& search,
            std::vector<Finding>* findings);

/// The tests of releases before the search against the ends it was given.
void Releases(const Recording& recording, std::vector<Finding>* findings);

/// A last stretch of bad verdicts none of which shows the crash searched for.
void Drift(const Recording& recording, const RecordedSearch& search,
           std::vector<Finding>* findings);

/// How often bad commits crash: seldom, or unlike each other.
void Rates(const Recording& recording, const RecordedSearch& search,
           std::vector<Finding>* findings);

/// Runs that say nothing of the crash.
void Unusable(const Recording& recording, std::vector<Finding>* findings);

/// What is doubtful of the result by what the record says at its end.
void Outcome(const Recording& recording, std::vector<Finding>* findings);

/// Titles, in normal form, known as the crash's own (the start commit's), and
/// those seen beside them on one commit.
struct KnownTitles {
  std::set<std::string> targets;
  std::set<std::string> related;
};
[[nodiscard]] KnownTitles FindKnownTitles(const Recording& recording);

void AddFinding(std::vector<Finding>* findings, Severity severity,
                std::string code, int line, std::string message);

/// The first 12 digits of a full id, other names as they are.
[[nodiscard]] std::string Short(const std::string& commit);

/// "1 of 10 runs", "all runs".
[[nodiscard]] std::string CrashedRuns(const Test& test,
                                      const RunCounts& counts);

}  // namespace rebisect::audit_checks
