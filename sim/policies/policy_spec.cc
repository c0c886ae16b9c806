#include "sim/policies/policy_spec.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "sim/base/check.h"
#include "sim/base/result.h"
#include "sim/base/text.h"

namespace rebisect {
namespace {

using std::string_view;

bool IsNameCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_';
}

bool IsValueCharacter(char c) {
  return c > ' ' && c != '+' && c != ':' && c != ',' && c != '=' && c != '\x7f';
}

/// One pass over the text of a list of chains.
class SpecReader {
 public:
  SpecReader(string_view text, Position where)
      : text_(text), where_(std::move(where)) {}

  [[nodiscard]] bool AtEnd() const { return at_ == text_.size(); }

  /// Takes the character if it is the next one.
  bool Take(char c) {
    if (AtEnd() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  /// Takes what stands before the next separator.
  Result<PolicyChain> Chain() {
    PolicyChain chain;
    do {
      REBISECT_ASSIGN_OR_RETURN(auto spec, Spec());
      chain.push_back(std::move(spec));
    } while (Take('+'));
    return chain;
  }

  [[nodiscard]] tl::unexpected<Error> Unexpected(
      const std::string& wanted) const {
    const std::string found =
        AtEnd() ? "the text ends" : "there is " + Quote(text_.substr(at_, 1));
    return Fail(ErrorCode::kUsage,
                found + " where " + wanted +
                    " should be; write policies as NAME:PARAMETER=VALUE and "
                    "join them by '+'",
                Here());
  }

 private:
  [[nodiscard]] Position Here() const {
    Position here = where_;
    here.line = std::max(here.line, 1);
    here.column = std::max(here.column, 1) + static_cast<int>(at_);
    return here;
  }

  template <class Accept>
  string_view TakeWhile(Accept accept) {
    const std::size_t begin = at_;
    while (!AtEnd() && accept(text_[at_])) ++at_;
    return text_.substr(begin, at_ - begin);
  }

  Result<PolicySpec> Spec() {
    PolicySpec spec;
    spec.where = Here();
    spec.name = TakeWhile(&IsNameCharacter);
    if (spec.name.empty()) return Unexpected("the name of a policy");
    if (spec.name == kProgramPolicy) TakeProgram(spec);
    while (Take(':')) {
      const Position place = Here();
      const std::string name(TakeWhile(&IsNameCharacter));
      if (name.empty()) return Unexpected("the name of a parameter");
      if (!Take('=')) return Unexpected("'=' after " + Quote(name));
      std::string value(TakeWhile(&IsValueCharacter));
      if (value.empty()) return Unexpected("the value of " + Quote(name));
      if (!spec.params.emplace(name, std::move(value)).second) {
        return Fail(ErrorCode::kUsage,
                    "parameter " + Quote(name) + " is given twice; keep one",
                    place);
      }
      spec.param_where.emplace(name, place);
    }
    return spec;
  }

  /// Takes ':' and a value that is no NAME=VALUE.
  void TakeProgram(PolicySpec& spec) {
    const std::size_t begin = at_;
    if (!Take(':')) return;
    const Position place = Here();
    const string_view program = TakeWhile(&IsValueCharacter);
    if (program.empty() || (!AtEnd() && text_[at_] == '=')) {
      at_ = begin;
      return;
    }
    spec.params.emplace(kProgramParameter, program);
    spec.param_where.emplace(kProgramParameter, place);
  }

  string_view text_;
  Position where_;
  std::size_t at_ = 0;
};

std::string Joined(const std::vector<string_view>& names) {
  std::string list;
  for (const string_view name : names) {
    if (!list.empty()) list += ", ";
    list += name;
  }
  return list;
}

Position PlaceOf(const PolicySpec& spec, string_view param) {
  const auto place = spec.param_where.find(param);
  return place == spec.param_where.end() ? spec.where : place->second;
}

/// The whole text as a number. `from_chars` knows no locale.
template <class T>
std::optional<T> ParseNumber(string_view text) {
  T number{};
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stop != end) return std::nullopt;
  return number;
}

/// A value of a parameter in one form for each meaning.
std::string CanonicalValue(string_view text) {
  const auto number = ParseNumber<double>(text);
  if (!number) return std::string(text);
  std::string shortest = ShortestNumber(*number);
  // '+' would end the value.
  const std::size_t plus = shortest.find('+');
  if (plus != std::string::npos) shortest.erase(plus, 1);
  return shortest;
}

std::string TextOf(const ParameterValue& value) {
  struct Writer {
    std::string operator()(string_view word) const { return std::string(word); }
    std::string operator()(int number) const { return std::to_string(number); }
    std::string operator()(double number) const {
      return ShortestNumber(number);
    }
    std::string operator()(const GitVersion& version) const {
      return version.ToString();
    }
  };
  return std::visit(Writer{}, value);
}

/// "; did you mean 'x'?", or what there is.
std::string Suggest(string_view word, const std::vector<string_view>& known,
                    string_view otherwise) {
  // Any letter is near any other.
  if (word.size() > 2 && !NearestWord(word, known).empty()) {
    return SuggestWord(word, known);
  }
  return "; " + std::string(otherwise) + Joined(known);
}

}  // namespace

Result<PolicyChain> ParsePolicyChain(string_view text, const Position& where) {
  SpecReader reader(text, where);
  auto chain = reader.Chain();
  if (chain && !reader.AtEnd()) return reader.Unexpected("'+' or the end");
  return chain;
}

Result<std::vector<PolicyChain>> ParsePolicyList(string_view text,
                                                 const Position& where) {
  SpecReader reader(text, where);
  std::vector<PolicyChain> chains;
  do {
    REBISECT_ASSIGN_OR_RETURN(auto chain, reader.Chain());
    chains.push_back(std::move(chain));
  } while (reader.Take(','));
  if (!reader.AtEnd()) return reader.Unexpected("',', '+' or the end");
  return chains;
}

std::string ToText(const PolicyChain& chain) {
  std::string text;
  for (const PolicySpec& spec : chain) {
    if (!text.empty()) text += '+';
    text += spec.name;
    const auto program = spec.name == kProgramPolicy
                             ? spec.params.find(kProgramParameter)
                             : spec.params.end();
    if (program != spec.params.end()) text.append(":").append(program->second);
    for (const auto& [name, value] : spec.params) {
      if (program != spec.params.end() && name == program->first) continue;
      text.append(":").append(name).append("=").append(value);
    }
  }
  return text;
}

std::string UsageOf(const PolicyInfo& policy) {
  std::string usage(policy.name);
  for (const ParameterInfo& parameter : policy.parameters) {
    usage.append(":").append(parameter.name);
    usage.append("=").append(TextOf(parameter.fallback));
  }
  return usage;
}

PolicyChain Canonical(PolicyChain chain, std::span<const PolicyInfo> known,
                      bool in_full) {
  for (PolicySpec& spec : chain) {
    const auto info = std::find_if(
        known.begin(), known.end(),
        [&](const PolicyInfo& policy) { return policy.name == spec.name; });
    if (info == known.end() || info->open) continue;
    for (auto& [name, value] : spec.params) value = CanonicalValue(value);
    for (const ParameterInfo& parameter : info->parameters) {
      std::string fallback = CanonicalValue(TextOf(parameter.fallback));
      const auto given = spec.params.find(parameter.name);
      if (in_full && given == spec.params.end()) {
        spec.params.emplace(parameter.name, std::move(fallback));
      } else if (!in_full && given != spec.params.end() &&
                 given->second == fallback) {
        spec.params.erase(given);
      }
    }
  }
  return chain;
}

Result<std::size_t> FindPolicy(const PolicySpec& spec,
                               std::span<const PolicyInfo> known,
                               string_view what) {
  const auto found = std::find_if(
      known.begin(), known.end(),
      [&](const PolicyInfo& policy) { return policy.name == spec.name; });
  if (found == known.end()) {
    std::vector<string_view> names;
    for (const PolicyInfo& policy : known) names.push_back(policy.name);
    return Fail(ErrorCode::kUsage,
                "there is no " + std::string(what) + ' ' + Quote(spec.name) +
                    Suggest(spec.name, names, "choose one of "),
                spec.where);
  }
  const auto index = static_cast<std::size_t>(found - known.begin());
  if (found->open) return index;
  std::vector<string_view> names;
  for (const ParameterInfo& param : found->parameters) {
    names.push_back(param.name);
  }
  for (const auto& [name, value] : spec.params) {
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    return Fail(ErrorCode::kUsage,
                std::string(what) + ' ' + Quote(spec.name) +
                    " has no parameter " + Quote(name) +
                    (names.empty() ? "; it takes none"
                                   : Suggest(name, names, "it takes ")),
                PlaceOf(spec, name));
  }
  return index;
}

std::string PolicyParameters::Text(string_view name) const {
  const auto given = spec_.params.find(name);
  if (given != spec_.params.end()) return given->second;
  const auto info = std::find_if(
      info_.parameters.begin(), info_.parameters.end(),
      [&](const ParameterInfo& parameter) { return parameter.name == name; });
  REBISECT_CHECK(info != info_.parameters.end());
  return TextOf(info->fallback);
}

void PolicyParameters::Reject(string_view name, string_view why) {
  if (error_) return;
  error_ = Error{ErrorCode::kUsage,
                 "parameter " + Quote(name) + " of " + Quote(spec_.name) +
                     " is " + Quote(Text(name)) + "; " + std::string(why),
                 PlaceOf(spec_, name),
                 {}};
}

int PolicyParameters::Int(string_view name, int low, int high) {
  const auto number = ParseNumber<int>(Text(name));
  if (number && *number >= low && *number <= high) return *number;
  Reject(name, "give a whole number from " + std::to_string(low) + " to " +
                   std::to_string(high));
  return low;
}

double PolicyParameters::Number(string_view name, double low, double high) {
  const auto number = ParseNumber<double>(Text(name));
  if (number && *number >= low && *number <= high) return *number;
  Reject(name, "give a number from " + ShortestNumber(low) + " to " +
                   ShortestNumber(high));
  return low;
}

std::optional<double> PolicyParameters::NumberOrUnknown(string_view name,
                                                        double low,
                                                        double high) {
  if (Text(name) == kUnknownNumber) return std::nullopt;
  const auto number = ParseNumber<double>(Text(name));
  if (number && *number >= low && *number <= high) return number;
  Reject(name, "give a number from " + ShortestNumber(low) + " to " +
                   ShortestNumber(high) + ", or unknown");
  return std::nullopt;
}

double PolicyParameters::Probability(string_view name) {
  const auto number = ParseNumber<double>(Text(name));
  if (number && *number > 0 && *number < 1) return *number;
  Reject(name, "give a number between 0 and 1");
  return 0.5;
}

std::size_t PolicyParameters::Choice(string_view name,
                                     std::span<const string_view> choices) {
  const auto found = std::find(choices.begin(), choices.end(), Text(name));
  if (found != choices.end()) {
    return static_cast<std::size_t>(found - choices.begin());
  }
  Reject(name, "give one of " + Joined(std::vector<string_view>(
                                    choices.begin(), choices.end())));
  return 0;
}

GitVersion PolicyParameters::Version(string_view name) {
  auto version = GitVersion::Parse(Text(name));
  if (version) return *version;
  if (!error_) {
    error_ = std::move(version.error());
    error_->where = PlaceOf(spec_, name);
  }
  return kNewestGit;
}

}  // namespace rebisect
