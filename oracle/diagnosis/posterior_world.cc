#include "oracle/diagnosis/posterior_world.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <utility>

#include "sim/base/check.h"
#include "sim/base/portable_math.h"

namespace rebisect {
namespace {

// What the numbers of a world are drawn for.
enum DrawPurpose : std::uint64_t { kPlace, kCommit };

std::size_t Pick(const std::vector<double>& cumulated, Prng& prng) {
  const double at = prng.Uniform() * cumulated.back();
  const auto found = std::upper_bound(cumulated.begin(), cumulated.end(), at);
  const auto index = static_cast<std::size_t>(found - cumulated.begin());
  return std::min(index, cumulated.size() - 1);
}

/// From logarithms of weights.
std::vector<double> Cumulate(const std::vector<double>& logs) {
  const double most = *std::max_element(logs.begin(), logs.end());
  std::vector<double> sums;
  sums.reserve(logs.size());
  double sum = 0;
  for (const double log : logs) {
    sum += PortableExp(log - most);
    sums.push_back(sum);
  }
  return sums;
}

double DrawBeta(double a, double b, Prng& prng) {
  constexpr double kMin = 1e-12;
  constexpr double kMax = 1e12;
  return prng.Beta(std::clamp(a, kMin, kMax), std::clamp(b, kMin, kMax));
}

/// One of two, by the logarithms of their weights.
bool FirstOf(double log_first, double log_second, Prng& prng) {
  return prng.Chance(1 / (1 + PortableExp(log_second - log_first)));
}

}  // namespace

Run CommitRuns::Next() {
  for (std::size_t i = 0; i < hazards_.size(); ++i) {
    if (!prng_.Chance(hazards_[i].rate)) continue;
    const std::string* title = hazards_[i].title;
    if (i == target_ && !faces_.empty()) {
      double at = prng_.Uniform() * (1 + faces_weight_);
      for (const Hazard& face : faces_) {
        at -= face.rate;
        if (at < 0) {
          title = face.title;
          break;
        }
      }
    }
    return {RunOutcome::kCrashed, *title, {}};
  }
  return {};
}

CommitRuns DrawnWorld::At(Vertex commit) const {
  PosteriorWorlds& worlds = *worlds_;
  const PosteriorWorlds::Input& input = worlds.input_;
  CommitRuns runs(prng_.Stream(kCommit).Stream(commit));
  const auto c = worlds.TestedAt(commit);
  const auto add = [&](TitleReading reading) {
    for (std::size_t t = 0; t < titles_.size(); ++t) {
      if (titles_[t].reading != reading) continue;
      const auto& other = reading == TitleReading::kBefore ? worlds.first_[t]
                                                           : worlds.behind_[t];
      runs.hazards_.push_back({worlds.RateAt(titles_[t].bug, commit, other.hits,
                                             other.misses, runs.prng_),
                               &input.other_titles[t]});
    }
  };
  add(TitleReading::kBefore);
  runs.target_ = runs.hazards_.size();
  const Reading& reading = input.posterior.readings[reading_];
  runs.hazards_.push_back(
      {worlds.RateAt(bug_, commit, reading.hits, reading.misses, runs.prng_),
       &input.title});
  for (std::size_t t = 0; t < titles_.size(); ++t) {
    if (titles_[t].reading != TitleReading::kSame) continue;
    const int others = c ? input.evidence.commits[*c].others[t] : 0;
    const int target = c ? input.evidence.commits[*c].target : 0;
    const double share = DrawBeta(titles_[t].split_a + others,
                                  titles_[t].split_b + target, runs.prng_);
    const double weight = share / std::max(1e-9, 1 - share);
    runs.faces_.push_back({weight, &input.other_titles[t]});
    runs.faces_weight_ += weight;
  }
  add(TitleReading::kBehind);
  return runs;
}

Verdict DrawnWorld::StatedOf(Vertex commit) const {
  Prng prng = prng_.Stream(kCommit).Stream(commit);
  const ModelPriors& priors = worlds_->input_.model.priors();
  double bad = .5;
  Presence presence = worlds_->PresenceAt(bug_, commit);
  if (presence == Presence::kEither) {
    presence = prng.Chance(.5) ? Presence::kPresent : Presence::kAbsent;
  }
  if (presence == Presence::kPresent) bad = 1 - priors.false_good;
  if (presence == Presence::kAbsent) bad = priors.false_bad;
  return prng.Chance(bad) ? Verdict::kBad : Verdict::kGood;
}

PosteriorWorlds::PosteriorWorlds(const Input& input) : input_(input) {
  const Posterior& posterior = input.posterior;
  REBISECT_CHECK(!posterior.joint.empty());
  double sum = 0;
  for (const auto& row : posterior.joint) {
    for (const double mass : row) joint_.push_back(sum += mass);
  }
  for (std::size_t c = 0; c < input.space.tested.size(); ++c) {
    if (input.space.tested[c]) tested_.emplace(*input.space.tested[c], c);
  }
  const std::size_t titles = posterior.readings.front().titles.size();
  REBISECT_CHECK(input.other_titles.size() >= titles);
  for (std::size_t t = 0; t < titles; ++t) {
    splits_.push_back(SplitsOf(t));
    first_.push_back(OtherBugOf(t, true));
    behind_.push_back(OtherBugOf(t, false));
  }
}

PosteriorWorlds::Cumulated PosteriorWorlds::SplitsOf(std::size_t title) const {
  std::vector<double> logs;
  for (const double mean : kSplitMeans) {
    for (const double k : kSplitConcentrations) {
      double log = 0;
      for (const CommitEvidence& commit : input_.evidence.commits) {
        log += LogBetaRuns(mean * k, (1 - mean) * k, commit.others[title],
                           commit.target);
      }
      logs.push_back(log);
    }
  }
  return Cumulate(logs);
}

PosteriorWorlds::OtherBug PosteriorWorlds::OtherBugOf(std::size_t title,
                                                      bool first) const {
  const ModelPriors& priors = input_.model.priors();
  OtherBug other;
  double background = PortableLog(priors.background_share);
  std::vector<const std::vector<RunModel::Terms>*> terms;
  for (const CommitEvidence& commit : input_.evidence.commits) {
    const int hits = commit.others[title];
    // Where the crash searched for comes first, its runs say nothing.
    const int all = commit.ok + commit.Crashed();
    const int misses = all - hits - (first ? 0 : commit.target);
    other.hits.push_back(hits);
    other.misses.push_back(misses);
    background +=
        LogBetaRuns(priors.background_a, priors.background_b, hits, misses);
    terms.push_back(&input_.model.OfRuns(hits, misses));
  }
  const std::vector<Hypothesis>& hypotheses = input_.hypotheses.hypotheses;
  double prior = 0;
  for (const Hypothesis& hypothesis : hypotheses) prior += hypothesis.prior;
  std::vector<double> logs{background};
  for (std::size_t g = 0; g < input_.model.grid().size(); ++g) {
    for (const Hypothesis& hypothesis : hypotheses) {
      double log = PortableLog(1 - priors.background_share) +
                   PortableLog(hypothesis.prior / prior) +
                   input_.model.grid()[g].log_weight;
      for (std::size_t c = 0; c < terms.size(); ++c) {
        log += (*terms[c])[g][static_cast<std::size_t>(hypothesis.presence[c])];
      }
      logs.push_back(log);
    }
  }
  other.ways = Cumulate(logs);
  return other;
}

DrawnWorld::Bug PosteriorWorlds::BugAt(std::size_t point,
                                       std::size_t hypothesis,
                                       Prng& prng) const {
  DrawnWorld::Bug bug;
  bug.point = point;
  bug.hypothesis = hypothesis;
  if (hypothesis < input_.hypotheses.groups.size()) {
    const auto& suspects = input_.hypotheses.groups[hypothesis].suspects;
    bug.culprit =
        suspects[prng.Below(static_cast<std::uint32_t>(suspects.size()))];
  }
  return bug;
}

DrawnWorld::Title PosteriorWorlds::DrawTitle(std::size_t title,
                                             TitleReading reading,
                                             Prng& prng) const {
  DrawnWorld::Title drawn;
  drawn.reading = reading;
  if (reading == TitleReading::kSame) {
    const std::size_t split = Pick(splits_[title], prng);
    const std::size_t count = std::size(kSplitConcentrations);
    const double mean = kSplitMeans[split / count];
    const double concentration = kSplitConcentrations[split % count];
    drawn.split_a = mean * concentration;
    drawn.split_b = (1 - mean) * concentration;
    return drawn;
  }
  const OtherBug& other =
      reading == TitleReading::kBefore ? first_[title] : behind_[title];
  const std::size_t way = Pick(other.ways, prng);
  if (way == 0) {
    drawn.bug.background = true;
    return drawn;
  }
  const std::size_t hypotheses = input_.hypotheses.hypotheses.size();
  drawn.bug = BugAt((way - 1) / hypotheses, (way - 1) % hypotheses, prng);
  return drawn;
}

DrawnWorld PosteriorWorlds::Draw(const Prng& prng) {
  DrawnWorld world(*this, prng);
  Prng place = prng.Stream(kPlace);
  const std::size_t hypotheses = input_.hypotheses.hypotheses.size();
  const std::size_t grid = input_.model.grid().size();
  const std::size_t at = Pick(joint_, place);
  world.reading_ = at / hypotheses / grid;
  world.bug_ = BugAt(at / hypotheses % grid, at % hypotheses, place);
  const Reading& reading = input_.posterior.readings[world.reading_];
  for (std::size_t t = 0; t < reading.titles.size(); ++t) {
    world.titles_.push_back(DrawTitle(t, reading.titles[t], place));
  }
  return world;
}

std::optional<std::size_t> PosteriorWorlds::TestedAt(Vertex commit) const {
  const auto found = tested_.find(commit);
  if (found == tested_.end()) return std::nullopt;
  return found->second;
}

const std::vector<bool>& PosteriorWorlds::AncestorsOf(Vertex commit) {
  const auto [at, is_new] = ancestors_.try_emplace(commit);
  if (!is_new) return at->second;
  std::vector<bool>& reached = at->second;
  reached.resize(std::size_t{commit} + 1, false);
  reached[commit] = true;
  // Parents have smaller numbers than their children.
  for (Vertex v = commit + 1; v-- > 0;) {
    if (!reached[v]) continue;
    for (const Vertex parent : input_.space.graph->Parents(v)) {
      reached[parent] = true;
    }
  }
  return reached;
}

Presence PosteriorWorlds::PresenceAt(const DrawnWorld::Bug& bug,
                                     Vertex commit) {
  const Hypothesis& hypothesis = input_.hypotheses.hypotheses[bug.hypothesis];
  if (const auto c = TestedAt(commit)) return hypothesis.presence[*c];
  if (hypothesis.name == "unrelated") return Presence::kApart;
  // Newer than all that is asked: what lies between the ends has it not.
  if (hypothesis.name == "newer") return Presence::kAbsent;
  const bool fix = input_.evidence.kind == RecordingKind::kFix;
  if (!fix && !bug.culprit) return Presence::kPresent;
  const std::vector<bool>& ancestors = AncestorsOf(commit);
  const auto contains = [&](Vertex v) {
    return v < ancestors.size() && ancestors[v];
  };
  if (!fix) {
    return contains(*bug.culprit) ? Presence::kPresent : Presence::kAbsent;
  }
  if (bug.culprit && contains(*bug.culprit)) return Presence::kAbsent;
  const auto& goods = input_.space.goods;
  return std::any_of(goods.begin(), goods.end(), contains) ? Presence::kPresent
                                                           : Presence::kEither;
}

double PosteriorWorlds::RateAt(const DrawnWorld::Bug& bug, Vertex commit,
                               const std::vector<int>& hits,
                               const std::vector<int>& misses, Prng& prng) {
  const ModelPriors& priors = input_.model.priors();
  const auto c = TestedAt(commit);
  const int hit = c ? hits[*c] : 0;
  const int missed = c ? misses[*c] : 0;
  const auto draw = [&](double a, double b) {
    return DrawBeta(a + hit, b + missed, prng);
  };
  if (bug.background) return draw(priors.background_a, priors.background_b);
  Presence presence = PresenceAt(bug, commit);
  if (presence == Presence::kApart) {
    return draw(priors.unrelated_a, priors.unrelated_a);
  }
  if (presence == Presence::kEither) {
    const RunModel::Terms& terms = input_.model.OfRuns(hit, missed)[bug.point];
    presence = FirstOf(terms[static_cast<std::size_t>(Presence::kPresent)],
                       terms[static_cast<std::size_t>(Presence::kAbsent)], prng)
                   ? Presence::kPresent
                   : Presence::kAbsent;
  }
  const RunModel::Point& point = input_.model.grid()[bug.point];
  const double a = point.mean * point.concentration;
  const double b = (1 - point.mean) * point.concentration;
  const double odd = presence == Presence::kPresent ? 1 - priors.hidden_share
                                                    : priors.exposed_share;
  const double shows = PortableLog(odd) + LogBetaRuns(a, b, hit, missed);
  const double hides =
      PortableLog(1 - odd) +
      LogBetaRuns(priors.false_crash_a, priors.false_crash_b, hit, missed);
  if (FirstOf(shows, hides, prng)) return draw(a, b);
  return draw(priors.false_crash_a, priors.false_crash_b);
}

}  // namespace rebisect
