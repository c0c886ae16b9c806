// Whatever is wrong with an experiment, its options or its store: an error
// that says where and what to do, exit code 2, nothing on the standard output,
// and no crash.

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <map>

#include "harness/experiment/store/sqlite.h"
#include "tests/harness/graph/line_dag.h"
#include "tests/harness/testing/program.h"
#include "tests/support/temp_folder.h"

namespace rebisect {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;
using testing_support::GetFile;
using testing_support::LineDag;
using testing_support::LineId;
using testing_support::ProgramRun;
using testing_support::PutFile;
using testing_support::RunProgram;
using testing_support::TempFolder;

/// Keys of an experiment that differ from those of a good one.
using Changes = std::map<std::string, std::string>;

/// A good experiment, with some of its keys changed. Keys are in the order of
/// their names; the changed ones are lines 1, 2, ...
std::string Experiment(const Changes& changes) {
  Changes rest = {{"rebisect", "experiment/1"},
                  {"trials", "20"},
                  {"graphs", "{generate: kernel, commits: 30}"},
                  {"noise", "{false-bad: 0.1, false-good: 0.1}"},
                  {"select", "git"}};
  std::string text;
  for (const auto& [key, value] : changes) {
    text += key + ": " + value + '\n';
    rest.erase(key);
  }
  for (const auto& [key, value] : rest) text += key + ": " + value + '\n';
  return text;
}

struct BadExperiment {
  Changes changes;
  std::string place;  ///< line:column, in the experiment file
  std::string said;
};

class SimulateBadInputTest : public ::testing::Test {
 protected:
  static void ExpectRefused(const ProgramRun& run, const std::string& start,
                            const std::string& said = "") {
    EXPECT_EQ(run.exit_code, 2);
    EXPECT_EQ(run.out.substr(0, 400), "");
    EXPECT_THAT(run.errors.substr(0, 2000), StartsWith(start));
    EXPECT_THAT(run.errors.substr(0, 2000), HasSubstr(said));
    EXPECT_LT(run.errors.size(), 4000U) << "an error is no copy of the input";
  }

  /// Each of these is an error at its place, and no store is left behind.
  void ExpectEachRefused(const std::vector<BadExperiment>& cases) {
    for (const BadExperiment& bad : cases) {
      const std::string text = Experiment(bad.changes);
      SCOPED_TRACE(text);
      PutFile(experiment_, text);
      ExpectRefused(RunProgram({"simulate", experiment_, "--store", store_}),
                    experiment_ + ':' + bad.place + ": error: ", bad.said);
      EXPECT_FALSE(std::filesystem::exists(store_));
    }
  }

  void ExpectFileRefused(const Changes& changes, const std::string& start,
                         const std::string& said = "") {
    SCOPED_TRACE(Experiment(changes));
    PutFile(experiment_, Experiment(changes));
    ExpectRefused(RunProgram({"simulate", experiment_}), start, said);
  }

  std::string Put(const std::string& name, std::string_view bytes) {
    PutFile(folder_ / name, bytes);
    return folder_ / name;
  }

  ProgramRun Good(const std::vector<std::string>& more) {
    PutFile(experiment_, Experiment({}));
    std::vector<std::string> words{"simulate", experiment_};
    words.insert(words.end(), more.begin(), more.end());
    return RunProgram(words);
  }

  TempFolder folder_;
  const std::string experiment_ = folder_ / "bad.yaml";
  const std::string store_ = folder_ / "s.sqlite";
};

TEST_F(SimulateBadInputTest, KeysAndNames) {
  ExpectEachRefused({
      {{{"Trials", "3"}}, "1:1", "did you mean 'trials'?"},
      {{{"selects", "git"}}, "1:1", "did you mean 'select'?"},
      {{{"rebisect", "experiment/2"}}, "1:11", "`rebisect: experiment/1`"},
      {{{"name", "\"\""}}, "1:7", "'name' is empty"},
      {{{"name", "{a: b}"}}, "1:7", "has to be one value"},
      {{{"select", "gti"}}, "1:9", "did you mean 'git'?"},
      {{{"select", "[git, bayes-entrpy]"}}, "1:15", "'bayes-entropy'?"},
      {{{"select", "\"facf:stpo=1\""}}, "1:15", "did you mean 'stop'?"},
      {{{"select", "\"\""}}, "1:10", "name of a policy"},
      {{{"select", "[]"}}, "1:9", "'select' is empty"},
      {{{"select", "{a: b}"}}, "1:9", "has to be one text"},
      {{{"noise", "{false-bda: 0.1}"}}, "1:9", "did you mean 'false-bad'?"},
      {{{"noise", "0.1"}}, "1:8", "mapping"},
      {{{"graphs", "{generate: kernl, commits: 3}"}}, "1:20", "'kernel'?"},
      {{{"graphs", "{}"}}, "1:9", "needs one of"},
      {{{"truths", "evry"}}, "1:9", "there is no truth 'evry'"},
      {{{"truths", "{sampel: 3}"}}, "1:10", "did you mean 'sample'?"},
      {{{"budgets", "{test: 1}"}}, "1:11", "did you mean 'tests'?"},
      {{{"noise", "{crash-rate: .5, bad-build: {outcome: crahsed}}"}},
       "1:46",
       "did you mean 'crashed'?"},
  });
}

TEST_F(SimulateBadInputTest, RunsAndTheirPolicies) {
  const std::string kRuns = "{crash-rate: 0.5}";
  ExpectEachRefused({
      {{{"noise", kRuns}, {"verdict", "any-crsh"}}, "2:10", "'any-crash'?"},
      {{{"noise", kRuns}, {"retry", "fixd:n=3"}}, "2:8", "'fixed'?"},
      {{{"noise", kRuns}, {"retry", "fixed:n=0"}}, "2:14", "from 1 to"},
      {{{"noise", kRuns}, {"retry", "fixed:n=99999999"}}, "2:14", "from 1"},
      {{{"noise", kRuns}, {"rules", "{m: {bad: \"bad >=\"}}"}},
       "2:25",
       "the expression ends"},
      {{{"noise", kRuns}, {"rules", "{m: {bed: bad}}"}}, "2:13", "'bad'?"},
      {{{"verdict", "any-crash"}}, "1:10", "all noise is of verdicts"},
      {{{"noise", "{crash-rate: .5, runs: 0}"}}, "1:31", "from 1 to 10000"},
      {{{"noise", "{crash-rate: .5, false-bad: 0}"}}, "1:9", "two entries"},
      {{{"noise", "{crash-rate: .5, concentration: 0}"}}, "1:40", "0.001"},
  });
}

TEST_F(SimulateBadInputTest, NumbersThatCannotBe) {
  const std::string kHuge = "1180591620717411303424";  // 2^70
  ExpectEachRefused({
      {{{"noise", "{false-bad: 1.2}"}}, "1:20", "from 0 to 1"},
      {{{"noise", "{false-bad: -0.1}"}}, "1:20", "from 0 to 1"},
      {{{"noise", "{false-bad: nan}"}}, "1:20", "finite"},
      {{{"noise", "{false-bad: 1e400}"}}, "1:20", "finite"},
      {{{"noise", "{false-bad: .inf}"}}, "1:20", "finite"},
      {{{"noise", "{false-bad: [1]}"}}, "1:20", "has to be one value"},
      {{{"select", "\"facf:stop=2\""}}, "1:15", "between 0 and 1"},
      {{{"select", "\"facf:stop=nan\""}}, "1:15", "between 0 and 1"},
      {{{"select", "\"facf:stop=1e400\""}}, "1:15", "between 0 and 1"},
      {{{"select", "\"k-section:k=0\""}}, "1:20", "from 1 to 64"},
      {{{"select", "\"git:version=0.9\""}}, "1:14", "2.3.0 or later"},
      {{{"budgets", "{tests: -1}"}}, "1:18", "whole number"},
      {{{"budgets", "{tests: 0}"}}, "1:18", "whole number"},
      {{{"budgets", "{tests: 1e400}"}}, "1:18", "whole number"},
      {{{"budgets", "{runs: 5}"}}, "1:10", "needs noise of runs"},
      {{{"budgets", "{cost-ms: 5}"}}, "1:10", "give 'cost'"},
      {{{"cost", "{build-ms: -1}"}}, "1:18", "whole number"},
      {{{"trials", "-1"}}, "1:9", "whole number"},
      {{{"trials", kHuge}}, "1:9", "whole number"},
      {{{"trials", "1e3"}}, "1:9", "whole number"},
      {{{"trials", "0"}}, "1:9", "'exact: true'"},
      {{{"exact", "true"}, {"select", "facf"}, {"trials", "0"}},
       "2:9",
       "no decision tree"},
      {{{"block-trials", "0"}}, "1:15", "whole number"},
      {{{"block-trials", "5000000"}}, "1:15", "whole number"},
      {{{"seed", "-1"}}, "1:7", "whole number"},
      {{{"seed", "18446744073709551616"}}, "1:7", "whole number"},
      // This many that they would fill the memory, each way.
      {{{"block-trials", "1"}, {"trials", "300000000"}}, "2:9", "blocks"},
      {{{"select", "facf"}, {"trials", "1099511627776"}}, "2:9", "blocks"},
      {{{"block-trials", "1"},
        {"trials", "9000000"},
        {"truths", "[every, none]"}},
       "2:9",
       "blocks"},
  });
}

TEST_F(SimulateBadInputTest, GraphsAndTruths) {
  Put("line.dag", LineDag(9));
  const auto range = [](int good, int bad) {
    return "{dag: line.dag, range: \"" + LineId(good) + ".." + LineId(bad) +
           "\"}";
  };
  ExpectEachRefused({
      {{{"graphs", "{generate: kernel}"}}, "1:9", "give 'commits'"},
      {{{"graphs", "{generate: kernel, commits: 1}"}}, "1:37", "from 2 to"},
      {{{"graphs", "{generate: kernel, commits: 9999999999}"}},
       "1:37",
       "from 2 to"},
      {{{"graphs", range(3, 3)}}, "1:9", "a graph without suspects"},
      {{{"graphs", range(3, 4)}}, "1:9", "a graph without suspects"},
      {{{"graphs", range(5, 3)}}, "1:9", "is no ancestor of the bad end"},
      {{{"graphs", "{dag: line.dag, range: a..b}"}}, "1:9", "names no commit"},
      {{{"graphs", "{dag: line.dag, range: a}"}}, "1:32", "GOOD..BAD"},
      {{{"graphs", "{dag: line.dag}"}}, "1:9", "needs the ends"},
      {{{"truths", "{sample: 0}"}}, "1:18", "whole number"},
      {{{"truths", "{sample: 31}"}}, "1:9", "30 suspects"},
      {{{"graphs",
         "[{generate: git, commits: 9}, {generate: git, commits: 9, seed: "
         "1}]"}},
       "1:39",
       "is there already"},
      {{{"truths", "[every, every]"}}, "1:17", "is there already"},
      {{{"select", "[pba, \"pba:error=.1\"]"}}, "1:16", "is there already"},
  });
}

TEST_F(SimulateBadInputTest, OtherFiles) {
  Put("bad.dag", "x\n");
  Put("none.log", "hello\n");
  Put("half.log", "git bisect start\n");
  const auto at = [this](const std::string& name) { return folder_ / name; };
  ExpectFileRefused({{"graphs", "{dag: gone.dag, range: a..b}"}},
                    at("gone.dag: error: "), "cannot open");
  ExpectFileRefused({{"graphs", "{dag: bad.dag, range: a..b}"}},
                    at("bad.dag:1:1: error: "));
  ExpectFileRefused({{"graphs", "{repository: gone, range: a..b}"}},
                    at("gone: error: "));
  ExpectFileRefused({{"graphs", "{repository: ., range: a..b}"}},
                    at(".: error: "), "no git repository");
  ExpectFileRefused({{"graphs", "{recording: gone.log}"}},
                    at("gone.log: error: "));
  ExpectFileRefused({{"graphs", "{recording: none.log}"}},
                    at("none.log:1:1: error: "));
  ExpectFileRefused({{"graphs", "{recording: half.log}"}},
                    at("half.log: error: "), "no bad end");
  ExpectFileRefused({{"cost", "{recordings: [gone.log]}"}},
                    at("gone.log: error: "));
  ExpectFileRefused({{"cost", "{recordings: [half.log]}"}},
                    at("bad.yaml:1:20: error: "), "how long builds took");
  ExpectFileRefused({{"truths", "{weights: gone.csv}"}},
                    at("gone.csv: error: "));
  const struct {
    std::string text;
    std::string place;
  } kTables[] = {
      {"", ":1:1: error: "},
      {"a,b\n", ":1:1: error: "},
      {"commit,weight\n", ":1:1: error: "},
      {"commit,weight\nnosuch,1\n", ":2:1: error: 'nosuch'"},
      {"commit,weight\nabcd,nan\n", ":2:6: error: "},
      {"commit,weight\nabcd,-1\n", ":2:6: error: "},
      {"commit,weight\nabcd,1e400\n", ":2:6: error: "},
      {"commit,weight\nabcd,1\nabcd,2\n", ":3:1: error: "},
      {"commit,weight\nabcd,1,2\n", ":2:8: error: "},
      {"commit,weight\nabcd,0\n", ":1:1: error: "},
  };
  for (const auto& table : kTables) {
    SCOPED_TRACE(table.text);
    const std::string file = Put("weights.csv", table.text);
    ExpectFileRefused({{"truths", "{weights: weights.csv}"}},
                      file + table.place);
  }
}

TEST_F(SimulateBadInputTest, FilesThatAreNoExperiment) {
  const struct {
    std::string text;
    std::string place;
  } kCases[] = {
      {"", "1:1"},
      {std::string("\0\0\0", 3), "1:1"},
      {"- a\n", "1:1"},
      {"rebisect: [", "1:"},
      {"a: b\na: c\n", "2:1"},
      {std::string(100'000, 'x'), "1:1"},
      {"rebisect: experiment/1\ngraphs: " + std::string(100'000, '['), "2:"},
      {"rebisect: recording/1\n", "1:11"},
      {"rebisect: experiment/1\nname: &a x\n", "2:7"},
  };
  for (const auto& bad : kCases) {
    SCOPED_TRACE(bad.text.substr(0, 80));
    Put("bad.yaml", bad.text);
    ExpectRefused(RunProgram({"simulate", experiment_}),
                  experiment_ + ':' + bad.place);
  }
  ExpectRefused(RunProgram({"simulate", folder_ / "gone.yaml"}),
                folder_ / "gone.yaml: error: ");
  ExpectRefused(RunProgram({"simulate", folder_.path()}), folder_.path());
}

TEST_F(SimulateBadInputTest, ExperimentsCutAtEveryLine) {
  const std::string text = Experiment(
      {{"budgets", "\n- {tests: 5}\n- {}"}, {"truths", "\n- every\n- none"}});
  for (std::size_t end = 0; end < text.size(); ++end) {
    SCOPED_TRACE("cut at byte " + std::to_string(end));
    Put("bad.yaml", text.substr(0, end));
    const ProgramRun run = RunProgram({"simulate", experiment_});
    if (run.exit_code == 0) continue;
    ExpectRefused(run, experiment_ + ':');
  }
}

TEST_F(SimulateBadInputTest, Programs) {
  const std::string kRuns = "{crash-rate: 0.5}";
  Put("mad.sh", "#!/bin/sh\nread -r line\necho 'Hello!'\ncat >/dev/null\n");
  Put("mute.sh", "#!/bin/sh\nexec >&-\ncat >/dev/null\n");
  const auto executable = std::filesystem::perms::owner_exec;
  for (const char* name : {"mad.sh", "mute.sh"}) {
    std::filesystem::permissions(folder_ / name, executable,
                                 std::filesystem::perm_options::add);
  }
  Put("plain.txt", "no program");
  const struct {
    std::string program;
    std::string said;
  } kPrograms[] = {
      {"/nowhere/program", "cannot be started"},
      {folder_ / "plain.txt", "cannot be started"},
      {folder_.path(), "cannot be started"},
      {"/bin/true", "before the handshake"},
      {"/bin/false", "before the handshake"},
      {"/bin/cat", "/bin/cat"},
      {folder_ / "mad.sh", "Hello!"},
      {folder_ / "mute.sh:timeout-ms=200", "closed its output"},
  };
  for (const auto& [program, said] : kPrograms) {
    SCOPED_TRACE(program);
    ExpectFileRefused({{"select", "\"exec:" + program + '"'}},
                      experiment_ + ":1:", said);
    ExpectFileRefused(
        {{"noise", kRuns}, {"verdict", "\"exec:" + program + '"'}},
        experiment_ + ":2:", said);
  }
}

TEST_F(SimulateBadInputTest, Options) {
  const struct {
    std::vector<std::string> words;
    std::string said;
  } kCases[] = {
      {{"-j", "0"}, "--threads"},
      {{"-j", "-1"}, "--threads"},
      {{"-j", "abc"}, "--threads"},
      {{"-j", "1025"}, "--threads"},
      {{"-j", "99999999999999999999"}, "--threads"},
      {{"--shard", "0/3"}, "write I/N"},
      {{"--shard", "4/3"}, "write I/N"},
      {{"--shard", "1/0"}, "write I/N"},
      {{"--shard", "a/b"}, "write I/N"},
      {{"--shard", "1"}, "write I/N"},
      {{"--shard", "1/3/2"}, "write I/N"},
      {{"--shard", "-1/3"}, "write I/N"},
      {{"--shard", "1/99999999999999999999"}, "write I/N"},
      {{"--shard", ""}, "--shard: it is empty"},
      {{"--seed", "-1"}, "--seed: '-1' is no seed"},
      {{"--seed", "1.5"}, "--seed"},
      {{"--seed", "x"}, "--seed"},
      {{"--seed", "18446744073709551616"}, "--seed"},
      {{"--store", ""}, "--store: it is empty"},
      {{"--format", "xml"}, "--format"},
      {{"--trials", "3"}, "--trials"},
  };
  for (const auto& bad : kCases) {
    SCOPED_TRACE(bad.words.back());
    ExpectRefused(Good(bad.words), "", bad.said);
  }
}

TEST_F(SimulateBadInputTest, StoresThatAreNone) {
  const std::string text = Put("text.sqlite", "no store");
  const std::string other = folder_ / "other.sqlite";
  {
    auto database = Database::Open(other, true);
    ASSERT_TRUE(database && database->Execute("CREATE TABLE mine(x)"));
  }
  ASSERT_EQ(Good({"--store", store_}).exit_code, 0);
  const std::string newer = folder_ / "newer.sqlite";
  std::filesystem::copy_file(store_, newer);
  {
    auto database = Database::Open(newer, false);
    ASSERT_TRUE(database && database->Execute("PRAGMA user_version=7"));
  }
  const std::string half = Put("half.sqlite", GetFile(store_).substr(0, 9000));
  const struct {
    std::string path;
    std::string said;
  } kStores[] = {
      {text, "no result store"},
      {other, "no result store"},
      {newer, "schema version 7"},
      {half, ""},
      {folder_.path(), "a folder"},
      {"/dev/null", "no regular file"},
      {folder_ / "no/such/folder.sqlite", "No such file"},
      {text + "/s.sqlite", ""},
  };
  for (const auto& [path, said] : kStores) {
    SCOPED_TRACE(path);
    const std::string before = GetFile(path);
    ExpectRefused(Good({"--store", path}), path + ": error: ", said);
    for (const std::vector<std::string>& words :
         {std::vector<std::string>{"results", "list", path},
          {"results", "show", path},
          {"results", "export", path, "--format", "json"},
          {"results", "merge", folder_ / "new.sqlite", path},
          {"results", "merge", path, store_}}) {
      ExpectRefused(RunProgram(words), path + ": error: ");
    }
    EXPECT_EQ(GetFile(path), before);
    EXPECT_FALSE(std::filesystem::exists(folder_ / "new.sqlite"));
  }
}

TEST_F(SimulateBadInputTest, AStoreThatMayNotBeWritten) {
  ASSERT_EQ(Good({"--store", store_}).exit_code, 0);
  const auto all = std::filesystem::perms::all;
  const auto read = std::filesystem::perms::owner_read;
  std::filesystem::permissions(store_, read);
  if (access(store_.c_str(), W_OK) == 0) {
    std::filesystem::permissions(store_, all);
    GTEST_SKIP() << "this user (root?) may write every file";
  }
  ExpectRefused(Good({"--store", store_, "--seed", "2"}),
                store_ + ": error: ", "may not be written");
  EXPECT_EQ(RunProgram({"results", "show", store_}).exit_code, 0);
}

TEST_F(SimulateBadInputTest, AStoreThatIsInUse) {
  ASSERT_EQ(Good({"--store", store_}).exit_code, 0);
  // Taken by this process: SQLite's locks tell its own connections apart.
  auto database = Database::Open(store_, true);
  ASSERT_TRUE(database && database->Execute("BEGIN EXCLUSIVE"));
  ExpectRefused(Good({"--store", store_, "--seed", "2"}),
                store_ + ": error: ", "another process is using the store");
}

}  // namespace
}  // namespace rebisect
