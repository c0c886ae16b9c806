#include "harness/suite/case/random_scenario.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>
#include <vector>

#include "sim/base/check.h"
#include "sim/base/prng.h"

namespace rebisect {
namespace {

using Node = std::uint32_t;

/// What is drawn from the seed, each in a stream of its own.
enum ScenarioDraw : std::uint64_t { kShape = 1, kDates = 2, kSearch = 3 };

/// How a history grows: chances in a hundred, and how far back parents lie.
struct Growth {
  std::uint32_t merges;
  std::uint32_t most_parents;
  std::uint32_t reach;
  std::uint32_t roots;
};
constexpr Growth kGrowths[] = {
    {0, 1, 1, 0},    // a line
    {10, 2, 12, 0},  // long branches
    {30, 2, 4, 0},   // short ones
    {50, 2, 2, 0},   // two lines that merge each other
    {25, 4, 8, 0},   // octopuses
    {25, 2, 6, 4},   // several roots
    {40, 3, 40, 1},  // anything
};

class RandomDrawing {
 public:
  RandomDrawing(const Prng& prng, const Growth& growth, bool octopus)
      : prng_(prng.Stream(kShape)), growth_(growth), octopus_(octopus) {}

  Drawing Draw(std::uint32_t commits) {
    Drawing drawing;
    for (Node node = 0; node < commits; ++node) {
      drawing.push_back({'n' + std::to_string(node), Parents(node)});
    }
    return drawing;
  }

 private:
  std::vector<Node> Parents(Node node) {
    std::vector<Node> parents;
    if (node == 0 || prng_.Below(100) < growth_.roots) return parents;
    std::uint32_t count = 1;
    if (prng_.Below(100) < growth_.merges) {
      const std::uint32_t most =
          octopus_ ? growth_.most_parents : std::min(2U, growth_.most_parents);
      count += 1 + prng_.Below(most - 1);
    }
    for (std::uint32_t i = 0; i < count; ++i) {
      const Node back = 1 + prng_.Below(std::min(growth_.reach, node));
      const Node parent = node - back;
      if (std::find(parents.begin(), parents.end(), parent) == parents.end()) {
        parents.push_back(parent);
      }
    }
    return parents;
  }

  Prng prng_;
  const Growth& growth_;
  bool octopus_;
};

/// By node: `tip` and its ancestors.
std::vector<bool> AncestorsOf(const Drawing& drawing, Node tip) {
  std::vector<bool> reached(drawing.size(), false);
  reached[tip] = true;
  for (Node node = tip + 1; node-- > 0;) {
    if (!reached[node]) continue;
    for (const Node p : drawing[node].parents) reached[p] = true;
  }
  return reached;
}

class RandomSearch {
 public:
  RandomSearch(const Prng& prng, const Drawing& drawing,
               const std::set<std::string, std::less<>>& features)
      : prng_(prng.Stream(kSearch)), drawing_(drawing), features_(features) {}

  void Choose(Scenario& scenario) {
    const auto commits = static_cast<Node>(drawing_.size());
    // Mostly near the end, so that there is something to search.
    const Node bad =
        commits - 1 - (prng_.Below(4) == 0 ? prng_.Below(commits / 2 + 1) : 0);
    const std::vector<bool> of_bad = AncestorsOf(drawing_, bad);
    ScenarioStart& start = scenario.start;
    start.bad = Name(bad);
    const std::uint32_t goods =
        May("several-goods") && prng_.Below(3) == 0 ? 2 + prng_.Below(2) : 1;
    std::vector<bool> acquitted(drawing_.size(), false);
    for (std::uint32_t i = 0; i < goods; ++i) {
      const auto good = Good(bad, of_bad);
      if (!good) continue;
      const std::vector<bool> its = AncestorsOf(drawing_, *good);
      if (its[bad]) continue;  // good and bad at once
      for (Node n = 0; n < drawing_.size(); ++n) {
        acquitted[n] = acquitted[n] || its[n];
      }
      start.goods.push_back(Name(*good));
    }
    if (start.goods.empty()) start.no_good = true;
    std::vector<Node> suspects;
    for (Node n = 0; n < drawing_.size(); ++n) {
      if (of_bad[n] && !acquitted[n]) suspects.push_back(n);
    }
    REBISECT_CHECK(!suspects.empty());
    const auto any = [&] {
      return suspects[prng_.Below(static_cast<std::uint32_t>(suspects.size()))];
    };
    scenario.bugs = {{Name(any()), {}}};
    if (May("skip") && May("only-skipped") && prng_.Below(2) == 0) {
      const auto most = static_cast<std::uint32_t>(suspects.size() / 3 + 1);
      for (std::uint32_t n = prng_.Below(most + 1); n > 0; --n) {
        const Node broken = any();
        if (broken == bad || !broken_.insert(broken).second) continue;
        scenario.untestable.push_back(Name(broken));
      }
    }
    if (May("terms") && prng_.Below(8) == 0) {
      start.term_bad = "broken";
      start.term_good = "fine";
    }
    if (May("first-parent") && prng_.Below(10) == 0) start.first_parent = true;
  }

 private:
  [[nodiscard]] bool May(std::string_view feature) const {
    return features_.find(feature) != features_.end();
  }
  [[nodiscard]] CommitName Name(Node node) const {
    return {drawing_[node].name, {}};
  }

  /// An end that is good: an ancestor of the bad one, if anything else cannot
  /// be, at any distance.
  std::optional<Node> Good(Node bad, const std::vector<bool>& of_bad) {
    const bool beside =
        May("merge-bases") && May("refuses") && prng_.Below(6) == 0;
    // Mostly far away, so that there is something to search.
    const std::uint32_t reach = prng_.Below(4) == 0 ? bad + 1 : bad / 3 + 1;
    for (int attempt = 0; attempt < 20; ++attempt) {
      const Node node = prng_.Below(reach);
      if (node != bad && (of_bad[node] || beside)) return node;
    }
    return std::nullopt;
  }

  Prng prng_;
  const Drawing& drawing_;
  const std::set<std::string, std::less<>>& features_;
  std::set<Node> broken_{};
};

void ChooseDates(const Prng& prng, const Drawing& drawing,
                 ScenarioDates& dates) {
  Prng drawn = prng.Stream(kDates);
  const std::uint32_t what = drawn.Below(6);
  if (what == 0) dates.kind = ScenarioDates::Kind::kEqual;
  if (what == 1) dates.kind = ScenarioDates::Kind::kFalling;
  if (what != 2 && what != 3) return;
  // Out of order here and there, or with few different ones.
  const auto commits = static_cast<std::uint32_t>(drawing.size());
  for (std::uint32_t n = 0; n < commits; ++n) {
    const std::int64_t minute = what == 2
                                    ? std::int64_t{n} + drawn.Below(9) - 4
                                    : std::int64_t{n} / 5 + drawn.Below(2);
    dates.minutes.emplace(drawing[n].name, minute);
  }
}

Scenario DrawScenario(const Prng& prng, std::uint32_t commits,
                      const std::set<std::string, std::less<>>& features) {
  Prng shape = prng;
  const Growth& growth = kGrowths[shape.Below(std::size(kGrowths))];
  Scenario scenario;
  Drawing drawing =
      RandomDrawing(prng, growth, features.count("octopus") != 0).Draw(commits);
  ChooseDates(prng, drawing, scenario.dates);
  RandomSearch(prng, drawing, features).Choose(scenario);
  scenario.history = std::move(drawing);
  return scenario;
}

}  // namespace

Scenario RandomScenario(std::uint64_t seed, std::uint64_t number,
                        std::uint32_t commits,
                        const std::set<std::string, std::less<>>& features) {
  REBISECT_CHECK(commits >= 2);
  const bool may_lack_goods = features.count("no-good") != 0;
  Scenario scenario;
  for (std::uint64_t draw = 0;; ++draw) {
    scenario = DrawScenario(Prng(seed, draw, number), commits, features);
    if (!scenario.start.no_good || may_lack_goods) break;
  }
  scenario.suite = "random";
  scenario.name = "case-" + std::to_string(seed) + '-' + std::to_string(number);
  scenario.about = "Made from a seed.";
  return scenario;
}

}  // namespace rebisect
