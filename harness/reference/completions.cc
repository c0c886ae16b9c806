// What shells load to complete a command line.

#include <cstddef>
#include <string_view>

#include "harness/reference/reference.h"

namespace rebisect {
namespace {

/// As a word in single quotes, in a shell of POSIX and in zsh.
std::string Quoted(std::string_view text) {
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\'') {
      quoted += "'\\''";
    } else {
      quoted += c;
    }
  }
  return quoted + '\'';
}

std::string WithBackslashes(std::string_view text,
                            std::string_view characters) {
  std::string escaped;
  for (const char c : text) {
    if (characters.find(c) != std::string_view::npos) escaped += '\\';
    escaped += c;
  }
  return escaped;
}

/// The words behind the program's name.
std::string PathOf(const CommandReference& command) {
  return Joined({command.words.begin() + 1, command.words.end()}, " ");
}

/// What completes a line by the tables before it; it ends the last of them.
constexpr const char* kBashFunctions = R"(  *) return 1 ;;
  esac
}

# $1: the place of the program's name among the words of the line.
__rebisect_complete() {
  local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}
  local at path='' below word found
  COMPREPLY=()
  for ((at = $1 + 1; at < COMP_CWORD; ++at)); do
    below=$(__rebisect_commands "$path")
    [[ -n $below ]] || break
    for word in $below; do
      if [[ $word == "${COMP_WORDS[at]}" ]]; then
        path=${path:+$path }$word
        break
      fi
    done
  done
  below=$(__rebisect_commands "$path")
  if found=$(__rebisect_values "$path:$before"); then
    [[ -n $found ]] || { compopt -o default 2>/dev/null; return; }
  elif [[ $current == -* ]]; then
    found=$(__rebisect_options "$path")
  elif [[ -n $below ]]; then
    found=$below
  else
    compopt -o default 2>/dev/null
    return
  fi
  found=$(compgen -W "$found" -- "$current")
  [[ -z $found ]] || mapfile -t COMPREPLY <<<"$found"
}

_rebisect() { __rebisect_complete 0; }

# git's own completion calls it, for the words from `git` on.
_git_rebisect() {
  local at=1
  while ((at < COMP_CWORD)) && [[ ${COMP_WORDS[at]} != rebisect ]]; do
    ((++at))
  done
  __rebisect_complete "$at"
}

complete -F _rebisect rebisect git-rebisect
)";

std::string Bash(const std::vector<CommandReference>& commands) {
  std::string options;
  std::string values;
  std::string below;
  for (const CommandReference& command : commands) {
    std::vector<std::string> names;
    for (const OptionReference& option : command.options) {
      for (const std::string& name : option.names) {
        names.push_back(name);
        if (option.value.empty()) continue;
        values += "  " + Quoted(PathOf(command) + ':' + name) +
                  ") printf '%s\\n' " + Quoted(Joined(option.values, " ")) +
                  " ;;\n";
      }
    }
    options += "  " + Quoted(PathOf(command)) + ") printf '%s\\n' " +
               Quoted(Joined(names, " ")) + " ;;\n";
    if (command.commands.empty()) continue;
    below += "  " + Quoted(PathOf(command)) + ") printf '%s\\n' " +
             Quoted(Joined(command.commands, " ")) + " ;;\n";
  }
  return R"(# Completes rebisect, and `git rebisect`, in bash.

# The names of options behind the command $1.
__rebisect_options() {
  case $1 in
)" + options +
         R"(  esac
}

# The commands below $1.
__rebisect_commands() {
  case $1 in
)" + below +
         R"(  esac
}

# The values of the option $1 ("command:--option"); fails when it takes none.
# Nothing: any, such as a file.
__rebisect_values() {
  case $1 in
)" + values +
         kBashFunctions;
}

/// The action of zsh's _arguments behind a value.
std::string ZshAction(const OptionReference& option) {
  if (!option.values.empty()) return '(' + Joined(option.values, " ") + ')';
  return option.value == "DIR" ? "_files -/" : "_files";
}

/// An option or argument as _arguments takes it.
std::string ZshSpec(const OptionReference& option) {
  const std::string about = WithBackslashes(option.about, "[]:\\");
  const std::string value = option.value.empty()
                                ? ""
                                : ':' + WithBackslashes(option.value, ":\\") +
                                      ':' + ZshAction(option);
  if (option.names.empty()) {
    return Quoted((option.many ? "*" : "") + (value.empty() ? ":" : value));
  }
  if (option.names.size() == 1) {
    return Quoted('*' + option.names.front() + '[' + about + ']' + value);
  }
  return '{' + Joined(option.names, ",") + '}' +
         Quoted('[' + about + ']' + value);
}

std::string Zsh(const std::vector<CommandReference>& commands) {
  std::string text =
      "#compdef rebisect git-rebisect\n"
      "# Completes rebisect, and `git rebisect`, in zsh.\n";
  for (const CommandReference& command : commands) {
    text += "\n_" + Joined(command.words, "_") +
            "() {\n  local context state state_descr line\n"
            "  typeset -A opt_args\n  _arguments -C";
    for (const OptionReference& option : command.options) {
      text.append(" \\\n    ").append(ZshSpec(option));
    }
    if (command.commands.empty()) {
      for (const OptionReference& argument : command.arguments) {
        text.append(" \\\n    ").append(ZshSpec(argument));
      }
      text += "\n}\n";
      continue;
    }
    text +=
        " \\\n    '1: :->command' '*:: :->arguments'\n"
        "  case $state in\n  command)\n    local -a commands=(\n";
    for (const CommandReference* const other : Below(commands, command)) {
      text += "      " +
              Quoted(other->words.back() + ':' +
                     WithBackslashes(other->about, ":\\")) +
              '\n';
    }
    text +=
        "    )\n    _describe command commands\n    ;;\n"
        "  arguments) (( $+functions[_" +
        Joined(command.words, "_") + "_$words[1]] )) && _" +
        Joined(command.words, "_") + "_$words[1] ;;\n  esac\n}\n";
  }
  return text + "\n_rebisect \"$@\"\n";
}

/// When fish is to offer what belongs to a command.
std::string FishCondition(const CommandReference& command) {
  std::string condition;
  for (std::size_t i = 1; i < command.words.size(); ++i) {
    condition += std::string(condition.empty() ? "" : "; and ") +
                 "__fish_seen_subcommand_from " + command.words[i];
  }
  if (condition.empty()) return "__fish_use_subcommand";
  if (!command.commands.empty()) {
    condition += "; and not __fish_seen_subcommand_from " +
                 Joined(command.commands, " ");
  }
  return condition;
}

std::string FishOption(const OptionReference& option) {
  std::string line;
  for (const std::string& name : option.names) {
    const bool is_long = name.starts_with("--");
    line += (is_long ? " -l " : " -s ") + name.substr(is_long ? 2 : 1);
  }
  if (!option.values.empty()) {
    line += " -x -a " + Quoted(Joined(option.values, " "));
  } else if (!option.value.empty()) {
    line += " -r";
  }
  return line;
}

std::string Fish(const std::vector<CommandReference>& commands) {
  std::string text =
      "# Completes rebisect, and git-rebisect, in fish.\n"
      "complete -c git-rebisect -w rebisect\n";
  const auto quoted = [](const std::string& about) {
    return '\'' + WithBackslashes(about, "'\\") + '\'';
  };
  for (const CommandReference& command : commands) {
    const std::string when =
        "complete -c rebisect -n '" + FishCondition(command) + '\'';
    for (const OptionReference& option : command.options) {
      text += when + FishOption(option) + " -d " + quoted(option.about) + '\n';
    }
    for (const CommandReference* const other : Below(commands, command)) {
      text += when + " -f -a " + other->words.back() + " -d " +
              quoted(other->about) + '\n';
    }
  }
  return text;
}

}  // namespace

std::vector<ReferenceFile> Completions(
    const std::vector<CommandReference>& commands) {
  return {{"bash/rebisect", Bash(commands)},
          {"zsh/_rebisect", Zsh(commands)},
          {"fish/rebisect.fish", Fish(commands)}};
}

}  // namespace rebisect
