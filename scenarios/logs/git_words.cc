#include "scenarios/logs/git_words.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>

#include "sim/base/text.h"

namespace rebisect::git_words {
namespace {

using std::string_view;

constexpr string_view kBisecting = "Bisecting: ";

// A term as printed since 2.55 stands in quotation marks.
string_view WithoutQuotes(string_view text) {
  if (text.size() >= 2 && text.front() == '\'' && text.back() == '\'') {
    return text.substr(1, text.size() - 2);
  }
  return text;
}

bool IsTerm(string_view text) {
  return !text.empty() && text.find_first_of(" \t[]()'\"") == string_view::npos;
}

// Takes one word of a shell command; `*text` is left behind it. False when a
// quotation mark is not closed.
bool TakeShellWord(string_view* text, std::string* word) {
  std::size_t i = 0;
  char quote = 0;
  for (; i < text->size(); ++i) {
    const char c = (*text)[i];
    if (quote == 0 && (c == ' ' || c == '\t')) break;
    if (quote == 0 && (c == ';' || c == '&' || c == '|')) break;
    if (quote == 0 && (c == '\'' || c == '"')) {
      quote = c;
    } else if (c == quote) {
      quote = 0;
    } else if (c == '\\' && quote != '\'' && i + 1 < text->size()) {
      *word += (*text)[++i];
    } else {
      *word += c;
    }
  }
  text->remove_prefix(i);
  return quote == 0;
}

}  // namespace

std::optional<std::vector<std::string>> ShellWords(string_view text) {
  std::vector<std::string> words;
  while (true) {
    text = Trim(text);
    if (text.empty() || text.front() == '#') return words;
    if (text.front() == ';' || text.front() == '&' || text.front() == '|') {
      return words;
    }
    std::string word;
    if (!TakeShellWord(&text, &word)) return std::nullopt;
    words.push_back(std::move(word));
  }
}

std::optional<Command> FindCommand(string_view text) {
  const auto is_command = [](string_view line) {
    for (const string_view start : {"git bisect", "git-bisect"}) {
      if (line.starts_with(start) &&
          (line.size() == start.size() || line[start.size()] == ' ')) {
        return true;
      }
    }
    return false;
  };
  if (is_command(text)) return Command{text, false};
  // A prompt ends in one of these and a blank, and is not long.
  constexpr std::size_t kMaxPromptLength = 100;
  const string_view head = text.substr(0, kMaxPromptLength);
  for (std::size_t i = 0; i + 2 < head.size(); ++i) {
    const char c = head[i];
    if (c != '$' && c != '#' && c != '%' && c != '>') continue;
    if (head[i + 1] != ' ') continue;
    const string_view rest = Trim(text.substr(i + 1));
    if (is_command(rest)) return Command{rest, true};
  }
  return std::nullopt;
}

std::optional<std::vector<std::string>> CommandWords(string_view line) {
  string_view rest;
  if (!StripPrefix(line, "git bisect", &rest) &&
      !StripPrefix(line, "git-bisect", &rest)) {
    return std::nullopt;
  }
  return ShellWords(rest);
}

std::optional<Start> ParseStart(const std::vector<std::string>& words) {
  Start start;
  bool paths = false;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (paths) {
      start.paths.push_back(word);
    } else if (word == "--") {
      paths = true;
    } else if (word == "--first-parent") {
      start.first_parent = true;
    } else if (word == "--no-checkout") {
      start.no_checkout = true;
    } else if (word.starts_with("--term-")) {
      const std::size_t equals = word.find('=');
      const std::string option = word.substr(0, equals);
      if (equals == std::string::npos && i + 1 >= words.size()) return {};
      const std::string term =
          equals == std::string::npos ? words[++i] : word.substr(equals + 1);
      if (option == "--term-bad" || option == "--term-new") {
        start.term_bad = term;
      } else if (option == "--term-good" || option == "--term-old") {
        start.term_good = term;
      } else {
        return std::nullopt;
      }
    } else if (word.starts_with("-")) {
      return std::nullopt;
    } else if (start.bad.empty()) {
      start.bad = word;
    } else {
      start.goods.push_back(word);
    }
  }
  return start;
}

std::optional<Proposal> ParseBisecting(string_view text) {
  string_view rest;
  if (!StripPrefix(text, kBisecting, &rest)) return std::nullopt;
  Proposal proposal;
  if (rest.starts_with("a merge base must be tested")) {
    proposal.merge_base = true;
    return proposal;
  }
  const std::size_t blank = rest.find(' ');
  const std::optional<int> left = ToInt(rest.substr(0, blank));
  if (!left.has_value() || !Contains(rest, " left to test after this")) {
    return std::nullopt;
  }
  proposal.revisions_left = left;
  constexpr string_view kRoughly = "(roughly ";
  const std::size_t roughly = rest.find(kRoughly);
  if (roughly != string_view::npos) {
    const string_view steps = rest.substr(roughly + kRoughly.size());
    proposal.steps_left = ToInt(steps.substr(0, steps.find(' ')));
  }
  return proposal;
}

std::optional<Proposal> ParseLocalizedBisecting(string_view text) {
  constexpr std::size_t kMaxLength = 300;
  if (text.size() > kMaxLength || !Contains(text, ":")) {
    // The Chinese colon is another character.
    if (text.size() > kMaxLength || !Contains(text, "\xEF\xBC\x9A")) return {};
  }
  std::vector<int> numbers;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!IsDigit(text[i])) continue;
    std::size_t end = i;
    while (end < text.size() && IsDigit(text[end])) ++end;
    const std::optional<int> number = ToInt(text.substr(i, end - i));
    if (!number.has_value()) return std::nullopt;
    numbers.push_back(i > 0 && text[i - 1] == '-' ? -*number : *number);
    i = end;
  }
  if (numbers.size() != 2 || text.find('(') == string_view::npos) {
    return std::nullopt;
  }
  Proposal proposal;
  proposal.revisions_left = numbers[0];
  proposal.steps_left = numbers[1];
  return proposal;
}

std::optional<string_view> ParseCommitLine(string_view text) {
  if (text.empty() || text.front() != '[') return std::nullopt;
  const std::size_t end = text.find(']');
  if (end == string_view::npos) return std::nullopt;
  const string_view id = text.substr(1, end - 1);
  if (!IsHexId(id)) return std::nullopt;
  return id;
}

std::optional<LogComment> ParseLogComment(string_view text) {
  string_view rest;
  if (!StripPrefix(text, "#", &rest)) return std::nullopt;
  rest = Trim(rest);
  const std::size_t bracket = rest.find(": [");
  if (bracket == string_view::npos) return std::nullopt;
  const std::optional<string_view> id =
      ParseCommitLine(rest.substr(bracket + 2));
  if (!id.has_value()) return std::nullopt;
  LogComment comment;
  comment.commit = *id;
  string_view what = rest.substr(0, bracket);
  constexpr string_view kCommit = " commit";
  if (what.ends_with(kCommit)) {
    what.remove_suffix(kCommit.size());
    if (StripPrefix(what, "possible first ", &what)) {
      comment.kind = LogComment::Kind::kPossible;
    } else if (StripPrefix(what, "first ", &what)) {
      comment.kind = LogComment::Kind::kFirst;
    } else {
      return std::nullopt;
    }
  }
  comment.term = WithoutQuotes(what);
  if (!IsTerm(comment.term)) return std::nullopt;
  return comment;
}

std::optional<FirstCommit> ParseFirstCommit(string_view text) {
  const std::size_t blank = text.find(' ');
  if (blank == string_view::npos || !IsHexId(text.substr(0, blank))) return {};
  FirstCommit first;
  first.commit = text.substr(0, blank);
  string_view rest = text.substr(blank);
  if (!StripPrefix(rest, " is the first ", &rest) &&
      !StripPrefix(rest, " is first ", &rest)) {
    return std::nullopt;
  }
  constexpr string_view kCommit = " commit";
  if (!rest.ends_with(kCommit)) return std::nullopt;
  first.term = WithoutQuotes(rest.substr(0, rest.size() - kCommit.size()));
  if (!IsTerm(first.term)) return std::nullopt;
  return first;
}

bool IsOnlySkipped(string_view text) {
  return text.starts_with("There are only 'skip'ped commit") ||
         text.starts_with("There are only skipped commit");
}

bool IsCouldBeAnyOf(string_view text) {
  return text.starts_with("The first ") &&
         text.ends_with(" commit could be any of:");
}

bool IsCannotBisectMore(string_view text) {
  return text == "We cannot bisect more!";
}

std::optional<string_view> ParseMergeBaseBad(string_view text) {
  string_view rest;
  if (!StripPrefix(text, "The merge base ", &rest)) return std::nullopt;
  const std::size_t blank = rest.find(' ');
  if (blank == string_view::npos || !IsHexId(rest.substr(0, blank)) ||
      !rest.substr(blank).starts_with(" is ")) {
    return std::nullopt;
  }
  return rest.substr(0, blank);
}

bool IsFailure(string_view text) {
  return (text.starts_with("Some ") && Contains(text, " not ancestor")) ||
         Contains(text, " was both good and bad") ||
         text.starts_with("No testable commit found") ||
         text.starts_with("bisect run failed") ||
         text.starts_with("bisect run cannot continue any more");
}

bool IsChatter(string_view text) {
  constexpr std::array<string_view, 24> kStarts = {
      "Previous HEAD position was ",
      "HEAD is now at ",
      "Switched to ",
      "Already on ",
      "Note: checking out ",
      "Note: switching to ",
      "Updating files: ",
      "Checking out files: ",
      "Already up to date",
      "status: waiting for ",
      "bisect run success",
      "bisect found first ",
      "git bisect cannot work properly in this case",
      "git bisect cannot work properly in this case.",
      "Maybe you mistook ",
      "Maybe you started with bad path",
      "This means the ",
      "The property has changed between ",
      "So we cannot be sure the ",
      "We continue anyway.",
      "Warning: the merge base between ",
      "warning: the merge base between ",
      "We are not bisecting",
      "Your current terms are ",
  };
  return std::any_of(kStarts.begin(), kStarts.end(), [text](string_view start) {
    return text.starts_with(start);
  });
}

bool MayWrap(string_view text) {
  if (text.starts_with(kBisecting)) return !text.ends_with(")");
  return ParseCommitLine(text).has_value() ||
         ParseLogComment(text).has_value() ||
         text.starts_with("This means the ");
}

bool Begins(string_view text) {
  return text.starts_with("#") || text.starts_with(kBisecting) ||
         text.starts_with("running ") || ParseCommitLine(text).has_value() ||
         FindCommand(text).has_value() || IsChatter(text) || IsFailure(text) ||
         IsOnlySkipped(text) || IsCouldBeAnyOf(text) ||
         IsCannotBisectMore(text) || ParseMergeBaseBad(text).has_value() ||
         IsFullId(text.substr(0, text.find(' '))) || text.starts_with("$");
}

}  // namespace rebisect::git_words
