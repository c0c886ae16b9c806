#include "scenarios/recording/steps.h"

#include <algorithm>
#include <map>
#include <utility>

#include "sim/base/text.h"

namespace rebisect {
namespace {

using std::string_view;

std::string Resolve(const std::string& written,
                    const std::map<std::string, std::string>& resolved) {
  const auto found = resolved.find(written);
  return found == resolved.end() ? written : found->second;
}

bool IsRange(string_view text) { return text.find("..") != string_view::npos; }

class Finder {
 public:
  explicit Finder(const Recording& recording) : recording_(recording) {
    bool starts = false;
    bool searches = false;
    for (const Event& event : recording.events) {
      starts = starts || std::holds_alternative<Start>(event);
      searches = searches || std::holds_alternative<Test>(event) ||
                 std::holds_alternative<Proposal>(event);
    }
    // The beginning of the record is lost: its search was under way.
    running_ = !starts && searches;
    gap_ = running_;
  }

  RecordedSearch Run() {
    for (at_ = 0; at_ < recording_.events.size(); ++at_) {
      std::visit([this](const auto& event) { Take(event); },
                 recording_.events[at_]);
    }
    search_.other_tests.insert(search_.other_tests.end(), loose_tests_.begin(),
                               loose_tests_.end());
    std::sort(search_.other_tests.begin(), search_.other_tests.end());
    return std::move(search_);
  }

 private:
  struct Earlier {
    int line;
    Verdict verdict;
  };

  Move& Add(MoveKind kind, int line) {
    Move move;
    move.kind = kind;
    move.line = line;
    move.after_gap = std::exchange(gap_, false);
    search_.moves.push_back(std::move(move));
    return search_.moves.back();
  }

  Move* Open() { return open_ ? &search_.moves.back() : nullptr; }

  void Take(const Start& start) {
    printed_ = false;
    Move& move = Add(MoveKind::kStart, start.line);
    move.start = at_;
    open_ = false;
    marks_.clear();
    search_.bad = Resolve(start.bad, start.resolved);
    search_.goods.clear();
    for (const std::string& good : start.goods) {
      search_.goods.push_back(Resolve(good, start.resolved));
    }
    UpdateRunning();
  }

  void Take(const Proposal& proposal) {
    running_ = true;
    printed_ = true;
    const Move* const open = Open();
    // `git bisect next` and the like print the same again.
    if (open != nullptr && open->commit == proposal.commit &&
        open->revisions_left == proposal.revisions_left) {
      return;
    }
    Move& move = Add(MoveKind::kStep, proposal.line);
    move.commit = proposal.commit;
    move.proposed = true;
    move.merge_base = proposal.merge_base;
    move.revisions_left = proposal.revisions_left;
    move.steps_left = proposal.steps_left;
    move.proposal = at_;
    open_ = true;
  }

  void Take(const Test& test) {
    Move* const open = Open();
    const bool of_search = test.purpose == TestPurpose::kStep ||
                           test.purpose == TestPurpose::kMergeBase;
    if (!of_search ||
        (test.purpose == TestPurpose::kMergeBase &&
         (open == nullptr || !SameCommit(open->commit, test.commit)))) {
      search_.other_tests.push_back(at_);
    } else if (open != nullptr) {
      open->tests.push_back(at_);
    } else {
      loose_tests_.push_back(at_);
    }
  }

  void Take(const Remark& remark) {
    if (remark.text == "[...]" ||
        remark.text.starts_with("git bisect replay")) {
      gap_ = true;
      open_ = false;
    } else if (remark.text.starts_with("git bisect reset")) {
      open_ = false;
      running_ = false;
      search_.bad.clear();
      search_.goods.clear();
    }
  }

  void Take(const Mark& mark) {
    std::vector<std::string> commits;
    for (const std::string& written : mark.commits) {
      commits.push_back(Resolve(written, mark.resolved));
    }
    Move* const open = Open();
    if (commits.empty() && open != nullptr) commits.push_back(open->commit);
    const bool answers =
        open != nullptr &&
        std::any_of(commits.begin(), commits.end(), [open](const auto& name) {
          return SameCommit(name, open->commit);
        });
    Move& move = answers ? *open : Add(KindOf(commits), mark.line);
    move.mark = at_;
    move.verdict = mark.verdict;
    if (!answers && move.kind == MoveKind::kStep) move.commit = commits[0];
    if (!answers) TakeLooseTests(commits, &move);
    for (const std::string& name : commits) Remember(name, mark, &move);
    move.marked = std::move(commits);
    open_ = false;
    if (move.kind == MoveKind::kEndpoint) TakeEndpoint(move);
  }

  // Of a mark that answers no printed proposal.
  MoveKind KindOf(const std::vector<std::string>& commits) const {
    if (!running_) return MoveKind::kEndpoint;
    // Where proposals are printed, this is not the one that was.
    if ((printed_ && !gap_) || commits.size() != 1 || IsRange(commits[0])) {
      return MoveKind::kJump;
    }
    return Find(commits[0]) != nullptr ? MoveKind::kJump : MoveKind::kStep;
  }

  void TakeLooseTests(const std::vector<std::string>& commits, Move* move) {
    for (const std::size_t test : loose_tests_) {
      const auto& tested = std::get<Test>(recording_.events[test]);
      const bool same = std::any_of(commits.begin(), commits.end(),
                                    [&tested](const auto& name) {
                                      return SameCommit(name, tested.commit);
                                    });
      (same ? move->tests : search_.other_tests).push_back(test);
    }
    loose_tests_.clear();
  }

  void TakeEndpoint(const Move& move) {
    if (move.verdict == Verdict::kBad && !move.marked.empty()) {
      search_.bad = move.marked.back();
    } else if (move.verdict == Verdict::kGood) {
      search_.goods.insert(search_.goods.end(), move.marked.begin(),
                           move.marked.end());
    }
    UpdateRunning();
  }

  void UpdateRunning() {
    running_ = !search_.bad.empty() && !search_.goods.empty();
  }

  // Marks are looked up by the first digits, so that an abbreviation finds
  // the full id too.
  static std::string Key(const std::string& name) {
    constexpr std::size_t kDigits = 4;
    return IsHexId(name) ? name.substr(0, kDigits) : name;
  }

  const Earlier* Find(const std::string& name) const {
    const auto [begin, end] = marks_.equal_range(Key(name));
    for (auto it = begin; it != end; ++it) {
      if (SameCommit(it->second.first, name)) return &it->second.second;
    }
    return nullptr;
  }

  void Remember(const std::string& name, const Mark& mark, Move* move) {
    if (name.empty() || IsRange(name)) return;
    if (const Earlier* const earlier = Find(name)) {
      move->marked_before = earlier->line;
      move->verdict_before = earlier->verdict;
      Forget(name);
    }
    marks_.emplace(Key(name),
                   std::make_pair(name, Earlier{mark.line, mark.verdict}));
  }

  void Forget(const std::string& name) {
    const auto [begin, end] = marks_.equal_range(Key(name));
    for (auto it = begin; it != end; ++it) {
      if (SameCommit(it->second.first, name)) {
        marks_.erase(it);
        return;
      }
    }
  }

  const Recording& recording_;
  RecordedSearch search_;
  std::size_t at_ = 0;
  bool running_ = false;
  bool printed_ = false;  // this search prints its proposals
  bool open_ = false;     // the last move is a proposal without an answer
  bool gap_ = false;
  std::vector<std::size_t> loose_tests_;  // waiting for the mark they led to
  std::multimap<std::string, std::pair<std::string, Earlier>> marks_;
};

}  // namespace

std::vector<std::size_t> RecordedSearch::Steps() const {
  std::vector<std::size_t> steps;
  for (std::size_t i = 0; i < moves.size(); ++i) {
    if (moves[i].kind == MoveKind::kStep) steps.push_back(i);
  }
  return steps;
}

RecordedSearch FindSteps(const Recording& recording) {
  return Finder(recording).Run();
}

bool SameCommit(string_view a, string_view b) {
  if (a == b) return true;
  if (a.size() > b.size()) std::swap(a, b);
  return IsHexId(a) && IsHexId(b) && b.starts_with(a);
}

}  // namespace rebisect
