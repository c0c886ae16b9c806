#include "scenarios/logs/syzkaller_lines.h"

#include <cmath>
#include <cstddef>

#include "sim/base/text.h"

namespace rebisect::syzkaller_lines {
namespace {

using std::string_view;

struct Prefix {
  string_view text;
  RunOutcome outcome;
};

constexpr Prefix kVerdicts[] = {
    {"crashed:", RunOutcome::kCrashed},
    {"kernel crashed:", RunOutcome::kCrashed},
    {"boot failed:", RunOutcome::kBootFailed},
    {"basic kernel testing failed:", RunOutcome::kTestFailed},
    {"infra problem:", RunOutcome::kInfra},
    {"ignore:", RunOutcome::kIgnored},
    {"kernel build failed:", RunOutcome::kBuildFailed},
    {"build failed:", RunOutcome::kBuildFailed},
    {"failed:", RunOutcome::kFailed},
};

}  // namespace

Run ParseVerdict(string_view text) {
  Run run;
  if (text == "OK") return run;
  string_view rest;
  for (const Prefix& prefix : kVerdicts) {
    if (StripPrefix(text, prefix.text, &rest)) {
      run.outcome = prefix.outcome;
      run.title = Trim(rest);
      return run;
    }
  }
  // `try #<i>: <what> failed: <err>`
  const std::size_t failed = text.find(" failed: ");
  if (failed != string_view::npos &&
      text.substr(0, failed).find("test") != string_view::npos) {
    run.outcome = RunOutcome::kTestFailed;
    run.title = Trim(text.substr(failed + string_view(" failed: ").size()));
    return run;
  }
  run.outcome = text == "crashed" ? RunOutcome::kCrashed : RunOutcome::kFailed;
  if (run.outcome == RunOutcome::kFailed) run.title = text;
  return run;
}

std::optional<RunLine> ParseRunLine(string_view text) {
  string_view rest;
  if (StripPrefix(text, "all runs:", &rest)) {
    return RunLine{true, ParseVerdict(Trim(rest))};
  }
  if (!StripPrefix(text, "run #", &rest) &&
      !StripPrefix(text, "try #", &rest)) {
    return std::nullopt;
  }
  const std::size_t colon = rest.find(':');
  if (colon == string_view::npos || !ToInt(rest.substr(0, colon)).has_value()) {
    return std::nullopt;
  }
  return RunLine{false, ParseVerdict(Trim(rest.substr(colon + 1)))};
}

std::optional<Run> ParseFailure(string_view text) {
  string_view rest;
  Run run;
  run.outcome = RunOutcome::kFailed;
  bool names_commit = false;
  if (StripPrefix(text, "kernel build failed:", &rest)) {
    run.outcome = RunOutcome::kBuildFailed;
  } else if (StripPrefix(text, "failed building ", &rest)) {
    run.outcome = RunOutcome::kBuildFailed;
    names_commit = true;
  } else if (StripPrefix(text, "failed testing reproducer on ", &rest)) {
    names_commit = true;
  } else if (!StripPrefix(text, "failed: ", &rest)) {
    return std::nullopt;
  }
  if (names_commit) {
    const std::size_t colon = rest.find(':');
    rest = colon == string_view::npos ? string_view() : rest.substr(colon + 1);
  }
  run.title = Trim(rest);
  return run;
}

std::optional<double> ParseGoDuration(string_view text) {
  struct Unit {
    string_view name;
    double seconds;
  };
  // Longer names first: "ms" is not "m".
  constexpr Unit kUnits[] = {{"ms", 1e-3}, {"us", 1e-6}, {"\xC2\xB5s", 1e-6},
                             {"ns", 1e-9}, {"h", 3600},  {"m", 60},
                             {"s", 1}};
  if (text.empty()) return std::nullopt;
  double total = 0;
  while (!text.empty()) {
    const std::size_t end = text.find_first_not_of("0123456789.");
    if (end == 0 || end == string_view::npos) return std::nullopt;
    const std::optional<double> number = ToDouble(text.substr(0, end));
    if (!number.has_value()) return std::nullopt;
    text.remove_prefix(end);
    bool known = false;
    for (const Unit& unit : kUnits) {
      string_view rest;
      if (!StripPrefix(text, unit.name, &rest)) continue;
      total += *number * unit.seconds;
      text = rest;
      known = true;
      break;
    }
    if (!known) return std::nullopt;
  }
  if (!std::isfinite(total)) return std::nullopt;
  return total;
}

bool ParseRevisionsTested(string_view text, Summary* summary) {
  string_view rest;
  if (!StripPrefix(text, "revisions tested: ", &rest)) return false;
  summary->revisions_tested = ToInt(rest.substr(0, rest.find(',')));
  const auto duration = [text](string_view label) -> std::optional<double> {
    const std::size_t at = text.find(label);
    if (at == string_view::npos) return std::nullopt;
    const string_view value = text.substr(at + label.size());
    return ParseGoDuration(value.substr(0, value.find_first_of(" ,)")));
  };
  summary->total_seconds = duration("total time: ");
  summary->build_seconds = duration("build: ");
  summary->test_seconds = duration(", test: ");
  return true;
}

bool ParseRepresentative(string_view text, Test* test) {
  string_view rest;
  if (!StripPrefix(text, "representative crash: ", &rest)) return false;
  constexpr string_view kTypes = ", types: [";
  const std::size_t at = rest.rfind(kTypes);
  test->representative = Trim(rest.substr(0, at));
  test->crash_types.clear();
  if (at == string_view::npos) return true;
  string_view types = rest.substr(at + kTypes.size());
  types = types.substr(0, types.find(']'));
  while (!(types = Trim(types)).empty()) {
    const std::size_t blank = types.find(' ');
    test->crash_types.emplace_back(types.substr(0, blank));
    types.remove_prefix(blank == string_view::npos ? types.size() : blank);
  }
  return true;
}

}  // namespace rebisect::syzkaller_lines
