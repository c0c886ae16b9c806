#include "sim/policies/bayes_entropy.h"

#include <algorithm>
#include <array>
#include <limits>

#include "sim/base/check.h"
#include "sim/base/portable_math.h"

namespace rebisect {
namespace {

constexpr double kSameGain = 1e-12;
constexpr std::size_t kBlock = 32;
constexpr double kNothing = -std::numeric_limits<double>::infinity();

/// Of a verdict that is bad with probability p, in nats.
double Entropy(double p) {
  if (!(p > 0 && p < 1)) return 0;
  return -p * PortableLog(p) - (1 - p) * PortableLog(1 - p);
}

/// Never below Entropy(), and at most 2e-6 above it between .1 and .9: the
/// tangents at the middles of equal parts, which lie above a concave function.
class EntropyBound {
 public:
  EntropyBound() {
    for (std::size_t i = 0; i < kParts; ++i) {
      const double p = (static_cast<double>(i) + .5) / kParts;
      const double slope = PortableLog(1 - p) - PortableLog(p);
      // kRounding: the bound holds for what Entropy() computes, too.
      tangents_[i] = {Entropy(p) - slope * p + kRounding, slope};
    }
    tangents_[kParts] = tangents_[kParts - 1];
  }
  /// REQUIRES: 0 <= p <= 1, give or take what rounding does: the tangents of
  /// the ends go on beyond them.
  [[nodiscard]] double operator()(double p) const {
    const Tangent& tangent =
        tangents_[static_cast<std::size_t>(static_cast<int>(p * kParts))];
    return tangent.at_0 + tangent.slope * p;
  }

 private:
  static constexpr int kParts = 512;
  static constexpr double kRounding = 1e-14;
  struct Tangent {
    double at_0 = 0;
    double slope = 0;
  };
  std::array<Tangent, kParts + 1> tangents_;  // one more, for p = 1
};

constexpr double kMinCount = 1e-6;
constexpr double kMaxCount = 1e9;
constexpr std::string_view kFalseBad = "false-bad";
constexpr std::string_view kFalseGood = "false-good";

constexpr std::array kBayesEntropyParameters = {
    ParameterInfo{kStopParameter, BayesEntropyOptions{}.stop, kAboutStop},
    ParameterInfo{kFalseBad, kUnknownNumber,
                  "how often a commit without the bug is called bad, if that "
                  "is known"},
    ParameterInfo{kFalseGood, kUnknownNumber,
                  "how often one with it is called good, if that is known"},
    ParameterInfo{"true-bad-count", BetaCounts{}.bad,
                  "where the rates are not known: verdicts of the four kinds "
                  "to start from, as if they had been seen"},
    ParameterInfo{"false-good-count", BetaCounts{}.good, "the same"},
    ParameterInfo{"false-bad-count", BetaCounts{}.bad, "the same"},
    ParameterInfo{"true-good-count", BetaCounts{}.good, "the same"},
    kPriorParameter,
    kObjectiveParameter};

Result<std::unique_ptr<SelectionPolicy>> MakeBayesEntropy(
    PolicyParameters& params, const Prng&) {
  BayesEntropyOptions options;
  options.stop = params.Probability(kStopParameter);
  const auto count = [&](std::string_view name) {
    return params.Number(name, kMinCount, kMaxCount);
  };
  options.if_bad = {count("true-bad-count"), count("false-good-count")};
  options.if_good = {count("false-bad-count"), count("true-good-count")};
  const auto false_bad = params.NumberOrUnknown(kFalseBad, 0, 1);
  const auto false_good = params.NumberOrUnknown(kFalseGood, 0, 1);
  if (false_bad.has_value() != false_good.has_value()) {
    params.Reject(false_bad ? kFalseGood : kFalseBad,
                  "give both rates, or neither");
  }
  if (false_bad && false_good) {
    if (*false_bad + *false_good >= 1) {
      params.Reject(kFalseGood,
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

}  // namespace

void BayesEntropySelection::Logs::Reach(std::uint32_t i) {
  while (logs_.size() <= i) {
    logs_.push_back(PortableLog(a_ + static_cast<double>(logs_.size())));
    sums_.push_back(sums_.back() + logs_.back());
  }
}

BayesEntropySelection::Rate::Rate(const BetaCounts& counts)
    : counts_(counts),
      bads_(counts.bad),
      goods_(counts.good),
      both_(counts.bad + counts.good) {
  REBISECT_CHECK(counts.bad > 0 && counts.good > 0);
}

BayesEntropySelection::Rate::Rate(double known) : Rate(BetaCounts{}) {
  REBISECT_CHECK(known >= 0 && known <= 1);
  known_ = known;
}

double BayesEntropySelection::Rate::LogLikelihood(std::uint32_t bad,
                                                  std::uint32_t good) {
  if (known_) return LogChance(*known_, bad, good);
  return bads_.Sum(bad) + goods_.Sum(good) - both_.Sum(bad + good);
}

BayesEntropySelection::Rate::Expected BayesEntropySelection::Rate::Next(
    std::uint32_t bad, std::uint32_t good) {
  if (known_) return {*known_, Entropy(*known_)};
  const double all = counts_.bad + counts_.good + bad + good;
  const double p = (counts_.bad + bad) / all;
  const double q = (counts_.good + good) / all;
  const double log_all = both_.Log(bad + good);
  return {p, p * (log_all - bads_.Log(bad)) + q * (log_all - goods_.Log(good))};
}

BayesEntropySelection::BayesEntropySelection(const BayesEntropyOptions& options)
    : PosteriorSelection(options.stop),
      if_bad_(options.rates ? Rate(options.rates->bad_if_bad)
                            : Rate(options.if_bad)),
      if_good_(options.rates ? Rate(options.rates->bad_if_good)
                             : Rate(options.if_good)) {
  REBISECT_CHECK(!options.rates ||
                 options.rates->bad_if_bad != options.rates->bad_if_good);
}

double BayesEntropySelection::LogLikelihood(const Group& group) {
  return if_bad_.LogLikelihood(group.bad, group.good) +
         if_good_.LogLikelihood(observed().bad() - group.bad,
                                observed().good() - group.good);
}

std::vector<Suspect> BayesEntropySelection::Choose(const Posterior& p) {
  const auto& groups = observed().groups();
  std::vector<Sums> shares(groups.size());
  Sums none;  // of a candidate with no culprit below it
  std::vector<double> masses(groups.size(), 0);
  const bool alike = p.view.prior.empty() && p.view.suspects.counted.empty();
  if (alike) {
    for (std::size_t g = 0; g < groups.size(); ++g) masses[g] = groups[g].size;
  } else {
    for (Suspect s = 0; s < p.group_of.size(); ++s) {
      masses[p.group_of[s]] += p.Prior(s);
    }
  }
  for (std::size_t g = 0; g < groups.size(); ++g) {
    const Group& group = groups[g];
    const auto bad = if_bad_.Next(group.bad, group.good);
    const auto good = if_good_.Next(observed().bad() - group.bad,
                                    observed().good() - group.good);
    shares[g] = {p.scales[g] * (bad.bad - good.bad),
                 p.scales[g] * (bad.entropy - good.entropy)};
    none += {masses[g] * p.scales[g] * good.bad,
             masses[g] * p.scales[g] * good.entropy};
  }
  if (alike) {
    sums().Below(
        [&](Suspect s) -> const Sums& { return shares[p.group_of[s]]; },
        below_);
  } else {
    sums().Below(
        [&](Suspect s) {
          const Sums& share = shares[p.group_of[s]];
          return Sums{p.Prior(s) * share.bad, p.Prior(s) * share.entropy};
        },
        below_);
  }
  return {MostInformative(p, none)};
}

Suspect BayesEntropySelection::MostInformative(const Posterior& p,
                                               const Sums& none) {
  static const EntropyBound kBound;
  const bool costly = !p.view.cost.empty();
  const auto cost = [&](Suspect s) { return costly ? p.view.cost[s] : 1; };
  // What kSameGain of information may be for the cost.
  const double slack = costly
                           ? kSameGain / *std::min_element(p.view.cost.begin(),
                                                           p.view.cost.end())
                           : kSameGain;
  // The candidate of the highest bound is a good one; most others are bounded
  // below what it is worth, and most blocks of them as a whole.
  const std::size_t count = p.candidates.size();
  bounds_.resize(count);
  block_bounds_.assign(count / kBlock + 1, kNothing);
  std::size_t highest = 0;
  for (std::size_t begin = 0; begin < count; begin += kBlock) {
    double most = kNothing;
    for (std::size_t i = begin; i < std::min(begin + kBlock, count); ++i) {
      const Suspect s = p.candidates[i];
      const Sums& below = below_[s];
      bounds_[i] =
          kBound(none.bad + below.bad) - (none.entropy + below.entropy);
      most = std::max(most, costly ? bounds_[i] / cost(s) : bounds_[i]);
    }
    block_bounds_[begin / kBlock] = most;
    if (most > block_bounds_[highest]) highest = begin / kBlock;
  }
  std::size_t first = highest * kBlock;
  while (bounds_[first] / cost(p.candidates[first]) < block_bounds_[highest]) {
    ++first;
  }
  // Equal chances follow each other on lines where nothing is left to learn.
  double last_chance = -1;
  double last_entropy = 0;
  const auto information = [&](Suspect s) {
    const double chance = none.bad + below_[s].bad;
    if (chance != last_chance) {
      last_chance = chance;
      last_entropy = Entropy(chance);
    }
    return last_entropy - (none.entropy + below_[s].entropy);
  };
  double best = information(p.candidates[first]) / cost(p.candidates[first]);
  std::vector<std::pair<Suspect, double>> close;
  for (std::size_t begin = 0; begin < count; begin += kBlock) {
    if (block_bounds_[begin / kBlock] < best - slack) continue;
    for (std::size_t i = begin; i < std::min(begin + kBlock, count); ++i) {
      const Suspect s = p.candidates[i];
      if (bounds_[i] < best * cost(s) - kSameGain) continue;
      const double gain = information(s);
      best = std::max(best, gain / cost(s));
      close.emplace_back(s, gain);
    }
  }
  std::vector<Suspect> ties;
  for (const auto& [s, gain] : close) {
    if (gain >= best * cost(s) - kSameGain) ties.push_back(s);
  }
  if (ties.size() == 1) return ties.front();
  return NearestToHalf(p.view.suspects, ties, MassesBelow(p));
}

constinit const SelectionEntry kBayesEntropyEntry{
    .info = {"bayes-entropy",
             "Bayes' rule; the test that is expected to leave the least "
             "entropy; tests again where that tells more",
             kBayesEntropyParameters},
    .make = &MakeBayesEntropy,
};

}  // namespace rebisect
