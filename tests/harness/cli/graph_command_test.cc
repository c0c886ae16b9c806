// graph generate, and graph export --slice.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/harness/graph/line_dag.h"
#include "tests/harness/testing/program.h"
#include "tests/support/temp_folder.h"

namespace rebisect {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using testing_support::GetFile;
using testing_support::JsonLines;
using testing_support::LineDag;
using testing_support::LineId;
using testing_support::ProgramRun;
using testing_support::PutFile;
using testing_support::RunProgram;
using testing_support::TempFolder;

TEST(GraphCommand, GeneratesWhatDagReads) {
  const TempFolder folder;
  const std::string file = folder / "k.dag";
  const ProgramRun made = RunProgram(
      {"graph", "generate", "kernel", "--commits", "200", "--out", file});
  EXPECT_EQ(made.exit_code, 0) << made.errors;
  const ProgramRun same = RunProgram(
      {"graph", "generate", "kernel", "--commits", "200", "--seed", "1"});
  EXPECT_EQ(same.out, GetFile(file));
  const ProgramRun info =
      RunProgram({"graph", "info", "--dag", file, "--bad", "bad", "--good",
                  "good", "--format", "json"});
  ASSERT_EQ(info.exit_code, 0) << info.errors;
  EXPECT_EQ(JsonLines(info.out)[0]["suspects"], 200);
  const ProgramRun wrong = RunProgram({"graph", "generate", "kernal"});
  EXPECT_EQ(wrong.exit_code, 2);
  EXPECT_THAT(wrong.errors, HasSubstr("did you mean 'kernel'?"));
  EXPECT_EQ(
      RunProgram({"graph", "generate", "git", "--commits", "0"}).exit_code, 2);
}

TEST(GraphCommand, ASliceIsEnoughToReplay) {
  const TempFolder folder;
  PutFile(folder / "all.dag", LineDag(2000));
  PutFile(folder / "b.log", "git bisect start '" + LineId(1908) +
                                "' 'old'\n# bad: [" + LineId(1908) +
                                "] x\ngit bisect bad " + LineId(1904) +
                                "\ngit bisect good " + LineId(1902) + '\n');
  PutFile(folder / "names.dag", LineDag(2000) + LineId(1900) + " refs/old\n");
  const std::string part = folder / "part.dag";
  const ProgramRun cut =
      RunProgram({"graph", "export", "--slice", folder / "b.log", "--dag",
                  folder / "names.dag", "--out", part});
  ASSERT_EQ(cut.exit_code, 0) << cut.errors;
  const std::string text = GetFile(part);
  EXPECT_THAT(text, HasSubstr("- " + LineId(1900 - 513)));
  EXPECT_THAT(text, HasSubstr(LineId(1900) + " refs/old"));
  EXPECT_THAT(text, Not(HasSubstr(LineId(1909) + ' ')));
  EXPECT_THAT(text, Not(HasSubstr(LineId(1000) + ' ')));
  const auto replay = [&](const std::string& dag) {
    return RunProgram(
               {"replay", folder / "b.log", "--dag", dag, "--format", "json"})
        .out;
  };
  const auto steps = [&](const std::string& dag) {
    return JsonLines(replay(dag))[0]["steps"];
  };
  EXPECT_EQ(steps(part), steps(folder / "names.dag"));
}

TEST(GraphCommand, ASliceNeedsASearch) {
  const TempFolder folder;
  PutFile(folder / "all.dag", LineDag(20));
  const ProgramRun run = RunProgram({"graph", "export", "--slice", "--dag",
                                     folder / "all.dag", "--bad", "HEAD"});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_THAT(run.errors, HasSubstr("--slice needs to know the search"));
  const ProgramRun both =
      RunProgram({"graph", "export", "--slice", "--dag", folder / "all.dag",
                  "--bad", "HEAD", "--good", LineId(15), "--format", "json"});
  ASSERT_EQ(both.exit_code, 0) << both.errors;
  EXPECT_EQ(JsonLines(both.out)[0]["commits"].size(), 20U);
}

}  // namespace
}  // namespace rebisect
