#include "harness/suite/tools/tool_variables.h"

#include <string_view>
#include <variant>
#include <vector>

#include "sim/base/check.h"
#include "sim/graph/reachable.h"

namespace rebisect {
namespace {

std::string Quoted(std::string_view word) {
  std::string quoted = "'";
  for (const char c : word) {
    if (c == '\'') {
      quoted += "'\\''";
    } else {
      quoted += c;
    }
  }
  return quoted += '\'';
}

std::vector<std::string> StartWords(const ScenarioCase& scenario) {
  const StartCommand& start = scenario.start;
  std::vector<std::string> words;
  if (start.term_bad) words.push_back("--term-bad=" + *start.term_bad);
  if (start.term_good) words.push_back("--term-good=" + *start.term_good);
  if (start.first_parent) words.emplace_back("--first-parent");
  if (scenario.scenario->start.no_checkout) {
    words.emplace_back("--no-checkout");
  }
  if (start.bad) words.push_back(start.bad->Hex());
  for (const CommitId& good : start.goods) words.push_back(good.Hex());
  if (!start.paths.empty()) {
    words.emplace_back("--");
    words.insert(words.end(), start.paths.begin(), start.paths.end());
  }
  return words;
}

std::string Joined(const std::vector<std::string>& words) {
  std::string line;
  for (const std::string& word : words) {
    if (!line.empty()) line += ' ';
    line += Quoted(word);
  }
  return line;
}

/// By vertex: an ancestor of the commit, or the commit.
std::vector<bool> AncestorsOf(const CommitGraph& graph, const CommitId& id) {
  const auto tip = graph.Find(id);
  REBISECT_CHECK(tip.has_value());
  return ReachableFrom(graph, {&*tip, 1});
}

std::string TextOf(const MarkArgument& argument) {
  if (const auto* id = std::get_if<CommitId>(&argument)) return id->Hex();
  const auto& range = std::get<CommitRange>(argument);
  return range.from.Hex() + ".." + range.to.Hex();
}

void AppendLogged(std::string& log, const std::string& term,
                  const std::string& commit) {
  log += "git bisect ";
  log += term;
  log += ' ';
  log += commit;
  log += '\n';
}

}  // namespace

std::map<std::string, std::string> ScenarioVariables(
    const ScenarioCase& scenario) {
  const StartCommand& start = scenario.start;
  std::string goods;
  for (const CommitId& good : start.goods) {
    if (!goods.empty()) goods += ' ';
    goods += good.Hex();
  }
  std::string paths;
  for (const std::string& path : start.paths) paths += path + '\n';
  std::string marks;
  for (const MarkCommand& mark : scenario.marks) {
    marks += mark.term;
    for (const MarkArgument& argument : mark.arguments) {
      marks += ' ';
      marks += TextOf(argument);
    }
    marks += '\n';
  }
  const bool no_checkout = scenario.scenario->start.no_checkout;
  return {{"REBISECT_BAD", start.bad ? start.bad->Hex() : ""},
          {"REBISECT_GOODS", goods},
          {"REBISECT_TERM_BAD", start.term_bad.value_or("bad")},
          {"REBISECT_TERM_GOOD", start.term_good.value_or("good")},
          {"REBISECT_PATHS", paths},
          {"REBISECT_MARKS", marks},
          {"REBISECT_START", Joined(StartWords(scenario))},
          {"REBISECT_FIRST_PARENT", start.first_parent ? "1" : ""},
          {"REBISECT_NO_CHECKOUT", no_checkout ? "1" : ""}};
}

std::string ReplayLog(const ScenarioCase& scenario) {
  // git reads the words of `start` only when they are quoted.
  std::string log = "git bisect start " + Joined(StartWords(scenario)) + '\n';
  for (const MarkCommand& mark : scenario.marks) {
    if (mark.arguments.empty()) AppendLogged(log, mark.term, "HEAD");
    for (const MarkArgument& argument : mark.arguments) {
      const auto* range = std::get_if<CommitRange>(&argument);
      if (range == nullptr) {
        AppendLogged(log, mark.term, TextOf(argument));
        continue;
      }
      const std::vector<bool> in = AncestorsOf(scenario.graph, range->to);
      const std::vector<bool> out = AncestorsOf(scenario.graph, range->from);
      for (Vertex v = 0; v < in.size(); ++v) {
        if (in[v] && !out[v]) {
          AppendLogged(log, mark.term, scenario.graph.Id(v).Hex());
        }
      }
    }
  }
  return log;
}

}  // namespace rebisect
