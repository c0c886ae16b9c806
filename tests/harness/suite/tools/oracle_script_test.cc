#include "harness/suite/tools/oracle_script.h"

#include <gtest/gtest.h>

#include "harness/suite/tools/outcome_reader.h"
#include "tests/harness/suite/case/scenario_literal.h"
#include "tests/support/git_command.h"
#include "tests/support/temp_folder.h"

namespace rebisect {
namespace {

using testing_support::GetFile;
using testing_support::PutFile;
using testing_support::RunShell;
using testing_support::ScenarioLiteral;
using testing_support::TempFolder;

/// The script with the answers of a scenario, in a folder.
class OracleScriptTest : public ::testing::Test {
 protected:
  void Put(const ScenarioCase& scenario, std::uint32_t search,
           const std::string& commit_script = "") {
    PutFile(folder_ / "o/test", OracleScript(commit_script));
    PutFile(folder_ / "o/answers", AnswerTable(scenario, search));
    PutFile(folder_ / "o/journal", "");
  }
  int Ask(const std::string& words) {
    return RunShell(folder_.path(), "sh o/test " + words).status;
  }
  std::vector<AskedQuestion> Journal() {
    return ReadJournal(GetFile(folder_ / "o/journal"));
  }

  TempFolder folder_;
};

TEST_F(OracleScriptTest, AnswersByTheTable) {
  const ScenarioLiteral s(
      "graph: a-b-c-d\nbug: c\nbroken: [b]\nanswers: {d: 137}\n"
      "expect: {culprit: c}");
  Put(*s, 0);
  EXPECT_EQ(Ask(s.Hex("a")), 0);
  EXPECT_EQ(Ask(s.Hex("b")), 125);
  EXPECT_EQ(Ask(s.Hex("c")), 1);
  EXPECT_EQ(Ask(s.Hex("d")), 137);
  ASSERT_EQ(Journal().size(), 4U);
  EXPECT_EQ(Journal()[3].commit, s.Hex("d"));
  EXPECT_EQ(Journal()[3].code, 137);
}

TEST_F(OracleScriptTest, IsAsNoisyAsTheScenario) {
  const ScenarioLiteral s(
      "graph: a-b-c\nbug: c\nnoise: {false-bad: .5, false-good: .3, seed: 3}\n"
      "expect: {culprit: c}");
  Put(*s, 4);
  std::set<int> seen;
  for (std::uint32_t visit = 0; visit < kVisitsInTable + 6; ++visit) {
    for (const std::string name : {"a", "c"}) {
      const int code =
          s->CodeAt(*s->graph.FindLabel(name), visit % kVisitsInTable, 4);
      EXPECT_EQ(Ask(s.Hex(name)), code) << name << ' ' << visit;
      seen.insert(code);
    }
  }
  EXPECT_EQ(seen.size(), 2U);
}

TEST_F(OracleScriptTest, EndsTheSearchAtWhatItDoesNotKnow) {
  const ScenarioLiteral s("graph: a-b-c\nbug: c\nexpect: {culprit: c}");
  Put(*s, 0);
  EXPECT_EQ(Ask("0123456789012345678901234567890123456789"), 128);
  EXPECT_EQ(Ask("HEAD~3"), 128);
  EXPECT_EQ(Ask("'.*'"), 128);
  EXPECT_EQ(Ask("'a\nb 0'"), 128);
  EXPECT_EQ(Ask("''"), 128);
  // It is not asked in a repository.
  EXPECT_EQ(Ask(""), 128);
  const auto journal = Journal();
  ASSERT_EQ(journal.size(), 6U);
  EXPECT_EQ(journal[1].commit, "HEAD~3");
  EXPECT_EQ(journal[2].commit, "unreadable");
  EXPECT_EQ(journal[5].commit, "unknown");
}

TEST_F(OracleScriptTest, AsksGitWhatIsCheckedOut) {
  const ScenarioLiteral s("graph: a-b-c\nbug: c\nexpect: {culprit: c}");
  Put(*s, 0);
  const auto written =
      WriteRepository(s->written, folder_ / "r.git", s->layout);
  ASSERT_TRUE(written.has_value()) << FormatError(written.error());
  EXPECT_EQ(RunShell(folder_ / "r.git", "../o/test; sh ../o/test").status, 1);
  PutFile(folder_ / "r.git/BISECT_HEAD", s.Hex("b") + '\n');
  EXPECT_EQ(RunShell(folder_ / "r.git", "sh ../o/test").status, 0);
}

TEST_F(OracleScriptTest, AsksTheToolWhatIsCheckedOut) {
  const ScenarioLiteral s("graph: a-b-c\nbug: c\nexpect: {culprit: c}");
  Put(*s, 0, "# what they call it\ncat here");
  PutFile(folder_ / "here", s.Hex("c"));
  EXPECT_EQ(Ask(""), 1);
  EXPECT_EQ(Journal()[0].commit, s.Hex("c"));
}

TEST(ReadJournal, LeavesOutWhatTheScriptDidNotWrite) {
  const auto journal = ReadJournal("a 0\nb\n c 1\nd 256\ne -1\nf 1x\ng 1");
  ASSERT_EQ(journal.size(), 2U);
  EXPECT_EQ(journal[0].commit, "a");
  EXPECT_EQ(journal[1].commit, "g");
}

ToolSpec SpecWith(std::vector<std::pair<ToolOutcome, std::string>> outcomes,
                  std::string culprit = "") {
  ToolSpec spec;
  spec.where = {"tool.yaml", 3, 1};
  spec.scripts.emplace();
  spec.scripts->outcomes = std::move(outcomes);
  spec.scripts->culprit = std::move(culprit);
  spec.scripts->candidate = "^could be ([0-9a-f]+)$";
  return spec;
}

ReadOutcome Read(const ToolSpec& spec, const std::string& output) {
  const auto reader = OutcomeReader::Make(spec);
  EXPECT_TRUE(reader.has_value()) << FormatError(reader.error());
  return reader->Read(output);
}

TEST(OutcomeReader, TakesTheFirstLineThatTells) {
  const ToolSpec spec = SpecWith(
      {{ToolOutcome::kRefused, "^no"}, {ToolOutcome::kFound, "^(no|bad): "}},
      "^bad: ([0-9a-f]+)");
  const ReadOutcome read =
      Read(spec, "hm\r\nbad: 12\r\nno: 3\nbad: 12\nbad: 4");
  EXPECT_EQ(read.outcome, ToolOutcome::kFound);
  EXPECT_EQ(read.line, "bad: 12");
  EXPECT_EQ(read.culprits, (std::vector<std::string>{"12", "4"}));
  EXPECT_EQ(Read(spec, "no: 1\n").outcome, ToolOutcome::kRefused);
  EXPECT_EQ(Read(spec, "").outcome, std::nullopt);
  EXPECT_EQ(Read(spec, "could be 1\ncould be 2\n").candidates.size(), 2U);
}

TEST(OutcomeReader, StandsGarbage) {
  const ToolSpec spec = SpecWith({{ToolOutcome::kFound, "^bad: "}});
  using namespace std::string_literals;
  EXPECT_EQ(Read(spec, "x\0bad: 1\n\0\nbad: 2\0\n"s).line, "bad: 2 ");
  EXPECT_EQ(Read(spec, std::string(3'000'000, 'x') + "\nbad: 1").line,
            "bad: 1");
  EXPECT_EQ(Read(spec, "bad: " + std::string(9000, 'x')).line.size(),
            OutcomeReader::kMaxLineLength);
  EXPECT_EQ(Read(spec, std::string(100'000, '\n')).outcome, std::nullopt);
}

TEST(OutcomeReader, SaysWhichPatternIsNone) {
  const auto reader =
      OutcomeReader::Make(SpecWith({{ToolOutcome::kFound, "("}}));
  ASSERT_FALSE(reader.has_value());
  EXPECT_EQ(reader.error().code, ErrorCode::kInput);
  EXPECT_EQ(reader.error().where.line, 3);
  EXPECT_NE(reader.error().message.find("'found'"), std::string::npos);
  const auto no_group =
      OutcomeReader::Make(SpecWith({{ToolOutcome::kFound, "a"}}, "^bad"));
  ASSERT_FALSE(no_group.has_value());
  EXPECT_NE(no_group.error().message.find("no group"), std::string::npos);
}

}  // namespace
}  // namespace rebisect
