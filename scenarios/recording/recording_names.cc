#include "scenarios/recording/recording_names.h"

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

}  // namespace rebisect
