#include "oracle/diagnosis/any_graph.h"

#include <algorithm>

namespace rebisect {
namespace {

/// The patterns that a suspect may have on other graphs.
class Patterns {
 public:
  Patterns(const Evidence& evidence, std::optional<std::size_t> parent)
      : evidence_(evidence), parent_(parent) {
    for (std::size_t c = 0; c < evidence.commits.size(); ++c) {
      if (evidence.commits[c].step > 0) order_.push_back(c);
    }
    std::sort(order_.begin(), order_.end(), [&](std::size_t a, std::size_t b) {
      return evidence.commits[a].step < evidence.commits[b].step;
    });
  }

  /// Of a hypothesis as it is on one graph; `spare` where a presence may be
  /// either.
  [[nodiscard]] std::vector<Hypothesis> Of(const Hypothesis& hypothesis,
                                           Presence spare) const {
    const std::size_t cut = CutByGood(hypothesis);
    if (cut >= order_.size()) return {hypothesis};
    std::vector<std::size_t> later_bad;
    for (std::size_t i = cut + 1; i < order_.size(); ++i) {
      if (GitVerdict(order_[i]) == Verdict::kBad) later_bad.push_back(i);
    }
    // It lies below the first this many of them, and hence not below what comes
    // after the next one.
    std::vector<Hypothesis> patterns;
    for (std::size_t below = 0; below <= later_bad.size(); ++below) {
      const bool all = below == later_bad.size();
      const std::size_t end = all ? order_.size() : later_bad[below];
      Hypothesis pattern = hypothesis;
      for (std::size_t i = cut + 1; i < order_.size(); ++i) {
        const std::size_t c = order_[i];
        const bool bad = GitVerdict(c) == Verdict::kBad;
        pattern.presence[c] = i >= end              ? Shown(false)
                              : bad                 ? Shown(true)
                              : all && parent_ == c ? Shown(true)
                                                    : spare;
      }
      patterns.push_back(std::move(pattern));
    }
    return patterns;
  }

 private:
  [[nodiscard]] Verdict GitVerdict(std::size_t c) const {
    const auto& verdict = evidence_.commits[c].verdict;
    return verdict ? CrashVerdict(evidence_.kind, *verdict) : Verdict::kSkip;
  }
  [[nodiscard]] Presence Shown(bool contains) const {
    return contains != (evidence_.kind == RecordingKind::kFix)
               ? Presence::kPresent
               : Presence::kAbsent;
  }

  /// Where in the order a good verdict ruled it out; past the end if a bad
  /// one did, or none, or if it is no group of suspects.
  [[nodiscard]] std::size_t CutByGood(const Hypothesis& hypothesis) const {
    if (!hypothesis.name.empty()) return order_.size();
    for (std::size_t i = 0; i < order_.size(); ++i) {
      const std::size_t c = order_[i];
      if (!Contradicts(evidence_.commits[c], hypothesis.presence[c])) continue;
      return GitVerdict(c) == Verdict::kGood ? i : order_.size();
    }
    return order_.size();
  }

  const Evidence& evidence_;
  std::optional<std::size_t> parent_;
  std::vector<std::size_t> order_;  // the steps of the search
};

}  // namespace

bool Contradicts(const CommitEvidence& commit, Presence presence) {
  if (commit.verdict == Verdict::kBad) return presence == Presence::kAbsent;
  if (commit.verdict == Verdict::kGood) return presence == Presence::kPresent;
  return false;
}

std::pair<double, double> ResultOnAnyGraph(
    RunModel& model, const Evidence& evidence,
    const std::vector<Hypothesis>& hypotheses,
    const std::vector<Reading>& readings, const std::vector<double>& share,
    std::optional<std::size_t> parent) {
  const Patterns patterns(evidence, parent);
  const auto bound = [&](bool low) {
    std::vector<Hypothesis> all;
    std::vector<std::size_t> ends;
    for (const Hypothesis& hypothesis : hypotheses) {
      for (Hypothesis& pattern :
           patterns.Of(hypothesis, low ? Presence::kBest : Presence::kWorst)) {
        all.push_back(std::move(pattern));
      }
      ends.push_back(all.size());
    }
    const std::vector<double> mass =
        ComputePosterior(model, evidence, all, readings).mass;
    double sum = 0;
    double of_result = 0;
    for (std::size_t h = 0; h < hypotheses.size(); ++h) {
      const auto begin =
          mass.begin() + static_cast<std::ptrdiff_t>(h == 0 ? 0 : ends[h - 1]);
      const auto end = mass.begin() + static_cast<std::ptrdiff_t>(ends[h]);
      const double chosen =
          low ? *std::max_element(begin, end) : *std::min_element(begin, end);
      sum += chosen;
      of_result += share[h] * chosen;
    }
    return of_result / sum;
  };
  return {bound(true), bound(false)};
}

}  // namespace rebisect
