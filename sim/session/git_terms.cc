#include "sim/session/git_terms.h"

#include <algorithm>
#include <array>

namespace rebisect {
namespace {

/// Words that may not be terms.
constexpr std::array<std::string_view, 11> kReservedTerms = {
    "help", "start",  "skip", "next", "reset", "visualize",
    "view", "replay", "log",  "run",  "terms"};

bool IsRefComponent(std::string_view component) {
  constexpr std::string_view kLock = ".lock";
  if (component.empty() || component.front() == '.') return false;
  if (component.size() >= kLock.size() &&
      component.substr(component.size() - kLock.size()) == kLock) {
    return false;
  }
  return std::none_of(component.begin(), component.end(), [](char c) {
    return static_cast<unsigned char>(c) <= ' ' || c == 0x7f ||
           std::string_view("~^:?*[\\").find(c) != std::string_view::npos;
  });
}

/// `swapped` are the words of the other side.
std::optional<std::string> RefusedTerm(
    const std::string& term, const std::array<std::string_view, 2>& swapped) {
  if (!IsBisectRefName(term)) {
    return "error: '" + term + "' is not a valid term\n";
  }
  if (std::find(kReservedTerms.begin(), kReservedTerms.end(), term) !=
      kReservedTerms.end()) {
    return "error: can't use the builtin command '" + term + "' as a term\n";
  }
  if (std::find(swapped.begin(), swapped.end(), term) != swapped.end()) {
    return "error: can't change the meaning of the term '" + term + "'\n";
  }
  return std::nullopt;
}

}  // namespace

bool IsBisectRefName(std::string_view name) {
  if (name.find("..") != std::string_view::npos ||
      name.find("@{") != std::string_view::npos ||
      (!name.empty() && name.back() == '.')) {
    return false;
  }
  while (true) {
    const std::size_t slash = name.find('/');
    if (!IsRefComponent(name.substr(0, slash))) return false;
    if (slash == std::string_view::npos) return true;
    name.remove_prefix(slash + 1);
  }
}

std::optional<std::string> RefusedTerms(const std::string& bad,
                                        const std::string& good) {
  if (bad == good) return "error: please use two different terms\n";
  if (auto refused = RefusedTerm(bad, {"good", "old"})) return refused;
  return RefusedTerm(good, {"bad", "new"});
}

}  // namespace rebisect
