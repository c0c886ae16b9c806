#include "sim/policies/posterior_selection.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "sim/base/check.h"
#include "sim/base/portable_math.h"
#include "sim/base/prng.h"
#include "sim/graph/commit_age.h"

namespace rebisect {
namespace {

constexpr double kImpossible = -std::numeric_limits<double>::infinity();

/// Two numbers of 64 bits, added up without carry.
struct Key {
  std::array<std::uint64_t, 2> bits{};

  Key& operator+=(const Key& other) {
    bits[0] += other.bits[0];
    bits[1] += other.bits[1];
    return *this;
  }
};

/// Every suspect is as likely as any other beforehand.
bool AllAlike(const SearchView& view) {
  return view.prior.empty() && view.suspects.counted.empty();
}

}  // namespace

PosteriorSelection::PosteriorSelection(double stop) : stop_(stop) {
  REBISECT_CHECK(stop > 0 && stop <= 1);
}

PosteriorSelection::LogFactors PosteriorSelection::Hear(
    const Observation&, const Group&, std::span<const Suspect> /*ancestors*/) {
  return {};
}

Result<NextStep> PosteriorSelection::Next(const SearchView& view) {
  if (view.suspects.counted_total == 0) {
    return Fail(ErrorCode::kNoTestable,
                "none of the suspects can be tested; name other paths");
  }
  Prepare(view);
  const bool possible = Weigh(view);
  Posterior posterior{view, scales_, observed_.of(), 1 - no_culprit_,
                      candidates_};
  if (!possible) {
    posterior.total = 0;
    return NextStep(Left(posterior));
  }
  if (auto done = Done(posterior)) return NextStep(*std::move(done));
  TestStep test;
  test.commits = Choose(posterior);
  test.revisions_left =
      static_cast<std::int64_t>(view.suspects.counted_total) - 1;
  test.steps_left = EstimateSteps(view.suspects.counted_total);
  return NextStep(std::move(test));
}

void PosteriorSelection::Prepare(const SearchView& view) {
  const SuspectGraph& suspects = view.suspects;
  const bool same_graph =
      sums_ && sums_->IsOf(suspects) && counted_ == suspects.counted;
  if (!same_graph) {
    sums_.emplace(suspects);
    counted_ = suspects.counted;
  }
  if (!same_graph || !std::equal(skipped_.begin(), skipped_.end(),
                                 view.skipped.begin(), view.skipped.end())) {
    skipped_.assign(view.skipped.begin(), view.skipped.end());
    FindCandidates(view);
  }
  const auto heard = view.observations;
  const bool more = same_graph && heard.size() >= heard_.size() &&
                    std::equal(heard_.begin(), heard_.end(), heard.begin());
  if (!more) {
    heard_.clear();
    observed_.Restart(suspects.size());
    Forget(suspects);
  }
  for (const Observation& next : heard.subspan(heard_.size())) {
    sums_->FindAncestors(next.commit, ancestors_);
    const Group& group = observed_.groups()[observed_.of()[next.commit]];
    const LogFactors log = Hear(next, group, ancestors_);
    observed_.Add(next, ancestors_, log.above, log.aside);
    heard_.push_back(next);
  }
}

void PosteriorSelection::FindCandidates(const SearchView& view) {
  const SuspectGraph& suspects = view.suspects;
  candidates_.clear();
  for (Suspect s = 0; s < suspects.size(); ++s) {
    const bool skipped = !skipped_.empty() && skipped_[s] != 0;
    if (suspects.Counted(s) && !skipped) candidates_.push_back(s);
  }
  classes_.clear();
  if (candidates_.size() < suspects.counted_total) FindClasses(suspects.size());
}

/// Two suspects can be told apart if a candidate contains the one and not the
/// other: each candidate has a random number, and sums that are equal, of
/// those that contain a suspect, are those of the same candidates (but for a
/// chance of n^2 / 2^128).
void PosteriorSelection::FindClasses(std::size_t suspects) {
  constexpr std::uint64_t kStream = 0x7461706172740001;
  std::vector<Key> keys(suspects);
  for (const Suspect s : candidates_) keys[s] = {KeyedBits(kStream, s, 0)};
  std::vector<Key> above;
  sums_->Above([&](Suspect s) -> const Key& { return keys[s]; }, above);
  std::vector<Suspect> order(suspects);
  for (Suspect s = 0; s < order.size(); ++s) order[s] = s;
  std::sort(order.begin(), order.end(), [&](Suspect a, Suspect b) {
    return above[a].bits < above[b].bits;
  });
  classes_.resize(order.size());
  std::uint32_t last = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (i > 0 && above[order[i]].bits != above[order[i - 1]].bits) ++last;
    classes_[order[i]] = last;
  }
}

/// From the likelihoods to scales_ and no_culprit_; false when nothing that
/// was observed is possible.
bool PosteriorSelection::Weigh(const SearchView& view) {
  const auto& groups = observed_.groups();
  const auto& of = observed_.of();
  // The prior of each group, all told.
  std::vector<double> priors(groups.size(), 0);
  if (AllAlike(view)) {
    for (std::size_t g = 0; g < groups.size(); ++g) priors[g] = groups[g].size;
  } else {
    for (Suspect s = 0; s < of.size(); ++s) {
      if (!view.suspects.Counted(s)) continue;
      priors[of[s]] += view.prior.empty() ? 1 : view.prior[s];
    }
  }
  double all = 0;
  for (const double prior : priors) all += prior;
  const NoCulprit none = NoCulpritHypothesis();
  // On the scale of the suspects' prior.
  const double none_prior = all * none.prior / (1 - none.prior);
  scales_.resize(groups.size());
  double most = none_prior > 0 ? none.log_likelihood : kImpossible;
  for (std::size_t g = 0; g < groups.size(); ++g) {
    scales_[g] = priors[g] > 0 ? LogLikelihood(groups[g]) : kImpossible;
    most = std::max(most, scales_[g]);
  }
  no_culprit_ = 0;
  if (most == kImpossible) {
    std::fill(scales_.begin(), scales_.end(), 0);
    return false;
  }
  no_culprit_ =
      none_prior > 0 ? none_prior * PortableExp(none.log_likelihood - most) : 0;
  double total = no_culprit_;
  for (std::size_t g = 0; g < groups.size(); ++g) {
    scales_[g] = PortableExp(scales_[g] - most);
    total += priors[g] * scales_[g];
  }
  for (double& scale : scales_) scale /= total;
  no_culprit_ /= total;
  return true;
}

std::optional<DoneStep> PosteriorSelection::Done(const Posterior& posterior) {
  Suspect likeliest = 0;
  double most = 0;
  if (AllAlike(posterior.view)) {
    const auto group = std::max_element(scales_.begin(), scales_.end());
    most = *group;
    if (most >= stop_) {
      const auto& of = posterior.group_of;
      likeliest = static_cast<Suspect>(
          std::find(of.begin(), of.end(), group - scales_.begin()) -
          of.begin());
    }
  } else {
    for (Suspect s = 0; s < posterior.group_of.size(); ++s) {
      const double mass = posterior.Of(s);
      if (mass <= most) continue;
      most = mass;
      likeliest = s;
    }
  }
  if (no_culprit_ >= std::max(stop_, most)) {
    return DoneStep{{}, {}, no_culprit_, true};
  }
  if (most >= stop_) {
    return DoneStep{likeliest, {likeliest}, std::min(most, 1.), false};
  }
  if (classes_.empty()) return std::nullopt;
  std::vector<double> masses(classes_.size(), 0);
  for (Suspect s = 0; s < classes_.size(); ++s) {
    masses[classes_[s]] += posterior.Of(s);
  }
  const auto heaviest = std::max_element(masses.begin(), masses.end());
  if (*heaviest < stop_) {
    if (!candidates_.empty()) return std::nullopt;
    return Left(posterior);
  }
  DoneStep done{{}, {}, std::min(*heaviest, 1.), false};
  const auto wanted = static_cast<std::uint32_t>(heaviest - masses.begin());
  for (const Suspect s : posterior.view.suspects.listing) {
    if (classes_[s] == wanted && posterior.Of(s) > 0) {
      done.candidates.push_back(s);
    }
  }
  if (done.candidates.size() == 1) done.culprit = done.candidates.front();
  return done;
}

DoneStep PosteriorSelection::Left(const Posterior& posterior) const {
  DoneStep done{{}, {}, std::clamp(posterior.total, 0., 1.), false};
  for (const Suspect s : posterior.view.suspects.listing) {
    if (!posterior.view.suspects.Counted(s)) continue;
    if (posterior.total > 0 && posterior.Of(s) == 0) continue;
    done.candidates.push_back(s);
  }
  return done;
}

const std::vector<double>& PosteriorSelection::MassesBelow(
    const Posterior& posterior) {
  if (AllAlike(posterior.view)) {
    sums_->Below(
        [&](Suspect s) { return posterior.scales[posterior.group_of[s]]; },
        masses_);
  } else {
    sums_->Below([&](Suspect s) { return posterior.Of(s); }, masses_);
  }
  return masses_;
}

Suspect NearestToHalf(const SuspectGraph& suspects,
                      std::span<const Suspect> candidates,
                      const std::vector<double>& masses) {
  constexpr double kSame = 1e-12;
  double least = std::numeric_limits<double>::infinity();
  for (const Suspect s : candidates) {
    least = std::min(least, std::abs(masses[s] - .5));
  }
  Suspect nearest = candidates.front();
  bool found = false;
  for (const Suspect s : candidates) {
    if (std::abs(masses[s] - .5) > least + kSame) continue;
    if (found && !IsOlder(suspects, s, nearest)) continue;
    nearest = s;
    found = true;
  }
  return nearest;
}

}  // namespace rebisect
