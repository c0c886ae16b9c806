#include "harness/suite/case/shrink_scenario.h"

#include <algorithm>
#include <optional>
#include <set>
#include <variant>

#include "harness/suite/case/scenario_case.h"
#include "sim/base/check.h"

namespace rebisect {
namespace {

using Node = std::uint32_t;

Drawing& DrawingOf(Scenario& scenario) {
  return std::get<Drawing>(scenario.history);
}
const Drawing& DrawingOf(const Scenario& scenario) {
  return std::get<Drawing>(scenario.history);
}

/// Calls `visit` with every name of a commit.
template <class Visit>
void VisitNames(Scenario& scenario, const Visit& visit) {
  ScenarioStart& start = scenario.start;
  if (start.bad) visit(*start.bad);
  for (CommitName& name : start.goods) visit(name);
  for (NamedMark& mark : start.marks) {
    for (CommitName& name : mark.commits) visit(name);
  }
  for (auto* origins : {&scenario.bugs, &scenario.broken}) {
    for (NamedOrigin& origin : *origins) {
      if (origin.culprit) visit(*origin.culprit);
      for (CommitName& name : origin.fixes) visit(name);
    }
  }
  for (CommitName& name : scenario.untestable) visit(name);
  for (auto& [name, code] : scenario.answers) visit(name);
}

/// The scenario without the commits that are marked, dates of theirs gone.
Scenario Without(Scenario scenario, const std::vector<bool>& gone) {
  const Drawing drawing = std::move(DrawingOf(scenario));
  Drawing left;
  std::vector<std::vector<Node>> heirs(drawing.size());  // in `left`
  for (Node node = 0; node < drawing.size(); ++node) {
    std::vector<Node> parents;
    for (const Node p : drawing[node].parents) {
      for (const Node heir : heirs[p]) {
        if (std::find(parents.begin(), parents.end(), heir) == parents.end()) {
          parents.push_back(heir);
        }
      }
    }
    if (gone[node]) {
      heirs[node] = std::move(parents);
      scenario.dates.minutes.erase(drawing[node].name);
      continue;
    }
    heirs[node] = {static_cast<Node>(left.size())};
    left.push_back({drawing[node].name, std::move(parents)});
  }
  DrawingOf(scenario) = std::move(left);
  return scenario;
}

class ScenarioShrinker {
 public:
  ScenarioShrinker(Scenario scenario, const ScenarioFails& fails,
                   std::size_t limit)
      : best_(std::move(scenario)), fails_(fails), left_(limit) {}

  Result<Scenario> Run(const std::vector<std::pair<std::string, int>>& asked) {
    for (std::size_t taken = asked.size(); taken > 0; taken /= 2) {
      if (Try(After(asked, taken))) break;
    }
    (void)Try(OnlyReached());
    bool smaller = true;
    while (smaller && Going()) {
      smaller = DropCommits();
      smaller = DropMarks() || smaller;
      smaller = DropParents() || smaller;
      smaller = Simplify() || smaller;
    }
    (void)Try(Renamed());
    if (error_) return tl::unexpected(std::move(*error_));
    return std::move(best_);
  }

 private:
  [[nodiscard]] bool Going() const { return left_ > 0 && !error_; }

  /// Keeps the candidate if it still fails.
  bool Try(Scenario candidate) {
    if (!Going()) return false;
    --left_;
    const auto failed = fails_(candidate);
    if (!failed) {
      error_ = failed.error();
      return false;
    }
    if (!*failed) return false;
    best_ = std::move(candidate);
    return true;
  }

  /// As if the first questions had been answered before the search.
  [[nodiscard]] Scenario After(
      const std::vector<std::pair<std::string, int>>& asked,
      std::size_t taken) const {
    Scenario scenario = best_;
    for (std::size_t i = 0; i < taken; ++i) {
      const auto& [name, code] = asked[i];
      if (code == kGoodCode) {
        scenario.start.goods.push_back({name, {}});
      } else if (code != kSkipCode) {
        scenario.start.bad = CommitName{name, {}};
      }
    }
    scenario.start.no_good = scenario.start.goods.empty();
    return scenario;
  }

  [[nodiscard]] std::vector<bool> Mentioned() const {
    std::set<std::string, std::less<>> names;
    Scenario copy = best_;
    VisitNames(copy, [&](CommitName& name) { names.insert(name.text); });
    std::vector<bool> mentioned;
    for (const DrawnCommit& commit : DrawingOf(best_)) {
      mentioned.push_back(names.count(commit.name) != 0);
    }
    return mentioned;
  }

  /// Without what neither end of the search contains, and without the bug and
  /// the marks that are only there.
  [[nodiscard]] Scenario OnlyReached() const {
    Scenario scenario = best_;
    const Drawing& drawing = DrawingOf(scenario);
    std::set<std::string, std::less<>> tips;
    if (scenario.start.bad) tips.insert(scenario.start.bad->text);
    for (const CommitName& good : scenario.start.goods) tips.insert(good.text);
    std::vector<bool> gone(drawing.size(), true);
    std::set<std::string, std::less<>> there;
    for (Node node = static_cast<Node>(drawing.size()); node-- > 0;) {
      if (tips.count(drawing[node].name) != 0) gone[node] = false;
      if (gone[node]) continue;
      there.insert(drawing[node].name);
      for (const Node p : drawing[node].parents) gone[p] = false;
    }
    const auto lost = [&](const CommitName& name) {
      return there.count(name.text) == 0;
    };
    auto& untestable = scenario.untestable;
    untestable.erase(std::remove_if(untestable.begin(), untestable.end(), lost),
                     untestable.end());
    for (NamedOrigin& bug : scenario.bugs) {
      if (bug.culprit && lost(*bug.culprit)) bug.culprit = scenario.start.bad;
    }
    return Without(std::move(scenario), gone);
  }

  bool DropCommits() {
    bool any = false;
    for (std::size_t chunk = DrawingOf(best_).size(); chunk > 0; chunk /= 2) {
      for (std::size_t end = DrawingOf(best_).size(); end > 0 && Going();) {
        const std::size_t begin = end > chunk ? end - chunk : 0;
        std::vector<bool> gone = Mentioned();
        std::size_t going = 0;
        for (std::size_t node = 0; node < gone.size(); ++node) {
          gone[node] = !gone[node] && node >= begin && node < end;
          going += gone[node] ? 1U : 0U;
        }
        any = (going > 0 && Try(Without(best_, gone))) || any;
        end = std::min(begin, DrawingOf(best_).size());
      }
    }
    return any;
  }

  /// Each element of a list, the last one first.
  template <class List>
  bool DropEach(List Scenario::*list, std::size_t keep) {
    bool any = false;
    for (std::size_t i = (best_.*list).size(); i-- > 0 && Going();) {
      if ((best_.*list).size() <= keep) break;
      Scenario candidate = best_;
      auto& its = candidate.*list;
      its.erase(its.begin() + static_cast<std::ptrdiff_t>(i));
      any = Try(std::move(candidate)) || any;
    }
    return any;
  }

  bool DropMarks() {
    bool any = DropEach(&Scenario::untestable, 0);
    any = DropEach(&Scenario::answers, 0) || any;
    any = DropEach(&Scenario::broken, 0) || any;
    for (std::size_t i = best_.start.goods.size(); i-- > 0 && Going();) {
      if (best_.start.goods.size() < 2) break;
      Scenario candidate = best_;
      auto& goods = candidate.start.goods;
      goods.erase(goods.begin() + static_cast<std::ptrdiff_t>(i));
      any = Try(std::move(candidate)) || any;
    }
    for (std::size_t i = best_.start.marks.size(); i-- > 0 && Going();) {
      Scenario candidate = best_;
      auto& marks = candidate.start.marks;
      marks.erase(marks.begin() + static_cast<std::ptrdiff_t>(i));
      any = Try(std::move(candidate)) || any;
    }
    return any;
  }

  bool DropParents() {
    bool any = false;
    for (std::size_t node = DrawingOf(best_).size(); node-- > 0;) {
      for (std::size_t j = DrawingOf(best_)[node].parents.size();
           j-- > 1 && Going();) {
        Scenario candidate = best_;
        auto& parents = DrawingOf(candidate)[node].parents;
        parents.erase(parents.begin() + static_cast<std::ptrdiff_t>(j));
        any = Try(std::move(candidate)) || any;
      }
    }
    return any;
  }

  /// Each option away, if it is there and not needed.
  bool Simplify() {
    bool any = false;
    const auto change = [&](bool there, const auto& how) {
      if (!there || !Going()) return;
      Scenario candidate = best_;
      how(candidate);
      any = Try(std::move(candidate)) || any;
    };
    change(best_.start.first_parent,
           [](Scenario& s) { s.start.first_parent = false; });
    change(best_.start.term_bad || best_.start.term_good, [](Scenario& s) {
      s.start.term_bad.reset();
      s.start.term_good.reset();
    });
    change(best_.dates.kind != ScenarioDates::Kind::kRising ||
               !best_.dates.minutes.empty(),
           [](Scenario& s) { s.dates = {}; });
    // The bad end is the culprit: what needs the least words.
    const bool elsewhere = best_.bugs.size() == 1 && best_.bugs[0].culprit &&
                           best_.start.bad &&
                           best_.bugs[0].culprit->text != best_.start.bad->text;
    change(elsewhere, [](Scenario& s) { s.bugs[0].culprit = s.start.bad; });
    return any;
  }

  /// n0, n1, ... from the oldest on.
  [[nodiscard]] Scenario Renamed() const {
    Scenario scenario = best_;
    std::map<std::string, std::string, std::less<>> names;
    for (DrawnCommit& commit : DrawingOf(scenario)) {
      std::string name = 'n' + std::to_string(names.size());
      names.emplace(commit.name, name);
      commit.name = std::move(name);
    }
    VisitNames(scenario, [&](CommitName& name) {
      const auto found = names.find(name.text);
      if (found != names.end()) name.text = found->second;
    });
    std::map<std::string, std::int64_t, std::less<>> minutes;
    for (const auto& [name, minute] : scenario.dates.minutes) {
      minutes.emplace(names.at(name), minute);
    }
    scenario.dates.minutes = std::move(minutes);
    return scenario;
  }

  Scenario best_;
  const ScenarioFails& fails_;
  std::size_t left_;
  std::optional<Error> error_{};
};

}  // namespace

Result<Scenario> ShrinkScenario(
    Scenario scenario, const std::vector<std::pair<std::string, int>>& asked,
    const ScenarioFails& fails, std::size_t limit) {
  REBISECT_CHECK(std::holds_alternative<Drawing>(scenario.history));
  return ScenarioShrinker(std::move(scenario), fails, limit).Run(asked);
}

}  // namespace rebisect
