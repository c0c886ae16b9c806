#pragma once

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "sim/base/result.h"
#include "sim/session/git_version.h"

namespace rebisect {

/// A policy as it is named in a scenario or on the command line, before
/// anything knows what the name means.
struct PolicySpec {
  std::string name{};
  std::map<std::string, std::string, std::less<>> params{};
  Position where{};  ///< of the name
  /// Of the parameters, where they are known one by one.
  std::map<std::string, Position, std::less<>> param_where{};

  /// Positions do not count.
  friend bool operator==(const PolicySpec& a, const PolicySpec& b) {
    return a.name == b.name && a.params == b.params;
  }
};

/// The policy that is a program, and the parameter that holds the program.
/// `exec:./rule.py:k=2` is another spelling of `exec:program=./rule.py:k=2`.
inline constexpr std::string_view kProgramPolicy = "exec";
inline constexpr std::string_view kProgramParameter = "program";

/// Policies that work together: filters first, a rule last.
using PolicyChain = std::vector<PolicySpec>;

/// Reads `same-family+threshold:k=2:n=10`: policies joined by '+', each a name
/// and parameters, every one after a ':'. Names and parameters' names are
/// lower-case letters, digits, '-' and '_'; values anything but '+', ':', ',',
/// '=' and blanks. `exec` takes its program without a name. `where` is the
/// place of the text's first character. O(n). Errors: kUsage, at the character
/// that cannot be.
[[nodiscard]] Result<PolicyChain> ParsePolicyChain(std::string_view text,
                                                   const Position& where);

/// Chains separated by commas: `any-crash,same-title+syzkaller-2024`.
/// Errors: as ParsePolicyChain().
[[nodiscard]] Result<std::vector<PolicyChain>> ParsePolicyList(
    std::string_view text, const Position& where);

/// The chain as text that reads back as the same one: parameters as given, by
/// name in alphabetical order; the program of `exec` first.
[[nodiscard]] std::string ToText(const PolicyChain& chain);

/// A value of a parameter: a word, or what is written as one.
using ParameterValue = std::variant<std::string_view, int, double, GitVersion>;

/// The word for a number that is not known.
inline constexpr std::string_view kUnknownNumber = "unknown";

/// What --help and errors say of a parameter.
struct ParameterInfo {
  std::string_view name;
  ParameterValue fallback;  ///< the value if none is given
  std::string_view about;
};

/// What --help and errors say of a policy.
struct PolicyInfo {
  std::string_view name;
  std::string_view about;  ///< the rule, in a line
  std::span<const ParameterInfo> parameters;
  /// Parameters of any other name are taken, too, as they are written.
  bool open = false;
};

/// Of a list of entries, each of which has an `info`.
template <class Entry>
[[nodiscard]] std::vector<PolicyInfo> InfosOf(
    std::span<const Entry* const> entries) {
  std::vector<PolicyInfo> infos;
  infos.reserve(entries.size());
  for (const Entry* const entry : entries) infos.push_back(entry->info);
  return infos;
}

/// The entry of this name; null if there is none.
template <class Entry>
[[nodiscard]] const Entry* EntryOf(std::span<const Entry* const> entries,
                                   std::string_view name) {
  for (const Entry* const entry : entries) {
    if (entry->info.name == name) return entry;
  }
  return nullptr;
}

/// `name:k=2:n=10`, with every parameter at its fallback.
[[nodiscard]] std::string UsageOf(const PolicyInfo& policy);

/// The same chain for all chains that mean the same: of the policies in `known`
/// the parameters that differ from their fallbacks, or all of them if
/// `in_full`, numbers in their shortest form. Others, and those that are open,
/// stay as they are.
[[nodiscard]] PolicyChain Canonical(PolicyChain chain,
                                    std::span<const PolicyInfo> known,
                                    bool in_full);

/// Which of `known` the spec names; `what` is for the errors ("verdict
/// policy"). Errors: kUsage for a name or a parameter that there is not, with
/// its place and the nearest, or what there is.
[[nodiscard]] Result<std::size_t> FindPolicy(const PolicySpec& spec,
                                             std::span<const PolicyInfo> known,
                                             std::string_view what);

/// Reads the parameters of a spec that FindPolicy() took, and keeps the first
/// error, so that a policy can be read in one go and checked at its end.
class PolicyParameters {
 public:
  /// Both are borrowed. REQUIRES: `info` lists every name asked for.
  PolicyParameters(const PolicySpec& spec, const PolicyInfo& info)
      : spec_(spec), info_(info) {}

  /// A whole number, low <= number <= high; `low` after an error.
  [[nodiscard]] int Int(std::string_view name, int low, int high);
  /// A number, low <= number <= high; `low` after an error.
  [[nodiscard]] double Number(std::string_view name, double low, double high);
  /// The same; nothing for kUnknownNumber.
  [[nodiscard]] std::optional<double> NumberOrUnknown(std::string_view name,
                                                      double low, double high);
  /// A probability that is neither 0 nor 1; 0.5 after an error.
  [[nodiscard]] double Probability(std::string_view name);
  /// One of `choices`: its index; 0 after an error.
  [[nodiscard]] std::size_t Choice(std::string_view name,
                                   std::span<const std::string_view> choices);
  /// A release of git; the newest after an error.
  [[nodiscard]] GitVersion Version(std::string_view name);
  /// Says that `name` does not go with the others, unless there was an error.
  void Reject(std::string_view name, std::string_view why);

  [[nodiscard]] const std::optional<Error>& error() const { return error_; }
  [[nodiscard]] const PolicySpec& spec() const { return spec_; }
  /// The policy's name, for as long as its entry lives: for good.
  [[nodiscard]] std::string_view policy() const { return info_.name; }

 private:
  [[nodiscard]] std::string Text(std::string_view name) const;

  const PolicySpec& spec_;
  const PolicyInfo& info_;
  std::optional<Error> error_{};
};

}  // namespace rebisect
