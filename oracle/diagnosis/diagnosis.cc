#include "oracle/diagnosis/diagnosis.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <numeric>

#include "oracle/diagnosis/any_graph.h"
#include "sim/base/check.h"
#include "sim/base/portable_math.h"

namespace rebisect {
namespace {

constexpr std::size_t kMaxNextTests = 5;
constexpr double kMajority = .5;
/// A verdict that is wrong with more than this is named.
constexpr double kLikelyWrong = .5;
/// A reading of a title that is this likely is worth showing.
constexpr double kOpenTitle = .01;

/// That ten runs of one more commit that shows the bug all pass.
double FalseNegative(const RunModel& model, const Posterior& posterior) {
  constexpr int kRuns = 10;
  const auto grid = model.grid();
  double chance = 0;
  for (std::size_t i = 0; i < posterior.joint.size(); ++i) {
    const RunModel::Point& point = grid[i % grid.size()];
    double mass = 0;
    for (const double joint : posterior.joint[i]) mass += joint;
    chance += mass * PortableExp(LogBetaRuns(
                         point.mean * point.concentration,
                         (1 - point.mean) * point.concentration, 0, kRuns));
  }
  return chance;
}

class Diagnoser {
 public:
  explicit Diagnoser(const DiagnosisRequest& request)
      : request_(request), model_(request.priors) {}

  Diagnosis Run() {
    const Evidence& evidence = *request_.evidence;
    result_.space = MakeHypotheses(evidence, *request_.space, request_.priors);
    result_.posterior =
        ComputePosterior(model_, evidence, hypotheses(),
                         ReadTitles(model_, evidence, hypotheses()));
    FindResult();
    result_.result = ShareOf(result_.posterior.mass);
    result_.result_low = result_.result_high = result_.result;
    if (request_.hypothetical_graph) {
      const auto [low, high] =
          ResultOnAnyGraph(model_, evidence, hypotheses(),
                           result_.posterior.readings, share_, Parent());
      result_.result_low = std::min(low, result_.result);
      result_.result_high = std::max(high, result_.result);
    }
    result_.credible =
        CredibleSetOf(hypotheses(), result_.posterior.mass, kCredibleMass);
    FindFalseNegative();
    if (request_.details) Detail();
    Conclude();
    State();
    return std::move(result_);
  }

 private:
  [[nodiscard]] const std::vector<Hypothesis>& hypotheses() const {
    return result_.space.hypotheses;
  }

  [[nodiscard]] std::optional<std::size_t> Parent() const {
    const auto& pair = request_.space->culprit_parent;
    return pair ? std::optional(pair->second) : std::nullopt;
  }

  void Detail() {
    const Evidence& evidence = *request_.evidence;
    left_out_ = LeaveEachOut(model_, evidence, hypotheses(),
                             result_.posterior.readings);
    for (std::size_t c = 0; c < evidence.commits.size(); ++c) LookAt(c);
    LookAtTitles();
    result_.next =
        FindNextTests(model_, evidence, *request_.space, result_.space,
                      result_.posterior, kMaxNextTests);
  }

  /// The part of each hypothesis that the recorded search came to.
  void FindResult() {
    share_.assign(hypotheses().size(), 0);
    result_.culprit = request_.culprit;
    if (request_.culprit) {
      const auto group = GroupOf(result_.space, *request_.culprit);
      if (group) {
        share_[*group] = 1 / static_cast<double>(hypotheses()[*group].commits);
      }
      result_.result_size = 1;
      return;
    }
    for (std::size_t h = 0; h < result_.space.groups.size(); ++h) {
      bool agrees = true;
      for (std::size_t c = 0; c < request_.evidence->commits.size(); ++c) {
        if (Contradicts(request_.evidence->commits[c],
                        hypotheses()[h].presence[c])) {
          agrees = false;
        }
      }
      if (!agrees) continue;
      share_[h] = 1;
      result_.result_size += hypotheses()[h].commits;
    }
  }

  [[nodiscard]] double ShareOf(const std::vector<double>& masses) const {
    return std::inner_product(masses.begin(), masses.end(), share_.begin(), 0.);
  }

  void LookAt(std::size_t c) {
    const CommitEvidence& commit = request_.evidence->commits[c];
    if (!commit.Tells() || !commit.verdict ||
        *commit.verdict == Verdict::kSkip) {
      return;
    }
    const Posterior& posterior = result_.posterior;
    VerdictFinding finding;
    finding.commit = c;
    const bool bad = commit.verdict == Verdict::kBad;
    finding.log10_bayes_factor =
        bad ? left_out_.log10_present[c] : -left_out_.log10_present[c];
    std::vector<double> wrong(hypotheses().size(), 0);
    double left = 0;
    for (std::size_t h = 0; h < wrong.size(); ++h) {
      const Presence presence = hypotheses()[h].presence[c];
      // Crashes without a common culprit make every "bad" wrong.
      const bool is_wrong = Contradicts(commit, presence) ||
                            (bad && presence == Presence::kApart);
      if (!is_wrong) continue;
      finding.probability_wrong += posterior.mass[h];
      wrong[h] = left_out_.mass[c][h];
      left += wrong[h];
    }
    if (left > 0) {
      for (double& mass : wrong) mass /= left;
      finding.if_wrong = CredibleSetOf(hypotheses(), wrong, kCredibleMass);
    }
    finding.result_without = ShareOf(left_out_.mass[c]);
    finding.changes_result =
        (finding.result_without >= kMajority) != (result_.result >= kMajority);
    finding.without =
        CredibleSetOf(hypotheses(), left_out_.mass[c], kCredibleMass);
    result_.verdicts.push_back(std::move(finding));
  }

  void LookAtTitles() {
    const std::size_t count =
        std::min(kMaxTitles, request_.evidence->other_titles.size());
    for (std::size_t t = 0; t < count; ++t) {
      TitleFinding finding;
      finding.title = request_.evidence->other_titles[t];
      finding.same = result_.posterior.SameTitle(t);
      const std::size_t grid = model_.grid().size();
      for (const bool same : {true, false}) {
        const std::vector<double> masses =
            result_.posterior.MassIf(t, same, grid);
        if (masses.empty()) continue;
        (same ? finding.result_if_same : finding.result_if_other) =
            ShareOf(masses);
        (same ? finding.if_same : finding.if_other) =
            CredibleSetOf(hypotheses(), masses, kCredibleMass);
      }
      result_.titles.push_back(std::move(finding));
    }
  }

  /// Under the default priors, which kMaxFalseNegative was calibrated with.
  void FindFalseNegative() {
    if (request_.priors == ModelPriors()) {
      result_.false_negative = FalseNegative(model_, result_.posterior);
      return;
    }
    const Evidence& evidence = *request_.evidence;
    RunModel model{ModelPriors()};
    const HypothesisSpace space =
        MakeHypotheses(evidence, *request_.space, ModelPriors());
    const Posterior posterior =
        ComputePosterior(model, evidence, space.hypotheses,
                         ReadTitles(model, evidence, space.hypotheses));
    result_.false_negative = FalseNegative(model, posterior);
  }

  [[nodiscard]] bool HasRuns() const {
    const auto& commits = request_.evidence->commits;
    return std::any_of(commits.begin(), commits.end(),
                       [](const CommitEvidence& c) { return c.has_runs; });
  }

  [[nodiscard]] double Besides(const std::string& name) const {
    double mass = 0;
    for (std::size_t h = 0; h < hypotheses().size(); ++h) {
      if (hypotheses()[h].name == name) mass += result_.posterior.mass[h];
    }
    return mass;
  }

  void Reason(const std::string& code, const std::string& text) {
    REBISECT_CHECK(std::find(kReasonCodes.begin(), kReasonCodes.end(), code) !=
                   kReasonCodes.end());
    result_.reasons.push_back(code + ": " + text);
  }

  [[nodiscard]] std::string What() const {
    return result_.culprit ? "the recorded culprit" : "what is left to search";
  }

  void Conclude() {
    result_.conclusion =
        result_.result < kContradictedBelow ? Conclusion::kContradicted
        : result_.result < kTrustworthyFrom ? Conclusion::kDoubtful
                                            : Conclusion::kTrustworthy;
    Reason("posterior", What() + " has " + PercentText(result_.result) +
                            " of the probability");
    for (const VerdictFinding& finding : result_.verdicts) {
      if (finding.probability_wrong < kLikelyWrong) continue;
      Reason("verdict-likely-wrong", WrongVerdict(finding));
    }
    for (const TitleFinding& finding : result_.titles) {
      if (std::abs(finding.result_if_same - finding.result_if_other) <
              kMajority ||
          finding.same < kOpenTitle / 100) {
        continue;
      }
      Reason("rests-on-title",
             "\"" + finding.title + "\" is the same bug with " +
                 PercentText(finding.same) + ": " + What() + " then has " +
                 PercentText(finding.result_if_same) + ", otherwise " +
                 PercentText(finding.result_if_other));
    }
    if (HasRuns()) LookAtReproducer();
    const double besides = Besides("older") + Besides("unrelated");
    if (besides > kMaxBesides) {
      Lower("not-one-culprit-in-range",
            "that the bug is older than the range (" +
                PercentText(Besides("older")) +
                ") or that the crashes have no common culprit (" +
                PercentText(Besides("unrelated")) + ") is not ruled out");
    }
    if (result_.culprit && !GroupOf(result_.space, *result_.culprit)) {
      Reason("not-a-suspect",
             "the recorded culprit is not between the good and bad ends");
    }
  }

  void LookAtReproducer() {
    int crashing = 0;
    const CommitEvidence* rarest = nullptr;
    const auto rate = [](const CommitEvidence& commit) {
      return static_cast<double>(commit.target) / (commit.target + commit.ok);
    };
    for (const CommitEvidence& commit : request_.evidence->commits) {
      if (commit.target == 0) continue;
      ++crashing;
      if (rarest == nullptr || rate(commit) < rate(*rarest)) rarest = &commit;
    }
    if (crashing < kMinCrashing) {
      Lower("few-crashing-commits",
            "the crash was seen on " + std::to_string(crashing) +
                " commits, too few to know how evenly it shows");
    }
    if (result_.false_negative > kMaxFalseNegative) {
      Lower("uneven-reproducer",
            "a commit that shows the bug passes ten runs with " +
                PercentText(result_.false_negative) +
                "; commits may have been taken for good that are not");
    } else if (rarest != nullptr && rate(*rarest) < kMinRate) {
      Lower("uneven-reproducer",
            "on " + rarest->commit.substr(0, 12) + " the crash shows in " +
                std::to_string(rarest->target) + " of " +
                std::to_string(rarest->target + rarest->ok) +
                " runs; commits may have been taken for good that are not");
    }
  }

  void Lower(const std::string& code, const std::string& text) {
    Reason(code, text);
    if (result_.conclusion == Conclusion::kTrustworthy) {
      result_.conclusion = Conclusion::kDoubtful;
    }
  }

  [[nodiscard]] std::string WrongVerdict(const VerdictFinding& finding) const {
    const CommitEvidence& commit = request_.evidence->commits[finding.commit];
    std::string text =
        commit.step > 0 ? "step " + std::to_string(commit.step) + " (" : "";
    text += commit.commit.substr(0, 12);
    if (commit.step > 0) text += ")";
    text += " was called ";
    text += ToString(*commit.verdict);
    text += "; that is wrong with ";
    text += PercentText(finding.probability_wrong);
    if (commit.target == 0 && commit.Crashed() > 0) {
      text += ": its crashes have another title";
    }
    return text;
  }

  void State() {
    std::vector<std::string>& limits = result_.limits;
    if (request_.evidence->kind == RecordingKind::kFix) {
      limits.emplace_back(
          "hidden-not-fixed: runs cannot tell a commit that fixes the bug "
          "from one that hides it");
    } else {
      limits.emplace_back(
          "may-be-older: the crash first shows here; the bug may be older, "
          "and runs of these commits cannot tell the two apart: an older "
          "release, or another configuration, would have to be tried");
    }
    limits.emplace_back(
        "one-culprit: the model knows one culprit; a bug that came, went and "
        "came again, and masks common to several commits, are outside it");
    if (!HasRuns()) {
      limits.push_back(
          "assumed-error-rate: the record has verdicts and no "
          "runs; " +
          PercentText(request_.priors.false_bad) +
          " of the commits without the bug and " +
          PercentText(request_.priors.false_good) +
          " of those with it are assumed to be called wrongly");
    }
    if (request_.hypothetical_graph) {
      limits.push_back(
          "hypothetical-graph: the graph is rebuilt from the counts in the "
          "log; on any graph that fits them, the posterior lies between " +
          PercentText(result_.result_low) + " and " +
          PercentText(result_.result_high));
    }
    if (Parent()) {
      limits.emplace_back(
          "one-parent: the recorded culprit is taken to have one parent, which "
          "then is the last good commit of the search; if it is a merge, give "
          "the repository");
    }
    if (request_.evidence->other_titles.size() > kMaxTitles) {
      limits.push_back(
          "many-titles: only the " + std::to_string(kMaxTitles) +
          " most frequent other titles are weighed; the others are taken for "
          "crashes of other bugs");
    }
    for (const std::string& note : request_.evidence->notes) {
      limits.push_back("reading: " + note);
    }
  }

  const DiagnosisRequest& request_;
  RunModel model_;
  Diagnosis result_;
  LeftOut left_out_;
  std::vector<double> share_;
};

}  // namespace

std::string PercentText(double share) {
  const double percent = 100 * share;
  if (percent > 0 && percent < .01) return "<0.01%";
  if (percent > 99.99 && percent < 100) return ">99.99%";
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(),
                percent < 1 || percent > 99 ? "%.2f%%" : "%.1f%%", percent);
  return text.data();
}

std::string_view NameOf(Conclusion conclusion) {
  switch (conclusion) {
    case Conclusion::kTrustworthy:
      return "trustworthy";
    case Conclusion::kDoubtful:
      return "doubtful";
    case Conclusion::kContradicted:
      return "contradicted";
  }
  return "";
}

CredibleSet CredibleSetOf(const std::vector<Hypothesis>& hypotheses,
                          const std::vector<double>& masses, double wanted) {
  std::vector<std::size_t> order(hypotheses.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto density = [&](std::size_t h) {
    return masses[h] / static_cast<double>(hypotheses[h].commits);
  };
  std::stable_sort(
      order.begin(), order.end(),
      [&](std::size_t a, std::size_t b) { return density(a) > density(b); });
  CredibleSet set;
  for (const std::size_t h : order) {
    if (set.mass >= wanted || masses[h] <= 0) break;
    CredibleSet::Part part{h, hypotheses[h].commits};
    const double needed = std::ceil((wanted - set.mass) / density(h) - 1e-9);
    if (needed < static_cast<double>(part.commits)) {
      part.commits = static_cast<std::size_t>(needed);
    }
    set.mass += static_cast<double>(part.commits) * density(h);
    if (hypotheses[h].name.empty()) set.size += part.commits;
    set.parts.push_back(part);
  }
  return set;
}

Diagnosis Diagnose(const DiagnosisRequest& request) {
  REBISECT_CHECK(request.evidence != nullptr && request.space != nullptr);
  REBISECT_CHECK(!request.space->suspects.empty());
  return Diagnoser(request).Run();
}

}  // namespace rebisect
