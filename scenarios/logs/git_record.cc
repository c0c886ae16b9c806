#include "scenarios/logs/git_record.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "sim/base/text.h"

namespace rebisect {

using std::string_view;

std::optional<Verdict> Terms::VerdictOf(string_view word) const {
  if (word == "skip") return Verdict::kSkip;
  if (bad.count(word) > 0) return Verdict::kBad;
  if (good.count(word) > 0) return Verdict::kGood;
  return std::nullopt;
}

Terms FindTerms(const std::vector<TextLine>& lines) {
  Terms terms;
  std::set<std::string, std::less<>> used;
  const Start usual;
  for (const TextLine& line : lines) {
    if (const auto comment = git_words::ParseLogComment(line.text)) {
      const bool mark = comment->kind == git_words::LogComment::Kind::kMark;
      (mark ? used : terms.bad).emplace(comment->term);
    } else if (const auto first = git_words::ParseFirstCommit(line.text)) {
      terms.bad.emplace(first->term);
    } else if (const auto command = git_words::FindCommand(line.text)) {
      auto words = git_words::CommandWords(command->line);
      if (!words.has_value() || words->empty() || words->front() != "start") {
        continue;
      }
      words->erase(words->begin());
      const auto start = git_words::ParseStart(*words);
      if (!start.has_value()) continue;
      if (start->term_bad != usual.term_bad) terms.bad.insert(start->term_bad);
      if (start->term_good != usual.term_good) {
        terms.good.insert(start->term_good);
      }
    }
  }
  if (terms.bad.size() > Terms().bad.size() &&
      terms.good.size() == Terms().good.size()) {
    std::vector<std::string> others;
    for (const std::string& word : used) {
      if (!terms.VerdictOf(word).has_value()) others.push_back(word);
    }
    if (others.size() == 1) terms.good.insert(others.front());
  }
  return terms;
}

GitRecord::GitRecord(const std::string& file, Terms terms)
    : terms_(std::move(terms)) {
  recording_.file = file;
}

// Comments that no command took up are marks of their own; the last `keep`
// stay.
void GitRecord::FlushComments(std::size_t keep) {
  const std::size_t count = comments_.size() - std::min(keep, comments_.size());
  for (std::size_t i = 0; i < count; ++i) {
    Mark mark;
    mark.verdict = comments_[i].verdict;
    mark.commits.push_back(comments_[i].commit);
    mark.line = comments_[i].line;
    recording_.events.emplace_back(std::move(mark));
  }
  comments_.erase(comments_.begin(),
                  comments_.begin() + static_cast<std::ptrdiff_t>(count));
}

void GitRecord::AddStart(Start start, int number) {
  start.line = number;
  // git logs the comments of the revisions given to start above it, the bad
  // one first.
  std::vector<std::pair<std::string, Verdict>> given;
  if (!start.bad.empty()) given.emplace_back(start.bad, Verdict::kBad);
  for (const std::string& good : start.goods) {
    given.emplace_back(good, Verdict::kGood);
  }
  bool fits = comments_.size() >= given.size();
  const std::size_t first = fits ? comments_.size() - given.size() : 0;
  for (std::size_t i = 0; fits && i < given.size(); ++i) {
    fits = comments_[first + i].verdict == given[i].second;
  }
  if (fits && !given.empty()) {
    for (std::size_t i = 0; i < given.size(); ++i) {
      const std::string& id = comments_[first + i].commit;
      if (id != given[i].first) start.resolved[given[i].first] = id;
    }
    comments_.resize(first);
  }
  FlushComments(0);
  recording_.events.emplace_back(std::move(start));
}

void GitRecord::AddMark(Verdict verdict, std::vector<std::string> commits,
                        int number) {
  Mark mark;
  mark.verdict = verdict;
  mark.line = number;
  const std::size_t wanted = std::max<std::size_t>(commits.size(), 1);
  bool fits = comments_.size() >= wanted;
  const std::size_t first = fits ? comments_.size() - wanted : 0;
  for (std::size_t i = 0; fits && i < wanted; ++i) {
    const PendingComment& comment = comments_[first + i];
    fits = comment.verdict == verdict;
    // Two full ids that differ are two commits.
    if (fits && i < commits.size() && IsFullId(commits[i])) {
      fits = commits[i] == comment.commit;
    }
  }
  if (fits) {
    FlushComments(wanted);
    if (commits.empty()) commits.push_back(comments_.front().commit);
    for (std::size_t i = 0; i < wanted; ++i) {
      const std::string& id = comments_[i].commit;
      if (id != commits[i]) mark.resolved[commits[i]] = id;
    }
    comments_.clear();
  }
  FlushComments(0);
  mark.commits = std::move(commits);
  recording_.events.emplace_back(std::move(mark));
}

bool GitRecord::Command(string_view line, int number) {
  auto words = git_words::CommandWords(line);
  if (!words.has_value()) return false;
  if (words->empty()) words->emplace_back("next");
  const std::string verb = std::move(words->front());
  words->erase(words->begin());
  if (verb == "start") {
    auto start = git_words::ParseStart(*words);
    if (!start.has_value()) return false;
    AddStart(std::move(*start), number);
  } else if (const auto verdict = terms_.VerdictOf(verb)) {
    if (verb == "new" || verb == "old") new_words_ = true;
    AddMark(*verdict, std::move(*words), number);
  } else {
    constexpr string_view kOthers[] = {"next", "reset",  "visualize",
                                       "view", "replay", "log",
                                       "run",  "terms",  "help"};
    if (std::find(std::begin(kOthers), std::end(kOthers), verb) ==
        std::end(kOthers)) {
      return false;
    }
    AddRemark(std::string(line), number);
  }
  ++facts_;
  return true;
}

void GitRecord::Comment(const git_words::LogComment& comment, int number) {
  using Kind = git_words::LogComment::Kind;
  if (comment.kind == Kind::kFirst) {
    SetCulprit(comment.commit, number);
    return;
  }
  if (comment.kind == Kind::kPossible) {
    OnlySkipped(number);
    Candidate(comment.commit);
    return;
  }
  const auto verdict = terms_.VerdictOf(comment.term);
  if (!verdict.has_value()) {
    recording_.unknown.push_back(
        {number, "# " + std::string(comment.term) + ": [" +
                     std::string(comment.commit) + "]"});
    return;
  }
  if (comment.term == "new" || comment.term == "old") new_words_ = true;
  comments_.push_back({*verdict, std::string(comment.commit), number});
  ++facts_;
}

bool GitRecord::AwaitsCommit() const {
  if (recording_.events.empty()) return false;
  const auto* last = std::get_if<Proposal>(&recording_.events.back());
  return last != nullptr && last->commit.empty();
}

void GitRecord::Bisecting(Proposal proposal, int number) {
  FlushComments(0);
  proposal.line = number;
  recording_.events.emplace_back(std::move(proposal));
  ++facts_;
}

void GitRecord::CommitLine(string_view commit, int number) {
  if (!AwaitsCommit()) Bisecting(Proposal{}, number);
  std::get<Proposal>(recording_.events.back()).commit = commit;
}

void GitRecord::SetCulprit(string_view commit, int number) {
  FlushComments(0);
  End& end = recording_.end;
  end.kind = EndKind::kCulprit;
  end.culprit = commit;
  end.candidates.clear();
  end.line = number;
  ++facts_;
}

void GitRecord::OnlySkipped(int number) {
  FlushComments(0);
  End& end = recording_.end;
  ++facts_;
  if (end.kind == EndKind::kOnlySkippedLeft) return;
  end = End{};
  end.kind = EndKind::kOnlySkippedLeft;
  end.line = number;
}

void GitRecord::Candidate(string_view commit) {
  // A transcript that ends in a log names them twice.
  auto& candidates = recording_.end.candidates;
  if (candidates.empty() || candidates.back() != commit) {
    candidates.emplace_back(commit);
  }
}

void GitRecord::MergeBaseBad(int number) {
  FlushComments(0);
  recording_.end.kind = EndKind::kMergeBaseBad;
  recording_.end.line = number;
  ++facts_;
}

void GitRecord::Failed(string_view message, int number) {
  FlushComments(0);
  recording_.end.kind = EndKind::kError;
  recording_.end.message = message;
  recording_.end.line = number;
  ++facts_;
}

void GitRecord::AddRemark(std::string text, int number) {
  FlushComments(0);
  recording_.events.emplace_back(Remark{std::move(text), number});
}

void GitRecord::AddUnknown(const TextLine& line) {
  recording_.unknown.push_back({line.number, std::string(line.whole)});
}

Recording GitRecord::Finish(std::string format) {
  FlushComments(0);
  if (new_words_) {
    for (Event& event : recording_.events) {
      auto* start = std::get_if<Start>(&event);
      if (start == nullptr) continue;
      if (start->term_bad == "bad") start->term_bad = "new";
      if (start->term_good == "good") start->term_good = "old";
    }
  }
  recording_.format = std::move(format);
  recording_.kind = RecordingKind::kMarks;
  return std::move(recording_);
}

}  // namespace rebisect
