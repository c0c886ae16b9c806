#include "harness/replay/explain.h"

#include <algorithm>
#include <optional>
#include <variant>
#include <vector>

#include "harness/text/report_lines.h"
#include "sim/graph/weights.h"

namespace rebisect {
namespace {

std::optional<Suspect> FindSuspect(const SuspectGraph& suspects, Vertex v) {
  const auto it =
      std::lower_bound(suspects.vertices.begin(), suspects.vertices.end(), v);
  if (it == suspects.vertices.end() || *it != v) return std::nullopt;
  return static_cast<Suspect>(it - suspects.vertices.begin());
}

/// How the walk of git could leave the commit out.
std::string WhyNoSuspect(const BisectSession& session, const CommitId& id) {
  if (session.goods().count(id) != 0) {
    return "it was already marked " + session.term_good();
  }
  return "the marks before exclude it (it is reachable from a " +
         session.term_good() + " commit, or not from the " +
         session.term_bad() + " one)";
}

std::string CompareWeights(const SuspectGraph& suspects, Suspect here,
                           Suspect recorded, const std::string& here_name,
                           const std::string& recorded_name) {
  const Weights weights = ComputeWeights(suspects);
  const std::int64_t total = suspects.counted_total;
  const auto distance = [&](Suspect s) {
    return std::min<std::int64_t>(weights[s], total - weights[s]);
  };
  std::string text = "of " + std::to_string(total) + " suspects " + here_name +
                     " reaches " + std::to_string(weights[here]) +
                     " and the recorded " + recorded_name + ' ' +
                     std::to_string(weights[recorded]);
  if (distance(here) == distance(recorded)) {
    return text + ": equally good, the order in which git looks decides";
  }
  return text + (distance(here) > distance(recorded)
                     ? ": nearer to the half"
                     : ": the recorded one is nearer to the half, but git "
                       "stops at the first that is near enough");
}

std::string Named(const SearchOptions& options, const std::string& versions) {
  return (options.run ? "`git bisect run` of git " : "git ") + versions +
         (options.commit_graph ? " with a commit-graph file" : "");
}

}  // namespace

std::string ExplainChoice(const Search& search, const StepReport& here,
                          const CommitId& recorded, const Move& move) {
  const BisectSession& session = search.session();
  const GraphSource& source = search.source();
  const CommitGraph& graph = source.graph();
  const std::string recorded_name = Short(source.Label(recorded));
  if (here.state == SessionState::kFound) {
    return "here the search has ended at " +
           Short(source.Label(*here.culprit)) +
           ", and the record goes on with " + recorded_name;
  }
  if (!here.next) {
    std::string why = here.output + here.errors;
    std::replace(why.begin(), why.end(), '\n', ' ');
    return "here git would stop: " + why;
  }
  const std::string here_name = Short(source.Label(*here.next));
  std::string text = "git " + search.session().version().ToString() +
                     " proposes " + here_name + " instead of " + recorded_name;
  if (here.state == SessionState::kMergeBase) {
    return text + ", a merge base of the " + session.term_good() + " and the " +
           session.term_bad() + " commit";
  }
  const auto& suspects = session.suspects();
  if (!suspects || suspects->graph != &graph) return text;
  const auto recorded_vertex = graph.Find(recorded);
  const auto own = FindSuspect(*suspects, *graph.Find(*here.next));
  const auto other =
      recorded_vertex ? FindSuspect(*suspects, *recorded_vertex) : std::nullopt;
  if (!other) {
    return text +
           ", which is no suspect here: " + WhyNoSuspect(session, recorded);
  }
  if (own) {
    text += "; " +
            CompareWeights(*suspects, *own, *other, here_name, recorded_name);
  }
  if (move.revisions_left && here.revisions_left &&
      *move.revisions_left != *here.revisions_left) {
    text += "; the record leaves " + std::to_string(*move.revisions_left) +
            ", this graph " + std::to_string(*here.revisions_left) +
            ": it may not be the graph that was searched";
  }
  return text;
}

SearchTraits TraitsOf(const Recording& recording) {
  SearchTraits traits;
  for (const Event& event : recording.events) {
    if (const auto* start = std::get_if<Start>(&event)) {
      traits.paths = traits.paths || !start->paths.empty();
      traits.first_parent = traits.first_parent || start->first_parent;
    } else if (const auto* mark = std::get_if<Mark>(&event)) {
      if (mark->verdict != Verdict::kSkip) continue;
      traits.skips = true;
      for (const std::string& name : mark->commits) {
        if (name.find("..") != std::string::npos) traits.skip_ranges = true;
      }
    }
  }
  return traits;
}

std::string ExplainRules(const SearchOptions& options,
                         const SearchOptions& other,
                         const SearchTraits& traits) {
  const GitRules here = GitRules::Of(options.version);
  const GitRules there = GitRules::Of(other.version);
  const struct {
    bool GitRules::*rule;
    bool matters;
    const char* text;
  } kDifferences[] = {
      {&GitRules::newest_first, true,
       "before 1.5.1 git looked at the newest commits first and took the best "
       "of all"},
      {&GitRules::approximate_halfway, true,
       "from 2.30.0 on git stops at a commit within a thousandth of the half"},
      {&GitRules::merge_base_marks_leak, true,
       "before 2.3.0 the search for merge bases spoiled the count of the "
       "first merge"},
      {&GitRules::marks_in_process, traits.skips,
       "from 2.30.0 on marks are read in the process that makes the next step"},
      {&GitRules::skip_range_leaks, traits.skip_ranges,
       "from 2.31.0 on `skip A..B` hides ancestors of A from the next step"},
      {&GitRules::stale_sorted_tail, traits.skips && traits.paths,
       "before 2.15.1 the list of a search with paths and skips was one "
       "commit too long"},
      {&GitRules::old_treesame, traits.paths,
       "before 1.8.4 merges in a search with paths were simplified in another "
       "way"},
      {&GitRules::signed_skip_prn, traits.skips,
       "before 1.8.2.2 the jump away from skipped commits was computed in "
       "signed numbers"},
      {&GitRules::no_skip_jump, traits.skips,
       "before 1.6.4 a skipped commit was passed over for the next best"},
      {&GitRules::first_parent, traits.first_parent,
       "--first-parent exists from 2.29.0 on"},
  };
  std::string text;
  for (const auto& difference : kDifferences) {
    if (!difference.matters ||
        here.*difference.rule == there.*difference.rule) {
      continue;
    }
    if (!text.empty()) text += "; ";
    text += difference.text;
    // So different that the rest does not matter.
    if (difference.rule == &GitRules::newest_first) return text;
  }
  if (options.run != other.run) {
    if (!text.empty()) text += "; ";
    text +=
        "from 2.34.0 on `git bisect run` is one process, in which what one "
        "step marked and simplified is there in the next";
  }
  return text;
}

std::string GitName(const SearchOptions& options) {
  return Named(options, options.version.ToString());
}

std::string GitNames(const SearchOptions& options) {
  return Named(options, FamilyRange(options.version, options.run));
}

}  // namespace rebisect
