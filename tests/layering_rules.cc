#include "tests/layering_rules.h"

#include <algorithm>
#include <initializer_list>

namespace rebisect::layering {
namespace {

using Prefixes = std::initializer_list<std::string_view>;

/// Files under one of `in`, and none of `except`, may include nothing that
/// begins with one of `includes`.
struct IncludeRule {
  Prefixes in;
  Prefixes except;
  Prefixes includes;
  std::string_view why;
};

const IncludeRule kIncludeRules[] = {
    // One-way: sim <- scenarios <- oracle <- harness; tests mirror it.
    {{"sim/", "tests/sim/"},
     {},
     {"scenarios/", "oracle/", "harness/"},
     "sim is the lowest room"},
    {{"scenarios/", "tests/scenarios/"},
     {},
     {"oracle/", "harness/"},
     "scenarios may use sim only"},
    {{"oracle/", "tests/oracle/"},
     {},
     {"harness/"},
     "oracle may use sim and scenarios only"},
    // testing/ holds what is installed for users' own tests.
    {{"sim/testing/", "oracle/testing/", "harness/testing/"},
     {},
     {"tests/", "benchmark/", "rapidcheck"},
     "what is installed does not depend on the project's tests"},
    {{"sim/", "scenarios/", "oracle/", "harness/"},
     {"sim/testing/", "oracle/testing/", "harness/testing/"},
     {"tests/", "gtest/", "gmock/", "benchmark/", "rapidcheck"},
     "the program does not depend on its tests"},
    // Libraries that stay behind one door.
    {{""}, {"sim/git/"}, {"git2.h", "git2/"}, "only sim/git uses libgit2"},
    {{""}, {"sim/io/"}, {"zlib.h"}, "only sim/io uses zlib"},
    {{""},
     {"harness/experiment/sqlite.", "tests/harness/", "tests/fuzz/"},
     {"sqlite3.h"},
     "only harness/experiment/sqlite uses SQLite"},
    {{""}, {"scenarios/"}, {"yaml-cpp/"}, "only scenarios uses yaml-cpp"},
    // sim is pure: no files, no clock, no threads' order, no printing.
    {{"sim/"},
     {"sim/io/", "sim/git/", "sim/check.h"},
     {"fstream", "iostream", "filesystem", "cstdio", "stdio.h", "chrono",
      "ctime", "time.h", "thread", "future", "fmt/"},
     "sim is pure: no files, no clock, no threads, no printing"},
    {{""}, {}, {"random>"}, "its results differ from library to library"},
};

/// Text that may stand nowhere. In two pieces, lest this file break it.
struct TextRule {
  std::string_view before;
  std::string_view after;
  std::string_view why;
};

const TextRule kTextRules[] = {
    {"/ho", "me/", "a path of somebody's own machine"},
    {"/ro", "ot/", "a path of somebody's own machine"},
    {"_distri", "bution<", "its results differ from library to library"},
};

bool StartsWithAny(std::string_view text, Prefixes prefixes) {
  return std::any_of(
      prefixes.begin(), prefixes.end(),
      [text](std::string_view prefix) { return text.starts_with(prefix); });
}

std::string_view SkipBlanks(std::string_view text) {
  const auto at = text.find_first_not_of(" \t");
  return at == std::string_view::npos ? std::string_view() : text.substr(at);
}

/// What an #include line includes, with its closing mark: `random>`,
/// `sim/check.h"`. Empty for any other line.
std::string_view Included(std::string_view line) {
  line = SkipBlanks(line);
  if (!line.starts_with('#')) return {};
  line = SkipBlanks(line.substr(1));
  if (!line.starts_with("include")) return {};
  line = SkipBlanks(line.substr(7));
  if (!line.starts_with('<') && !line.starts_with('"')) return {};
  const auto end = line.find_first_of(">\"", 1);
  return end == std::string_view::npos ? std::string_view()
                                       : line.substr(1, end);
}

/// A prefix that names a whole header ends where the include ends.
bool Matches(std::string_view included, std::string_view prefix) {
  if (!included.starts_with(prefix)) return false;
  if (prefix.ends_with('/') || prefix.ends_with('>')) return true;
  const std::string_view rest = included.substr(prefix.size());
  return rest == ">" || rest == "\"" || rest.starts_with("/") ||
         rest.starts_with(".h");
}

void CheckInclude(std::string_view path, int line, std::string_view included,
                  std::vector<Finding>& findings) {
  const std::string_view name = included.substr(0, included.size() - 1);
  for (const IncludeRule& rule : kIncludeRules) {
    if (!StartsWithAny(path, rule.in) || StartsWithAny(path, rule.except)) {
      continue;
    }
    if (std::any_of(rule.includes.begin(), rule.includes.end(),
                    [included](std::string_view prefix) {
                      return Matches(included, prefix);
                    })) {
      findings.push_back(
          {std::string(path), line,
           "includes " + std::string(name) + "; " + std::string(rule.why)});
    }
  }
}

void CheckWords(std::string_view path, int number, std::string_view line,
                std::vector<Finding>& findings) {
  for (const TextRule& rule : kTextRules) {
    const std::string word = std::string(rule.before) + std::string(rule.after);
    if (line.find(word) != std::string_view::npos) {
      findings.push_back({std::string(path), number,
                          "holds " + word + "; " + std::string(rule.why)});
    }
  }
}

bool IsSource(std::string_view path) {
  return path.ends_with(".h") || path.ends_with(".cc");
}

/// Does `list` name `file` as a word of its own?
bool NamesWord(std::string_view list, std::string_view file) {
  const auto ends_word = [](char c) {
    return std::string_view(" \t\r\n()\"").find(c) != std::string_view::npos;
  };
  for (auto at = list.find(file); at != std::string_view::npos;
       at = list.find(file, at + 1)) {
    const auto end = at + file.size();
    if ((at == 0 || ends_word(list[at - 1])) &&
        (end == list.size() || ends_word(list[end]))) {
      return true;
    }
  }
  return false;
}

}  // namespace

std::vector<Finding> CheckText(std::string_view path, std::string_view text) {
  std::vector<Finding> findings;
  for (int number = 1; !text.empty(); ++number) {
    const auto end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (IsSource(path)) {
      const std::string_view included = Included(line);
      if (!included.empty()) CheckInclude(path, number, included, findings);
    }
    CheckWords(path, number, line, findings);
  }
  return findings;
}

std::vector<Finding> FindOrphans(const std::vector<SourceFile>& files) {
  constexpr std::string_view kList = "CMakeLists.txt";
  std::vector<Finding> findings;
  for (const SourceFile& file : files) {
    if (!file.path.ends_with(".cc")) continue;
    const bool named =
        std::any_of(files.begin(), files.end(), [&](const SourceFile& list) {
          if (!list.path.ends_with(kList)) return false;
          const std::string_view folder = std::string_view(list.path).substr(
              0, list.path.size() - kList.size());
          return file.path.starts_with(folder) &&
                 NamesWord(list.text,
                           std::string_view(file.path).substr(folder.size()));
        });
    if (!named) {
      findings.push_back({file.path, 1, "stands in no CMakeLists.txt"});
    }
  }
  return findings;
}

}  // namespace rebisect::layering
