#include "harness/reference/reference.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace rebisect {
namespace {

/// Lines that were wrapped for the terminal, in one.
std::string OneLine(std::string text) {
  for (char& c : text) {
    if (c == '\n') c = ' ';
  }
  return text;
}

/// CLI11 tells a check for a list of words as "TEXT:{one,two}".
void TakeType(const std::string& type, OptionReference& option) {
  option.value = type.substr(0, type.find_first_of(": "));
  const std::size_t open = type.find('{');
  if (open == std::string::npos) return;
  std::string word;
  for (const char c : type.substr(open + 1)) {
    if (c != ',' && c != '}') {
      word += c;
      continue;
    }
    option.values.push_back(std::exchange(word, {}));
    if (c == '}') break;
  }
}

OptionReference ReferenceTo(const CLI::Option& from) {
  OptionReference option;
  option.about = OneLine(from.get_description());
  option.required = from.get_required();
  if (from.get_items_expected_max() > 0) TakeType(from.get_type_name(), option);
  for (const std::string& name : from.get_snames()) {
    option.names.push_back('-' + name);
  }
  for (const std::string& name : from.get_lnames()) {
    option.names.push_back("--" + name);
  }
  if (option.names.empty()) {
    option.value = from.get_name(true);
    option.many = from.get_items_expected_max() > 1;
  }
  return option;
}

}  // namespace

std::vector<CommandReference> ReferenceOf(const CLI::App& app) {
  struct Open {
    const CLI::App* app;
    std::vector<std::string> above;
  };
  std::vector<CommandReference> commands;
  std::vector<Open> open = {{&app, {}}};
  while (!open.empty()) {
    const Open next = std::move(open.back());
    open.pop_back();
    CommandReference command;
    command.words = next.above;
    command.words.push_back(next.app->get_name());
    command.about = OneLine(next.app->get_description());
    command.footer = next.app->get_footer();
    for (const CLI::Option* const option : next.app->get_options({})) {
      OptionReference reference = ReferenceTo(*option);
      auto& list =
          reference.names.empty() ? command.arguments : command.options;
      list.push_back(std::move(reference));
    }
    const auto below = next.app->get_subcommands(
        [](const CLI::App* one) { return !one->get_name().empty(); });
    for (const CLI::App* const one : below) {
      command.commands.push_back(one->get_name());
    }
    // The first one is taken up next.
    for (auto one = below.rbegin(); one != below.rend(); ++one) {
      open.push_back({*one, command.words});
    }
    commands.push_back(std::move(command));
  }
  return commands;
}

std::vector<const CommandReference*> Below(
    const std::vector<CommandReference>& commands,
    const CommandReference& command) {
  std::vector<const CommandReference*> below;
  const std::size_t depth = command.words.size();
  for (const CommandReference& other : commands) {
    if (other.words.size() == depth + 1 &&
        std::equal(command.words.begin(), command.words.end(),
                   other.words.begin())) {
      below.push_back(&other);
    }
  }
  return below;
}

std::string Joined(const std::vector<std::string>& words,
                   std::string_view between) {
  std::string joined;
  for (const std::string& word : words) {
    if (!joined.empty()) joined += between;
    joined += word;
  }
  return joined;
}

}  // namespace rebisect
