// Manual pages, in the macros of man(7).

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <string_view>

#include "harness/reference/reference.h"

namespace rebisect {
namespace {

/// As it is: no character of it means anything to roff.
std::string Roff(std::string_view text) {
  std::string escaped;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool begins_line = i == 0 || text[i - 1] == '\n';
    if (begins_line && (text[i] == '.' || text[i] == '\'')) escaped += "\\&";
    switch (text[i]) {
      case '\\':
        escaped += "\\e";
        break;
      case '-':
        escaped += "\\-";
        break;
      case '\'':
        escaped += "\\(aq";
        break;
      case '^':
        escaped += "\\(ha";
        break;
      case '~':
        escaped += "\\(ti";
        break;
      case '`':
        escaped += "\\(ga";
        break;
      default:
        escaped += text[i];
    }
  }
  return escaped;
}

std::string Upper(std::string text) {
  for (char& c : text) c = static_cast<char>(std::toupper(c));
  return text;
}

/// "Examples:" and its like begin a section.
bool IsHeading(std::string_view line) {
  return line.size() > 1 && line.back() == ':' &&
         line.find(' ') == std::string_view::npos;
}

/// What --help prints below the options: headings, paragraphs, and lines that
/// are indented, which stay as they are.
std::string Footer(const std::string& footer) {
  enum class Part { kHeading, kNone, kParagraph, kLines };
  Part part = Part::kHeading;
  std::string page;
  if (!footer.empty() && !IsHeading(footer.substr(0, footer.find('\n')))) {
    page += ".SH NOTES\n";
  }
  const auto turn_to = [&](Part next) {
    if (next == part) return;
    const bool is_text = next == Part::kLines || next == Part::kParagraph;
    if (part == Part::kLines) page += ".EE\n";
    if (is_text && part != Part::kHeading) page += ".PP\n";
    if (next == Part::kLines) page += ".EX\n";
    part = next;
  };
  std::size_t at = 0;
  while (at < footer.size()) {
    const std::size_t end = std::min(footer.find('\n', at), footer.size());
    const std::string line = footer.substr(at, end - at);
    at = end + 1;
    if (line.empty()) {
      if (part != Part::kHeading) turn_to(Part::kNone);
    } else if (IsHeading(line)) {
      turn_to(Part::kHeading);
      page += ".SH " + Upper(line.substr(0, line.size() - 1)) + '\n';
    } else {
      turn_to(line.front() == ' ' ? Part::kLines : Part::kParagraph);
      page += Roff(line) + '\n';
    }
  }
  turn_to(Part::kNone);
  return page;
}

std::string Argument(const OptionReference& argument) {
  const std::string name =
      "\\fI" + Roff(argument.value) + "\\fR" + (argument.many ? "..." : "");
  return argument.required ? name : '[' + name + ']';
}

std::string Names(const OptionReference& option) {
  std::vector<std::string> names;
  for (const std::string& name : option.names) {
    names.push_back("\\fB" + Roff(name) + "\\fR");
  }
  std::string text = Joined(names, ", ");
  if (!option.values.empty()) {
    text += " {" + Roff(Joined(option.values, ",")) + '}';
  } else if (!option.value.empty()) {
    text += " \\fI" + Roff(option.value) + "\\fR";
  }
  return text;
}

std::string Synopsis(const CommandReference& command) {
  std::string page = ".SH SYNOPSIS\n\\fB" + Roff(Joined(command.words, " ")) +
                     "\\fR [\\fIOPTION\\fR]...";
  if (!command.commands.empty()) page += " \\fICOMMAND\\fR [\\fIARG\\fR]...";
  for (const OptionReference& argument : command.arguments) {
    page += ' ' + Argument(argument);
  }
  return page + '\n';
}

std::string SeeAlso(const CommandReference& command) {
  std::vector<std::string> above = command.words;
  above.pop_back();
  std::string page = ".SH SEE ALSO\n";
  if (!above.empty()) page += ".BR " + Roff(Joined(above, "-")) + " (1),\n";
  return page + ".BR git\\-bisect (1)\n";
}

class Page {
 public:
  Page(const std::vector<CommandReference>& commands,
       const CommandReference& command, const std::string& version)
      : commands_(commands), command_(command), version_(version) {}

  [[nodiscard]] std::string Text() const {
    const std::string name = Joined(command_.words, "-");
    // The program's own text is a paragraph; those of commands are a line.
    const bool whole = command_.words.size() == 1;
    std::string page = ".TH " + Roff(Upper(name)) + " 1 \"\" \"rebisect " +
                       version_ + "\" \"User Commands\"\n.SH NAME\n" +
                       Roff(name) + " \\- " +
                       (whole ? "replay recorded bisections, and test tools "
                                "that bisect"
                              : Roff(command_.about)) +
                       '\n' + Synopsis(command_);
    if (whole) page += ".SH DESCRIPTION\n" + Roff(command_.about) + '\n';
    if (!command_.arguments.empty()) page += ".SH ARGUMENTS\n";
    for (const OptionReference& argument : command_.arguments) {
      page += ".TP\n" + Argument(argument) + '\n' + Roff(argument.about) + '\n';
    }
    if (!command_.commands.empty()) page += ".SH COMMANDS\n";
    for (const CommandReference* const other : Below(commands_, command_)) {
      page += ".TP\n.BR " + Roff(Joined(other->words, "-")) + " (1)\n" +
              Roff(other->about) + '\n';
    }
    page += ".SH OPTIONS\n";
    for (const OptionReference& option : command_.options) {
      page += ".TP\n" + Names(option) + '\n' + Roff(option.about) + '\n';
    }
    return page + Footer(command_.footer) + SeeAlso(command_);
  }

 private:
  const std::vector<CommandReference>& commands_;
  const CommandReference& command_;
  const std::string& version_;
};

}  // namespace

std::vector<ReferenceFile> ManPages(
    const std::vector<CommandReference>& commands, const std::string& version) {
  std::vector<ReferenceFile> files;
  for (const CommandReference& command : commands) {
    files.push_back({"man1/" + Joined(command.words, "-") + ".1",
                     Page(commands, command, version).Text()});
  }
  // What `git rebisect --help` and `git help rebisect` show.
  files.push_back({"man1/git-rebisect.1",
                   ".so man1/" + Joined(commands.front().words, "-") + ".1\n"});
  return files;
}

}  // namespace rebisect
