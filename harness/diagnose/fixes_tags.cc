#include "harness/diagnose/fixes_tags.h"

#include <algorithm>
#include <array>
#include <functional>
#include <set>
#include <utility>

#include "scenarios/recording/steps.h"
#include "sim/base/text.h"

namespace rebisect {
namespace {

constexpr std::size_t kMinFixedDigits = 8;
constexpr std::size_t kMinBugDigits = 12;
constexpr std::string_view kFixesTag = "Fixes:";
constexpr std::array<std::string_view, 2> kBeforeBugs = {"syzbot+", "extid="};

bool IsHexDigit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

/// The hexadecimal digits that the text begins with.
std::string_view Digits(std::string_view text) {
  const auto end = std::find_if_not(text.begin(), text.end(), IsHexDigit);
  return text.substr(0, static_cast<std::size_t>(end - text.begin()));
}

/// In the order in which they were first said.
class Ids {
 public:
  void Add(std::string_view id) {
    if (seen_.emplace(id).second) ids_.emplace_back(id);
  }
  [[nodiscard]] std::vector<std::string> Take() { return std::move(ids_); }

 private:
  std::set<std::string, std::less<>> seen_;
  std::vector<std::string> ids_;
};

void AddReports(std::string_view line, Ids& reports) {
  for (const std::string_view before : kBeforeBugs) {
    for (std::size_t at = line.find(before); at != std::string_view::npos;
         at = line.find(before, at)) {
      at += before.size();
      const std::string_view id = Digits(line.substr(at));
      if (id.size() >= kMinBugDigits) reports.Add(id);
    }
  }
}

/// Stretches of digits in a name that can be the id of a bug.
std::vector<std::string_view> BugsIn(std::string_view name) {
  std::vector<std::string_view> bugs;
  while (!name.empty()) {
    const std::string_view digits = Digits(name);
    if (digits.size() >= kMinBugDigits) bugs.push_back(digits);
    name.remove_prefix(std::max<std::size_t>(digits.size(), 1));
  }
  return bugs;
}

bool IsOf(const FixesTags& tags, std::span<const std::string_view> bugs) {
  return std::any_of(bugs.begin(), bugs.end(), [&](std::string_view bug) {
    return std::any_of(tags.reports.begin(), tags.reports.end(),
                       [&](const std::string& id) {
                         return id.compare(0, bug.size(), bug) == 0;
                       });
  });
}

}  // namespace

FixesTags ReadFixesTags(std::string_view message) {
  Ids fixed;
  Ids reports;
  while (!message.empty()) {
    const std::size_t end = std::min(message.find('\n'), message.size());
    const std::string_view line = message.substr(0, end);
    message.remove_prefix(std::min(end + 1, message.size()));
    AddReports(line, reports);
    if (line.substr(0, kFixesTag.size()) != kFixesTag) continue;
    const std::string_view id = Digits(Trim(line.substr(kFixesTag.size())));
    if (id.size() >= kMinFixedDigits) fixed.Add(id);
  }
  FixesTags tags;
  tags.fixed = fixed.Take();
  tags.reports = reports.Take();
  return tags;
}

std::vector<TruthProposal> ProposeTruth(const Recording& recording,
                                        std::span<const FixesTags> tags) {
  const std::vector<std::string_view> bugs = BugsIn(recording.name);
  const std::string& culprit = recording.end.culprit;
  std::vector<TruthProposal> proposals;
  for (const FixesTags& one : tags) {
    const std::string fix = one.commit.Hex();
    const std::string by = fix.substr(0, kMinBugDigits);
    if (IsOf(one, bugs)) {
      if (recording.kind == RecordingKind::kFix) {
        proposals.push_back({recording.name, fix,
                             by + " says that it fixes the reported bug",
                             true});
        continue;
      }
      for (const std::string& fixed : one.fixed) {
        proposals.push_back({recording.name, fixed,
                             by + " fixes the reported bug and names it",
                             true});
      }
      continue;
    }
    if (recording.kind == RecordingKind::kFix || culprit.empty()) continue;
    for (const std::string& fixed : one.fixed) {
      if (!SameCommit(fixed, culprit)) continue;
      proposals.push_back(
          {recording.name, fixed,
           by + " fixes the recorded culprit, perhaps for another bug", false});
    }
  }
  return proposals;
}

}  // namespace rebisect
