#include "sim/git/pathspec.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace rebisect {
namespace {

constexpr std::size_t kNone = std::string_view::npos;

bool InClass(std::string_view name, unsigned char c) {
  const bool lower = c >= 'a' && c <= 'z';
  const bool upper = c >= 'A' && c <= 'Z';
  const bool digit = c >= '0' && c <= '9';
  const bool graph = c > ' ' && c < 0x7f;
  const bool alnum = lower || upper || digit;
  if (name == "alnum") return alnum;
  if (name == "alpha") return lower || upper;
  if (name == "blank") return c == ' ' || c == '\t';
  if (name == "cntrl") return c < ' ' || c == 0x7f;
  if (name == "digit") return digit;
  if (name == "graph") return graph;
  if (name == "lower") return lower;
  if (name == "print") return graph || c == ' ';
  if (name == "punct") return graph && !alnum;
  if (name == "space") return c == ' ' || (c >= '\t' && c <= '\r');
  if (name == "upper") return upper;
  if (name == "xdigit") {
    return digit || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  }
  return false;
}

/// Matches `c` against the set that starts at pattern[at] == '['. Returns
/// what follows the set, or kNone when `c` is not in it (or it never ends).
std::size_t MatchSet(std::string_view pattern, std::size_t at,
                     unsigned char c) {
  ++at;
  bool negated = false;
  if (at < pattern.size() && (pattern[at] == '!' || pattern[at] == '^')) {
    negated = true;
    ++at;
  }
  bool matched = false;
  for (bool first = true; at < pattern.size(); first = false) {
    if (pattern[at] == ']' && !first) {
      return matched != negated ? at + 1 : kNone;
    }
    if (pattern.compare(at, 2, "[:") == 0) {
      const std::size_t end = pattern.find(":]", at + 2);
      if (end != kNone) {
        matched = matched || InClass(pattern.substr(at + 2, end - at - 2), c);
        at = end + 2;
        continue;
      }
    }
    const auto take = [&] {
      if (pattern[at] == '\\' && at + 1 < pattern.size()) ++at;
      return static_cast<unsigned char>(pattern[at++]);
    };
    const unsigned char low = take();
    unsigned char high = low;
    if (at + 1 < pattern.size() && pattern[at] == '-' &&
        pattern[at + 1] != ']') {
      ++at;
      high = take();
    }
    matched = matched || (low <= c && c <= high);
  }
  return kNone;
}

/// Matches one character. Returns what follows in the pattern, or kNone.
std::size_t MatchOne(std::string_view pattern, std::size_t at, char c) {
  if (at == pattern.size()) return kNone;
  switch (pattern[at]) {
    case '?':
      return at + 1;
    case '[':
      return MatchSet(pattern, at, static_cast<unsigned char>(c));
    case '\\':
      if (at + 1 < pattern.size()) ++at;
      break;
    default:
      break;
  }
  return pattern[at] == c ? at + 1 : kNone;
}

/// The path without `.`, `..` and doubled slashes. False when it leads
/// outside.
bool Normalize(std::string_view path, std::string& normal) {
  normal.clear();
  while (!path.empty()) {
    const std::string_view name = path.substr(0, path.find('/'));
    path.remove_prefix(std::min(path.size(), name.size() + 1));
    if (name.empty() || name == ".") continue;
    if (name == "..") {
      if (normal.empty()) return false;
      const std::size_t slash = normal.rfind('/');
      normal.resize(slash == std::string::npos ? 0 : slash);
      continue;
    }
    if (!normal.empty()) normal += '/';
    normal += name;
  }
  return true;
}

/// Whether `path` is `folder` or lies in it.
bool IsIn(std::string_view path, std::string_view folder) {
  return path.starts_with(folder) &&
         (path.size() == folder.size() || path[folder.size()] == '/');
}

}  // namespace

bool GlobMatches(std::string_view pattern, std::string_view text) {
  std::size_t p = 0;
  std::size_t t = 0;
  std::size_t star = kNone;  // the last one passed
  std::size_t star_text = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      star_text = t;
      continue;
    }
    const std::size_t next = MatchOne(pattern, p, text[t]);
    if (next != kNone) {
      p = next;
      ++t;
      continue;
    }
    if (star == kNone) return false;
    p = star + 1;
    t = ++star_text;
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

Result<Pathspec> Pathspec::Parse(const std::vector<std::string>& paths) {
  Pathspec result;
  for (const std::string& path : paths) {
    if (path.empty()) {
      return Fail(ErrorCode::kInput,
                  "an empty path; use . when you mean everything");
    }
    if (path.front() == ':') {
      return Fail(ErrorCode::kUnsupported,
                  "the path '" + path +
                      "' has git's pathspec magic, which is not supported; "
                      "give plain paths or patterns");
    }
    Item item;
    if (path.front() == '/' || !Normalize(path, item.text)) {
      return Fail(ErrorCode::kInput, "the path '" + path +
                                         "' leads outside; give it from the "
                                         "repository's top folder");
    }
    item.folder_only = path.back() == '/' && !item.text.empty();
    item.literal = std::min(item.text.find_first_of("*?[\\"), item.text.size());
    result.items_.push_back(std::move(item));
  }
  return result;
}

Pathspec::Match Pathspec::MatchOne(const Item& item, std::string_view path,
                                   bool is_folder) {
  if (item.text.empty()) return Match::kYes;
  if (IsIn(path, item.text) &&
      (!item.folder_only || is_folder || path.size() > item.text.size())) {
    return Match::kYes;
  }
  if (is_folder && IsIn(item.text, path)) return Match::kBelow;
  if (item.literal == item.text.size()) return Match::kNo;
  const std::string_view literal =
      std::string_view(item.text).substr(0, item.literal);
  if (is_folder) {
    // Whether names below can start as the pattern does.
    const std::size_t common = std::min(path.size(), literal.size());
    return path.substr(0, common) == literal.substr(0, common) &&
                   (literal.size() <= path.size() ||
                    literal[path.size()] == '/')
               ? Match::kBelow
               : Match::kNo;
  }
  if (item.folder_only) {
    return GlobMatches(item.text + '/', path) ? Match::kYes : Match::kNo;
  }
  return GlobMatches(item.text, path) ? Match::kYes : Match::kNo;
}

Pathspec::Match Pathspec::Matches(std::string_view path, bool is_folder) const {
  Match best = Match::kNo;
  for (const Item& item : items_) {
    best = std::max(best, MatchOne(item, path, is_folder));
    if (best == Match::kYes) break;
  }
  return best;
}

}  // namespace rebisect
