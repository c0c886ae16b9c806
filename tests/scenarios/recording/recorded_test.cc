// The recordings that ship, against what is known of them and against the raw
// records where those are at hand.

#include <filesystem>
#include <map>
#include <string>

#include <gtest/gtest.h>

#include "scenarios/audit/audit.h"
#include "scenarios/logs/parse.h"
#include "scenarios/recording/recording_yaml.h"
#include "scenarios/recording/steps.h"
#include "tests/scenarios/recording/shared_files.h"

namespace rebisect {
namespace {

using testing_support::FilesOf;
using testing_support::GetFile;

const std::filesystem::path kRecorded = REBISECT_RECORDED_DIR;

std::map<std::string, Recording> Recorded() {
  std::map<std::string, Recording> recordings;
  for (const auto& path : FilesOf(kRecorded)) {
    if (path.extension() != ".yaml") continue;
    auto recording = ParseRecording(GetFile(path), path.string());
    EXPECT_TRUE(recording.has_value()) << FormatError(recording.error());
    if (recording.has_value()) recordings[path.stem()] = *recording;
  }
  return recordings;
}

TEST(Recorded, FiveRecordingsOf68StepsCloseAndEnd) {
  std::size_t steps = 0;
  std::size_t syzkaller = 0;
  for (const auto& [name, recording] : Recorded()) {
    EXPECT_EQ(recording.name, name);
    EXPECT_TRUE(recording.unknown.empty()) << name;
    if (recording.format != "syzkaller") continue;
    ++syzkaller;
    EXPECT_TRUE(recording.truth.has_value()) << name;
    const AuditReport report = Audit(recording);
    EXPECT_TRUE(report.Holds()) << name;
    EXPECT_EQ(report.chain_closes, true) << name;
    EXPECT_EQ(report.end, EndKind::kCulprit) << name;
    steps += report.steps;
  }
  EXPECT_EQ(syzkaller, 5U);
  EXPECT_EQ(steps, 68U);
}

std::string TitleFindings(const AuditReport& report) {
  std::string text;
  for (const Finding& finding : report.findings) {
    if (finding.code.find("-title") == std::string::npos) continue;
    text += std::string(NameOf(finding.severity)) + " " +
            finding.message.substr(0, finding.message.find(',')) + "\n";
  }
  return text;
}

TEST(Recorded, OtherTitlesAreFoundWhereTheyDecide) {
  const auto recorded = Recorded();
  EXPECT_EQ(TitleFindings(Audit(recorded.at("001_8797c81a33fa4415"))),
            "warning 6e085cbfb0f0: 1 of 10 runs crashed\n"
            "warning 8791585837f6: 2 of 10 runs crashed\n"
            "warning 7b7bd87dbd6a: 1 of 10 runs crashed\n"
            "warning 63d04348371b: 2 of 10 runs crashed\n");
  EXPECT_EQ(TitleFindings(Audit(recorded.at("004_cc113675927a12df"))),
            "warning 73bf1fc58dc4: 1 of 10 runs crashed\n");
  // Two titles of one bug, and one that lost its underscores for a while.
  EXPECT_EQ(TitleFindings(Audit(recorded.at("000_44bcc0d44dc46933"))),
            "note 8fcc4b5923af: all runs crashed\n");
  EXPECT_EQ(TitleFindings(Audit(recorded.at("002_2bc36a9ae601194e"))), "");
  EXPECT_EQ(TitleFindings(Audit(recorded.at("003_9e5a8c403dd9519c"))), "");
}

TEST(Recorded, TheTwoThatAreWrongDriftedToAnotherCrash) {
  std::map<std::string, int> drifted;
  for (const auto& [name, recording] : Recorded()) {
    for (const Finding& finding : Audit(recording).findings) {
      if (finding.code == "drifted") drifted[name] = finding.line;
    }
  }
  EXPECT_EQ(drifted,
            (std::map<std::string, int>{{"001_8797c81a33fa4415", 69},
                                        {"004_cc113675927a12df", 103}}));
}

TEST(Recorded, IsWhatTheParserMakesOfTheRawRecords) {
  REBISECT_SKIP_WITHOUT_SHARED(shared);
  std::size_t compared = 0;
  for (auto& [name, shipped] : Recorded()) {
    for (const auto& raw : {shared / "recordings" / (name + ".txt"),
                            shared / "logs" / "git" / (name + ".log")}) {
      if (!std::filesystem::exists(raw)) continue;
      const auto parsed = ParseRecording(GetFile(raw), raw.string());
      ASSERT_TRUE(parsed.has_value());
      Recording facts = shipped;
      facts.truth.reset();
      EXPECT_TRUE(SameRecording(facts, *parsed)) << name;
      ++compared;
    }
  }
  EXPECT_EQ(compared, 7U);
}

TEST(Recorded, EveryRealRecordIsAudited) {
  REBISECT_SKIP_WITHOUT_SHARED(shared);
  std::size_t audited = 0;
  for (const char* const folder :
       {"recordings", "logs/git", "logs/kernel", "logs/syzkaller"}) {
    for (const auto& path : FilesOf(shared / folder)) {
      const auto parsed = ParseRecording(GetFile(path), path.string());
      ASSERT_TRUE(parsed.has_value()) << FormatError(parsed.error());
      EXPECT_TRUE(Audit(*parsed).Holds()) << path;
      EXPECT_LE(parsed->unknown.size(), 1U) << path;
      ++audited;
    }
  }
  EXPECT_GE(audited, 39U);
}

}  // namespace
}  // namespace rebisect
