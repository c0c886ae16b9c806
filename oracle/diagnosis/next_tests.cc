#include "oracle/diagnosis/next_tests.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <utility>

#include "sim/base/portable_math.h"
#include "sim/graph/suspect_graph.h"
#include "sim/graph/weights.h"

namespace rebisect {
namespace {

constexpr double kLogTwo = 0.69314718055994530942;
constexpr double kMinMass = 1e-6;
/// Of the readings and points, in a hypothesis, for tests made again.
constexpr double kMinJoint = 1e-4;

/// Chance of each number of crashes, 0 to n, in n more runs.
using Outcomes = std::vector<double>;

double PlogP(double p, double size) {
  return p > 0 ? p * PortableLog(p / size) / kLogTwo : 0;
}

double Choose(int n, int k) {
  double ways = 1;
  for (int i = 0; i < k; ++i) ways = ways * (n - i) / (i + 1);
  return ways;
}

class Planner {
 public:
  Planner(RunModel& model, const Evidence& evidence, const SearchSpace& space,
          const HypothesisSpace& hypotheses, const Posterior& posterior)
      : model_(model),
        evidence_(evidence),
        space_(space),
        hypotheses_(hypotheses),
        posterior_(posterior) {
    for (std::size_t h = 0; h < posterior.mass.size(); ++h) {
      if (posterior.mass[h] >= kMinMass) likely_.push_back(h);
    }
  }

  std::vector<NextTest> Run(std::size_t most) {
    std::vector<NextTest> tests = Untested(most);
    std::vector<NextTest> again = Again();
    std::move(again.begin(), again.end(), std::back_inserter(tests));
    std::stable_sort(tests.begin(), tests.end(),
                     [](const NextTest& a, const NextTest& b) {
                       return a.entropy_drop.back() > b.entropy_drop.back();
                     });
    if (tests.size() > most) tests.resize(most);
    return tests;
  }

 private:
  [[nodiscard]] double SizeOf(std::size_t h) const {
    return static_cast<double>(hypotheses_.hypotheses[h].commits);
  }
  [[nodiscard]] double Entropy() const {
    double sum = 0;
    for (const std::size_t h : likely_) {
      sum -= PlogP(posterior_.mass[h], SizeOf(h));
    }
    return sum;
  }

  /// What n runs of a commit never tested show under a hypothesis.
  [[nodiscard]] Outcomes Predict(std::size_t h, Presence presence, int n) {
    Outcomes outcomes(static_cast<std::size_t>(n) + 1, 0);
    const std::size_t points = model_.grid().size();
    std::vector<double> weights(points, 0);
    for (std::size_t i = 0; i < posterior_.joint.size(); ++i) {
      weights[i % points] += posterior_.joint[i][h];
    }
    for (int hits = 0; hits <= n; ++hits) {
      const auto& terms = model_.OfRuns(hits, n - hits);
      double chance = 0;
      for (std::size_t g = 0; g < points; ++g) {
        chance += weights[g] *
                  PortableExp(terms[g][static_cast<std::size_t>(presence)]);
      }
      outcomes[static_cast<std::size_t>(hits)] =
          chance * Choose(n, hits) / posterior_.mass[h];
    }
    return outcomes;
  }

  /// Which presence a commit has if it contains the culprit, and if not.
  [[nodiscard]] std::pair<Presence, Presence> Sides() const {
    if (evidence_.kind == RecordingKind::kFix) {
      return {Presence::kAbsent, Presence::kPresent};
    }
    return {Presence::kPresent, Presence::kAbsent};
  }

  /// By likely hypothesis: what a commit shows that contains the culprit, and
  /// one that does not.
  struct Prospect {
    Outcomes inside;
    Outcomes outside;
    double inside_sum = 0;  ///< sum of q log2(q / size) over the outcomes
    double outside_sum = 0;
  };
  [[nodiscard]] std::vector<Prospect> Prospects(int n) {
    std::vector<Prospect> prospects;
    for (const std::size_t h : likely_) {
      const bool besides = !hypotheses_.hypotheses[h].name.empty();
      auto [inside, outside] = Sides();
      if (besides) {
        // The same wherever one looks: "newer" is above all suspects.
        const std::string& name = hypotheses_.hypotheses[h].name;
        inside = name == "unrelated" ? Presence::kApart
                 : name == "newer"   ? Presence::kAbsent
                                     : Presence::kPresent;
        outside = inside;
      }
      Prospect prospect;
      prospect.inside = Predict(h, inside, n);
      prospect.outside = Predict(h, outside, n);
      for (std::size_t o = 0; o < prospect.inside.size(); ++o) {
        prospect.inside_sum +=
            PlogP(posterior_.mass[h] * prospect.inside[o], SizeOf(h));
        prospect.outside_sum +=
            PlogP(posterior_.mass[h] * prospect.outside[o], SizeOf(h));
      }
      prospects.push_back(std::move(prospect));
    }
    return prospects;
  }

  /// `share[i]`: the part of the i-th likely hypothesis below the commit.
  [[nodiscard]] double Drop(const std::vector<Prospect>& prospects,
                            const double* share) const {
    double drop = entropy_;
    std::array<double, 16> chances{};
    for (std::size_t i = 0; i < likely_.size(); ++i) {
      const Prospect& prospect = prospects[i];
      const double mass = posterior_.mass[likely_[i]];
      drop += share[i] * prospect.inside_sum +
              (1 - share[i]) * prospect.outside_sum;
      for (std::size_t o = 0; o < prospect.inside.size(); ++o) {
        chances[o] += mass * (share[i] * prospect.inside[o] +
                              (1 - share[i]) * prospect.outside[o]);
      }
    }
    for (const double chance : chances) drop -= PlogP(chance, 1);
    return drop;
  }

  /// By suspect: the part of each likely hypothesis that it contains.
  [[nodiscard]] std::vector<double> Shares() {
    std::vector<Vertex> newest_last = space_.suspects;
    SuspectGraph suspects = BuildSuspectGraph(
        *space_.graph, newest_last,
        [this](Vertex v) { return space_.graph->Parents(v); });
    std::vector<double> shares(suspects.size() * likely_.size(), 0);
    std::vector<Suspect> number(space_.graph->size(), 0);
    for (Suspect s = 0; s < suspects.size(); ++s) {
      number[suspects.vertices[s]] = s;
    }
    for (std::size_t i = 0; i < likely_.size(); ++i) {
      if (likely_[i] >= hypotheses_.groups.size()) continue;
      const auto& group = hypotheses_.groups[likely_[i]].suspects;
      suspects.counted.assign(suspects.size(), 0);
      for (const Vertex v : group) suspects.counted[number[v]] = 1;
      suspects.counted_total = static_cast<std::uint32_t>(group.size());
      const Weights weights = ComputeWeights(suspects);
      for (Suspect s = 0; s < suspects.size(); ++s) {
        shares[s * likely_.size() + i] =
            static_cast<double>(weights[s]) / static_cast<double>(group.size());
      }
    }
    return shares;
  }

  [[nodiscard]] std::vector<NextTest> Untested(std::size_t most) {
    entropy_ = Entropy();
    const std::vector<double> shares = Shares();
    std::vector<std::vector<Prospect>> prospects;
    for (const int n : kNextRuns) prospects.push_back(Prospects(n));
    std::vector<bool> tested(space_.graph->size(), false);
    std::vector<std::size_t> group_of(space_.graph->size(), 0);
    for (std::size_t g = 0; g < hypotheses_.groups.size(); ++g) {
      for (const Vertex v : hypotheses_.groups[g].suspects) group_of[v] = g;
    }
    for (const auto& vertex : space_.tested) {
      if (vertex) tested[*vertex] = true;
    }
    std::vector<std::pair<double, std::size_t>> order;
    for (std::size_t s = 0; s < space_.suspects.size(); ++s) {
      if (tested[space_.suspects[s]]) continue;
      order.emplace_back(-Drop(prospects.back(), &shares[s * likely_.size()]),
                         s);
    }
    std::sort(order.begin(), order.end());
    std::vector<NextTest> tests;
    std::vector<bool> listed(hypotheses_.groups.size(), false);
    for (const auto& [negative, s] : order) {
      const double* const share = &shares[s * likely_.size()];
      const std::size_t group = group_of[space_.suspects[s]];
      if (listed[group]) continue;
      listed[group] = true;
      NextTest test;
      test.commit = space_.suspects[s];
      for (const auto& of_runs : prospects) {
        test.entropy_drop.push_back(Drop(of_runs, share));
      }
      tests.push_back(std::move(test));
      if (tests.size() == most) break;
    }
    return tests;
  }

  /// More runs of the commits that have some.
  [[nodiscard]] std::vector<NextTest> Again() {
    std::vector<NextTest> tests;
    for (std::size_t c = 0; c < evidence_.commits.size(); ++c) {
      if (!space_.tested[c]) continue;
      NextTest test;
      test.commit = *space_.tested[c];
      test.tested_before = true;
      for (const int n : kNextRuns) {
        test.entropy_drop.push_back(DropAgain(c, n));
      }
      tests.push_back(std::move(test));
    }
    return tests;
  }

  [[nodiscard]] double DropAgain(std::size_t c, int n) {
    const std::size_t points = model_.grid().size();
    std::vector<double> chances(static_cast<std::size_t>(n) + 1, 0);
    double drop = entropy_;
    for (const std::size_t h : likely_) {
      const auto presence =
          static_cast<std::size_t>(hypotheses_.hypotheses[h].presence[c]);
      Outcomes outcomes(chances.size(), 0);
      double covered = 0;
      for (std::size_t i = 0; i < posterior_.joint.size(); ++i) {
        const double weight = posterior_.joint[i][h];
        if (weight < kMinJoint * posterior_.mass[h]) continue;
        covered += weight;
        const Reading& reading = posterior_.readings[i / points];
        const double before = model_.OfRuns(
            reading.hits[c], reading.misses[c])[i % points][presence];
        for (int hits = 0; hits <= n; ++hits) {
          outcomes[static_cast<std::size_t>(hits)] +=
              weight * Choose(n, hits) *
              PortableExp(model_.OfRuns(reading.hits[c] + hits,
                                        reading.misses[c] + n -
                                            hits)[i % points][presence] -
                          before);
        }
      }
      for (std::size_t o = 0; o < outcomes.size() && covered > 0; ++o) {
        const double q = posterior_.mass[h] * outcomes[o] / covered;
        chances[o] += q;
        drop += PlogP(q, SizeOf(h));
      }
    }
    for (const double chance : chances) drop -= PlogP(chance, 1);
    return drop;
  }

  RunModel& model_;
  const Evidence& evidence_;
  const SearchSpace& space_;
  const HypothesisSpace& hypotheses_;
  const Posterior& posterior_;
  std::vector<std::size_t> likely_;
  double entropy_ = 0;
};

}  // namespace

std::vector<NextTest> FindNextTests(RunModel& model, const Evidence& evidence,
                                    const SearchSpace& space,
                                    const HypothesisSpace& hypotheses,
                                    const Posterior& posterior,
                                    std::size_t most) {
  return Planner(model, evidence, space, hypotheses, posterior).Run(most);
}

}  // namespace rebisect
