#include "oracle/diagnosis/evidence.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "scenarios/recording/crash_title.h"
#include "scenarios/recording/run_verdict.h"

namespace rebisect {
namespace {

bool Crashed(const Run& run) { return run.outcome == RunOutcome::kCrashed; }

class Collector {
 public:
  Collector(const Recording& recording, const RecordedSearch& search)
      : recording_(recording), search_(search) {
    evidence_.kind = recording.kind;
  }

  Evidence Run() {
    FindTargets();
    FindOthers();
    for (const std::size_t at : InOrder()) {
      AddTest(std::get<Test>(recording_.events[at]));
    }
    AddEnds();
    AddMarks();
    return std::move(evidence_);
  }

 private:
  [[nodiscard]] std::vector<std::size_t> InOrder() const {
    std::vector<std::size_t> tests;
    for (std::size_t i = 0; i < recording_.events.size(); ++i) {
      const auto* const test = std::get_if<Test>(&recording_.events[i]);
      if (test != nullptr && test->purpose != TestPurpose::kConfig) {
        tests.push_back(i);
      }
    }
    return tests;
  }

  void FindTargets() {
    std::set<std::string> targets;
    bool any_title = false;
    for (const std::size_t at : InOrder()) {
      const Test& test = std::get<Test>(recording_.events[at]);
      for (const auto& run : test.runs) {
        if (!Crashed(run) || run.title.empty()) continue;
        any_title = true;
        if (test.purpose == TestPurpose::kStart) {
          targets.insert(NormalTitle(run.title));
        }
      }
    }
    if (targets.empty() && any_title) {
      if (!recording_.summary.crash.empty()) {
        targets.insert(NormalTitle(recording_.summary.crash));
        evidence_.notes.emplace_back(
            "the record has no test of the start commit; the crash searched "
            "for is taken to be the one it reports at its end");
      } else if (const std::string title = MostFrequent(); !title.empty()) {
        targets.insert(title);
        evidence_.notes.push_back(
            "the record has no test of the start commit; the crash searched "
            "for is taken to be the one seen on most commits, \"" +
            title + "\"");
      }
    }
    evidence_.target_titles.assign(targets.begin(), targets.end());
  }

  [[nodiscard]] std::string MostFrequent() const {
    std::map<std::string, int> commits;
    for (const std::size_t at : InOrder()) {
      std::set<std::string> titles;
      for (const auto& run : std::get<Test>(recording_.events[at]).runs) {
        if (Crashed(run) && !run.title.empty()) {
          titles.insert(NormalTitle(run.title));
        }
      }
      for (const std::string& title : titles) ++commits[title];
    }
    const auto most = std::max_element(
        commits.begin(), commits.end(),
        [](const auto& a, const auto& b) { return a.second < b.second; });
    return most == commits.end() ? std::string() : most->first;
  }

  [[nodiscard]] bool IsTarget(const std::string& title) const {
    const auto& targets = evidence_.target_titles;
    return title.empty() || targets.empty() ||
           std::find(targets.begin(), targets.end(), NormalTitle(title)) !=
               targets.end();
  }

  void FindOthers() {
    std::map<std::string, int> runs;
    for (const std::size_t at : InOrder()) {
      for (const auto& run : std::get<Test>(recording_.events[at]).runs) {
        if (Crashed(run) && !IsTarget(run.title))
          ++runs[NormalTitle(run.title)];
      }
    }
    for (const auto& [title, count] : runs) {
      evidence_.other_titles.push_back(title);
    }
    std::stable_sort(evidence_.other_titles.begin(),
                     evidence_.other_titles.end(),
                     [&](const std::string& a, const std::string& b) {
                       return runs[a] > runs[b];
                     });
  }

  CommitEvidence& Entry(const std::string& commit, TestPurpose purpose,
                        int line) {
    for (CommitEvidence& known : evidence_.commits) {
      if (!known.release.empty() && known.release == commit) return known;
      if (!SameCommit(known.commit, commit)) continue;
      if (known.commit.size() < commit.size()) known.commit = commit;
      return known;
    }
    CommitEvidence entry;
    entry.commit = commit;
    entry.purpose = purpose;
    entry.line = line;
    entry.others.resize(evidence_.other_titles.size());
    evidence_.commits.push_back(std::move(entry));
    return evidence_.commits.back();
  }

  void AddTest(const Test& test) {
    CommitEvidence& entry = Entry(test.commit, test.purpose, test.line);
    if (!test.release.empty()) entry.release = test.release;
    if (!test.signature.empty()) entry.signatures.push_back(test.signature);
    const int each = test.runs_alike && test.runs.size() == 1 ? kRunsAlike : 1;
    if (each > 1) said_alike_ = true;
    for (const auto& run : test.runs) {
      if (run.outcome == RunOutcome::kOk) {
        entry.ok += each;
      } else if (!Crashed(run)) {
        entry.unusable += each;
      } else if (IsTarget(run.title)) {
        entry.target += each;
      } else {
        const auto at =
            std::find(evidence_.other_titles.begin(),
                      evidence_.other_titles.end(), NormalTitle(run.title));
        entry.others[static_cast<std::size_t>(
            at - evidence_.other_titles.begin())] += each;
      }
      entry.has_runs = true;
    }
    if (test.purpose != TestPurpose::kStep && !test.runs.empty()) {
      entry.verdict = AnyCrashVerdict(CountRuns(test.runs));
    }
  }

  /// The ends that the search was given and that were never run.
  void AddEnds() {
    const auto add = [&](const std::string& commit, Verdict verdict) {
      if (commit.empty()) return;
      CommitEvidence& entry = Entry(commit, TestPurpose::kStart, 0);
      if (!entry.verdict) entry.verdict = CrashVerdict(evidence_.kind, verdict);
    };
    add(search_.bad, Verdict::kBad);
    for (const std::string& good : search_.goods) add(good, Verdict::kGood);
    if (said_alike_) {
      evidence_.notes.push_back(
          "where the record says \"all runs\", they are "
          "taken to be " +
          std::to_string(kRunsAlike));
    }
  }

  void AddMarks() {
    int step = 0;
    for (const Move& move : search_.moves) {
      if (move.kind == MoveKind::kStep) ++step;
      if (!move.verdict) continue;
      std::vector<std::string> marked = move.marked;
      if (marked.empty() && !move.commit.empty()) marked = {move.commit};
      for (const std::string& commit : marked) {
        if (commit.find("..") != std::string::npos) continue;
        CommitEvidence& entry = Entry(commit, TestPurpose::kStep, move.line);
        entry.verdict = CrashVerdict(evidence_.kind, *move.verdict);
        if (move.kind == MoveKind::kStep && entry.step == 0) entry.step = step;
      }
    }
  }

  const Recording& recording_;
  const RecordedSearch& search_;
  Evidence evidence_;
  bool said_alike_ = false;
};

}  // namespace

int CommitEvidence::Crashed() const {
  int crashed = target;
  for (const int runs : others) crashed += runs;
  return crashed;
}

bool CommitEvidence::Tells() const {
  if (has_runs) return ok > 0 || Crashed() > 0;
  return verdict == Verdict::kGood || verdict == Verdict::kBad;
}

Evidence CollectEvidence(const Recording& recording,
                         const RecordedSearch& search) {
  return Collector(recording, search).Run();
}

}  // namespace rebisect
