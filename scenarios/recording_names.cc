#include "scenarios/recording_names.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace rebisect {
namespace {

using std::string_view;

// Each table is in the order of its enumeration.
constexpr std::array<string_view, 8> kOutcomes = {
    "ok",    "crashed", "boot-failed",  "test-failed",
    "infra", "ignored", "build-failed", "failed"};
constexpr std::array<string_view, 7> kPurposes = {
    "start", "head", "release", "merge-base", "config", "step", "culprit"};
constexpr std::array<string_view, 8> kEnds = {
    "unfinished",     "culprit",       "only-skipped",
    "inconclusive",   "still-on-head", "oldest-already-bad",
    "merge-base-bad", "error"};
constexpr std::array<string_view, 3> kKinds = {"cause", "fix", "marks"};

template <class E, std::size_t N>
std::optional<E> Named(const std::array<string_view, N>& names,
                       string_view name) {
  const auto at = std::find(names.begin(), names.end(), name);
  if (at == names.end()) return std::nullopt;
  return static_cast<E>(at - names.begin());
}

template <std::size_t N>
std::vector<string_view> All(const std::array<string_view, N>& names) {
  return {names.begin(), names.end()};
}

std::size_t EditDistance(string_view a, string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      const std::size_t change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({change, above + 1, row[j - 1] + 1});
      diagonal = above;
    }
  }
  return row.back();
}

}  // namespace

string_view NameOf(RunOutcome outcome) {
  return kOutcomes.at(static_cast<std::size_t>(outcome));
}
string_view NameOf(TestPurpose purpose) {
  return kPurposes.at(static_cast<std::size_t>(purpose));
}
string_view NameOf(EndKind kind) {
  return kEnds.at(static_cast<std::size_t>(kind));
}
string_view NameOf(RecordingKind kind) {
  return kKinds.at(static_cast<std::size_t>(kind));
}

std::optional<RunOutcome> RunOutcomeNamed(string_view name) {
  return Named<RunOutcome>(kOutcomes, name);
}
std::optional<TestPurpose> TestPurposeNamed(string_view name) {
  return Named<TestPurpose>(kPurposes, name);
}
std::optional<EndKind> EndKindNamed(string_view name) {
  return Named<EndKind>(kEnds, name);
}
std::optional<RecordingKind> RecordingKindNamed(string_view name) {
  return Named<RecordingKind>(kKinds, name);
}

std::vector<string_view> RunOutcomeNames() { return All(kOutcomes); }
std::vector<string_view> TestPurposeNames() { return All(kPurposes); }
std::vector<string_view> EndKindNames() { return All(kEnds); }
std::vector<string_view> RecordingKindNames() { return All(kKinds); }

string_view NearestWord(string_view word,
                        const std::vector<string_view>& known) {
  constexpr std::size_t kLongest = 64;
  if (word.size() > kLongest) return {};
  string_view nearest;
  std::size_t fewest = word.size() / 3 + 2;
  for (const string_view candidate : known) {
    const std::size_t edits = EditDistance(word, candidate);
    if (edits < fewest) {
      fewest = edits;
      nearest = candidate;
    }
  }
  return nearest;
}

std::string SuggestWord(string_view word,
                        const std::vector<string_view>& known) {
  const string_view nearest = NearestWord(word, known);
  if (!nearest.empty()) {
    return "; did you mean '" + std::string(nearest) + "'?";
  }
  std::string text = "; known are ";
  for (std::size_t i = 0; i < known.size(); ++i) {
    if (i > 0) text += ", ";
    text += known[i];
  }
  return text;
}

}  // namespace rebisect
