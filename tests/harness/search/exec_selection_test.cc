#include "harness/search/exec_selection.h"

#include <sys/stat.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/search_graph.h"
#include "tests/support/temp_folder.h"

namespace rebisect {
namespace {

using ::testing::HasSubstr;
using testing_support::GetFile;
using testing_support::IdOf;
using testing_support::Line;
using testing_support::ListedGraph;
using testing_support::NumberedCommit;
using testing_support::PutFile;
using testing_support::TempFolder;

bool HavePython() { return std::system("python3 -c '' 2>/dev/null") == 0; }

/// A whole history as suspects; all of it counts.
class Suspects {
 public:
  explicit Suspects(const std::vector<NumberedCommit>& commits)
      : graph_(ListedGraph(commits)) {
    std::vector<Vertex> all(graph_.size());
    std::iota(all.begin(), all.end(), Vertex{0});
    suspects_ = BuildSuspectGraph(graph_, all,
                                  [&](Vertex v) { return graph_.Parents(v); });
  }

  [[nodiscard]] SearchView View(
      std::span<const Observation> observations = {},
      std::span<const std::uint8_t> skipped = {}) const {
    return {suspects_,    static_cast<Suspect>(suspects_.size() - 1),
            skipped,      {},
            observations, {}};
  }
  [[nodiscard]] SuspectGraph& graph() { return suspects_; }

 private:
  CommitGraph graph_;
  SuspectGraph suspects_;
};

std::unique_ptr<SelectionPolicy> Policy(const std::string& text) {
  const auto chain = ParsePolicyChain(text, {"select", 1, 1});
  EXPECT_TRUE(chain.has_value());
  auto policy =
      MakeSelection(kExecSelectionEntry, chain->front(), Prng(0, 0, 0));
  EXPECT_TRUE(policy.has_value()) << FormatError(policy.error());
  return *std::move(policy);
}

/// A policy that is a shell script: it greets, then does `lines`.
class Script {
 public:
  explicit Script(const std::string& lines) : path_(folder_ / "policy") {
    PutFile(
        path_,
        "#!/bin/sh\nread hello; echo '{\"rebisect\":\"policy/1\"}'\n" + lines);
    EXPECT_EQ(chmod(path_.c_str(), 0755), 0);
  }
  [[nodiscard]] std::string operator/(const char* name) const {
    return folder_ / name;
  }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  TempFolder folder_;
  std::string path_;
};

TEST(ExecSelectionTest, ToldOnceOfTheGraphAndThenOfAllVerdicts) {
  const Script script(
      "while read -r line; do echo \"$line\" >> \"$(dirname \"$0\")/lines\"\n"
      "case $line in *graph*) ;; *) n=$((n + 1))\n"
      "echo \"{\\\"id\\\":$n,\\\"test\\\":[1,0]}\" ;; esac; done\n");
  const auto policy = Policy("exec:" + script.path());
  EXPECT_EQ(policy->Name(), "exec");
  EXPECT_FALSE(policy->TrustsVerdicts());
  Suspects three({{{}, 1}, {{0}, 2}, {{1, 0}, 3}});
  const Observation seen[] = {{1, true}, {0, false}};
  const std::uint8_t skipped[] = {0, 0, 1};
  const auto first = policy->Next(three.View());
  ASSERT_TRUE(first.has_value()) << FormatError(first.error());
  EXPECT_EQ(std::get<TestStep>(*first).commits, (std::vector<Suspect>{1, 0}));
  EXPECT_EQ(std::get<TestStep>(*first).revisions_left, 2);
  ASSERT_TRUE(policy->Next(three.View(seen, skipped)).has_value());
  // The same graph elsewhere is the same; another one is told.
  Suspects same({{{}, 1}, {{0}, 2}, {{1, 0}, 3}});
  ASSERT_TRUE(policy->Next(same.View()).has_value());
  Suspects other({{{}, 1}, {{0}, 2}, {{1}, 3}});
  other.graph().counted = {1, 1, 0};
  other.graph().counted_total = 2;
  ASSERT_TRUE(policy->Next(other.View()).has_value());
  const std::string commits = "\"commits\":[\"" + IdOf(0).Hex() + "\",\"" +
                              IdOf(1).Hex() + "\",\"" + IdOf(2).Hex() + "\"]";
  EXPECT_EQ(
      GetFile(script / "lines"),
      "{\"graph\":{\"bad\":2," + commits +
          ",\"cost\":null,\"parents\":[[],[0],[1,0]],\"prior\":null,"
          "\"untestable\":[]}}\n"
          "{\"id\":1,\"observations\":[],\"skipped\":[]}\n"
          "{\"id\":2,\"observations\":[{\"bad\":true,\"commit\":1},{\"bad\":"
          "false,\"commit\":0}],\"skipped\":[2]}\n"
          "{\"id\":3,\"observations\":[],\"skipped\":[]}\n"
          "{\"graph\":{\"bad\":2," +
          commits +
          ",\"cost\":null,\"parents\":[[],[0],[1]],\"prior\":null,"
          "\"untestable\":[2]}}\n"
          "{\"id\":4,\"observations\":[],\"skipped\":[]}\n");
}

TEST(ExecSelectionTest, TheEndOfASearch) {
  const auto next = [](const char* done) {
    const Script script(
        std::string("read g; read q; echo '{\"id\":1,\"done\":") + done +
        "}'; cat > /dev/null\n");
    Suspects line(Line(4));
    const auto step = Policy("exec:" + script.path())->Next(line.View());
    EXPECT_TRUE(step.has_value()) << FormatError(step.error());
    return std::get<DoneStep>(*step);
  };
  const DoneStep found = next(R"({"culprit":3,"confidence":0.5})");
  EXPECT_EQ(found.culprit, Suspect{3});
  EXPECT_EQ(found.candidates, std::vector<Suspect>{3});
  EXPECT_EQ(found.confidence, 0.5);
  EXPECT_FALSE(found.no_culprit);
  EXPECT_EQ(next(R"({"culprit":0})").confidence, 1);
  const DoneStep none = next(R"({"culprit":null,"confidence":0.25})");
  EXPECT_FALSE(none.culprit.has_value());
  EXPECT_TRUE(none.no_culprit);
}

TEST(ExecSelectionTest, WrongAnswersAreErrors) {
  const struct {
    const char* answer;
    const char* message;
  } cases[] = {
      {R"({"id":1})", "'test' or 'done', and nothing else"},
      {R"({"id":1,"test":[0],"done":{"culprit":1}})", "and nothing else"},
      {R"({"id":1,"test":[0],"why":1})", "and nothing else"},
      {R"({"id":1,"test":[]})", "a list of one or more suspects"},
      {R"({"id":1,"test":0})", "a list of one or more suspects"},
      {R"({"id":1,"test":[4]})", "4 is no suspect; their numbers are 0 to 3"},
      {R"({"id":1,"test":[-1]})", "-1 is no suspect"},
      {R"({"id":1,"test":[18446744073709551616]})", "is no suspect"},
      {R"({"id":1,"test":[4294967296]})", "4294967296 is no suspect"},
      {R"({"id":1,"test":[0.5]})", "0.5 is no suspect"},
      {R"({"id":1,"test":["0"]})", "\"0\" is no suspect"},
      {R"({"id":1,"test":[0,0]})", "suspect 0 is named twice"},
      {R"({"id":1,"test":[1]})", "suspect 1 was skipped"},
      {R"({"id":1,"test":[2]})", "suspect 2 touches none of the paths"},
      {R"({"id":1,"done":3})", "'done' has to be an object"},
      {R"({"id":1,"done":{}})", "that holds 'culprit', null for none"},
      {R"({"id":1,"done":{"culprit":4}})", "4 is no suspect"},
      {R"({"id":1,"done":{"culprit":3,"confidence":2}})", "from 0 to 1"},
      {R"({"id":1,"done":{"culprit":3,"confidence":null}})", "from 0 to 1"},
      {R"({"id":1,"done":{"culprit":3,"odds":2}})", "'odds' is no field"},
      {R"({"id":7,"test":[0]})", "answered question '7'"},
  };
  for (const auto& one : cases) {
    const Script script(std::string("read g; read q; echo '") + one.answer +
                        "'; cat > /dev/null\n");
    Suspects line(Line(4));
    line.graph().counted = {1, 1, 0, 1};
    line.graph().counted_total = 3;
    const std::uint8_t skipped[] = {0, 1, 0, 0};
    const auto policy = Policy("exec:" + script.path());
    const auto step = policy->Next(line.View({}, skipped));
    ASSERT_FALSE(step.has_value()) << one.answer;
    EXPECT_THAT(step.error().message, HasSubstr(one.message)) << one.answer;
    EXPECT_EQ(step.error().where, (Position{"select", 1, 1}));
    const auto again = policy->Next(line.View());
    ASSERT_FALSE(again.has_value());
    EXPECT_EQ(again.error().message, step.error().message);
  }
}

TEST(ExecSelectionTest, NothingToTestAndNoProgram) {
  Suspects line(Line(2));
  line.graph().counted = {0, 0};
  line.graph().counted_total = 0;
  const auto policy = Policy("exec:./not-there");
  EXPECT_EQ(policy->Next(line.View()).error().code, ErrorCode::kNoTestable);
  Suspects counted(Line(2));
  EXPECT_EQ(policy->Next(counted.View()).error().code, ErrorCode::kNotFound);
  EXPECT_FALSE(
      MakeSelection(kExecSelectionEntry, {"exec", {}, {}, {}}, Prng(0, 0, 0))
          .has_value());
}

/// What a search ends with when `contains[c]` says whether commit c has the
/// bug; every tenth verdict is wrong if `noisy`.
struct Found {
  DoneStep done;
  std::size_t tests = 0;
};
Found SearchFor(SelectionPolicy& policy, const Suspects& suspects,
                const std::vector<bool>& contains, bool noisy) {
  std::vector<Observation> observations;
  while (observations.size() < 200) {
    const auto step = policy.Next(suspects.View(observations));
    if (!step) {
      ADD_FAILURE() << FormatError(step.error());
      break;
    }
    if (const auto* done = std::get_if<DoneStep>(&*step)) {
      return {*done, observations.size()};
    }
    for (const Suspect s : std::get<TestStep>(*step).commits) {
      const bool wrong = noisy && observations.size() % 10 == 2;
      observations.push_back({s, contains[s] != wrong});
    }
  }
  ADD_FAILURE() << "the search does not end";
  return {};
}

TEST(ExecSelectionTest, TheShippedExampleFindsCulprits) {
  if (!HavePython()) GTEST_SKIP() << "there is no python3";
  const auto policy = Policy("exec:" REBISECT_POLICIES_DIR
                             "/bisect_by_mass.py:error=0.1:stop=0.99");
  const Suspects line(Line(100));
  for (const std::size_t culprit : {0U, 1U, 37U, 98U, 99U}) {
    std::vector<bool> contains(100);
    for (std::size_t i = culprit; i < 100; ++i) contains[i] = true;
    for (const bool noisy : {false, true}) {
      const Found found = SearchFor(*policy, line, contains, noisy);
      EXPECT_EQ(found.done.culprit, culprit) << (noisy ? "noisy" : "sure");
      EXPECT_GE(found.done.confidence, 0.99);
      EXPECT_LE(found.tests, 40U);
    }
  }
  // Two branches and their merge; the culprit is on one of them.
  const Suspects branches(
      {{{}, 1}, {{0}, 2}, {{1}, 3}, {{0}, 4}, {{3}, 5}, {{2, 4}, 6}});
  const Found found = SearchFor(*policy, branches,
                                {false, false, false, true, true, true}, false);
  EXPECT_EQ(found.done.culprit, Suspect{3});
}

}  // namespace
}  // namespace rebisect
