#include "harness/suite/case/scenario_case.h"

#include <algorithm>
#include <bit>
#include <optional>
#include <utility>
#include <variant>

#include "harness/suite/case/scenario_graph.h"
#include "harness/suite/case/scenario_names.h"
#include "oracle/answers/truth_oracle.h"
#include "sim/base/check.h"
#include "sim/base/prng.h"
#include "sim/base/result.h"
#include "sim/graph/commit_arrays.h"
#include "sim/graph/reachable.h"

namespace rebisect {
namespace {

/// The commits without children.
std::vector<Vertex> TipsOf(const CommitGraph& graph) {
  std::vector<bool> has_child(graph.size(), false);
  for (Vertex v = 0; v < graph.size(); ++v) {
    for (const Vertex p : graph.Parents(v)) has_child[p] = true;
  }
  std::vector<Vertex> tips;
  for (Vertex v = 0; v < graph.size(); ++v) {
    if (!has_child[v]) tips.push_back(v);
  }
  return tips;
}

class Preparation {
 public:
  explicit Preparation(const Scenario& scenario) : scenario_(scenario) {
    case_.scenario = &scenario;
  }

  Result<ScenarioCase> Run() {
    REBISECT_ASSIGN_OR_RETURN(auto made, MakeScenarioGraph(scenario_));
    case_.written = std::move(made.graph);
    case_.layout.files = std::move(made.files);
    for (auto step : {&Preparation::FindEnds, &Preparation::Substitute,
                      &Preparation::FindSuspects, &Preparation::FindMarks,
                      &Preparation::FindTruth, &Preparation::FindExpected}) {
      REBISECT_RETURN_IF_ERROR((this->*step)(made));
    }
    LayOutBranches();
    FindNeeds();
    return std::move(case_);
  }

 private:
  [[nodiscard]] CommitId IdOf(Vertex v) const { return case_.graph.Id(v); }

  /// Both in `written`.
  Result<void> FindEnds(const ScenarioGraph& made) {
    const ScenarioStart& start = scenario_.start;
    const ScenarioNames names(case_.written);
    bad_ = made.bad;
    if (start.bad) {
      REBISECT_ASSIGN_OR_RETURN(const auto bad, names.Find(*start.bad));
      bad_ = bad;
    } else if (bad_ == kNoVertex) {
      const std::vector<Vertex> tips = TipsOf(case_.written);
      if (tips.size() != 1) {
        return Fail(ErrorCode::kInput,
                    "the drawing has " + std::to_string(tips.size()) +
                        " commits without children; say with 'start' which "
                        "one is bad",
                    scenario_.where);
      }
      bad_ = tips[0];
    }
    REBISECT_ASSIGN_OR_RETURN(auto goods, names.Find(start.goods));
    goods_ = std::move(goods);
    if (!goods_.empty() || start.no_good) return {};
    goods_ = made.goods;
    if (!goods_.empty()) return {};
    for (Vertex v = 0; v < case_.written.size(); ++v) {
      if (case_.written.Parents(v).empty()) goods_.push_back(v);
    }
    if (goods_.size() == 1) return {};
    return Fail(ErrorCode::kInput,
                "the drawing has " + std::to_string(goods_.size()) +
                    " commits without parents; say with 'start' which are good",
                scenario_.where);
  }

  /// The graph as git sees it: without what lies behind a shallow commit, and
  /// with what replaces others.
  Result<void> Substitute(const ScenarioGraph&) {
    const ScenarioRepository& repository = scenario_.repository;
    const CommitGraph& written = case_.written;
    const ScenarioNames names(written);
    REBISECT_ASSIGN_OR_RETURN(const auto shallow,
                              names.Find(repository.shallow));
    std::vector<Vertex> stands_for(written.size());
    for (Vertex v = 0; v < written.size(); ++v) stands_for[v] = v;
    std::vector<Vertex> replacements;
    for (const auto& [seen, instead] : repository.replace) {
      REBISECT_ASSIGN_OR_RETURN(
          const auto both, names.Find(std::vector<CommitName>{seen, instead}));
      stands_for[both[0]] = both[1];
      replacements.push_back(both[1]);
      case_.replace.emplace_back(written.Id(both[0]), written.Id(both[1]));
    }
    std::vector<bool> cut(written.size(), false);
    for (const Vertex v : shallow) {
      cut[v] = true;
      case_.shallow.push_back(written.Id(v));
    }
    CommitArrays arrays = ArraysOf(written);
    arrays.parents.clear();
    arrays.rows.assign(1, 0);
    for (Vertex v = 0; v < written.size(); ++v) {
      arrays.dates[v] = written.Date(stands_for[v]);
      if (!cut[v]) {
        const auto parents = written.Parents(stands_for[v]);
        arrays.parents.insert(arrays.parents.end(), parents.begin(),
                              parents.end());
      }
      arrays.rows.push_back(static_cast<std::uint32_t>(arrays.parents.size()));
    }
    arrays.names.emplace("HEAD", bad_);
    auto built = CommitGraph::Build(std::move(arrays));
    if (!built) {
      return Fail(ErrorCode::kInput,
                  "'replace' makes a commit its own ancestor", scenario_.where);
    }
    case_.graph = *std::move(built);
    if (!shallow.empty()) OmitBehind(cut, replacements);
    for (Vertex* end : Ends()) *end = *case_.graph.Find(written.Id(*end));
    return {};
  }

  std::vector<Vertex*> Ends() {
    std::vector<Vertex*> ends = {&bad_};
    for (Vertex& good : goods_) ends.push_back(&good);
    return ends;
  }

  /// What is reached from no branch any more.
  void OmitBehind(const std::vector<bool>& cut,
                  const std::vector<Vertex>& replacements) {
    const CommitGraph& written = case_.written;
    std::vector<Vertex> tips = TipsOf(written);
    tips.insert(tips.end(), replacements.begin(), replacements.end());
    std::vector<bool> there(written.size(), false);
    for (const Vertex tip : tips) there[tip] = true;
    for (auto v = static_cast<Vertex>(written.size()); v-- > 0;) {
      if (!there[v] || cut[v]) continue;
      for (const Vertex p : written.Parents(v)) there[p] = true;
    }
    there.flip();
    case_.layout.omitted = std::move(there);
  }

  Result<void> FindSuspects(const ScenarioGraph&) {
    names_.emplace(case_.graph);
    const bool first_parent = scenario_.start.first_parent;
    const std::vector<Vertex> bads = {bad_};
    const std::vector<bool> behind_bad = ReachableFrom(case_.graph, bads);
    const std::vector<bool> of_bad =
        first_parent ? FirstParentsFrom(case_.graph, bads) : behind_bad;
    const std::vector<bool> of_good = ReachableFrom(case_.graph, goods_);
    std::vector<Vertex> suspects;
    for (Vertex v = 0; v < case_.graph.size(); ++v) {
      if (of_bad[v] && !of_good[v]) suspects.push_back(v);
    }
    merge_bases_ = std::any_of(goods_.begin(), goods_.end(),
                               [&](Vertex good) { return !behind_bad[good]; });
    case_.suspects = suspects.size();
    case_.optimum = suspects.empty()
                        ? 0
                        : static_cast<int>(std::bit_width(suspects.size() - 1));
    names_->SetSuspects(std::move(suspects));
    case_.start.bad = IdOf(bad_);
    for (const Vertex good : goods_) case_.start.goods.push_back(IdOf(good));
    case_.start.first_parent = first_parent;
    case_.start.paths = scenario_.start.paths;
    case_.start.term_bad = scenario_.start.term_bad;
    case_.start.term_good = scenario_.start.term_good;
    return {};
  }

  Result<void> FindMarks(const ScenarioGraph&) {
    for (const NamedMark& named : scenario_.start.marks) {
      MarkCommand mark;
      mark.term = named.term;
      for (const CommitName& name : named.commits) {
        const std::size_t dots = name.text.find("..");
        const bool range = dots != std::string::npos;
        REBISECT_ASSIGN_OR_RETURN(
            const auto first,
            names_->Find({name.text.substr(0, dots), name.where}));
        if (!range) {
          mark.arguments.emplace_back(IdOf(first));
          continue;
        }
        REBISECT_ASSIGN_OR_RETURN(
            const auto last,
            names_->Find({name.text.substr(dots + 2), name.where}));
        mark.arguments.emplace_back(CommitRange{IdOf(first), IdOf(last)});
      }
      case_.marks.push_back(std::move(mark));
    }
    return {};
  }

  /// Where any of them is.
  Result<std::vector<bool>> Where(const std::vector<NamedOrigin>& origins) {
    std::vector<bool> anywhere(case_.graph.size(), false);
    for (const NamedOrigin& named : origins) {
      Origin origin;
      if (named.culprit) {
        REBISECT_ASSIGN_OR_RETURN(const auto culprit,
                                  names_->Find(*named.culprit));
        origin.culprit = IdOf(culprit);
      }
      REBISECT_ASSIGN_OR_RETURN(const auto fixes, names_->Find(named.fixes));
      for (const Vertex fix : fixes) origin.fixes.push_back(IdOf(fix));
      const auto there = WhereThere(case_.graph, origin);
      REBISECT_CHECK(there.has_value());
      for (Vertex v = 0; v < case_.graph.size(); ++v) {
        anywhere[v] = anywhere[v] || (*there)[v];
      }
    }
    return anywhere;
  }

  Result<void> FindTruth(const ScenarioGraph&) {
    REBISECT_ASSIGN_OR_RETURN(const auto bug, Where(scenario_.bugs));
    REBISECT_ASSIGN_OR_RETURN(const auto broken, Where(scenario_.broken));
    const bool cause = scenario_.search == RecordingKind::kCause;
    case_.sure.assign(case_.graph.size(), false);
    for (Vertex v = 0; v < case_.graph.size(); ++v) {
      case_.codes.push_back(bug[v] == cause ? kBadCode : kGoodCode);
      if (broken[v]) Answer(v, kSkipCode);
    }
    REBISECT_ASSIGN_OR_RETURN(const auto untestable,
                              names_->Find(scenario_.untestable));
    for (const Vertex v : untestable) Answer(v, kSkipCode);
    for (const auto& [name, code] : scenario_.answers) {
      REBISECT_ASSIGN_OR_RETURN(const auto commit, names_->Find(name));
      Answer(commit, code);
    }
    return {};
  }

  void Answer(Vertex v, int code) {
    case_.codes[v] = code;
    case_.sure[v] = true;
  }

  Result<void> FindExpected(const ScenarioGraph&) {
    const Expectation& expect = scenario_.expect;
    for (auto [names, ids] : {std::pair{&expect.culprits, &case_.culprits},
                              {&expect.candidates, &case_.candidates}}) {
      REBISECT_ASSIGN_OR_RETURN(const auto found, names_->Find(*names));
      for (const Vertex v : found) ids->push_back(IdOf(v));
      std::sort(ids->begin(), ids->end());
    }
    return {};
  }

  void LayOutBranches() {
    const CommitGraph& written = case_.written;
    const Vertex bad = *written.Find(IdOf(bad_));
    case_.layout.head = "refs/heads/main";
    case_.layout.refs.emplace(case_.layout.head, bad);
    std::size_t others = 0;
    for (const Vertex tip : TipsOf(written)) {
      if (tip == bad) continue;
      case_.layout.refs.emplace("refs/heads/side" + std::to_string(++others),
                                tip);
    }
  }

  [[nodiscard]] bool Expects(ToolOutcome outcome) const {
    const auto& outcomes = scenario_.expect.outcomes;
    return std::find(outcomes.begin(), outcomes.end(), outcome) !=
           outcomes.end();
  }

  void FindNeeds() {
    const ScenarioStart& start = scenario_.start;
    const ScenarioRepository& repository = scenario_.repository;
    const CommitGraph& graph = case_.graph;
    const auto answers = [&](auto&& is) {
      return std::any_of(case_.codes.begin(), case_.codes.end(), is);
    };
    bool octopus = false;
    for (Vertex v = 0; v < graph.size(); ++v) {
      octopus = octopus || graph.Parents(v).size() > 2;
    }
    const bool skip_marks =
        std::any_of(start.marks.begin(), start.marks.end(),
                    [](const NamedMark& mark) { return mark.term == "skip"; });
    const std::pair<std::string_view, bool> features[] = {
        {"skip", skip_marks || answers([](int c) { return c == kSkipCode; })},
        {"only-skipped", Expects(ToolOutcome::kOnlySkipped)},
        {"terms", start.term_bad || start.term_good},
        {"merge-bases", merge_bases_},
        {"first-parent", start.first_parent},
        {"paths", !start.paths.empty()},
        {"no-checkout", start.no_checkout},
        {"several-goods", start.goods.size() > 1},
        {"no-good", start.no_good},
        {"octopus", octopus},
        {"noise", scenario_.Noisy()},
        {"marks", !start.marks.empty() && !start.replay},
        {"replay", start.replay},
        {"abort", answers([](int c) { return c >= kAbortCode; })},
        {"refuses",
         Expects(ToolOutcome::kRefused) || Expects(ToolOutcome::kMergeBaseBad)},
        {"bare", repository.bare},
        {"shallow", !repository.shallow.empty()},
        {"replace", !repository.replace.empty()},
        {"worktree", repository.linked_worktree},
        {"fix", scenario_.search == RecordingKind::kFix}};
    for (const auto& [name, needed] : features) {
      if (needed) case_.needs.emplace(name);
    }
    case_.needs.insert(scenario_.needs.begin(), scenario_.needs.end());
  }

  const Scenario& scenario_;
  ScenarioCase case_{};
  Vertex bad_ = kNoVertex;
  std::vector<Vertex> goods_{};
  std::optional<ScenarioNames> names_{};  // of case_.graph
  bool merge_bases_ = false;
};

}  // namespace

int ScenarioCase::CodeAt(Vertex commit, std::uint32_t visit,
                         std::uint32_t search) const {
  const int code = codes[commit];
  if (sure[commit]) return code;
  const double chance =
      code == kGoodCode ? scenario->false_bad : scenario->false_good;
  if (chance <= 0) return code;
  std::uint64_t key = 0;
  for (std::size_t i = 0; i < sizeof(key); ++i) {
    key = key << 8 | graph.Id(commit).bytes[i];
  }
  const bool wrong = KeyedUniform(scenario->seed, search, key, visit) < chance;
  if (!wrong) return code;
  return code == kGoodCode ? kBadCode : kGoodCode;
}

std::string ScenarioCase::NameOf(const CommitId& id) const {
  const auto v = graph.Find(id);
  return v ? graph.Label(*v) : id.Hex();
}

Result<ScenarioCase> PrepareScenario(const Scenario& scenario) {
  return Preparation(scenario).Run();
}

}  // namespace rebisect
