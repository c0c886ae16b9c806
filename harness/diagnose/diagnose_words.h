#pragma once

#include <string>
#include <utility>
#include <vector>

#include "harness/diagnose/diagnose_report.h"

namespace rebisect {

/// What the reports for people have to say of a diagnosis, in words.
struct DiagnosisWords {
  /// Label and text: the graph, the result, where the culprit is, what to do.
  std::vector<std::pair<std::string, std::string>> head{};
  /// What became of the result without the runs that it rests on, the same.
  std::vector<std::pair<std::string, std::string>> carried{};
};
[[nodiscard]] DiagnosisWords WordsOf(const DiagnosisReport& report);

/// "3 commits hold 95.2%: ...".
[[nodiscard]] std::string SetText(const DiagnosisReport& report,
                                  const CredibleSet& set);

/// "3 crashed, 7 OK".
[[nodiscard]] std::string RunsText(const CommitEvidence& commit);

/// A title and both ways to take it, each in a sentence.
struct TitleWords {
  std::string same{};
  std::string if_same{};
  std::string if_other{};
};
[[nodiscard]] TitleWords WordsOf(const DiagnosisReport& report,
                                 const TitleFinding& finding);

/// The commit to test: its label, or "a commit" where it is made up.
[[nodiscard]] std::string NameOf(const DiagnosisReport& report,
                                 const NextTest& test);
/// "in the middle of the 12 of RANGE"; empty where the commit says it all.
[[nodiscard]] std::string PlaceOf(const DiagnosisReport& report,
                                  const NextTest& test);

}  // namespace rebisect
