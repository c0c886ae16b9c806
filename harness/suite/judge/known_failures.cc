#include "harness/suite/judge/known_failures.h"

#include <algorithm>
#include <set>
#include <utility>

#include "sim/base/result.h"
#include "sim/base/text.h"

namespace rebisect {
namespace {

constexpr std::string_view kBlanks = " \t\r";

std::string_view Trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) + 1 - begin);
}

/// Errors: no such scenario, although its suite is there.
Result<void> Check(std::string_view name,
                   const std::set<std::string_view>& names,
                   const std::set<std::string_view>& suites,
                   const Position& where) {
  const std::size_t slash = name.find('/');
  if (slash == std::string_view::npos) {
    return Fail(ErrorCode::kInput,
                "'" + std::string(name) +
                    "' is no scenario; write suite/name, the tool's name if "
                    "it is for one alone, and # why",
                where);
  }
  if (suites.count(name.substr(0, slash)) == 0 || names.count(name) != 0) {
    return {};
  }
  return Fail(ErrorCode::kInput,
              "there is no scenario '" + std::string(name) + "'" +
                  SuggestWord(name, {names.begin(), names.end()}),
              where);
}

}  // namespace

Result<KnownFailures> KnownFailures::Read(
    const std::string& text, const std::string& path,
    const std::vector<const Scenario*>& scenarios) {
  std::vector<std::string> full_names;
  std::set<std::string_view> suites;
  for (const Scenario* scenario : scenarios) {
    full_names.push_back(scenario->FullName());
    suites.insert(scenario->suite);
  }
  const std::set<std::string_view> names(full_names.begin(), full_names.end());
  KnownFailures known;
  int number = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line(text.data() + at, end - at);
    at = end + 1;
    ++number;
    const std::size_t hash = std::min(line.find('#'), line.size());
    const std::string_view words = Trimmed(line.substr(0, hash));
    if (words.empty()) continue;
    const Position where{path, number, 1};
    const std::size_t blank =
        std::min(words.find_first_of(kBlanks), words.size());
    const std::string_view name = words.substr(0, blank);
    const std::string_view tool = Trimmed(words.substr(blank));
    if (tool.find_first_of(kBlanks) != std::string_view::npos) {
      return Fail(ErrorCode::kInput,
                  "a line holds a scenario and at most one tool; give others "
                  "lines of their own, and reasons behind a #",
                  where);
    }
    REBISECT_RETURN_IF_ERROR(Check(name, names, suites, where));
    std::string key(name);
    if (!tool.empty()) key.append(" ").append(tool);
    std::string reason(Trimmed(line.substr(std::min(hash + 1, line.size()))));
    if (reason.empty()) reason = "listed in " + path;
    if (!known.reasons_.emplace(std::move(key), std::move(reason)).second) {
      return Fail(ErrorCode::kInput,
                  "'" + std::string(words) + "' is listed twice; keep one",
                  where);
    }
  }
  return known;
}

std::string KnownFailures::Reason(const Scenario& scenario,
                                  const Tool& tool) const {
  const std::string name = scenario.FullName();
  for (const std::string& key : {name + ' ' + tool.spec().name, name}) {
    const auto found = reasons_.find(key);
    if (found != reasons_.end()) return found->second;
  }
  const std::vector<std::string>& tags = tool.spec().tags;
  for (const Erratum& erratum : scenario.errata) {
    if (std::find(tags.begin(), tags.end(), erratum.tool) == tags.end()) {
      continue;
    }
    const auto& version = tool.version();
    if (version && erratum.since && *version < *erratum.since) continue;
    if (version && erratum.until && *version >= *erratum.until) continue;
    return erratum.about;
  }
  return {};
}

}  // namespace rebisect
