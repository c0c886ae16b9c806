#include "harness/search/selection_policies.h"

#include <array>
#include <string>
#include <utility>

#include "harness/search/exec_selection.h"
#include "sim/base/result.h"
#include "sim/policies/bayes_entropy.h"
#include "sim/policies/facf.h"
#include "sim/policies/k_section.h"
#include "sim/policies/narrowing.h"
#include "sim/policies/noisy_binary.h"
#include "sim/policies/pba.h"
#include "sim/session/git_selection.h"

namespace rebisect {
namespace {

using std::string_view;
using Policy = std::unique_ptr<SelectionPolicy>;

constexpr GitVersion kFirstWithFirstParent{2, 29, 0, 0};
constexpr GitVersion kFirstWithoutLeak{2, 3, 0, 0};

constexpr double kMinCount = 1e-6;
constexpr double kMaxCount = 1e9;
// An error of a half would say nothing, and none at all needs no such policy.
constexpr double kMinError = 1e-9;
constexpr double kMaxError = .499;
constexpr double kMaxShare = .999;
constexpr int kMaxSideBySide = 64;

constexpr string_view kVersion = "version";
constexpr string_view kStop = "stop";
constexpr string_view kUnknown = "unknown";
constexpr string_view kAboutStop =
    "how sure it has to be of a culprit to name it";

constexpr string_view kPrior = "prior";
constexpr string_view kNone = "none";
constexpr string_view kObjective = "objective";
constexpr ParameterInfo kPriorParameter{
    kPrior, kNone, "a prior of the experiment, by its name"};
constexpr ParameterInfo kObjectiveParameter{
    kObjective, "tests", "tests, or cost: what is to be spent sparingly"};

constexpr std::array kPriorAlone = {kPriorParameter};
constexpr std::array kPriorAndObjective = {kPriorParameter,
                                           kObjectiveParameter};
constexpr std::array kGitParameters = {
    ParameterInfo{kVersion, "2.55.0", "the release of git"}};
constexpr std::array kBayesEntropyParameters = {
    ParameterInfo{kStop, "0.95", kAboutStop},
    ParameterInfo{"false-bad", kUnknown,
                  "how often a commit without the bug is called bad, if that "
                  "is known"},
    ParameterInfo{"false-good", kUnknown,
                  "how often one with it is called good, if that is known"},
    ParameterInfo{"true-bad-count", "0.5",
                  "where the rates are not known: verdicts of the four kinds "
                  "to start from, as if they had been seen"},
    ParameterInfo{"false-good-count", "0.5", "the same"},
    ParameterInfo{"false-bad-count", "0.5", "the same"},
    ParameterInfo{"true-good-count", "0.5", "the same"},
    kPriorParameter,
    kObjectiveParameter};
constexpr std::array kFacfParameters = {
    ParameterInfo{kStop, "0.99999999", kAboutStop},
    ParameterInfo{"flake-rate", "0.1",
                  "how often a commit without the bug is called bad"},
    ParameterInfo{"no-culprit", "0.4",
                  "how likely it is beforehand that there is no culprit"},
    ParameterInfo{"tests", "1", "tests side by side"},
    ParameterInfo{"predecessor-first", "yes",
                  "yes: what lies below a commit is tested before it"},
    kPriorParameter};
constexpr std::array kNoisyBinaryParameters = {
    ParameterInfo{kStop, "0.99", kAboutStop},
    ParameterInfo{"error", kUnknown,
                  "how often a verdict is wrong; estimated if it is unknown"},
    kPriorParameter};
constexpr std::array kPbaParameters = {
    ParameterInfo{kStop, "0.95", kAboutStop},
    ParameterInfo{"error", "0.1", "how often a verdict is wrong"},
    kPriorParameter};
constexpr std::array kKSectionParameters = {
    ParameterInfo{"k", "3", "tests side by side"}, kPriorParameter};

Result<GitVersion> ReadVersion(const PolicySpec& spec) {
  const auto given = spec.params.find(kVersion);
  if (given == spec.params.end()) return kNewestGit;
  auto version = GitVersion::Parse(given->second);
  if (version) return version;
  const auto place = spec.param_where.find(kVersion);
  Error error = std::move(version.error());
  error.where = place == spec.param_where.end() ? spec.where : place->second;
  return tl::unexpected(std::move(error));
}

Result<Policy> MakeGitOf(const PolicySpec& spec, PolicyParameters& params,
                         const GitVersion& first, string_view why) {
  REBISECT_ASSIGN_OR_RETURN(const auto version, ReadVersion(spec));
  if (version < first) {
    params.Reject(kVersion, std::string(why) + "; give " + first.ToString() +
                                " or later");
  }
  return std::make_unique<GitSelection>(GitRules::Of(version));
}

Result<Policy> MakeGit(const PolicySpec& spec, PolicyParameters& params,
                       const Prng&) {
  return MakeGitOf(spec, params, kFirstWithoutLeak,
                   "the choice of older ones depends on marks that their "
                   "search for merge bases leaves behind");
}

Result<Policy> MakeFirstParent(const PolicySpec& spec, PolicyParameters& params,
                               const Prng&) {
  return MakeGitOf(spec, params, kFirstWithFirstParent,
                   "older ones have no --first-parent");
}

template <class NoOptions>
Result<Policy> Make(const PolicySpec&, PolicyParameters&, const Prng&) {
  return std::make_unique<NoOptions>();
}

Result<Policy> MakeRandom(const PolicySpec&, PolicyParameters&,
                          const Prng& prng) {
  return std::make_unique<RandomSelection>(prng);
}

Result<Policy> MakeBayesEntropy(const PolicySpec&, PolicyParameters& params,
                                const Prng&) {
  BayesEntropyOptions options;
  options.stop = params.Probability(kStop);
  const auto count = [&](string_view name) {
    return params.Number(name, kMinCount, kMaxCount);
  };
  options.if_bad = {count("true-bad-count"), count("false-good-count")};
  options.if_good = {count("false-bad-count"), count("true-good-count")};
  const auto false_bad = params.NumberOrUnknown("false-bad", 0, 1);
  const auto false_good = params.NumberOrUnknown("false-good", 0, 1);
  if (false_bad.has_value() != false_good.has_value()) {
    params.Reject(false_bad ? "false-good" : "false-bad",
                  "give both rates, or neither");
  }
  if (false_bad && false_good) {
    if (*false_bad + *false_good >= 1) {
      params.Reject("false-good",
                    "with false-bad it has to be less than 1, or bad verdicts "
                    "would not speak for the bug");
    }
    options.rates = VerdictRates{1 - *false_good, *false_bad};
    for (const ParameterInfo& info : kBayesEntropyParameters) {
      if (!info.name.ends_with("-count") ||
          count(info.name) == BetaCounts{}.bad) {
        continue;
      }
      params.Reject(info.name, "the rates are given, so leave it out");
    }
  }
  if (params.error()) return tl::unexpected(*params.error());
  return std::make_unique<BayesEntropySelection>(options);
}

Result<Policy> MakeFacf(const PolicySpec&, PolicyParameters& params,
                        const Prng&) {
  constexpr std::array<string_view, 2> kYesNo = {"no", "yes"};
  FacfOptions options;
  options.stop = params.Probability(kStop);
  options.flake_rate = params.Number("flake-rate", 0, kMaxShare);
  options.no_culprit = params.Number("no-culprit", 0, kMaxShare);
  options.tests = params.Int("tests", 1, kMaxSideBySide);
  options.predecessor_first = params.Choice("predecessor-first", kYesNo) == 1;
  if (params.error()) return tl::unexpected(*params.error());
  return std::make_unique<FacfSelection>(options);
}

Result<Policy> MakeNoisyBinary(const PolicySpec&, PolicyParameters& params,
                               const Prng&) {
  NoisyBinaryOptions options;
  options.stop = params.Probability(kStop);
  options.error = params.NumberOrUnknown("error", kMinError, kMaxError);
  if (params.error()) return tl::unexpected(*params.error());
  return std::make_unique<NoisyBinarySelection>(options);
}

Result<Policy> MakePba(const PolicySpec&, PolicyParameters& params,
                       const Prng&) {
  PbaOptions options;
  options.stop = params.Probability(kStop);
  options.error = params.Number("error", kMinError, kMaxError);
  if (params.error()) return tl::unexpected(*params.error());
  return std::make_unique<PbaSelection>(options);
}

Result<Policy> MakeKSection(const PolicySpec&, PolicyParameters& params,
                            const Prng&) {
  const int k = params.Int("k", 1, kMaxSideBySide);
  return std::make_unique<KSectionSelection>(k);
}

/// What is known of a policy besides its PolicyInfo, at the same index.
struct Kind {
  Result<Policy> (*make)(const PolicySpec&, PolicyParameters&, const Prng&);
  bool suspects_alone;
};

constexpr std::array kPolicies = {
    PolicyInfo{"git", "the commit that git bisect chooses", kGitParameters},
    PolicyInfo{"first-parent",
               "git bisect --first-parent: only the bad end and its first "
               "parents are searched, and of a branch the merge is named",
               kGitParameters},
    PolicyInfo{"best",
               "the true midpoint of the graph, the oldest if there are "
               "several",
               kPriorAndObjective},
    PolicyInfo{"linear", "the middle of git's list, as if history were a line",
               kPriorAlone},
    PolicyInfo{"random", "any of the suspects, each as likely", {}},
    PolicyInfo{"golden",
               "the midpoint if it is good enough, else the best commit with "
               "half of the suspects below it and no such parent: a bound on "
               "the worst case",
               kPriorAlone},
    PolicyInfo{"bayes-entropy",
               "Bayes' rule; the test that is expected to leave the least "
               "entropy; tests again where that tells more",
               kBayesEntropyParameters},
    PolicyInfo{"facf",
               "flake aware culprit finding: only bad verdicts may be wrong, "
               "and there may be no culprit",
               kFacfParameters},
    PolicyInfo{"noisy-binary",
               "multiplicative weights, the test nearest to half of the "
               "weight, as robust-binary-search",
               kNoisyBinaryParameters},
    PolicyInfo{"pba",
               "probabilistic bisection: Bayes' rule with one known rate of "
               "errors, the median",
               kPbaParameters},
    PolicyInfo{"k-section",
               "k tests side by side that leave the largest piece as small as "
               "can be",
               kKSectionParameters},
};
constexpr std::array<Kind, kPolicies.size()> kKinds = {{
    {&MakeGit, true},
    {&MakeFirstParent, true},
    {&Make<BestSelection>, true},
    {&Make<LinearSelection>, true},
    {&MakeRandom, false},
    {&Make<GoldenSelection>, true},
    {&MakeBayesEntropy, false},
    {&MakeFacf, false},
    {&MakeNoisyBinary, false},
    {&MakePba, false},
    {&MakeKSection, false},
}};

}  // namespace

std::span<const PolicyInfo> SelectionPolicies() { return kPolicies; }

Result<std::unique_ptr<SelectionPolicy>> MakeSelectionPolicy(
    const PolicySpec& spec, const Prng& prng) {
  if (spec.name == kProgramPolicy) return MakeExecSelection(spec);
  REBISECT_ASSIGN_OR_RETURN(const auto index,
                            FindPolicy(spec, kPolicies, "selection policy"));
  PolicyParameters params(spec, kPolicies[index]);
  auto policy = kKinds[index].make(spec, params, prng);
  if (spec.params.contains(kObjective)) {
    constexpr std::array<string_view, 2> kObjectives = {"tests", "cost"};
    static_cast<void>(params.Choice(kObjective, kObjectives));
  }
  if (policy && params.error()) return tl::unexpected(*params.error());
  return policy;
}

Result<PolicySpec> ParseSelection(string_view text, const Position& where) {
  REBISECT_ASSIGN_OR_RETURN(auto chain, ParsePolicyChain(text, where));
  if (chain.size() > 1) {
    return Fail(ErrorCode::kUsage,
                "one policy selects; give '" + chain[0].name + "' and '" +
                    chain[1].name + "' one by one, to compare them",
                chain[1].where);
  }
  REBISECT_RETURN_IF_ERROR(MakeSelectionPolicy(chain.front(), Prng(0, 0, 0)));
  if (const auto version = GitVersionOf(chain.front())) {
    chain.front().params.insert_or_assign(std::string(kVersion),
                                          version->ToString());
  }
  return Canonical(std::move(chain), kPolicies, false).front();
}

bool IsDecisionTree(const PolicySpec& spec) {
  const auto index = FindPolicy(spec, kPolicies, "selection policy");
  return index && kKinds[*index].suspects_alone && !UsesCost(spec);
}

std::optional<std::string> PriorOf(const PolicySpec& spec) {
  const auto given = spec.params.find(kPrior);
  if (given == spec.params.end() || given->second == kNone) return std::nullopt;
  return given->second;
}

bool UsesCost(const PolicySpec& spec) {
  const auto given = spec.params.find(kObjective);
  return given != spec.params.end() && given->second == "cost";
}

bool NeedsFirstParents(const PolicySpec& spec) {
  return spec.name == "first-parent";
}

std::optional<GitVersion> GitVersionOf(const PolicySpec& spec) {
  if (spec.name != "git" && !NeedsFirstParents(spec)) return std::nullopt;
  const auto version = ReadVersion(spec);
  return version ? std::optional(*version) : std::nullopt;
}

}  // namespace rebisect
