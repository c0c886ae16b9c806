#include "sim/git/commit_text.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>

namespace rebisect {
namespace {

constexpr std::int64_t kLatest = std::numeric_limits<std::int64_t>::max();

bool IsSpace(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' ||
         c == '\v';
}

/// Takes `<word> <40 digits>\n` from the front.
std::optional<CommitId> TakeId(std::string_view& text, std::string_view word) {
  const std::size_t size = word.size() + CommitId::kHexSize + 1;
  if (text.size() < size || !text.starts_with(word) || text[size - 1] != '\n') {
    return std::nullopt;
  }
  const auto id =
      CommitId::FromHex(text.substr(word.size(), CommitId::kHexSize));
  if (id) text.remove_prefix(size);
  return id;
}

std::int64_t ReadDate(std::string_view line) {
  const std::size_t mail_end = line.rfind('>');
  if (mail_end == std::string_view::npos) return 0;
  std::size_t at = mail_end + 1;
  while (at < line.size() && IsSpace(line[at])) ++at;
  bool negative = false;
  if (at < line.size() && (line[at] == '-' || line[at] == '+')) {
    negative = line[at] == '-';
    ++at;
  }
  std::int64_t date = 0;
  const auto parsed =
      std::from_chars(line.data() + at, line.data() + line.size(), date);
  if (parsed.ptr == line.data() + at || line[at] == '-') return 0;
  if (parsed.ec == std::errc::result_out_of_range) return kLatest;
  return negative && date != 0 ? kLatest : date;
}

std::string_view TakeLine(std::string_view& text) {
  const std::string_view line = text.substr(0, text.find('\n'));
  text.remove_prefix(std::min(text.size(), line.size() + 1));
  return line;
}

}  // namespace

bool ReadCommitHeader(std::string_view text, CommitHeader& header,
                      std::vector<CommitId>& parents) {
  const auto tree = TakeId(text, "tree ");
  if (!tree) return false;
  header.tree = *tree;
  header.date = 0;
  while (text.starts_with("parent ")) {
    const auto parent = TakeId(text, "parent ");
    if (!parent) return false;
    parents.push_back(*parent);
  }
  if (!text.starts_with("author")) return true;
  TakeLine(text);
  if (!text.starts_with("committer")) return true;
  // A line that does not end says nothing, to git.
  if (text.find('\n') == std::string_view::npos) return true;
  header.date = ReadDate(TakeLine(text));
  return true;
}

std::string CommitMessage(std::string_view text) {
  const std::size_t body = text.find("\n\n");
  return body == std::string_view::npos ? ""
                                        : std::string(text.substr(body + 2));
}

std::string CommitSubject(std::string_view text) {
  const std::size_t body = text.find("\n\n");
  if (body == std::string_view::npos) return "";
  text.remove_prefix(body + 2);
  std::string subject;
  while (!text.empty()) {
    std::string_view line = TakeLine(text);
    while (!line.empty() && IsSpace(line.back())) line.remove_suffix(1);
    if (line.empty()) {
      if (subject.empty()) continue;  // blank lines before the subject
      break;
    }
    if (!subject.empty()) subject += ' ';
    subject += line;
  }
  return subject;
}

}  // namespace rebisect
