#include "sim/session/git_version.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

namespace rebisect {
namespace {

/// The releases at which a rule changed: each family begins at one of these.
constexpr std::array kFamilyStarts = {
    GitVersion{2, 31, 0, 0}, GitVersion{2, 30, 0, 0}, GitVersion{2, 29, 0, 0},
    GitVersion{2, 15, 1, 0}, GitVersion{2, 3, 0, 0},  GitVersion{1, 8, 4, 0},
    GitVersion{1, 8, 2, 2},  GitVersion{1, 6, 4, 0},  GitVersion{1, 5, 1, 0},
    GitVersion{0, 99, 0, 0}};
/// The last release of each of those families.
constexpr std::array kFamilies = {kNewestGit,
                                  GitVersion{2, 30, 9, 0},
                                  GitVersion{2, 29, 3, 0},
                                  GitVersion{2, 28, 1, 0},
                                  GitVersion{2, 15, 0, 0},
                                  GitVersion{2, 2, 3, 0},
                                  GitVersion{1, 8, 3, 4},
                                  GitVersion{1, 8, 2, 1},
                                  GitVersion{1, 6, 3, 4},
                                  GitVersion{1, 5, 0, 7}};
static_assert(kFamilyStarts.size() == kFamilies.size());

}  // namespace

Result<GitVersion> GitVersion::Parse(std::string_view text) {
  std::string_view rest = text;
  if (!rest.empty() && rest.front() == 'v') rest.remove_prefix(1);
  std::array<int, 4> numbers{};
  std::size_t count = 0;
  while (count < numbers.size()) {
    const auto [end, error] =
        std::from_chars(rest.data(), rest.data() + rest.size(), numbers[count]);
    if (error != std::errc() || numbers[count] < 0) break;
    ++count;
    rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
    if (rest.empty() || rest.front() != '.') break;
    rest.remove_prefix(1);
  }
  const bool suffix_is_fine = rest.empty() || rest.front() == '-' ||
                              rest.front() == '.' ||
                              (rest.front() >= 'a' && rest.front() <= 'z');
  if (count < 2 || !suffix_is_fine) {
    return Fail(ErrorCode::kUsage, "'" + std::string(text) +
                                       "' is no version of git; write it "
                                       "like 2.39.5");
  }
  return GitVersion{numbers[0], numbers[1], numbers[2], numbers[3]};
}

std::string GitVersion::ToString() const {
  std::string text = std::to_string(major) + '.' + std::to_string(minor) + '.' +
                     std::to_string(patch);
  if (fix != 0) text += '.' + std::to_string(fix);
  return text;
}

GitRules GitRules::Of(const GitVersion& version) {
  GitRules rules;
  rules.newest_first = version < GitVersion{1, 5, 1, 0};
  rules.no_skip_jump = version < GitVersion{1, 6, 4, 0};
  rules.signed_skip_prn = version < GitVersion{1, 8, 2, 2};
  rules.old_treesame = version < GitVersion{1, 8, 4, 0};
  rules.merge_base_marks_leak = version < GitVersion{2, 3, 0, 0};
  rules.stale_sorted_tail = version < GitVersion{2, 15, 1, 0};
  rules.first_parent = version >= GitVersion{2, 29, 0, 0};
  rules.start_keeps_found = rules.first_parent;
  rules.approximate_halfway = version >= GitVersion{2, 30, 0, 0};
  rules.marks_in_process = rules.approximate_halfway;
  rules.skip_range_leaks = version >= GitVersion{2, 31, 0, 0};
  rules.replay_stops = rules.skip_range_leaks;
  return rules;
}

std::span<const GitVersion> GitFamilies() { return kFamilies; }

std::string FamilyRange(const GitVersion& version, bool run) {
  for (std::size_t i = 0; i < kFamilyStarts.size(); ++i) {
    if (version < kFamilyStarts[i]) continue;
    const GitVersion first = run && version >= kRunIsOneProcess
                                 ? std::max(kFamilyStarts[i], kRunIsOneProcess)
                                 : kFamilyStarts[i];
    return first.ToString() + " to " + kFamilies[i].ToString();
  }
  return version.ToString();
}

}  // namespace rebisect
