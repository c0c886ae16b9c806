#include "tests/differential/case_text.h"

#include <array>
#include <charconv>
#include <sstream>
#include <utility>

namespace rebisect::testing_support {
namespace {

using Kind = CaseCommand::Kind;
using LineWords = std::vector<std::string>;

struct EditName {
  std::string_view name;
  bool LogEdits::*edit;
};
constexpr std::array kEdits = {EditName{"blanks", &LogEdits::blanks},
                               EditName{"comments", &LogEdits::comments},
                               EditName{"crlf", &LogEdits::crlf},
                               EditName{"indent", &LogEdits::indent},
                               EditName{"dashed", &LogEdits::dashed},
                               EditName{"cut", &LogEdits::cut},
                               EditName{"open-end", &LogEdits::open_end}};

struct FlagName {
  std::string_view name;
  bool BisectCase::*flag;
};
constexpr std::array kFlags = {
    FlagName{"packed-refs", &BisectCase::packed_refs},
    FlagName{"by-names", &BisectCase::by_names},
    FlagName{"by-program", &BisectCase::by_program},
    FlagName{"single-step", &BisectCase::single_step}};

constexpr std::array<std::string_view, 4> kForms = {"none", "levels", "dates",
                                                    "chain"};
constexpr std::array<std::string_view, 3> kDisguises = {"replaced", "grafted",
                                                        "shallow"};

std::string NodeName(Node node) { return 'n' + std::to_string(node); }

std::string CommandText(const CaseCommand& command,
                        const std::vector<std::string>& names) {
  std::string text = "git bisect";
  if (command.kind == Kind::kReplay) {
    text += " replay";
    for (const EditName& edit : kEdits) {
      if (command.edits.*edit.edit) text.append(" ").append(edit.name);
    }
    return text;
  }
  if (command.kind == Kind::kRun) {
    text += " run";
    for (const Node node : command.commits) text += ' ' + NodeName(node);
    text += " skip";
    for (const Node node : command.skipped) text += ' ' + NodeName(node);
    return text;
  }
  for (const std::string& word : Words(command, names)) text += ' ' + word;
  return text;
}

/// Reads line after line into a case.
class CaseReader {
 public:
  /// False when the line is none of a case.
  bool Line(const LineWords& words) {
    if (words[0] == "commit") return Commit(words);
    if (words[0] == "git") return Command(words);
    if (words[0] == "seed") {
      return words.size() == 2 && Number(words[1], case_.seed);
    }
    if (words[0] == "commit-graph") {
      return words.size() == 2 && Enum(words[1], kForms, case_.commit_graph);
    }
    for (const FlagName& flag : kFlags) {
      if (words[0] == flag.name) return case_.*flag.flag = words.size() == 1;
    }
    Disguise disguise;
    if (!Enum(words[0], kDisguises, disguise.kind) || words.size() < 2) {
      return false;
    }
    bool good = ReadNode(words[1], disguise.node);
    for (std::size_t i = 2; i < words.size(); ++i) {
      disguise.stored_parents.push_back(0);
      good = good && ReadNode(words[i], disguise.stored_parents.back()) &&
             disguise.stored_parents.back() < disguise.node;
    }
    case_.disguises.push_back(std::move(disguise));
    return good;
  }

  [[nodiscard]] BisectCase& bisect_case() { return case_; }

 private:
  template <class T>
  static bool Number(std::string_view text, T& value) {
    const auto [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size();
  }

  template <class Names, class E>
  static bool Enum(std::string_view text, const Names& names, E& value) {
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (names[i] != text) continue;
      value = static_cast<E>(i);
      return true;
    }
    return false;
  }

  [[nodiscard]] bool ReadNode(std::string_view text, Node& node) const {
    return text.starts_with('n') && Number(text.substr(1), node) &&
           node < case_.graph.size();
  }

  bool Commit(const LineWords& words) {
    RandomCommit commit;
    if (words.size() < 2 || !Number(words[1], commit.date)) return false;
    std::size_t i = 2;
    for (; i < words.size() && words[i] != ":"; ++i) {
      commit.parents.push_back(0);
      if (!ReadNode(words[i], commit.parents.back())) return false;
    }
    for (++i; i < words.size(); ++i) {
      commit.files.push_back(0);
      if (!Number(words[i], commit.files.back())) return false;
    }
    case_.graph.push_back(std::move(commit));
    return true;
  }

  /// Words from `i` on that are nodes; `i` is where they end.
  [[nodiscard]] std::vector<Node> Nodes(const LineWords& words,
                                        std::size_t& i) const {
    std::vector<Node> nodes;
    for (Node node = 0; i < words.size() && ReadNode(words[i], node); ++i) {
      nodes.push_back(node);
    }
    return nodes;
  }

  bool Command(const LineWords& words) {
    if (words.size() < 3 || words[1] != "bisect") return false;
    CaseCommand command;
    const std::string& name = words[2];
    std::size_t i = 3;
    if (name == "start") {
      command.kind = Kind::kStart;
      if (!StartOptions(words, i, command)) return false;
    } else if (name == "replay") {
      command.kind = Kind::kReplay;
      for (; i < words.size(); ++i) {
        bool found = false;
        for (const EditName& edit : kEdits) {
          if (words[i] != edit.name) continue;
          found = command.edits.*edit.edit = true;
        }
        if (!found) return false;
      }
    } else if (name == "run") {
      command.kind = Kind::kRun;
      command.commits = Nodes(words, i);
      if (i == words.size() || words[i++] != "skip") return false;
      command.skipped = Nodes(words, i);
    } else if (name == "next" || name == "reset" || name == "terms") {
      command.kind = name == "next"    ? Kind::kNext
                     : name == "reset" ? Kind::kReset
                                       : Kind::kTerms;
    } else {
      command.kind = Kind::kMark;
      command.term = name;
      command.commits = Nodes(words, i);
      if (i < words.size() && !Range(words[i++], command)) return false;
    }
    case_.commands.push_back(std::move(command));
    return i == words.size();
  }

  bool Range(const std::string& word, CaseCommand& command) const {
    const std::size_t dots = word.find("..");
    if (dots == std::string::npos) return false;
    command.range.emplace(0, 0);
    return ReadNode(word.substr(0, dots), command.range->first) &&
           ReadNode(word.substr(dots + 2), command.range->second);
  }

  bool StartOptions(const LineWords& words, std::size_t& i,
                    CaseCommand& command) const {
    const auto value = [&](std::string_view option,
                           std::optional<std::string>& to) {
      if (!words[i].starts_with(option)) return false;
      to = words[i].substr(option.size());
      return true;
    };
    for (; i < words.size() && words[i].starts_with("--") && words[i] != "--";
         ++i) {
      if (words[i] == "--first-parent") {
        command.first_parent = true;
      } else if (!value("--term-new=", command.term_bad) &&
                 !value("--term-old=", command.term_good)) {
        return false;
      }
    }
    command.commits = Nodes(words, i);
    if (i == words.size()) return true;
    if (words[i] != "--") return false;
    for (++i; i < words.size(); ++i) {
      command.paths.push_back(0);
      if (!words[i].starts_with('f') ||
          !Number(std::string_view(words[i]).substr(1), command.paths.back())) {
        return false;
      }
    }
    return true;
  }

  BisectCase case_{};
};

}  // namespace

std::string CaseText(const BisectCase& bisect_case) {
  std::string text = "seed " + std::to_string(bisect_case.seed) + '\n';
  for (const FlagName& flag : kFlags) {
    if (bisect_case.*flag.flag) text.append(flag.name).append("\n");
  }
  const auto form = static_cast<std::size_t>(bisect_case.commit_graph);
  if (form != 0) text.append("commit-graph ").append(kForms[form]).append("\n");
  std::vector<std::string> names;
  for (std::size_t node = 0; node < bisect_case.graph.size(); ++node) {
    names.push_back(NodeName(static_cast<Node>(node)));
    const RandomCommit& commit = bisect_case.graph[node];
    text += "# " + names.back() + "\ncommit " + std::to_string(commit.date);
    for (const Node parent : commit.parents) text += ' ' + names[parent];
    if (!commit.files.empty()) text += " :";
    for (const int content : commit.files)
      text += ' ' + std::to_string(content);
    text += '\n';
  }
  for (const Disguise& disguise : bisect_case.disguises) {
    text += kDisguises[static_cast<std::size_t>(disguise.kind)];
    text += ' ' + NodeName(disguise.node);
    for (const Node node : disguise.stored_parents) text += ' ' + names[node];
    text += '\n';
  }
  for (const CaseCommand& command : bisect_case.commands) {
    text += CommandText(command, names) + '\n';
  }
  return text;
}

Result<BisectCase> ReadCase(std::string_view text, const std::string& file) {
  CaseReader reader;
  std::istringstream lines{std::string(text)};
  int number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    std::istringstream stream(line);
    LineWords words;
    for (std::string word; stream >> word;) words.push_back(word);
    if (words.empty() || words[0].starts_with('#')) continue;
    if (!reader.Line(words)) {
      return Fail(ErrorCode::kInput,
                  "no line of a case: '" + line + "'; see case_text.h",
                  {file, number, 1});
    }
  }
  if (reader.bisect_case().graph.empty()) {
    return Fail(ErrorCode::kInput, "a case without commits", {file, 1, 1});
  }
  return std::move(reader.bisect_case());
}

}  // namespace rebisect::testing_support
