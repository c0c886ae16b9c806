#include "sim/io/dag_text.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <map>
#include <utility>

#include "sim/base/result.h"
#include "sim/io/hex_id.h"
#include "sim/io/id_table.h"

namespace rebisect {
namespace {

constexpr std::size_t kMaxNotes = 100;
/// Commits from one call of DagOptions::progress to the next.
constexpr std::size_t kToldEvery = 65'536;

bool IsBlank(char c) { return c == ' ' || c == '\t'; }

bool IsControl(char c) { return (c >= 0 && c < ' ') || c == '\x7f'; }

/// A word of an error message: printable, and not too long.
std::string Shown(std::string_view word) {
  std::string shown = "'";
  for (const char c : word.substr(0, 60)) {
    shown += c >= ' ' && c <= '~' ? c : '?';
  }
  return shown + (word.size() > 60 ? "...'" : "'");
}

/// One line, cut into words from the left.
class Words {
 public:
  Words(const char* begin, const char* end) : at_(begin), end_(end) {}

  /// The next word; empty at the end.
  std::string_view Next() {
    while (at_ < end_ && IsBlank(*at_)) ++at_;
    const char* const begin = at_;
    // Most words are ids, and need no search for their end.
    if (end_ - at_ > kIdSize && IsBlank(at_[kIdSize]) &&
        std::memchr(at_, ' ', CommitId::kHexSize) == nullptr &&
        std::memchr(at_, '\t', CommitId::kHexSize) == nullptr) {
      at_ += kIdSize;
    }
    while (at_ < end_ && !IsBlank(*at_)) ++at_;
    return {begin, static_cast<std::size_t>(at_ - begin)};
  }

 private:
  static constexpr std::ptrdiff_t kIdSize = CommitId::kHexSize;

  const char* at_;
  const char* end_;
};

/// Where a commit was read, and its parents in the vector of all of them.
struct Source {
  const char* line;
  std::size_t parents_begin;
  std::uint32_t parent_count;
  std::uint32_t text;
  bool boundary;
};

struct NameLine {
  std::string_view name;
  CommitId id;
  const char* line;
  std::uint32_t text;
};

class DagReader {
 public:
  DagReader(std::span<const NamedText> texts, const DagOptions& options)
      : texts_(texts.begin(), texts.end()), options_(options) {}

  Result<DagResult> Run() {
    std::size_t bytes = 0;
    for (const NamedText& text : texts_) {
      bytes += text.streamed != nullptr ? text.streamed->likely_size()
                                        : text.text.size();
    }
    Reserve(bytes / 90);
    for (text_ = 0; text_ < texts_.size(); ++text_) {
      auto read = ReadText();
      if (StreamedInput* const streamed = texts_[text_].streamed) {
        // What is cut off or damaged reads badly too; this is why.
        if (auto whole = streamed->Finish(); !whole) read = std::move(whole);
      }
      REBISECT_RETURN_IF_ERROR(read);
    }
    if (arrays_.ids.empty()) {
      return Fail(ErrorCode::kInput,
                  "holds no commit; lines are '<oid> <committer time> "
                  "<parent>...', as git log --format='%H %ct %P' prints",
                  {texts_.empty() ? "" : texts_.front().name, 0, 0});
    }
    REBISECT_RETURN_IF_ERROR(LinkParents());
    REBISECT_RETURN_IF_ERROR(LinkNames());
    return Build();
  }

 private:
  void Reserve(std::size_t commits) {
    arrays_.ids.reserve(commits);
    arrays_.dates.reserve(commits);
    sources_.reserve(commits);
    parent_ids_.reserve(commits + commits / 4);
    table_.Reserve(commits);
  }

  // --- where things are, for errors -------------------------------------

  [[nodiscard]] Position At(std::size_t text, const char* where) const {
    const std::string_view whole = texts_[text].text;
    const char* line_begin = whole.data();
    int line = 1;
    while (const void* newline =
               std::memchr(line_begin, '\n',
                           static_cast<std::size_t>(where - line_begin))) {
      ++line;
      line_begin = static_cast<const char*>(newline) + 1;
    }
    return {texts_[text].name, line, static_cast<int>(where - line_begin) + 1};
  }
  [[nodiscard]] Position At(std::string_view word) const {
    return At(text_, word.data());
  }
  [[nodiscard]] Position LineOf(std::uint32_t commit) const {
    return At(sources_[commit].text, sources_[commit].line);
  }
  [[nodiscard]] std::string LineNote(std::uint32_t commit) const {
    const Position at = LineOf(commit);
    return "note: " + arrays_.ids[commit].Hex() + " is at " + at.file + ':' +
           std::to_string(at.line);
  }

  // --- lines ------------------------------------------------------------

  Result<void> ReadText() {
    std::string_view& text = texts_[text_].text;
    const char* at = nullptr;
    while (true) {
      const bool more = Extend(text, texts_[text_].streamed);
      if (at == nullptr) {
        at = text.data();
        if (text.substr(0, 3) == "\xef\xbb\xbf") at += 3;
      }
      if (auto read = ReadLines(at, text.data() + text.size(), more); !read) {
        return read;
      }
      if (!more) return {};
    }
  }

  /// Makes `text` all that is there by now, after waiting for more. False when
  /// no more is to come.
  static bool Extend(std::string_view& text, StreamedInput* streamed) {
    if (streamed == nullptr) return false;
    const std::size_t size = streamed->Await(text.size());
    const bool more = size > text.size();
    text = {streamed->data(), size};
    return more;
  }

  /// Reads lines from `at` on, and moves it behind them. With `more`, not the
  /// last one if it has no end yet.
  Result<void> ReadLines(const char*& at, const char* end, bool more) {
    while (at < end) {
      const auto* newline = static_cast<const char*>(
          std::memchr(at, '\n', static_cast<std::size_t>(end - at)));
      if (newline == nullptr && more) break;
      const char* const next = newline == nullptr ? end : newline + 1;
      const char* line_end = newline == nullptr ? end : newline;
      if (line_end > at && line_end[-1] == '\r') --line_end;
      if (auto read = ReadLine(at, line_end); !read) return read;
      at = next;
    }
    return {};
  }

  Result<void> ReadLine(const char* begin, const char* end) {
    Words words(begin, end);
    std::string_view word = words.Next();
    if (word.empty() || word.front() == '#') return {};
    const bool boundary = word == "-";
    if (boundary) {
      word = words.Next();
      if (word.empty()) word = std::string_view(end, end);
    }
    CommitId id;
    if (auto read = ReadId(word, id); !read) return read;
    table_.Prefetch(id);
    const std::string_view time = words.Next();
    if (time.empty()) {
      return Fail(ErrorCode::kInput,
                  "the commit has no time; write '<oid> <committer time> "
                  "<parent>...'",
                  At(text_, end));
    }
    std::int64_t date = 0;
    const auto parsed =
        std::from_chars(time.data(), time.data() + time.size(), date);
    if (parsed.ptr != time.data() + time.size() || parsed.ec != std::errc()) {
      return ReadName(boundary, id, time, words, begin);
    }
    Source source{begin, parent_ids_.size(), 0,
                  static_cast<std::uint32_t>(text_), boundary};
    CommitId parent;
    for (word = words.Next(); !word.empty(); word = words.Next()) {
      if (boundary) {
        return Fail(ErrorCode::kInput,
                    "a boundary commit ('- <oid> <time>') has no parents; "
                    "leave out the '-' or the parents",
                    At(word));
      }
      if (auto read = ReadId(word, parent); !read) return read;
      parent_ids_.push_back(parent);
      ++source.parent_count;
    }
    return Define(id, date, source);
  }

  Result<void> ReadId(std::string_view word, CommitId& id) const {
    if (word.size() == CommitId::kHexSize && ReadHex(word.data(), id)) {
      return {};
    }
    const bool hex = std::all_of(word.begin(), word.end(), [](char c) {
      return hex_id::DigitValue(c) < 16;
    });
    if (hex && word.size() == 64) {
      return Fail(ErrorCode::kUnsupported,
                  "a SHA-256 id; only SHA-1 graphs are supported", At(word));
    }
    if (hex && word.size() >= 4 && word.size() < CommitId::kHexSize) {
      return Fail(ErrorCode::kInput,
                  Shown(word) + " is an abbreviated id; write all 40 digits",
                  At(word));
    }
    return Fail(ErrorCode::kInput,
                Shown(word) +
                    " is no commit id; lines are '<oid> <committer time> "
                    "<parent>...'",
                At(word));
  }

  Result<void> ReadName(bool boundary, const CommitId& id,
                        std::string_view name, Words& words, const char* line) {
    const bool ref = name.substr(0, 5) == "refs/" && name.size() > 5 &&
                     std::none_of(name.begin(), name.end(), IsControl);
    const bool pseudo = std::all_of(name.begin(), name.end(), [](char c) {
      return (c >= 'A' && c <= 'Z') || c == '_';
    });
    if (boundary || (!ref && !pseudo)) {
      return Fail(ErrorCode::kInput,
                  Shown(name) +
                      " is neither a time (seconds since 1970) nor a name "
                      "(refs/..., HEAD)",
                  At(name));
    }
    const std::string_view extra = words.Next();
    if (!extra.empty()) {
      return Fail(ErrorCode::kInput,
                  Shown(extra) + " after a name; write one name a line",
                  At(extra));
    }
    names_.push_back({name, id, line, static_cast<std::uint32_t>(text_)});
    return {};
  }

  // --- commits ----------------------------------------------------------

  [[nodiscard]] std::span<const CommitId> ParentIds(
      const Source& source) const {
    return {parent_ids_.data() + source.parents_begin, source.parent_count};
  }

  /// Enters a commit, or joins it to the one that another text holds.
  Result<void> Define(const CommitId& id, std::int64_t date,
                      const Source& source) {
    const auto next = static_cast<std::uint32_t>(arrays_.ids.size());
    const std::uint32_t found = table_.FindOrAdd(arrays_.ids, id, next);
    if (found == next) {
      arrays_.ids.push_back(id);
      arrays_.dates.push_back(date);
      sources_.push_back(source);
      if (sources_.size() % kToldEvery == 0 && options_.progress) {
        options_.progress(sources_.size());
      }
      return {};
    }
    Source& old = sources_[found];
    const std::span<const CommitId> old_parents = ParentIds(old);
    const std::span<const CommitId> parents = ParentIds(source);
    const bool other_text = old.text != source.text;
    const bool either_boundary = old.boundary || source.boundary;
    if (!other_text || arrays_.dates[found] != date ||
        (!either_boundary && !std::equal(old_parents.begin(), old_parents.end(),
                                         parents.begin(), parents.end()))) {
      Error error{ErrorCode::kInput,
                  other_text ? "the commit stands otherwise in another input; "
                               "give inputs of one history"
                             : "the commit has a line already; remove one",
                  At(source.text, source.line),
                  {LineNote(found)}};
      return tl::unexpected(std::move(error));
    }
    if (old.boundary && !source.boundary) old = source;
    return {};
  }

  Result<void> LinkParents() {
    const auto defined = static_cast<std::uint32_t>(arrays_.ids.size());
    arrays_.rows.reserve(defined + 1);
    arrays_.rows.push_back(0);
    arrays_.parents.reserve(parent_ids_.size());
    for (std::uint32_t commit = 0; commit < defined; ++commit) {
      for (const CommitId& id : ParentIds(sources_[commit])) {
        const auto at = static_cast<std::size_t>(&id - parent_ids_.data());
        if (at + 16 < parent_ids_.size()) {
          table_.Prefetch(parent_ids_[at + 16]);
        }
        std::uint32_t parent = table_.Find(arrays_.ids, id);
        if (parent == IdTable::kNone) {
          if (!options_.allow_missing) return MissingParent(commit, id);
          parent = AddMissing(id, arrays_.dates[commit]);
        }
        if (parent >= defined) {
          std::int64_t& date = arrays_.dates[parent];
          date = std::min(date, arrays_.dates[commit]);
        }
        arrays_.parents.push_back(parent);
      }
      if (sources_[commit].boundary) arrays_.boundary.push_back(commit);
      arrays_.rows.push_back(
          static_cast<std::uint32_t>(arrays_.parents.size()));
    }
    missing_ = arrays_.ids.size() - defined;
    for (std::size_t i = 0; i < missing_; ++i) {
      arrays_.rows.push_back(arrays_.rows.back());
      arrays_.boundary.push_back(static_cast<std::uint32_t>(defined + i));
    }
    return {};
  }

  std::uint32_t AddMissing(const CommitId& id, std::int64_t date) {
    const auto added = static_cast<std::uint32_t>(arrays_.ids.size());
    table_.FindOrAdd(arrays_.ids, id, added);
    arrays_.ids.push_back(id);
    arrays_.dates.push_back(date);
    return added;
  }

  [[nodiscard]] tl::unexpected<Error> MissingParent(std::uint32_t child,
                                                    const CommitId& id) const {
    const Source& source = sources_[child];
    const std::string_view whole = texts_[source.text].text;
    Words words(source.line, whole.data() + whole.size());
    words.Next();
    words.Next();
    std::string_view word = words.Next();
    CommitId read;
    while (!(ReadHex(word.data(), read) && read == id)) word = words.Next();
    Error error{ErrorCode::kInput,
                "the parent " + id.Hex() +
                    " has no line; add it, or '- <oid> <time>' for it, or "
                    "pass --allow-missing",
                At(source.text, word.data()),
                {}};
    std::size_t more = 0;
    for (const Source& other : sources_) {
      for (const CommitId& parent : ParentIds(other)) {
        if (table_.Find(arrays_.ids, parent) == IdTable::kNone) ++more;
      }
    }
    if (more > 1) {
      error.notes.push_back("note: " + std::to_string(more) +
                            " mentions of parents with no line in all");
    }
    return tl::unexpected(std::move(error));
  }

  // --- names and the graph ----------------------------------------------

  Result<void> LinkNames() {
    std::size_t unknown = 0;
    std::map<std::string_view, const NameLine*> seen;
    for (const NameLine& line : names_) {
      const auto [it, added] = seen.emplace(line.name, &line);
      if (!added && it->second->id != line.id) {
        const Position first = At(it->second->text, it->second->line);
        Error error{
            ErrorCode::kInput,
            Shown(line.name) + " stands for two commits; keep one of its lines",
            At(line.text, line.name.data()),
            {"note: the other is at " + first.file + ':' +
             std::to_string(first.line)}};
        return tl::unexpected(std::move(error));
      }
      if (!added) continue;
      const std::uint32_t commit = table_.Find(arrays_.ids, line.id);
      if (commit == IdTable::kNone) {
        ++unknown;
        continue;
      }
      arrays_.names.emplace(line.name, commit);
    }
    if (unknown > 0) {
      notes_.push_back(std::to_string(unknown) +
                       (unknown == 1 ? " name stands" : " names stand") +
                       " for commits that are not in the graph; left out");
    }
    return {};
  }

  Result<DagResult> Build() {
    // Where the lines are is needed for errors only, so after the graph.
    Result<CommitGraph> graph = CommitGraph::Build(std::move(arrays_));
    if (!graph) return tl::unexpected(CycleError(std::move(graph.error())));
    if (missing_ > 0) {
      notes_.push_back(std::to_string(missing_) +
                       (missing_ == 1 ? " parent has" : " parents have") +
                       " no line; what is said of them may be inexact");
    }
    return DagResult{std::move(*graph), std::move(notes_), missing_};
  }

  /// Build names the commits of a cycle by their ids; people want lines.
  [[nodiscard]] Error CycleError(Error error) const {
    std::map<CommitId, const Source*> in_cycle;
    for (const std::string& hex : error.notes) {
      if (const auto id = CommitId::FromHex(hex)) in_cycle[*id] = nullptr;
    }
    for (const Source& source : sources_) {
      const auto it = in_cycle.find(IdAt(source.line));
      if (it != in_cycle.end()) it->second = &source;
    }
    std::vector<std::string> notes;
    for (const std::string& hex : error.notes) {
      const auto id = CommitId::FromHex(hex);
      if (!id || in_cycle[*id] == nullptr) continue;
      const Position at = At(in_cycle[*id]->text, in_cycle[*id]->line);
      if (notes.empty()) error.where = at;
      if (notes.size() == kMaxNotes) {
        notes.push_back("note: and " +
                        std::to_string(error.notes.size() - kMaxNotes) +
                        " commits more");
        break;
      }
      notes.push_back("note: " + hex + " is at " + at.file + ':' +
                      std::to_string(at.line));
    }
    error.message += "; correct the lines named below";
    error.notes = std::move(notes);
    return error;
  }

  /// The id that a line of a commit, known to be well formed, starts with.
  static CommitId IdAt(const char* line) {
    while (IsBlank(*line)) ++line;
    CommitId id;
    ReadHex(line, id);
    return id;
  }

  std::vector<NamedText> texts_;
  const DagOptions options_;
  std::size_t text_ = 0;  // that is being read
  CommitArrays arrays_;
  std::vector<Source> sources_;  // of the commits in arrays_
  std::vector<CommitId> parent_ids_;
  std::vector<NameLine> names_;
  IdTable table_;
  std::size_t missing_ = 0;
  std::vector<std::string> notes_;
};

}  // namespace

Result<DagResult> ReadDag(std::span<const NamedText> texts,
                          const DagOptions& options) {
  return DagReader(texts, options).Run();
}

}  // namespace rebisect
