#include "harness/suite/tools/outcome_reader.h"

#include <algorithm>
#include <array>
#include <set>

#include "sim/base/result.h"

namespace rebisect {
namespace {

Result<std::optional<LinePattern>> CompileGroup(const std::string& text,
                                                std::string_view what,
                                                const Position& where) {
  if (text.empty()) return std::nullopt;
  REBISECT_ASSIGN_OR_RETURN(auto pattern,
                            LinePattern::Compile(text, what, where));
  if (!pattern.HasGroup()) {
    return Fail(ErrorCode::kInput,
                "the pattern '" + text + "' of '" + std::string(what) +
                    "' has no group; put what is the id in parentheses",
                where);
  }
  return std::optional<LinePattern>(std::move(pattern));
}

/// Ids in the order in which they were found.
class FoundIds {
 public:
  void Add(const std::optional<LinePattern>& pattern, const std::string& line) {
    if (!pattern) return;
    auto id = pattern->FirstGroup(line);
    if (!id || id->empty() || !seen_.insert(*id).second) return;
    ids_.push_back(*std::move(id));
  }
  std::vector<std::string> Take() { return std::move(ids_); }

 private:
  std::set<std::string> seen_;
  std::vector<std::string> ids_;
};

}  // namespace

Result<LinePattern> LinePattern::Compile(const std::string& text,
                                         std::string_view what,
                                         const Position& where) {
  auto regex = std::make_unique<regex_t>();
  const int failed = regcomp(regex.get(), text.c_str(), REG_EXTENDED);
  if (failed != 0) {
    std::array<char, 256> reason{};
    regerror(failed, regex.get(), reason.data(), reason.size());
    return Fail(
        ErrorCode::kInput,
        "the pattern '" + text + "' of '" + std::string(what) +
            "' is no POSIX extended regular expression: " + reason.data(),
        where);
  }
  return LinePattern(std::unique_ptr<regex_t, Free>(regex.release()));
}

bool LinePattern::Matches(const std::string& line) const {
  return regexec(regex_.get(), line.c_str(), 0, nullptr, 0) == 0;
}

std::optional<std::string> LinePattern::FirstGroup(
    const std::string& line) const {
  std::array<regmatch_t, 2> matches{};
  if (regexec(regex_.get(), line.c_str(), matches.size(), matches.data(), 0) !=
          0 ||
      matches[1].rm_so < 0) {
    return std::nullopt;
  }
  const auto begin = static_cast<std::size_t>(matches[1].rm_so);
  return line.substr(begin, static_cast<std::size_t>(matches[1].rm_eo) - begin);
}

Result<OutcomeReader> OutcomeReader::Make(const ToolSpec& spec) {
  OutcomeReader reader;
  for (const auto& [outcome, text] : spec.scripts->outcomes) {
    REBISECT_ASSIGN_OR_RETURN(
        auto pattern, LinePattern::Compile(text, NameOf(outcome), spec.where));
    reader.outcomes_.emplace_back(outcome, std::move(pattern));
  }
  REBISECT_ASSIGN_OR_RETURN(
      auto culprit, CompileGroup(spec.scripts->culprit, "culprit", spec.where));
  reader.culprit_ = std::move(culprit);
  REBISECT_ASSIGN_OR_RETURN(
      auto candidate,
      CompileGroup(spec.scripts->candidate, "candidate", spec.where));
  reader.candidate_ = std::move(candidate);
  return reader;
}

ReadOutcome OutcomeReader::Read(std::string_view output) const {
  ReadOutcome read;
  FoundIds culprits;
  FoundIds candidates;
  std::string line;
  std::string before;
  while (!output.empty()) {
    const std::size_t end = std::min(output.find('\n'), output.size());
    line.assign(output.substr(0, std::min(end, kMaxLineLength)));
    output.remove_prefix(std::min(end + 1, output.size()));
    if (!line.empty() && line.back() == '\r') line.pop_back();
    // What was said before is not new, and floods repeat themselves.
    if (line == before) continue;
    std::replace(line.begin(), line.end(), '\0', ' ');
    for (auto pattern = outcomes_.begin();
         !read.outcome && pattern != outcomes_.end(); ++pattern) {
      if (!pattern->second.Matches(line)) continue;
      read.outcome = pattern->first;
      read.line = line;
    }
    culprits.Add(culprit_, line);
    candidates.Add(candidate_, line);
    before.swap(line);
  }
  read.culprits = culprits.Take();
  read.candidates = candidates.Take();
  return read;
}

}  // namespace rebisect
