#include "scenarios/reconstruct/reconstruct_record.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>
#include <variant>

#include "sim/base/text.h"
#include "sim/graph/commit_id.h"

namespace rebisect {
namespace {

std::string LowerHex(std::string_view hex) {
  std::string lower(hex);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

bool IsFullId(std::string_view text) {
  return CommitId::FromHex(text).has_value();
}

/// Finds the commit that a writing means: full ids as they are, names by
/// what the recording says of them, short ids by the full ones it holds.
class Writings {
 public:
  explicit Writings(const Recording& recording) {
    AddFull(recording.start_commit);
    AddFull(recording.end.culprit);
    for (const Event& event : recording.events) {
      std::visit([this](const auto& e) { Collect(e); }, event);
    }
    std::sort(full_.begin(), full_.end());
    full_.erase(std::unique(full_.begin(), full_.end()), full_.end());
  }

  std::string Canonical(const std::string& writing) {
    const auto known = seen_.find(writing);
    if (known != seen_.end()) return known->second;
    std::string canonical = Resolve(writing);
    seen_.emplace(writing, canonical);
    return canonical;
  }

  /// True when the recording says what commit this name stands for.
  [[nodiscard]] bool Knows(const std::string& writing) const {
    return named_.count(writing) != 0;
  }

  /// Every writing asked for so far, and names with a known id.
  std::map<std::string, std::string> Seen() && {
    for (const auto& [name, id] : named_) seen_.emplace(name, id);
    return std::move(seen_);
  }

 private:
  void AddFull(std::string_view text) {
    if (IsFullId(text)) full_.push_back(LowerHex(text));
  }
  void AddNamed(const std::map<std::string, std::string>& resolved) {
    for (const auto& [name, id] : resolved) {
      if (!IsFullId(id)) continue;
      full_.push_back(LowerHex(id));
      named_.insert_or_assign(name, LowerHex(id));
    }
  }
  void Collect(const Test& test) {
    AddFull(test.commit);
    if (!test.release.empty() && IsFullId(test.commit)) {
      named_.emplace(test.release, LowerHex(test.commit));
    }
  }
  void Collect(const Start& start) {
    AddFull(start.bad);
    for (const std::string& good : start.goods) AddFull(good);
    AddNamed(start.resolved);
  }
  void Collect(const Mark& mark) {
    for (const std::string& commit : mark.commits) AddFull(commit);
    AddNamed(mark.resolved);
  }
  void Collect(const Proposal& proposal) { AddFull(proposal.commit); }
  void Collect(const Remark&) {}

  std::string Resolve(const std::string& writing) const {
    if (IsFullId(writing)) return LowerHex(writing);
    const auto named = named_.find(writing);
    if (named != named_.end()) return named->second;
    if (!LooksLikeHexId(writing)) return writing;
    const std::string prefix = LowerHex(writing);
    auto it = std::lower_bound(full_.begin(), full_.end(), prefix);
    if (it == full_.end() || it->compare(0, prefix.size(), prefix) != 0) {
      return writing;
    }
    const std::string& match = *it++;
    const bool ambiguous =
        it != full_.end() && it->compare(0, prefix.size(), prefix) == 0;
    return ambiguous ? writing : match;
  }

  std::vector<std::string> full_;
  std::map<std::string, std::string> named_;
  std::map<std::string, std::string> seen_;
};

/// Goes through the events of a recording.
class Reader {
 public:
  explicit Reader(const Recording& recording)
      : recording_(recording), writings_(recording) {
    record_.counted = StatesCounts(recording);
  }

  Result<SearchRecord> Read();

 private:
  using Failure = std::optional<Error>;

  Failure Take(const Start& start);
  Failure Take(const Mark& mark);
  Failure Take(const Proposal& proposal);
  Failure Take(const Test& test);
  Failure Take(const Remark&) { return std::nullopt; }
  Failure TakeMark(const std::string& commit, Verdict verdict, int line);
  Failure CheckRoles() const;
  Failure TakeEnd();
  void PlaceTests();

  Failure ErrorAt(int line, std::string message,
                  ErrorCode code = ErrorCode::kInput) const {
    return Error{code,
                 std::move(message),
                 Position{recording_.file, line, line > 0 ? 1 : 0},
                 {}};
  }
  [[nodiscard]] bool Started() const {
    return !record_.bad.empty() && !record_.goods.empty();
  }
  [[nodiscard]] bool Searching() const {
    return !record_.steps.empty() || !record_.merge_bases.empty();
  }

  const Recording& recording_;
  Writings writings_;
  SearchRecord record_;
  ProposedCommit* pending_ = nullptr;  ///< proposed and not yet answered
  std::map<std::string, Verdict> marked_;
  std::vector<std::string> tested_;  ///< before the search, in order
  int start_line_ = 0;
};

Reader::Failure Reader::Take(const Start& start) {
  if (Searching()) {
    return ErrorAt(start.line,
                   "a second search starts here, which a reconstruction does "
                   "not support; cut the recording into one file a search",
                   ErrorCode::kUnsupported);
  }
  start_line_ = start.line;
  record_.first_parent = start.first_parent;
  record_.paths = !start.paths.empty();
  record_.bad.clear();
  record_.goods.clear();
  marked_.clear();
  if (!start.bad.empty()) {
    record_.bad = writings_.Canonical(start.bad);
    marked_[record_.bad] = Verdict::kBad;
  }
  for (const std::string& good : start.goods) {
    if (auto error =
            TakeMark(writings_.Canonical(good), Verdict::kGood, start.line)) {
      return error;
    }
  }
  return std::nullopt;
}

Reader::Failure Reader::Take(const Mark& mark) {
  if (mark.verdict == Verdict::kSkip) {
    return ErrorAt(mark.line,
                   "a skipped commit makes git jump by the order of all "
                   "suspects and their ids, which the counts do not tell: a "
                   "reconstruction does not support skips; pass a repository "
                   "or a DAG file instead",
                   ErrorCode::kUnsupported);
  }
  std::vector<std::string> commits = mark.commits;
  if (commits.empty()) commits.emplace_back("HEAD");
  for (const std::string& commit : commits) {
    const bool checked_out =
        pending_ != nullptr && !writings_.Knows(commit) &&
        (commit == "HEAD" || commit == "@" || commit == "BISECT_HEAD");
    const std::string canonical =
        checked_out ? pending_->commit : writings_.Canonical(commit);
    if (auto error = TakeMark(canonical, mark.verdict, mark.line)) {
      return error;
    }
  }
  return std::nullopt;
}

Reader::Failure Reader::TakeMark(const std::string& commit, Verdict verdict,
                                 int line) {
  const auto [it, fresh] = marked_.emplace(commit, verdict);
  if (!fresh) {
    if (it->second == verdict) return std::nullopt;  // changes nothing
    return ErrorAt(line, "commit " + commit +
                             " is marked good and bad; remove the wrong mark "
                             "and what follows from it");
  }
  if (pending_ != nullptr) {
    if (pending_->commit != commit) {
      return ErrorAt(line,
                     "commit " + commit + " is marked, but git had proposed " +
                         pending_->commit +
                         ": what that leaves is not in the counts, so the "
                         "graph cannot be reconstructed; pass a repository or "
                         "a DAG file instead",
                     ErrorCode::kUnsupported);
    }
    pending_->verdict = verdict;
    pending_ = nullptr;
    return std::nullopt;
  }
  if (!Searching() && (record_.counted || !Started())) {
    if (verdict == Verdict::kBad) {
      record_.bad = commit;
    } else {
      record_.goods.push_back(commit);
    }
    return std::nullopt;
  }
  if (!record_.counted) {
    record_.steps.push_back({commit, verdict, {}, {}, line});
    return std::nullopt;
  }
  return ErrorAt(line,
                 "commit " + commit +
                     " is marked, but the log does not show that git had "
                     "proposed it: what that leaves is not in the counts, so "
                     "the graph cannot be reconstructed; pass a repository or "
                     "a DAG file instead",
                 ErrorCode::kUnsupported);
}

Reader::Failure Reader::Take(const Proposal& proposal) {
  const std::string commit = writings_.Canonical(proposal.commit);
  if (commit.empty()) {
    return ErrorAt(proposal.line,
                   "the proposed commit is missing; add the line `[id] "
                   "subject` that git prints after the counts");
  }
  if (pending_ != nullptr) {
    const bool same = pending_->commit == commit &&
                      pending_->revisions_left == proposal.revisions_left;
    if (same) return std::nullopt;  // printed again after an idle command
    return ErrorAt(proposal.line,
                   "git proposes a commit here, but its proposal of line " +
                       std::to_string(pending_->line) +
                       " has no verdict; add the missing mark");
  }
  ProposedCommit proposed{
      commit, {}, proposal.revisions_left, proposal.steps_left, proposal.line};
  if (marked_.count(commit) != 0) {
    return ErrorAt(proposal.line,
                   "git proposes commit " + commit +
                       ", which is marked already; look for missing or edited "
                       "lines above");
  }
  if (proposal.merge_base) {
    if (!record_.steps.empty()) {
      return ErrorAt(proposal.line,
                     "a merge base is tested in the middle of the search, "
                     "which a reconstruction does not support; pass a "
                     "repository or a DAG file instead",
                     ErrorCode::kUnsupported);
    }
    record_.merge_bases.push_back(std::move(proposed));
    pending_ = &record_.merge_bases.back();
    return std::nullopt;
  }
  if (!proposal.revisions_left) {
    return ErrorAt(proposal.line,
                   "the number of revisions left is missing; add the line "
                   "`Bisecting: N revisions left ...` that git printed here");
  }
  if (*proposal.revisions_left < 0) {
    return ErrorAt(proposal.line,
                   "-1 revisions left: git prints that where paths hide the "
                   "bad commit, which a reconstruction does not support; pass "
                   "a repository instead",
                   ErrorCode::kUnsupported);
  }
  record_.steps.push_back(std::move(proposed));
  pending_ = &record_.steps.back();
  return std::nullopt;
}

Reader::Failure Reader::Take(const Test& test) {
  const std::string commit = writings_.Canonical(test.commit);
  if (!commit.empty() && !Searching()) tested_.push_back(commit);
  return std::nullopt;
}

Reader::Failure Reader::TakeEnd() {
  const End& end = recording_.end;
  record_.end_line = end.line;
  if (end.kind == EndKind::kOnlySkippedLeft ||
      end.kind == EndKind::kInconclusive) {
    return ErrorAt(end.line,
                   "the search ends with skipped commits only, which a "
                   "reconstruction does not support; pass a repository or a "
                   "DAG file instead",
                   ErrorCode::kUnsupported);
  }
  if (end.kind != EndKind::kCulprit) return std::nullopt;
  record_.ended = true;
  record_.culprit = writings_.Canonical(end.culprit);
  std::string implied = record_.bad;
  for (const ProposedCommit& step : record_.steps) {
    if (step.verdict == Verdict::kBad) implied = step.commit;
  }
  if (pending_ != nullptr) {
    return ErrorAt(pending_->line,
                   "the commit proposed here has no verdict, though a culprit "
                   "is named at the end; add the missing mark");
  }
  if (record_.culprit.empty() || implied.empty()) {
    record_.culprit = implied;
  } else if (record_.culprit != implied) {
    return ErrorAt(end.line, "the log names " + record_.culprit +
                                 " as the culprit, but by its verdicts it is " +
                                 implied +
                                 "; look for missing or edited lines above");
  }
  return std::nullopt;
}

/// Commits with two parts to play: no graph has room for them.
Reader::Failure Reader::CheckRoles() const {
  std::set<std::string_view> taken;
  const auto clash = [&](const std::string& commit, int line) -> Failure {
    if (commit.empty() || taken.insert(commit).second) return std::nullopt;
    return ErrorAt(line, "commit " + commit +
                             " cannot stand here again after what the log "
                             "says of it above; look for edited lines");
  };
  if (auto error = clash(record_.bad, start_line_)) return error;
  for (const std::string& good : record_.goods) {
    if (auto error = clash(good, start_line_)) return error;
  }
  for (const auto* list : {&record_.merge_bases, &record_.steps}) {
    for (const ProposedCommit& proposed : *list) {
      if (auto error = clash(proposed.commit, proposed.line)) return error;
    }
  }
  return std::nullopt;
}

/// The commits tested before the search, by where they stand in the order of
/// the tests (newest first): above the bad commit, between it and the good
/// one, or below that.
void Reader::PlaceTests() {
  std::set<std::string> placed{record_.bad};
  placed.insert(record_.goods.begin(), record_.goods.end());
  for (const auto* list : {&record_.merge_bases, &record_.steps}) {
    for (const ProposedCommit& proposed : *list) placed.insert(proposed.commit);
  }
  const auto position = [&](const std::string& commit) {
    return std::find(tested_.begin(), tested_.end(), commit);
  };
  const auto bad = position(record_.bad);
  const auto good =
      record_.goods.empty() ? tested_.end() : position(record_.goods.front());
  for (auto it = tested_.begin(); it != tested_.end(); ++it) {
    if (!placed.insert(*it).second) continue;
    if (it < bad && bad != tested_.end()) {
      record_.newer.push_back(*it);
    } else if (good != tested_.end() && it > good) {
      record_.older.push_back(*it);
    } else {
      record_.between.push_back(*it);
    }
  }
  const std::string start = writings_.Canonical(recording_.start_commit);
  if (!start.empty() && placed.insert(start).second) {
    record_.newer.insert(record_.newer.begin(), start);
  }
  std::reverse(record_.newer.begin(), record_.newer.end());
}

Result<SearchRecord> Reader::Read() {
  // `pending_` points into these.
  record_.steps.reserve(recording_.events.size());
  record_.merge_bases.reserve(recording_.events.size());
  for (const Event& event : recording_.events) {
    auto error = std::visit([this](const auto& e) { return Take(e); }, event);
    if (error) return tl::unexpected(std::move(*error));
  }
  if (record_.bad.empty() && record_.goods.empty() && !Searching()) {
    return Fail(ErrorCode::kInput,
                "no search to reconstruct: the recording neither starts one "
                "nor holds a proposal of git",
                Position{recording_.file, 0, 0});
  }
  if (auto error = TakeEnd()) return tl::unexpected(std::move(*error));
  if (auto error = CheckRoles()) return tl::unexpected(std::move(*error));
  for (std::size_t i = 0; i < record_.merge_bases.size(); ++i) {
    const ProposedCommit& base = record_.merge_bases[i];
    if (base.verdict == Verdict::kBad &&
        (i + 1 < record_.merge_bases.size() || !record_.steps.empty())) {
      return tl::unexpected(*ErrorAt(
          base.line,
          "the merge base is bad, which ends a search, but this one goes on; "
          "look for missing or edited lines below"));
    }
  }
  PlaceTests();
  record_.writings = std::move(writings_).Seen();
  return std::move(record_);
}

}  // namespace

bool StatesCounts(const Recording& recording) {
  return std::any_of(
      recording.events.begin(), recording.events.end(),
      [](const Event& e) { return std::holds_alternative<Proposal>(e); });
}

Result<SearchRecord> ReadSearchRecord(const Recording& recording) {
  return Reader(recording).Read();
}

}  // namespace rebisect
