#include "oracle/answers/recorded_oracle.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "sim/base/check.h"

namespace rebisect {
namespace {

/// Why there is no answer, and how much there was.
std::string NothingLeft(const CommitId& commit, std::size_t tests,
                        std::size_t runs, bool alike) {
  const std::string who = "commit " + commit.Hex();
  if (tests == 0) return who + " has no run in the record";
  if (alike) {
    return who +
           " has no further run: the record says \"all runs\" and not "
           "how many";
  }
  return who + " has no further run: " + std::to_string(runs) +
         (runs == 1 ? " was" : " were") + " recorded";
}

}  // namespace

RecordedOracle::RecordedOracle(const Recording& recording,
                               const CommitOf& commit_of) {
  const auto record_of = [&](const std::string& name) -> Record* {
    const auto id = commit_of(name);
    if (!id) return nullptr;
    Record& record = records_[*id];
    if (record.name.empty()) record.name = name;
    return &record;
  };
  const auto state = [&](const std::string& name, Verdict verdict) {
    if (Record* record = record_of(name)) record->stated = verdict;
  };
  for (const Event& event : recording.events) {
    if (const auto* test = std::get_if<Test>(&event)) {
      if (test->purpose == TestPurpose::kConfig) continue;
      Record* record = record_of(test->commit);
      if (record == nullptr) continue;
      if (test->runs.empty()) {
        record->bare = test;
      } else {
        record->tests.push_back(test);
      }
    } else if (const auto* start = std::get_if<Start>(&event)) {
      if (!start->bad.empty()) state(start->bad, Verdict::kBad);
      for (const std::string& good : start->goods) {
        state(good, Verdict::kGood);
      }
    } else if (const auto* mark = std::get_if<Mark>(&event)) {
      for (const std::string& name : mark->commits) state(name, mark->verdict);
    }
  }
  for (auto& [id, record] : records_) {
    std::reverse(record.tests.begin(), record.tests.end());
    std::stable_partition(record.tests.begin(), record.tests.end(),
                          [](const Test* test) {
                            return test->purpose != TestPurpose::kCulprit;
                          });
  }
}

Result<Answer> RecordedOracle::Ask(const Question& question) {
  REBISECT_CHECK(question.runs >= 0);
  const auto found = records_.find(question.commit);
  if (found == records_.end()) {
    return Fail(ErrorCode::kNeedsUntested,
                "commit " + question.commit.Hex() + " was not tested");
  }
  Record& record = found->second;
  const bool begun = record.run > 0;
  if (record.test < record.tests.size() &&
      ((question.rebuild && begun) ||
       record.run == record.tests[record.test]->runs.size())) {
    ++record.test;
    record.run = 0;
  }
  if (record.test == record.tests.size()) {
    if (record.tests.empty() && record.stated && !record.stated_given) {
      record.stated_given = true;
      Answer answer;
      if (record.bare != nullptr) answer.test = *record.bare;
      answer.test.commit = record.name;
      answer.stated = record.stated;
      answer.source = AnswerSource::kRecord;
      return answer;
    }
    std::size_t runs = 0;
    bool alike = false;
    for (const Test* test : record.tests) {
      runs += test->runs.size();
      alike = alike || test->runs_alike;
    }
    return Fail(ErrorCode::kNeedsUntested,
                NothingLeft(question.commit, record.tests.size(), runs, alike));
  }
  const Test& test = *record.tests[record.test];
  const std::size_t left = test.runs.size() - record.run;
  const std::size_t count =
      question.runs == 0
          ? left
          : std::min(left, static_cast<std::size_t>(question.runs));
  Answer answer{test, record.stated, AnswerSource::kRecord, {}};
  const auto first =
      test.runs.begin() + static_cast<std::ptrdiff_t>(record.run);
  answer.test.runs.assign(first, first + static_cast<std::ptrdiff_t>(count));
  record.run += count;
  return answer;
}

void RecordedOracle::Rewind() {
  for (auto& [id, record] : records_) {
    record.test = 0;
    record.run = 0;
    record.stated_given = false;
  }
}

}  // namespace rebisect
