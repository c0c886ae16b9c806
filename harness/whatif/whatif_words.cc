#include "harness/whatif/whatif_words.h"

#include "harness/replay/explain.h"
#include "harness/text/report_lines.h"
#include "harness/whatif/whatif_report.h"

namespace rebisect {
namespace {

/// Steps of its own that are told one by one.
constexpr std::size_t kMaxStepsTold = 12;
constexpr std::size_t kMaxNamedTold = 5;
/// The verdict of a step that lacks runs.
constexpr std::string_view kMoreRuns = "more-runs";

std::string Percent(const WhatifShare& share) {
  return Fixed(100 * share.share, 1) + "% (+-" +
         Fixed(100 * share.standard_error, 1) + ")";
}

std::string Percent(double share) { return Fixed(100 * share, 1) + "%"; }

std::string Points(double share) {
  const std::string text = Fixed(100 * share, 1);
  return share > 0 ? '+' + text : text == "-0.0" ? "0.0" : text;
}

std::string NameOf(const WhatifPolicy& policy) {
  std::string name = policy.policy;
  name += ", runs: ";
  name += policy.retry.empty() ? "as recorded" : policy.retry;
  name += ", choices: ";
  name += policy.select == "recorded" ? "as recorded" : policy.select;
  return name;
}

std::string NeedText(const WhatifNeed& need) {
  std::string text = Short(need.commit);
  if (need.untested) {
    text += ", which was never tested";
    if (need.runs) {
      text += " (";
      text += Counted(static_cast<std::size_t>(*need.runs), "run");
      text += ')';
    }
    return text;
  }
  return text + ", " +
         Counted(static_cast<std::size_t>(need.runs.value_or(0)), "run") +
         " more than were recorded";
}

/// Who asks for what the record does not hold.
std::string AskText(const WhatifRecord& record) {
  if (record.steps.empty()) return "the search";
  const WhatifStep& last = record.steps.back();
  if (last.confirms) return "the check of the end";
  return "step " + std::to_string(last.index);
}

std::string OutcomeText(const WhatifReport& report,
                        const WhatifRecord& record) {
  const std::string left = Counted(record.suspects.size(), "commit");
  switch (record.outcome) {
    case WhatifOutcome::kSameCulprit:
      return "the recorded culprit, " + Short(record.culprit);
    case WhatifOutcome::kDifferentCulprit:
      return "another culprit, " + Short(record.culprit) +
             " (recorded: " + Short(report.culprit) + ")";
    case WhatifOutcome::kCulprit:
      return "a culprit, " + Short(record.culprit) + "; the record names none";
    case WhatifOutcome::kSet:
      return "open: one of " + left + "; " + AskText(record) + " asks for " +
             (record.needs ? NeedText(*record.needs) : "more");
    case WhatifOutcome::kAborted:
      return "the policy stops the search, with " + left + " left";
    case WhatifOutcome::kOnlySkipped:
      return "only skipped commits are left, " + left;
    case WhatifOutcome::kError:
      return "the search cannot go on, with " + left + " left";
  }
  return "";
}

void AddDivergence(const WhatifRecord& record, WhatifFields& out) {
  const auto& divergence = record.first_divergence;
  if (!divergence) {
    out.emplace_back("parts",
                     "nowhere: every recorded choice and verdict is the same");
    return;
  }
  std::string text = "at step " + std::to_string(divergence->step);
  if (divergence->verdict.empty()) {
    text += ": " + divergence->reason;
    if (!divergence->commit.empty()) {
      text += ", " + Short(divergence->commit);
    }
    text += " (recorded: " + Short(divergence->recorded_commit) + ")";
    out.emplace_back("parts", text);
    return;
  }
  text += ", " + Short(divergence->commit) + ": ";
  const bool open = divergence->verdict == kMoreRuns;
  text += open ? "no verdict yet" : divergence->verdict;
  if (divergence->recorded_verdict) {
    text += " instead of ";
    text += ToString(*divergence->recorded_verdict);
  }
  out.emplace_back("parts", text);
  out.emplace_back("", divergence->reason);
}

/// The steps after the policy left the record.
void AddOwnSteps(const WhatifRecord& record, WhatifFields& out) {
  std::size_t told = 0;
  for (const WhatifStep& step : record.steps) {
    if (step.on_record || step.verdict == kMoreRuns) continue;
    if (++told > kMaxStepsTold) continue;
    out.emplace_back(told == 1 ? "then" : "",
                     "step " + std::to_string(step.index) + ", " +
                         Short(step.commit) +
                         (step.confirms ? " (again)" : "") + ": " +
                         step.verdict + "; " + step.reason);
  }
  if (told > kMaxStepsTold) {
    out.emplace_back("",
                     "and " + Counted(told - kMaxStepsTold, "step") + " more");
  }
}

void AddModel(const WhatifModel& model, WhatifFields& out) {
  std::string worlds = "carried on in " + Counted(model.trials, "world") +
                       " that fit" + (model.trials == 1 ? "s" : "") +
                       " the record, the search names the culprit in " +
                       Percent(model.right) + ", another commit in " +
                       Percent(model.wrong) + ", none in " +
                       Percent(model.undecided);
  if (model.no_culprit.share > 0) {
    worlds += "; no suspect is to blame in " + Percent(model.no_culprit);
  }
  out.emplace_back("model adds", worlds);
  std::string named;
  for (std::size_t i = 0; i < model.culprits.size() && i < kMaxNamedTold; ++i) {
    if (i > 0) named += ", ";
    named += Short(model.culprits[i].commit);
    named += ' ';
    named += Percent(model.culprits[i].share);
  }
  if (model.culprits.size() > kMaxNamedTold) {
    named += ", and ";
    named += Counted(model.culprits.size() - kMaxNamedTold, "other commit");
  }
  if (!named.empty()) out.emplace_back("", "named: " + named);
  out.emplace_back("", "on average " + Fixed(model.further_tests, 1) +
                           " tests and " + Fixed(model.further_runs, 1) +
                           " runs beyond the record");
}

std::string GraphText(const WhatifReport& report) {
  const std::string commits = Counted(report.graph_commits, "commit");
  if (report.graph_kind == GraphKind::kReconstructed) {
    return "reconstructed, " + commits +
           ": what leaves the recorded way walks on made-up commits";
  }
  return std::string(NameOf(report.graph_kind)) + ", " + commits;
}

WhatifFields FieldsOf(const WhatifReport& report, const WhatifResult& result) {
  WhatifFields out;
  const WhatifRecord& record = result.record;
  AddDivergence(record, out);
  AddOwnSteps(record, out);
  std::string outcome = OutcomeText(report, record);
  if (report.truth) {
    outcome += "; beside the truth: ";
    outcome += NameOf(JudgeOutcome(record, *report.truth));
  }
  out.emplace_back("by record", outcome);
  if (record.suspects.size() > 1 &&
      record.suspects.size() <= kMaxSuspectsListed) {
    std::string list;
    for (const std::string& suspect : record.suspects) {
      if (!list.empty()) list += ' ';
      list += Short(suspect);
    }
    out.emplace_back("", list);
  }
  if (result.model) AddModel(*result.model, out);
  for (const std::string& note : record.notes) out.emplace_back("note", note);
  return out;
}

WhatifFields FieldsOf(const CorpusSummary& summary,
                      const CorpusPolicy& policy) {
  WhatifFields out;
  out.emplace_back("parts", "in " + std::to_string(policy.diverging) + " of " +
                                std::to_string(summary.recordings));
  if (summary.truths > 0) {
    out.emplace_back("by record",
                     std::to_string(policy.right) + " right, " +
                         std::to_string(policy.wrong) + " wrong, " +
                         std::to_string(policy.undecided) + " undecided, of " +
                         std::to_string(summary.truths));
  }
  if (!summary.modelled) return out;
  out.emplace_back("model adds",
                   "right " + Percent(policy.modelled_right) + ", wrong " +
                       Percent(policy.modelled_wrong) + ", undecided " +
                       Percent(policy.modelled_undecided) +
                       ", in worlds that fit the records");
  if (policy.names_truth) {
    out.emplace_back("",
                     "names the known truth: " + Percent(*policy.names_truth));
  }
  std::string extra = Fixed(policy.extra_tests, 1) + " tests and " +
                      Fixed(policy.extra_runs, 1) + " runs beyond the records";
  if (summary.timed > 0) {
    extra += ", about " + Fixed(policy.machine_hours, 1) + " machine hours (" +
             Counted(summary.timed, "recording") + " with times)";
  }
  out.emplace_back("", extra);
  return out;
}

std::string DifferenceText(const PairedDifference& difference) {
  std::string text = Points(difference.difference) + " points right";
  if (difference.low && difference.high) {
    text +=
        " [" + Points(*difference.low) + ", " + Points(*difference.high) + "]";
  }
  return text;
}

WhatifFields PairsOf(const CorpusSummary& summary) {
  WhatifFields out;
  for (const CorpusPair& pair : summary.pairs) {
    const std::string names{LetterOf(pair.second), ' ', '-', ' ',
                            LetterOf(pair.first)};
    if (pair.by_record.recordings > 0) {
      out.emplace_back(names, "by record " + DifferenceText(pair.by_record) +
                                  "; right in " +
                                  std::to_string(pair.by_record.only_second) +
                                  " where the other is not, the other in " +
                                  std::to_string(pair.by_record.only_first));
    }
    if (pair.modelled) {
      out.emplace_back(names, "modelled " + DifferenceText(*pair.modelled));
    }
  }
  if (summary.pairs.empty()) return out;
  out.emplace_back(
      "", "intervals: 95%; by record Newcombe's for paired shares" +
              (summary.modelled
                   ? ", modelled a paired bootstrap over recordings, " +
                         std::to_string(kResamples) + " resamples"
                   : std::string()));
  return out;
}

}  // namespace

char LetterOf(std::size_t policy) {
  return static_cast<char>('A' + policy % 26);
}

WhatifWords WordsOf(const WhatifReport& report) {
  WhatifWords words;
  words.head.emplace_back("graph", GraphText(report));
  words.head.emplace_back(
      "recorded",
      (report.culprit.empty() ? std::string("no culprit")
                              : "culprit " + Short(report.culprit)) +
          ", " + Counted(report.steps.size(), "step") + ", as " +
          GitName(report.git));
  if (report.recording->kind == RecordingKind::kFix) {
    words.head.emplace_back(
        "verdicts",
        "git's: bad is fixed, good still crashes; in the reasons bad is a "
        "crash");
  }
  if (report.truth) words.head.emplace_back("truth", Short(*report.truth));
  for (const WhatifResult& result : report.results) {
    words.policies.push_back({NameOf(result.policy), FieldsOf(report, result)});
  }
  return words;
}

WhatifWords WordsOf(const CorpusSummary& summary) {
  WhatifWords words;
  if (summary.failed > 0) {
    words.head.emplace_back("failed", Counted(summary.failed, "recording"));
  }
  if (summary.without_runs > 0) {
    words.head.emplace_back(
        "left out",
        Counted(summary.without_runs, "recording") + " without runs");
  }
  for (std::size_t p = 0; p < summary.policies.size(); ++p) {
    words.policies.push_back(
        {LetterOf(p) + std::string("  ") + NameOf(summary.names[p]),
         FieldsOf(summary, summary.policies[p])});
  }
  words.pairs = PairsOf(summary);
  return words;
}

std::string TitleOf(const CorpusSummary& summary) {
  return "corpus of " + Counted(summary.recordings, "recording") + ", " +
         Counted(summary.truths, "known truth");
}

}  // namespace rebisect
