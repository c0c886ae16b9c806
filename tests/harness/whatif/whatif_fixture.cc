#include "tests/harness/whatif/whatif_fixture.h"

#include "tests/harness/graph/line_dag.h"

namespace rebisect::testing_support {

using nlohmann::json;

const std::map<int, std::vector<int>>& Parents() {
  static const std::map<int, std::vector<int>> kParents = [] {
    std::map<int, std::vector<int>> parents{{1, {}}};
    for (int n = 2; n <= 24; ++n) parents[n] = {n - 1};
    parents[11] = {4};
    parents[15] = {10, 14};
    return parents;
  }();
  return kParents;
}

int NumberOf(const std::string& id) {
  for (const auto& [n, parents] : Parents()) {
    if (LineId(n) == id) return n;
  }
  return 0;
}

std::set<int> Contained(int commit) {
  std::set<int> all;
  std::vector<int> open{commit};
  while (!open.empty()) {
    const int n = open.back();
    open.pop_back();
    if (!all.insert(n).second) continue;
    for (const int parent : Parents().at(n)) open.push_back(parent);
  }
  return all;
}

std::set<std::string> BruteForce(const std::set<int>& bads,
                                 const std::set<int>& goods) {
  std::set<std::string> left;
  for (const auto& [n, parents] : Parents()) {
    bool fits = true;
    for (const int bad : bads) fits = fits && Contained(bad).contains(n);
    for (const int good : goods) fits = fits && !Contained(good).contains(n);
    if (fits) left.insert(LineId(n));
  }
  return left;
}

namespace {

std::string Dag() {
  std::string text;
  for (const auto& [n, parents] : Parents()) {
    text += LineId(n) + ' ' + std::to_string(1500000000 + 60 * n);
    for (const int parent : parents) text += ' ' + LineId(parent);
    text += '\n';
  }
  return text;
}

std::string TestEvent(int commit, int crashes, const std::string& purpose,
                      const std::string& title = "BUG in foo") {
  std::string text = "  - test: \"" + LineId(commit) + "\"\n";
  if (!purpose.empty()) text += "    purpose: " + purpose + '\n';
  text += "    runs:\n";
  if (crashes < 10) {
    text +=
        "      - {outcome: ok, count: " + std::to_string(10 - crashes) + "}\n";
  }
  if (crashes > 0) {
    text += "      - {outcome: crashed, title: " + title +
            ", count: " + std::to_string(crashes) + "}\n";
  }
  return text;
}

}  // namespace

WhatifTest::WhatifTest() { PutFile(dag_, Dag()); }

std::string WhatifTest::Record(const Searched& searched,
                               const std::string& name) {
  const std::set<int> healthy = Contained(kCulprit - 1);
  std::string events = TestEvent(kBad, 10, "start") +
                       TestEvent(kGood, 0, "release") + "  - start: {bad: \"" +
                       LineId(kBad) + "\", goods: [\"" + LineId(kGood) +
                       "\"]}\n";
  std::string commands = "start " + LineId(kBad) + ' ' + LineId(kGood) + '\n';
  tested_.clear();
  std::string culprit;
  for (int step = 1; culprit.empty(); ++step) {
    const json answer =
        JsonLines(RunProgram({"drive", "--dag", dag_}, commands).out).back();
    if (answer["state"] == "found") {
      culprit = answer["culprit"];
      break;
    }
    const int commit = NumberOf(answer["next"]);
    const bool rare = step == searched.rare_step;
    const bool bad = Contained(commit).contains(kCulprit);
    EXPECT_FALSE(rare && bad) << "a rare crash would not show at " << commit;
    tested_.push_back(commit);
    events += "  - next: \"" + LineId(commit) + "\"\n";
    events += rare ? TestEvent(commit, 1, "", "WARNING in bar")
                   : TestEvent(commit, bad ? 10 : 0, "");
    const std::string term = bad || rare ? "bad" : "good";
    events += "  - " + term + ": \"" + LineId(commit) + "\"\n";
    commands += term + '\n';
    if (step == searched.most_marks) break;
  }
  for (const auto& [commit, crashes] : searched.later) {
    events += TestEvent(commit, crashes, "culprit");
  }
  const std::string end =
      culprit.empty() ? "  kind: unfinished\n"
                      : "  kind: culprit\n  culprit: \"" + culprit + "\"\n";
  culprit_ = culprit;
  const std::string path = folder_ / (name + ".yaml");
  PutFile(path, "rebisect: recording/1\nname: " + name +
                    "\nformat: syzkaller\nkind: cause\nstart_commit: \"" +
                    LineId(kBad) + "\"\nevents:\n" + events + "end:\n" + end +
                    searched.summary);
  return path;
}

ProgramRun WhatifTest::Run(const std::string& input,
                           std::vector<std::string> options) {
  options.insert(options.begin(), {"whatif", input});
  options.insert(options.end(), {"--dag", dag_});
  return RunProgram(std::move(options));
}

json WhatifTest::Whatif(const std::string& input,
                        std::vector<std::string> options) {
  options.insert(options.end(), {"--format", "json"});
  const ProgramRun run = Run(input, std::move(options));
  EXPECT_EQ(run.exit_code, 0) << run.errors;
  const auto answers = JsonLines(run.out);
  EXPECT_EQ(answers.size(), 1U);
  return answers.empty() ? json() : answers.front();
}

json WhatifTest::RecordOf(const std::string& input,
                          std::vector<std::string> options) {
  return Whatif(input, std::move(options))["policies"][0]["record"];
}

}  // namespace rebisect::testing_support
