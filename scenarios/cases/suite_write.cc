#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "scenarios/cases/scenario.h"
#include "scenarios/recording/recording_names.h"
#include "scenarios/yaml/yaml_scalar.h"
#include "sim/base/check.h"
#include "sim/base/text.h"

namespace rebisect {
namespace {

using std::string_view;

std::string Scalar(string_view text) { return YamlScalar(text, true); }
std::string NameText(const CommitName& name) { return Scalar(name.text); }

/// With commas between them.
template <class Items, class ToText>
std::string Joined(const Items& items, const ToText& to_text) {
  std::string list;
  for (const auto& item : items) {
    if (!list.empty()) list += ", ";
    list += to_text(item);
  }
  return list;
}

/// A list; one item alone stands for a list of one.
template <class Items, class ToText>
std::string ListText(const Items& items, const ToText& to_text) {
  std::string list = Joined(items, to_text);
  return items.size() == 1 ? list : "[" + list + "]";
}

/// `{key: value, ...}`; what has its default is left out.
class FlowMap {
 public:
  /// `key` as YamlFlowKey() has it, where it comes from an input.
  void Entry(string_view key, string_view value) {
    if (!text_.empty()) text_ += ", ";
    text_.append(key).append(value);
  }
  void Raw(string_view key, string_view value) {
    Entry(std::string(key) + ": ", value);
  }
  void Flag(string_view key, bool value) {
    if (value) Raw(key, "true");
  }
  void Text(string_view key, const std::optional<std::string>& value) {
    if (value) Raw(key, Scalar(*value));
  }
  void Name(string_view key, const std::optional<CommitName>& value) {
    if (value) Raw(key, NameText(*value));
  }
  void Names(string_view key, const std::vector<CommitName>& names) {
    if (!names.empty()) Raw(key, ListText(names, &NameText));
  }
  void Number(string_view key, const std::optional<double>& value) {
    if (value) Raw(key, ShortestNumber(*value));
  }
  void Int(string_view key, const std::optional<int>& value) {
    if (value) Raw(key, std::to_string(*value));
  }

  [[nodiscard]] bool empty() const { return text_.empty(); }
  [[nodiscard]] std::string Done() const { return "{" + text_ + "}"; }

 private:
  std::string text_{};
};

std::string MarkText(const NamedMark& mark) {
  std::string text = mark.term;
  for (const CommitName& commit : mark.commits) text += " " + commit.text;
  return Scalar(text);
}

std::string OriginText(const NamedOrigin& origin, string_view begin,
                       string_view end) {
  FlowMap part;
  part.Name(begin, origin.culprit);
  part.Names(end, origin.fixes);
  return part.Done();
}

std::string BugText(const NamedOrigin& bug) {
  // `none` alone would say that there is no bug.
  const bool alone =
      bug.culprit && bug.fixes.empty() && bug.culprit->text != "none";
  return alone ? NameText(*bug.culprit) : OriginText(bug, "culprit", "fixed");
}

/// The lines of a suite file.
class SuiteWriter {
 public:
  std::string Write(const Suite& suite) {
    Line("", "rebisect", "suite/1");
    Line("", "name", YamlScalar(suite.name, false));
    if (!suite.about.empty()) {
      Line("", "about", YamlScalar(suite.about, false));
    }
    Line("", "scenarios", "");
    for (const Scenario& scenario : suite.scenarios) One(scenario);
    return std::move(text_);
  }

 private:
  void Line(string_view indent, string_view key, string_view value) {
    text_.append(indent).append(key).append(":");
    if (!value.empty()) text_.append(" ").append(value);
    text_ += '\n';
  }
  void Field(string_view key, string_view value) { Line("    ", key, value); }
  void Part(string_view key, const FlowMap& part) {
    if (!part.empty()) Field(key, part.Done());
  }

  void One(const Scenario& scenario) {
    Line("  - ", "name", YamlScalar(scenario.name, false));
    if (!scenario.about.empty()) {
      Field("about", YamlScalar(scenario.about, false));
    }
    Graph(scenario.history);
    Dates(scenario.dates);
    if (scenario.search == RecordingKind::kFix) Field("search", "fix");
    Start(scenario.start);
    Truth(scenario);
    Noise(scenario);
    Repository(scenario.repository);
    if (scenario.limit_seconds) {
      Field("limit", ShortestNumber(*scenario.limit_seconds));
    }
    if (!scenario.needs.empty()) {
      Field("needs", ListText(scenario.needs, &Scalar));
    }
    Expect(scenario.expect);
    if (scenario.errata.empty()) return;
    Field("errata", "");
    for (const Erratum& erratum : scenario.errata) One(erratum);
  }

  void Graph(const std::variant<Drawing, HistorySource>& history) {
    if (const auto* const drawing = std::get_if<Drawing>(&history)) {
      const std::vector<std::string> chains = ChainsOf(*drawing);
      if (chains.size() == 1) {
        return Field("graph", YamlScalar(chains[0], false));
      }
      Field("graph", "");
      for (const std::string& chain : chains) {
        text_.append("      - ").append(YamlScalar(chain, false)).append("\n");
      }
      return;
    }
    const auto* const made =
        std::get_if<GeneratedHistory>(&std::get<HistorySource>(history));
    REBISECT_CHECK(made != nullptr);
    FlowMap graph;
    graph.Raw("generate", NameOf(made->shape));
    graph.Raw("commits", std::to_string(made->commits));
    graph.Raw("seed", std::to_string(made->seed));
    Part("graph", graph);
  }

  void Dates(const ScenarioDates& dates) {
    using Kind = ScenarioDates::Kind;
    if (dates.kind == Kind::kEqual) return Field("dates", "equal");
    if (dates.kind == Kind::kFalling) return Field("dates", "falling");
    FlowMap minutes;
    for (const auto& [name, number] : dates.minutes) {
      minutes.Entry(YamlFlowKey(name), std::to_string(number));
    }
    Part("dates", minutes);
  }

  void Start(const ScenarioStart& start) {
    FlowMap part;
    part.Name("bad", start.bad);
    part.Names("good", start.goods);
    part.Flag("no-good", start.no_good);
    part.Text("term-bad", start.term_bad);
    part.Text("term-good", start.term_good);
    part.Flag("first-parent", start.first_parent);
    part.Flag("no-checkout", start.no_checkout);
    if (!start.paths.empty()) {
      part.Raw("paths", ListText(start.paths, &Scalar));
    }
    if (!start.marks.empty()) {
      part.Raw("marks", ListText(start.marks, &MarkText));
    }
    part.Flag("replay", start.replay);
    Part("start", part);
  }

  void Truth(const Scenario& scenario) {
    Field("bug",
          scenario.bugs.empty() ? "none" : ListText(scenario.bugs, &BugText));
    std::string broken = Joined(scenario.untestable, &NameText);
    if (!scenario.broken.empty()) {
      if (!broken.empty()) broken += ", ";
      broken += Joined(scenario.broken, [](const NamedOrigin& range) {
        return OriginText(range, "from", "until");
      });
    }
    if (!broken.empty()) Field("broken", "[" + broken + "]");
    FlowMap answers;
    for (const auto& [commit, code] : scenario.answers) {
      answers.Entry(YamlFlowKey(commit.text), std::to_string(code));
    }
    Part("answers", answers);
  }

  void Noise(const Scenario& scenario) {
    const Scenario usual;
    FlowMap noise;
    if (scenario.false_bad > 0) {
      noise.Number("false-bad", scenario.false_bad);
    }
    if (scenario.false_good > 0) {
      noise.Number("false-good", scenario.false_good);
    }
    if (scenario.seed != usual.seed) {
      noise.Raw("seed", std::to_string(scenario.seed));
    }
    Part("noise", noise);
    if (scenario.repeats != usual.repeats) {
      Field("repeats", std::to_string(scenario.repeats));
    }
  }

  void Repository(const ScenarioRepository& repository) {
    FlowMap part;
    part.Flag("bare", repository.bare);
    part.Flag("linked-worktree", repository.linked_worktree);
    part.Flag("detached", repository.detached);
    part.Names("shallow", repository.shallow);
    FlowMap replace;
    for (const auto& [from, to] : repository.replace) {
      replace.Entry(YamlFlowKey(from.text), NameText(to));
    }
    if (!replace.empty()) part.Raw("replace", replace.Done());
    FlowMap changes;
    for (const auto& [path, commits] : repository.changes) {
      changes.Entry(YamlFlowKey(path), ListText(commits, &NameText));
    }
    if (!changes.empty()) part.Raw("changes", changes.Done());
    Part("repository", part);
  }

  void Expect(const Expectation& expect) {
    FlowMap part;
    part.Names("culprit", expect.culprits);
    part.Names("candidates", expect.candidates);
    part.Raw("outcome", ListText(expect.outcomes, [](ToolOutcome outcome) {
               return std::string(NameOf(outcome));
             }));
    part.Int("exit", expect.exit_code);
    FlowMap tests;
    tests.Int("max", expect.most_tests);
    tests.Int("over-optimum", expect.over_optimum);
    tests.Int("over-git", expect.over_git);
    tests.Number("mean-max", expect.most_mean_tests);
    if (!tests.empty()) part.Raw("tests", tests.Done());
    if (expect.repeated != 0) {
      part.Raw("repeated", std::to_string(expect.repeated));
    }
    if (expect.least_accuracy) {
      FlowMap accuracy;
      accuracy.Number("min", expect.least_accuracy);
      accuracy.Number("confidence", expect.confidence);
      part.Raw("accuracy", accuracy.Done());
    }
    Part("expect", part);
  }

  void One(const Erratum& erratum) {
    Line("      - ", "tool", YamlScalar(erratum.tool, false));
    if (erratum.since) Line(kInner, "since", erratum.since->ToString());
    if (erratum.until) Line(kInner, "until", erratum.until->ToString());
    Line(kInner, "about", YamlScalar(erratum.about, false));
  }

  static constexpr string_view kInner = "        ";

  std::string text_{};
};

}  // namespace

std::string SuiteText(const Suite& suite) { return SuiteWriter().Write(suite); }

}  // namespace rebisect
