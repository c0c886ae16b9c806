#include "oracle/fit/recurring.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "oracle/diagnosis/evidence.h"
#include "scenarios/recording/crash_title.h"
#include "scenarios/recording/recording_names.h"
#include "scenarios/recording/steps.h"

namespace rebisect {
namespace {

/// One title in one recording.
struct Local {
  std::string outcome;
  std::set<std::string> commits;
  std::size_t runs = 0;
};

std::string Joined(const std::vector<std::string>& titles) {
  std::string joined;
  for (const std::string& title : titles) {
    if (!joined.empty()) joined += " / ";
    joined += title;
  }
  return joined;
}

bool IsOk(const Run& run) { return run.outcome == RunOutcome::kOk; }

}  // namespace

void Recurrences::Add(const Recording& recording) {
  const std::vector<std::string> targets =
      CollectEvidence(recording, FindSteps(recording)).target_titles;
  const std::string bug = Joined(targets);
  for (const std::string& target : targets) ++searched_for_[target];
  if (recording.end.kind == EndKind::kCulprit &&
      !recording.end.culprit.empty()) {
    culprits_.emplace(recording.end.culprit, Named{recording.name, bug});
  }
  std::map<std::string, Local> here;
  std::size_t runs = 0;
  for (const Event& event : recording.events) {
    const auto* const test = std::get_if<Test>(&event);
    if (test == nullptr || test->purpose == TestPurpose::kConfig) continue;
    const std::size_t each =
        test->runs_alike && test->runs.size() == 1 ? kRunsAlike : 1;
    for (const auto& run : test->runs) {
      runs += each;
      if (IsOk(run) || run.title.empty()) continue;
      std::string title = NormalTitle(run.title);
      if (std::find(targets.begin(), targets.end(), title) != targets.end()) {
        continue;
      }
      Local& local = here[std::move(title)];
      local.outcome = NameOf(run.outcome);
      local.commits.insert(test->commit);
      local.runs += each;
    }
  }
  for (auto& [title, local] : here) {
    Seen& seen = titles_[title];
    seen.outcome = std::move(local.outcome);
    seen.bugs.insert(bug);
    ++seen.recordings;
    seen.commits += local.commits.size();
    seen.runs += local.runs;
    seen.of_runs += runs;
  }
}

std::vector<RecurringTitle> Recurrences::Titles() const {
  std::vector<RecurringTitle> recurring;
  for (const auto& [title, seen] : titles_) {
    const auto searched = searched_for_.find(title);
    RecurringTitle found;
    found.title = title;
    found.outcome = seen.outcome;
    found.recordings = seen.recordings;
    found.bugs = seen.bugs.size();
    found.commits = seen.commits;
    found.runs = seen.runs;
    found.of_runs = seen.of_runs;
    found.searched_for = searched == searched_for_.end() ? 0 : searched->second;
    if (found.recordings + found.searched_for > 1 || found.commits > 1) {
      recurring.push_back(std::move(found));
    }
  }
  std::stable_sort(recurring.begin(), recurring.end(),
                   [](const RecurringTitle& a, const RecurringTitle& b) {
                     return std::tie(a.bugs, a.recordings, a.commits) >
                            std::tie(b.bugs, b.recordings, b.commits);
                   });
  return recurring;
}

std::vector<RepeatedCulprit> Recurrences::Culprits() const {
  std::vector<RepeatedCulprit> repeated;
  std::set<std::string> crashes;
  const auto finish = [&] {
    if (repeated.empty()) return;
    repeated.back().crashes.assign(crashes.begin(), crashes.end());
    if (repeated.back().recordings.size() < 2) repeated.pop_back();
  };
  // An abbreviation stands right before what it abbreviates.
  std::string open;
  for (const auto& [commit, named] : culprits_) {
    if (open.empty() || !SameCommit(open, commit)) {
      finish();
      repeated.emplace_back();
      crashes.clear();
    }
    open = commit;
    repeated.back().commit = commit;
    repeated.back().recordings.push_back(named.recording);
    if (!named.crash.empty()) crashes.insert(named.crash);
  }
  finish();
  std::stable_sort(repeated.begin(), repeated.end(),
                   [](const RepeatedCulprit& a, const RepeatedCulprit& b) {
                     return a.recordings.size() > b.recordings.size();
                   });
  return repeated;
}

}  // namespace rebisect
