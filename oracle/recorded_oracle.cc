#include "oracle/recorded_oracle.h"

#include <variant>

namespace rebisect {
namespace {

/// Commits whose runs are in the record, with their test.
std::map<CommitId, const Test*> TestsOf(const Recording& recording,
                                        const CommitOf& commit_of) {
  std::map<CommitId, const Test*> tests;
  for (const Event& event : recording.events) {
    const auto* test = std::get_if<Test>(&event);
    if (test == nullptr || test->purpose == TestPurpose::kConfig) continue;
    if (const auto id = commit_of(test->commit)) tests[*id] = test;
  }
  return tests;
}

}  // namespace

RecordedOracle::RecordedOracle(const Recording& recording,
                               const CommitOf& commit_of,
                               const VerdictPolicy* policy) {
  const std::map<CommitId, const Test*> tests = TestsOf(recording, commit_of);
  const auto give = [&](const std::string& name, Verdict verdict) {
    const auto id = commit_of(name);
    if (!id) return;
    const auto test = tests.find(*id);
    answers_[*id] = {verdict, test == tests.end() ? nullptr : test->second};
  };
  for (const Event& event : recording.events) {
    if (const auto* start = std::get_if<Start>(&event)) {
      if (!start->bad.empty()) give(start->bad, Verdict::kBad);
      for (const std::string& good : start->goods) {
        give(good, Verdict::kGood);
      }
    } else if (const auto* mark = std::get_if<Mark>(&event)) {
      for (const std::string& name : mark->commits) {
        give(name, mark->verdict);
      }
    }
  }
  if (policy == nullptr) return;
  for (const auto& [id, test] : tests) {
    if (test->runs.empty()) continue;
    answers_[id] = {CrashVerdict(recording.kind, policy->Decide(*test)), test};
  }
}

Result<Answer> RecordedOracle::Ask(const CommitId& commit) {
  const auto it = answers_.find(commit);
  if (it != answers_.end()) return it->second;
  return Fail(ErrorCode::kNeedsUntested,
              "commit " + commit.Hex() + " was not tested");
}

}  // namespace rebisect
