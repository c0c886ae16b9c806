#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/harness/graph/line_dag.h"
#include "tests/harness/testing/program.h"
#include "tests/support/temp_folder.h"

namespace rebisect {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing_support::JsonLines;
using testing_support::LineDag;
using testing_support::LineId;
using testing_support::ProgramRun;
using testing_support::PutFile;
using testing_support::RunProgram;
using testing_support::TempFolder;

/// `drive` on n1 <- n2 <- ... <- n8; v1.0 is n1, HEAD is n8.
class DriveTest : public ::testing::Test {
 protected:
  DriveTest() { PutFile(folder_ / "line.dag", LineDag(8)); }

  ProgramRun Run(const std::string& commands,
                 std::vector<std::string> options = {}) {
    std::vector<std::string> arguments{"drive", "--dag", folder_ / "line.dag"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    return RunProgram(std::move(arguments), commands);
  }

  /// The answers to commands, one a line.
  std::vector<json> Answers(const std::string& commands) {
    const ProgramRun run = Run(commands);
    EXPECT_EQ(run.exit_code, 0) << run.errors;
    std::vector<json> answers = JsonLines(run.out);
    EXPECT_EQ(static_cast<std::ptrdiff_t>(answers.size()),
              std::count(commands.begin(), commands.end(), '\n'));
    return answers;
  }
  /// The answer to the last command.
  json Answer(const std::string& commands) { return Answers(commands).back(); }

  TempFolder folder_;
};

TEST_F(DriveTest, EveryCommandGivesOneLineWithTheFixedKeys) {
  const std::vector<std::string> kKeys{
      "schema",     "command", "state",    "next",    "revisions_left",
      "steps_left", "culprit", "suspects", "message", "exit_code"};
  const ProgramRun run =
      Run("start\nbad\ngood v1.0\nnext\nterms\nlog\nskip\nnonsense\ngood gone\n"
          "start --frob\nreplay nothing\nreset\nskip\n");
  std::istringstream lines(run.out);
  std::size_t count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    const auto answer = nlohmann::ordered_json::parse(line, nullptr, false);
    ASSERT_TRUE(answer.is_object()) << line;
    std::vector<std::string> keys;
    for (const auto& item : answer.items()) keys.push_back(item.key());
    EXPECT_EQ(keys, kKeys) << line;
    EXPECT_EQ(answer["schema"], "rebisect.drive/1");
  }
  EXPECT_EQ(count, 13U);
  EXPECT_EQ(run.errors, "") << "the answers are on the standard output";
}

TEST_F(DriveTest, FollowsASearchToItsCulprit) {
  const auto answers = Answers("start HEAD v1.0\nbad\ngood\ngood\n");
  EXPECT_EQ(answers[0]["state"], "testing");
  EXPECT_EQ(answers[0]["next"], LineId(4));
  EXPECT_EQ(answers[0]["revisions_left"], 3);
  EXPECT_EQ(answers[0]["steps_left"], 2);
  EXPECT_EQ(answers[0]["culprit"], nullptr);
  EXPECT_EQ(answers[0]["exit_code"], 0);
  EXPECT_THAT(answers[0]["message"].get<std::string>(),
              HasSubstr("Bisecting: 3 revisions left to test after this "
                        "(roughly 2 steps)\n[" +
                        LineId(4) + "]"));
  EXPECT_EQ(answers[1]["next"], LineId(3));
  EXPECT_EQ(answers[2]["state"], "found");
  EXPECT_EQ(answers[2]["culprit"], LineId(4));
  EXPECT_EQ(answers[2]["next"], nullptr);
  EXPECT_EQ(answers[2]["revisions_left"], nullptr);
}

TEST_F(DriveTest, TakesTermsAndSpeaksThem) {
  const auto answers = Answers(
      "start --term-new=broken --term-old fixed HEAD v1.0\nterms --term-new\n"
      "terms --term-good\nterms --term-mid\nbroken\ngood\nfixed\n");
  EXPECT_EQ(answers[0]["next"], LineId(4));
  EXPECT_EQ(answers[1]["message"], "broken");
  EXPECT_EQ(answers[1]["state"], "testing");
  EXPECT_EQ(answers[2]["message"], "fixed");
  EXPECT_EQ(answers[3]["state"], "error");
  EXPECT_EQ(answers[4]["next"], LineId(3));
  EXPECT_EQ(answers[5]["state"], "error");
  EXPECT_NE(answers[5]["exit_code"], 0);
  EXPECT_EQ(answers[6]["culprit"], LineId(4));
}

TEST_F(DriveTest, RefusesTermsThatGitRefuses) {
  for (const char* terms :
       {"--term-new=skip", "--term-new=x --term-old=x", "--term-bad=reset"}) {
    const json answer = Answer("start " + std::string(terms) + " HEAD v1.0\n");
    EXPECT_EQ(answer["state"], "error") << terms;
    EXPECT_NE(answer["exit_code"], 0) << terms;
  }
}

TEST_F(DriveTest, SkipsRangesAndNamesTheSuspectsLeft) {
  const auto answers =
      Answers("start HEAD v1.0\nskip HEAD~7..HEAD~1\nskip HEAD~7..HEAD~1\n");
  EXPECT_EQ(answers.back()["state"], "only-skipped");
  EXPECT_EQ(answers.back()["exit_code"], 2);
  EXPECT_EQ(answers.back()["next"], nullptr);
  EXPECT_EQ(answers.back()["suspects"].size(), 7U);
  EXPECT_NE(std::find(answers.back()["suspects"].begin(),
                      answers.back()["suspects"].end(), json(LineId(8))),
            answers.back()["suspects"].end());
}

TEST_F(DriveTest, TheLogIsGitsAndCanBeReplayed) {
  const ProgramRun run =
      Run("start HEAD v1.0\nbad\ngood\nlog\n", {"--git-version", "2.39.5"});
  const json log = JsonLines(run.out).back();
  const std::string text = log["message"];
  EXPECT_EQ(text, "# bad: [" + LineId(8) + "]\n# good: [" + LineId(1) +
                      "]\ngit bisect start 'HEAD' 'v1.0'\n# bad: [" +
                      LineId(4) + "]\ngit bisect bad " + LineId(4) +
                      "\n# good: [" + LineId(3) + "]\ngit bisect good " +
                      LineId(3) + "\n# first bad commit: [" + LineId(4) + "]");
  PutFile(folder_ / "saved log", text + "\n");
  const auto answers =
      Answers("replay '" + (folder_ / "saved log") + "'\nlog\n");
  EXPECT_EQ(answers[0]["state"], "found");
  EXPECT_EQ(answers[0]["culprit"], LineId(4));
  EXPECT_EQ(JsonLines(Run("replay '" + (folder_ / "saved log") + "'\nlog\n",
                          {"--git-version", "2.39.5"})
                          .out)
                .back()["message"],
            text);
}

TEST_F(DriveTest, AReplayOfAHalfSearchGoesOn) {
  PutFile(folder_ / "log",
          "git bisect start HEAD v1.0\ngit bisect good " + LineId(4) + "\n");
  const auto answers = Answers("replay " + (folder_ / "log") + "\nbad\n");
  EXPECT_EQ(answers[0]["state"], "testing");
  EXPECT_EQ(answers[0]["next"], LineId(6));
  EXPECT_EQ(answers[1]["next"], LineId(5));
}

TEST_F(DriveTest, AReplayTakesLinesThatAreIndented) {
  PutFile(folder_ / "log",
          "  git bisect start 'HEAD' 'v1.0'\r\n\t git-bisect "
          "good " +
              LineId(4) + "\n");
  EXPECT_EQ(Answer("replay " + (folder_ / "log") + '\n')["next"], LineId(6));
}

TEST_F(DriveTest, MarksWithoutAStartLeaveALog) {
  PutFile(folder_ / "log", "git bisect bad " + LineId(8) + '\n');
  const json log = Answer("replay " + (folder_ / "log") + "\nlog\n");
  EXPECT_EQ(log["exit_code"], 0);
  EXPECT_THAT(log["message"].get<std::string>(),
              HasSubstr("git bisect bad " + LineId(8)));
}

TEST_F(DriveTest, RefusesReplaysOfNoLog) {
  PutFile(folder_ / "log", "git bisect start HEAD v1.0\ngit bisect bad 77\n");
  const std::string folder = folder_.path();
  for (const std::string& command :
       {std::string("replay"), std::string("replay a b"),
        "replay " + (folder_ / "gone"), "replay " + folder,
        "replay " + (folder_ / "log"), std::string("replay -")}) {
    const json answer = Answer(command + "\n");
    EXPECT_EQ(answer["state"], "error") << command;
    EXPECT_EQ(answer["exit_code"], 1) << command;
  }
}

TEST_F(DriveTest, NextWithTheBadOnlyWarnsAsGitDoes) {
  const json answer = Answer("start HEAD\nnext\n");
  EXPECT_EQ(answer["state"], "testing");
  EXPECT_EQ(answer["next"], LineId(4));
  EXPECT_THAT(answer["message"].get<std::string>(),
              HasSubstr("warning: bisecting only with a 'bad' commit"));
}

TEST_F(DriveTest, BadRevisionsAreRefusedAndTheSearchStays) {
  const auto answers = Answers(
      "start HEAD v1.0\ngood v9.9\nbad 0123abc\ngood v1.0..HEAD\nnext\n");
  for (const std::size_t i : {1U, 2U, 3U}) {
    EXPECT_EQ(answers[i]["state"], "error");
    EXPECT_EQ(answers[i]["exit_code"], 1);
    EXPECT_THAT(answers[i]["message"].get<std::string>(),
                HasSubstr("Bad rev input"));
  }
  EXPECT_EQ(answers[4]["next"], LineId(4));
  EXPECT_EQ(Answer("start v9.9\n")["exit_code"], 128);
}

TEST_F(DriveTest, CommandsBeforeStartAreRefused) {
  for (const char* command : {"good", "bad HEAD", "skip", "log", "next",
                              "terms", "frob", "start nowhere"}) {
    const json answer = Answer(std::string(command) + "\n");
    EXPECT_EQ(answer["state"], "error") << command;
    EXPECT_NE(answer["exit_code"], 0) << command;
    EXPECT_NE(answer["message"], "") << command;
  }
}

TEST_F(DriveTest, ResetForgetsTheSearch) {
  const auto answers = Answers("start HEAD v1.0\nreset\ngood\nreset\n");
  EXPECT_EQ(answers[1]["state"], "waiting");
  EXPECT_EQ(answers[2]["state"], "error");
  EXPECT_EQ(answers[3]["exit_code"], 0);
}

TEST_F(DriveTest, AnOpenQuoteIsAnErrorOfItsOwnLineOnly) {
  const ProgramRun run = Run("start HEAD v1.0\ngood 'v1.0\nbad\n");
  EXPECT_EQ(run.exit_code, 2);
  const auto answers = JsonLines(run.out);
  ASSERT_EQ(answers.size(), 3U);
  EXPECT_EQ(answers[1]["state"], "error");
  EXPECT_THAT(answers[1]["message"].get<std::string>(), HasSubstr("quote"));
  EXPECT_EQ(answers[2]["next"], LineId(3));
}

TEST_F(DriveTest, WhatADagCannotAnswerIsSaid) {
  const ProgramRun run =
      Run("start HEAD v1.0 -- some/path\nskip HEAD...v1.0\n");
  EXPECT_EQ(run.exit_code, 2);
  const auto answers = JsonLines(run.out);
  ASSERT_EQ(answers.size(), 2U);
  EXPECT_EQ(answers[0]["state"], "error");
  EXPECT_THAT(answers[0]["message"].get<std::string>(), HasSubstr("--repo"));
}

TEST_F(DriveTest, PassesOverEmptyLinesCommentsAndCarriageReturns) {
  const ProgramRun run = Run("\r\n  \n# a comment\n  start HEAD v1.0\r\nbad");
  EXPECT_EQ(run.exit_code, 0);
  const auto answers = JsonLines(run.out);
  ASSERT_EQ(answers.size(), 2U);
  EXPECT_EQ(answers[1]["next"], LineId(3)) << "the last line needs no newline";
}

TEST_F(DriveTest, TextIsWhatGitPrints) {
  const ProgramRun run = Run("start HEAD v1.0\nterms --term-old\nbad\nfrob\n",
                             {"--format", "text"});
  EXPECT_EQ(run.exit_code, 0);
  EXPECT_EQ(run.out,
            "Bisecting: 3 revisions left to test after this (roughly 2 "
            "steps)\n[" +
                LineId(4) +
                "]\ngood\nBisecting: 0 revisions left to test after this "
                "(roughly 1 step)\n[" +
                LineId(3) + "]\n");
  EXPECT_THAT(run.errors, HasSubstr("'bad'/'good' bisect"));
}

TEST_F(DriveTest, TheVersionOfGitDecides) {
  // Up to 1.5.0 git took the first of the best without turning the list.
  const auto first = [&](const char* version) {
    const ProgramRun run = Run("start HEAD v1.0\n", {"--git-version", version});
    EXPECT_EQ(run.exit_code, 0) << run.errors;
    return JsonLines(run.out).at(0)["next"];
  };
  EXPECT_EQ(first("2.39.5"), LineId(4));
  EXPECT_EQ(first("v2.50"), LineId(4));
  EXPECT_EQ(first("1.5.0"), LineId(5));
  const ProgramRun run = Run("start\n", {"--git-version", "two"});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_EQ(run.out, "");
}

}  // namespace
}  // namespace rebisect
