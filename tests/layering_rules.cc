#include "tests/layering_rules.h"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <initializer_list>
#include <map>
#include <regex>
#include <sstream>

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
    // Tests mirror the rooms: those of a lower room need no higher one.
    {{"tests/sim/"},
     {},
     {"scenarios/", "oracle/", "harness/"},
     "the tests of sim need sim only"},
    {{"tests/scenarios/"},
     {},
     {"oracle/", "harness/"},
     "the tests of scenarios need scenarios and sim only"},
    {{"tests/oracle/"},
     {},
     {"harness/"},
     "the tests of oracle need no harness"},
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
     {"harness/experiment/store/sqlite.", "tests/harness/", "tests/fuzz/"},
     {"sqlite3.h"},
     "only harness/experiment/store uses SQLite"},
    {{""}, {"scenarios/yaml/"}, {"yaml-cpp/"}, "only scenarios/yaml uses it"},
    // sim is pure: no files, no clock, no threads' order, no printing.
    {{"sim/"},
     {"sim/io/", "sim/git/", "sim/base/check.h"},
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
/// `sim/base/check.h"`. Empty for any other line.
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

std::string_view FolderOf(std::string_view path) {
  const auto slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view()
                                         : path.substr(0, slash);
}

bool IsProgram(std::string_view path) {
  return StartsWithAny(path, {"sim/", "scenarios/", "oracle/", "harness/"});
}

std::size_t FloorOf(const std::vector<std::string>& rooms,
                    std::string_view path) {
  const auto at = std::find(rooms.begin(), rooms.end(), FolderOf(path));
  return static_cast<std::size_t>(at - rooms.begin());
}

void CheckRoom(const std::vector<std::string>& rooms, std::string_view path,
               int line, std::string_view included,
               std::vector<Finding>& findings) {
  const std::string_view name = included.substr(0, included.size() - 1);
  if (!IsProgram(path) || !IsProgram(name)) return;
  const std::size_t from = FloorOf(rooms, path);
  const std::size_t to = FloorOf(rooms, name);
  if (from == rooms.size() || to <= from) return;
  findings.push_back({std::string(path), line,
                      "includes " + std::string(name) + "; " +
                          std::string(FolderOf(path)) + " stands below " +
                          std::string(FolderOf(name)) +
                          " in REBISECT_ROOMS of CMakeLists.txt"});
}

/// Calls take(number, line) for each line.
template <class Take>
void ForEachLine(std::string_view text, const Take& take) {
  for (int number = 1; !text.empty(); ++number) {
    const auto end = std::min(text.find('\n'), text.size());
    take(number, text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

/// The project's own headers that a text includes, in order.
std::vector<std::string> ProjectIncludes(std::string_view text) {
  std::vector<std::string> names;
  ForEachLine(text, [&](int, std::string_view line) {
    const std::string_view included = Included(line);
    if (!included.ends_with('"')) return;
    names.emplace_back(included.substr(0, included.size() - 1));
  });
  return names;
}

/// `text` without comments, and with nothing in its strings.
std::string CodeOf(const std::string& text) {
  static const std::regex rest(
      R"re(//[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])+')re");
  // A raw string can be longer than what std::regex matches without deep
  // recursion, so that it is cut out by hand.
  std::string code;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t open = text.find("R\"", at);
    const std::size_t bracket =
        open == std::string::npos ? open : text.find('(', open);
    if (bracket == std::string::npos || bracket - open > 20) {
      code += text.substr(at);
      break;
    }
    const std::string close =
        ")" + text.substr(open + 2, bracket - open - 2) + "\"";
    const std::size_t end = text.find(close, bracket);
    code += text.substr(at, open - at);
    at = end == std::string::npos ? text.size() : end + close.size();
  }
  return std::regex_replace(code, rest, " ");
}

/// The types that a source defines in namespaces, by name.
std::vector<std::string> TypesIn(const std::string& text) {
  static const std::regex space(R"re(namespace\s*[\w:]*\s*$)re");
  static const std::regex type(
      R"re((?:^|\s)(?:class|struct|union|enum(?: class)?)\s+(\w+)(?: final)?\s*(?::[^:][^]*)?$)re");
  const std::string code = CodeOf(text);
  std::vector<std::string> types;
  int inside = 0;  // braces that are no namespace's
  std::vector<bool> spaces;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < code.size(); ++i) {
    const char c = code[i];
    if (c != '{' && c != '}' && c != ';') continue;
    const std::string head = code.substr(begin, i - begin);
    begin = i + 1;
    if (c == '{') {
      const bool opens_space = inside == 0 && std::regex_search(head, space);
      std::smatch match;
      if (inside == 0 && !opens_space && std::regex_search(head, match, type)) {
        types.push_back(match[1]);
      }
      spaces.push_back(opens_space);
      if (!opens_space) ++inside;
    } else if (c == '}' && !spaces.empty()) {
      if (!spaces.back()) --inside;
      spaces.pop_back();
    }
  }
  return types;
}

}  // namespace

std::vector<std::string> RoomsIn(std::string_view cmake) {
  constexpr std::string_view kSet = "set(REBISECT_ROOMS";
  std::vector<std::string> rooms;
  const auto at = cmake.find(kSet);
  if (at == std::string_view::npos) return rooms;
  cmake.remove_prefix(at + kSet.size());
  std::istringstream words(std::string(cmake.substr(0, cmake.find(')'))));
  for (std::string word; words >> word;) rooms.push_back(word);
  return rooms;
}

std::vector<Finding> CheckText(const std::vector<std::string>& rooms,
                               const SourceFile& file) {
  std::vector<Finding> findings;
  ForEachLine(file.text, [&](int number, std::string_view line) {
    if (IsSource(file.path)) {
      const std::string_view included = Included(line);
      if (!included.empty()) {
        CheckInclude(file.path, number, included, findings);
        CheckRoom(rooms, file.path, number, included, findings);
      }
    }
    CheckWords(file.path, number, line, findings);
  });
  return findings;
}

std::vector<Finding> FindCircles(const std::vector<SourceFile>& files) {
  std::map<std::string, std::vector<std::string>> includes;
  for (const SourceFile& file : files) {
    if (file.path.ends_with(".h")) {
      includes[file.path] = ProjectIncludes(file.text);
    }
  }
  std::vector<Finding> findings;
  std::map<std::string, int> state;  // 1: on the way, 2: done
  const std::function<void(const std::string&)> visit =
      [&](const std::string& path) {
        state[path] = 1;
        for (const std::string& next : includes[path]) {
          if (!includes.contains(next)) continue;
          if (state[next] == 1) {
            findings.push_back({path, 1, "includes itself by way of " + next});
          } else if (state[next] == 0) {
            visit(next);
          }
        }
        state[path] = 2;
      };
  for (const SourceFile& file : files) {
    if (file.path.ends_with(".h") && state[file.path] == 0) visit(file.path);
  }
  return findings;
}

std::vector<Finding> FindStrays(const std::vector<std::string>& rooms,
                                const std::vector<SourceFile>& files) {
  std::vector<Finding> findings;
  for (const SourceFile& file : files) {
    if (!IsSource(file.path)) continue;
    constexpr std::string_view kTests = "tests/";
    std::string_view path = file.path;
    if (path.starts_with(kTests)) path.remove_prefix(kTests.size());
    if (IsProgram(path) && FloorOf(rooms, path) == rooms.size()) {
      findings.push_back({file.path, 1,
                          "is in no room of REBISECT_ROOMS, so that nothing "
                          "builds it"});
    }
  }
  return findings;
}

std::vector<Finding> FindHeaderless(const std::vector<SourceFile>& files) {
  std::map<std::string, std::string, std::less<>> headers;  // by room
  for (const SourceFile& file : files) {
    if (!file.path.ends_with(".h")) continue;
    std::string& known = headers[std::string(FolderOf(file.path))];
    known += " " + file.path.substr(file.path.rfind('/') + 1);
    ForEachLine(file.text, [&](int, std::string_view line) {
      if (line.starts_with("//")) known += std::string(line) + ' ';
    });
  }
  std::vector<Finding> findings;
  for (const SourceFile& file : files) {
    if (!IsProgram(file.path) || !file.path.ends_with(".cc")) continue;
    const std::string name = file.path.substr(file.path.rfind('/') + 1);
    if (name == "main.cc") continue;
    const std::string& known = headers[std::string(FolderOf(file.path))];
    if (known.find(" " + name.substr(0, name.size() - 2) + "h") ==
            std::string::npos &&
        known.find(" " + name) == std::string::npos) {
      findings.push_back({file.path, 1,
                          "has no header of its name, and no header of its "
                          "room says why (\"Sources: " +
                              name + ": ...\")"});
    }
  }
  return findings;
}

std::vector<Finding> FindDuplicateTypes(const std::vector<SourceFile>& files) {
  std::map<std::string, std::string> first;
  std::vector<Finding> findings;
  for (const SourceFile& file : files) {
    if (!IsSource(file.path) || !IsProgram(file.path)) continue;
    for (const std::string& name : TypesIn(file.text)) {
      const auto [at, is_new] = first.emplace(name, file.path);
      if (!is_new && at->second != file.path) {
        findings.push_back(
            {file.path, 1, "defines " + name + ", as " + at->second + " does"});
      }
    }
  }
  return findings;
}

}  // namespace rebisect::layering
