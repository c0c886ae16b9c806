// Rules and custom programs, as a person gives them to whatif.
#include <sys/stat.h>

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/harness/testing/program.h"
#include "tests/harness/whatif/whatif_fixture.h"

namespace rebisect {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using testing_support::ProgramRun;
using testing_support::PutFile;
using testing_support::RunProgram;
using testing_support::TempFolder;
using testing_support::WhatifTest;

TEST_F(WhatifTest, TakesRulesWrittenAsExpressions) {
  const TempFolder folder;
  const std::string rules = folder / "rules.yaml";
  PutFile(rules,
          "rebisect: rules/1\n"
          "rules:\n"
          "  twice:\n"
          "    bad: bad >= 2\n"
          "    good: bad < 2 and good > 0\n");
  const std::string record = Record({3});
  const json out =
      RecordOf(record, {"--rules", rules, "--verdict", "same-title+twice"});
  EXPECT_EQ(out["first_divergence"]["step"], 3);
  EXPECT_THAT(out["first_divergence"]["reason"],
              HasSubstr("good as bad < 2 and good > 0"));
  const ProgramRun unknown =
      RunProgram({"whatif", record, "--dag", dag_, "--rules", rules,
                  "--verdict", "any-crash,twic"});
  EXPECT_EQ(unknown.exit_code, 2);
  EXPECT_THAT(unknown.errors, StartsWith("--verdict:1:11: error: there is no "
                                         "verdict policy 'twic'"));
  PutFile(rules, "rebisect: rules/1\nrules: {twice: {bad: \"bad >> 2\"}}\n");
  const ProgramRun broken =
      RunProgram({"whatif", record, "--rules", rules, "--verdict", "twice"});
  EXPECT_EQ(broken.exit_code, 2);
  EXPECT_THAT(broken.errors,
              StartsWith(rules + ":2:28: error: there is '>' where a value"));
}

TEST_F(WhatifTest, AProgramThatFailsIsAnErrorAndNoResult) {
  const TempFolder folder;
  const std::string program = folder / "policy";
  PutFile(program,
          "#!/bin/sh\nread h; echo '{\"rebisect\":\"policy/1\"}'; read q\n"
          "echo oh dear >&2; exit 3\n");
  ASSERT_EQ(chmod(program.c_str(), 0755), 0);
  const std::string record = Record({3});
  for (const char* const command : {"whatif", "replay"}) {
    const ProgramRun run = RunProgram(
        {command, record, "--dag", dag_, "--verdict", "exec:" + program});
    EXPECT_EQ(run.exit_code, 2) << command;
    EXPECT_EQ(run.out, "") << command;
    EXPECT_THAT(run.errors,
                StartsWith("--verdict:1:1: error: the policy program '"));
    EXPECT_THAT(run.errors, HasSubstr("note: the last line of its stderr: 'oh "
                                      "dear'"));
  }
}

}  // namespace
}  // namespace rebisect
