#include "oracle/verdict/exec_verdict.h"

#include <sys/stat.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "oracle/process/exec_protocol.h"
#include "tests/support/temp_folder.h"

namespace rebisect {
namespace {

using ::testing::HasSubstr;
using testing_support::GetFile;
using testing_support::PutFile;
using testing_support::TempFolder;

constexpr const char* kHello =
    "read hello; echo '{\"rebisect\":\"policy/1\"}'\n";

bool HavePython() { return std::system("python3 -c '' 2>/dev/null") == 0; }

/// A policy that is a shell script.
class Script {
 public:
  explicit Script(const std::string& lines, bool greets = true)
      : path_(folder_ / "policy") {
    PutFile(path_, "#!/bin/sh\n" + std::string(greets ? kHello : "") + lines);
    EXPECT_EQ(chmod(path_.c_str(), 0755), 0);
  }

  [[nodiscard]] std::unique_ptr<VerdictPolicy> Policy(
      const std::string& parameters = "") const {
    auto policy =
        MakeVerdictPolicy("exec:" + path_ + parameters, {"--verdict", 1, 1});
    EXPECT_TRUE(policy.has_value()) << FormatError(policy.error());
    return *std::move(policy);
  }

  [[nodiscard]] std::string operator/(const char* name) const {
    return folder_ / name;
  }

 private:
  TempFolder folder_;
  std::string path_;
};

rebisect::Test OneTest(int crashed = 1, int ok = 1) {
  rebisect::Test test;
  test.commit = "c";
  test.runs.resize(static_cast<std::size_t>(crashed),
                   rebisect::Run{RunOutcome::kCrashed, "WARNING in foo", {}});
  test.runs.resize(static_cast<std::size_t>(crashed + ok));
  return test;
}

/// The error of a policy that fails with its first question.
Error FailureOf(const Script& script, const std::string& parameters = "") {
  const auto policy = script.Policy(parameters);
  EXPECT_FALSE(policy->Failure().has_value()) << "nothing has happened yet";
  const Ruling ruling = policy->Decide(OneTest(), {});
  EXPECT_EQ(ruling.kind, RulingKind::kAbort);
  const auto failure = policy->Failure();
  EXPECT_TRUE(failure.has_value());
  EXPECT_EQ(policy->Decide(OneTest(), {}).kind, RulingKind::kAbort);
  EXPECT_EQ(FormatError(*policy->Failure()), FormatError(*failure))
      << "the first error stays";
  return failure.value_or(Error{});
}

TEST(ExecVerdictTest, AsksInLinesAndTakesTheAnswers) {
  const Script script(
      "read -r q; echo \"$q\" > \"$(dirname \"$0\")/question\"\n"
      "echo '{\"id\":1,\"verdict\":\"bad\",\"reason\":\"as I say\","
      "\"confidence\":0.75}'\n"
      "read q; echo '{\"id\": 2, \"verdict\": \"more-runs\", \"runs\": 4}'\n"
      "cat > /dev/null; echo ended > \"$(dirname \"$0\")/end\"\n");
  {
    const auto policy = script.Policy(":k=2:timeout-ms=9000");
    VerdictHistory history;
    history.original_titles = {"A \xff \"b\""};
    const Ruling ruling = policy->Decide(OneTest(), history);
    EXPECT_EQ(ruling.kind, RulingKind::kBad);
    EXPECT_EQ(ruling.reason, "1 of 2 runs crashed, 1 passed; as I say");
    EXPECT_EQ(ruling.confidence, 0.75);
    EXPECT_EQ(ruling.runs_used, 2);
    EXPECT_EQ(
        GetFile(script / "question"),
        "{\"commit\":\"c\",\"history\":{\"crash_chance\":null,\"flaky\":false,"
        "\"original_titles\":[\"A \xef\xbf\xbd \\\"b\\\"\"],"
        "\"related_titles\":[]},\"id\":1,\"purpose\":\"step\","
        "\"release\":null,\"runs\":[{\"outcome\":\"crashed\",\"title\":"
        "\"WARNING in foo\"},{\"outcome\":\"ok\"}],\"runs_alike\":false,"
        "\"signature\":null}\n");
    const Ruling more = policy->Decide(OneTest(), history);
    EXPECT_EQ(more.kind, RulingKind::kMoreRuns);
    EXPECT_EQ(more.runs_wanted, 4);
    EXPECT_FALSE(policy->Failure().has_value());
    EXPECT_EQ(GetFile(script / "end"), "");
  }
  EXPECT_EQ(GetFile(script / "end"), "ended\n") << "it sees the end of input";
}

TEST(ExecVerdictTest, TheHandshakeHasTheParameters) {
  const Script script(
      "read h; echo \"$h\" > \"$(dirname \"$0\")/hello\"; echo '{}'\n", false);
  const Error error = FailureOf(script, ":k=2:timeout-ms=9000:a=b");
  EXPECT_THAT(error.message, HasSubstr("answered the handshake with '{}'"));
  EXPECT_EQ(GetFile(script / "hello"),
            "{\"kind\":\"verdict\",\"parameters\":{\"a\":\"b\",\"k\":\"2\"},"
            "\"rebisect\":\"policy/1\"}\n");
}

TEST(ExecVerdictTest, WrongAnswersAreErrors) {
  const struct {
    const char* answer;
    const char* message;
  } cases[] = {
      {"bad", "answered 'bad', which is no JSON object"},
      {"[1]", "which is no JSON object"},
      {"{\"id\":1,", "which is no JSON object"},
      {"", "answered '', which is no JSON object"},
      {"{\"verdict\":\"bad\"}", "gave an answer without an id"},
      {"{\"id\":2,\"verdict\":\"bad\"}", "answered question '2' when it was"},
      {"{\"id\":\"1\",\"verdict\":\"bad\"}", "answered question '\"1\"'"},
      {"{\"id\":1}", "'verdict' has to be good, bad, skip, abort or more-runs"},
      {"{\"id\":1,\"verdict\":\"BAD\"}", "'verdict' has to be"},
      {"{\"id\":1,\"verdict\":7}", "'verdict' has to be"},
      {"{\"id\":1,\"verdict\":\"more-runs\"}", "needs 'runs'"},
      {"{\"id\":1,\"verdict\":\"more-runs\",\"runs\":0}", "from 1 to 10000"},
      {"{\"id\":1,\"verdict\":\"more-runs\",\"runs\":1.5}", "from 1 to 10000"},
      {"{\"id\":1,\"verdict\":\"bad\",\"runs\":3}", "goes with the verdict"},
      {"{\"id\":1,\"verdict\":\"bad\",\"confidence\":2}", "from 0 to 1"},
      {"{\"id\":1,\"verdict\":\"bad\",\"confidnce\":1}",
       "'confidnce' is no field of an answer; did you mean 'confidence'?"},
      {"{\"id\":1,\"verdict\":\"bad\",\"reason\":1}", "has to be a text"},
  };
  for (const auto& one : cases) {
    const Script script(std::string("read q; echo '") + one.answer +
                        "'; cat > /dev/null\n");
    const Error error = FailureOf(script);
    EXPECT_THAT(error.message, HasSubstr(one.message)) << one.answer;
    EXPECT_THAT(error.message, HasSubstr("the policy program '"));
    EXPECT_EQ(error.where, (Position{"--verdict", 1, 1}));
    EXPECT_EQ(error.code, ErrorCode::kInput);
  }
}

TEST(ExecVerdictTest, TheEndOfTheProgramIsAnError) {
  const Error exited = FailureOf(
      Script("read q; echo first >&2; echo 'the last' >&2; echo >&2; exit 3"));
  EXPECT_THAT(exited.message,
              HasSubstr("ended with exit status 3 before an answer to question "
                        "1"));
  ASSERT_EQ(exited.notes.size(), 1U);
  EXPECT_EQ(exited.notes[0], "note: the last line of its stderr: 'the last'");
  EXPECT_THAT(FailureOf(Script("exit 0", false)).message,
              HasSubstr("exit status 0 before the handshake"));
  EXPECT_THAT(FailureOf(Script("read q; kill -SEGV $$")).message,
              HasSubstr("ended by signal " + std::to_string(SIGSEGV)));
  EXPECT_THAT(
      FailureOf(Script("exec >&-; sleep 60"), ":timeout-ms=300").message,
      HasSubstr("closed its output"));
}

TEST(ExecVerdictTest, AnAnswerIsTakenFromAProgramThatThenEnds) {
  const Script script("read q; echo '{\"id\":1,\"verdict\":\"good\"}'\n");
  const auto policy = script.Policy();
  EXPECT_EQ(policy->Decide(OneTest(), {}).kind, RulingKind::kGood);
  EXPECT_EQ(policy->Decide(OneTest(), {}).kind, RulingKind::kAbort);
  EXPECT_THAT(policy->Failure()->message, HasSubstr("before an answer to "
                                                    "question 2"));
}

TEST(ExecVerdictTest, AProgramThatIsLateIsKilledWithItsChildren) {
  const Script script(
      "sleep 60 & echo $! > \"$(dirname \"$0\")/child\"; read q; sleep 60\n");
  const Error error = FailureOf(script, ":timeout-ms=300");
  EXPECT_THAT(error.message, HasSubstr("took more than 0.3 seconds for an "
                                       "answer to question 1"));
  EXPECT_THAT(error.message, HasSubstr("flush"));
  const int child = std::atoi(GetFile(script / "child").c_str());
  ASSERT_GT(child, 0);
  // Killed at once; when it dies is the system's affair.
  const std::string path = "/proc/" + std::to_string(child) + "/stat";
  bool dead = false;
  for (int i = 0; i < 3000 && !dead; ++i) {
    const std::string status = GetFile(path);
    dead = status.empty() || status.find(") Z ") != std::string::npos ||
           status.find(") X ") != std::string::npos;
    if (!dead) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  EXPECT_TRUE(dead) << GetFile(path);
}

TEST(ExecVerdictTest, WhatCannotBeStarted) {
  const auto failure = [](const std::string& program) {
    const auto policy = MakeVerdictPolicy("exec:" + program);
    EXPECT_TRUE(policy.has_value());
    EXPECT_EQ((*policy)->Decide(OneTest(), {}).kind, RulingKind::kAbort);
    return (*policy)->Failure().value_or(Error{});
  };
  EXPECT_EQ(failure("./not-there").code, ErrorCode::kNotFound);
  EXPECT_THAT(failure("./not-there").message, HasSubstr("cannot be started"));
  const TempFolder folder;
  PutFile(folder / "plain", "#!/bin/sh\n");
  EXPECT_EQ(failure(folder / "plain").code, ErrorCode::kPermission);
  EXPECT_THAT(failure(folder / "plain").message, HasSubstr("chmod +x"));
}

TEST(ExecVerdictTest, ImpossibleSpecs) {
  const auto error = [](const char* text) {
    const auto policy = MakeVerdictPolicy(text);
    return policy ? "" : FormatError(policy.error());
  };
  EXPECT_THAT(error("exec"), HasSubstr("'exec' names no program"));
  EXPECT_THAT(error("exec:k=2"), HasSubstr("'exec' names no program"));
  EXPECT_THAT(error("exec:./a:timeout-ms=0"), HasSubstr("from 1 to"));
  EXPECT_THAT(error("exec:./a+same-title"), HasSubstr("put filters first"));
}

TEST(ExecVerdictTest, MuchStderrAndLongLinesStopNobody) {
  const Script script(
      "head -c 300000 /dev/zero | tr '\\0' x >&2\n"
      "read q; echo \"${#q}\" > \"$(dirname \"$0\")/length\"\n"
      "echo '{\"id\":1,\"verdict\":\"good\"}'\n");
  rebisect::Test test = OneTest();
  test.release = std::string(1000000, 'r');
  const auto policy = script.Policy();
  EXPECT_EQ(policy->Decide(test, {}).kind, RulingKind::kGood);
  EXPECT_GT(std::atoi(GetFile(script / "length").c_str()), 1000000);
}

TEST(ExecVerdictTest, AnEndlessLineIsRefused) {
  const Script script("read q; exec cat /dev/zero\n");
  EXPECT_THAT(FailureOf(script).message, HasSubstr("line of more than 16 MiB"));
}

TEST(ExecVerdictTest, DeepNestingIsAnAnswerLikeAnyOther) {
  const Script script(
      "read q; printf '{\"id\":1,\"verdict\":'; head -c 3000000 /dev/zero | tr "
      "'\\0' '['; echo; cat > /dev/null\n");
  EXPECT_THAT(FailureOf(script).message, HasSubstr("no JSON object"));
  const Script closed(
      "read q; printf '{\"id\":1,\"verdict\":'; head -c 300000 /dev/zero | tr "
      "'\\0' '['; head -c 300000 /dev/zero | tr '\\0' ']'; echo '}'; cat > "
      "/dev/null\n");
  EXPECT_THAT(FailureOf(closed).message, HasSubstr("no JSON object"));
}

TEST(ExecVerdictTest, ThreadsShareOneProgram) {
  const Script script(
      "echo $$ >> \"$(dirname \"$0\")/started\"; n=0\n"
      "while read q; do n=$((n + 1))\n"
      "echo \"{\\\"id\\\":$n,\\\"verdict\\\":\\\"good\\\"}\"; done\n");
  const auto policy = script.Policy();
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int j = 0; j < 50; ++j) {
        EXPECT_EQ(policy->Decide(OneTest(), {}).kind, RulingKind::kGood);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  const std::string started = GetFile(script / "started");
  EXPECT_EQ(started.find('\n') + 1, started.size()) << "once";
}

TEST(ExecVerdictTest, TheShippedExampleSaysWhatTheThresholdSays) {
  if (!HavePython()) GTEST_SKIP() << "there is no python3";
  const auto own =
      MakeVerdictPolicy("exec:" REBISECT_POLICIES_DIR "/k_of_n.py:k=3:n=8");
  const auto built_in = MakeVerdictPolicy("threshold:k=3:n=8");
  ASSERT_TRUE(own.has_value());
  ASSERT_TRUE(built_in.has_value());
  for (int code = 0; code < 6 * 6 * 6; ++code) {
    rebisect::Test test = OneTest(code % 6, code / 6 % 6);
    test.runs.resize(test.runs.size() + static_cast<std::size_t>(code / 36),
                     rebisect::Run{RunOutcome::kInfra, "", {}});
    const Ruling a = (*own)->Decide(test, {});
    const Ruling b = (*built_in)->Decide(test, {});
    ASSERT_FALSE((*own)->Failure().has_value())
        << FormatError(*(*own)->Failure());
    ASSERT_EQ(a.kind, b.kind) << a.reason << " / " << b.reason;
    ASSERT_EQ(a.runs_wanted, b.runs_wanted) << b.reason;
  }
}

}  // namespace
}  // namespace rebisect
