#pragma once

// Sources: completions.cc, man_pages.cc: a file for each kind of page.

#include <string>
#include <string_view>
#include <vector>

#include <CLI/CLI.hpp>

namespace rebisect {

/// An option or an argument, as manual pages and completions need it.
struct OptionReference {
  std::vector<std::string> names{};  ///< "-j", "--threads"; of arguments none
  std::string value{};  ///< "FILE", of arguments their name; empty: a flag
  std::vector<std::string> values{};  ///< all there are; empty: any
  std::string about{};                ///< one line
  bool required = false;
  bool many = false;  ///< an argument that may come several times
};

/// A command with all that can stand behind it.
struct CommandReference {
  std::vector<std::string> words{};  ///< {"rebisect", "graph", "info"}
  std::string about{};               ///< one line
  std::string footer{};              ///< as --help prints it
  std::vector<OptionReference> arguments{};
  std::vector<OptionReference> options{};
  std::vector<std::string> commands{};  ///< last words of those right below
};

/// All commands of a program, it first, each before those below.
[[nodiscard]] std::vector<CommandReference> ReferenceOf(const CLI::App& app);

/// The commands right below one, of the same list.
[[nodiscard]] std::vector<const CommandReference*> Below(
    const std::vector<CommandReference>& commands,
    const CommandReference& command);

/// "rebisect graph info" of its words and a blank.
[[nodiscard]] std::string Joined(const std::vector<std::string>& words,
                                 std::string_view between);

/// A file of the reference, its path relative to where all of them go.
struct ReferenceFile {
  std::string path;
  std::string text;
};

/// A page of section 1 for each command: "man1/rebisect-graph-info.1".
/// `version`: of the program, "0.1.0". REQUIRES: commands as of ReferenceOf().
[[nodiscard]] std::vector<ReferenceFile> ManPages(
    const std::vector<CommandReference>& commands, const std::string& version);

/// What bash, zsh and fish load to complete commands, options and values:
/// "bash/rebisect", "zsh/_rebisect" and "fish/rebisect.fish". They do so for
/// `git rebisect`, too. REQUIRES: commands as of ReferenceOf().
[[nodiscard]] std::vector<ReferenceFile> Completions(
    const std::vector<CommandReference>& commands);

}  // namespace rebisect
