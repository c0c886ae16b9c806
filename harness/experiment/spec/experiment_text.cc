// An experiment as text: one form for each meaning.

#include "harness/experiment/spec/experiment_parts.h"
#include "harness/search/selection_policies.h"
#include "oracle/verdict/retry_policy.h"
#include "oracle/verdict/verdict_policy.h"
#include "scenarios/recording/recording_names.h"
#include "scenarios/yaml/yaml_scalar.h"
#include "sim/base/text.h"

namespace rebisect {
namespace {

using std::string_view;

std::string FileName(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

/// A mapping on one line.
class FieldMap {
 public:
  void Plain(string_view key, string_view value) {
    text_.append(text_.empty() ? "{" : ", ");
    text_.append(key).append(": ").append(value);
  }
  void Text(string_view key, string_view value) {
    Plain(key, YamlScalar(value, true));
  }
  void Number(string_view key, double value) {
    Plain(key, ShortestNumber(value));
  }
  /// What is as it is by default is left out.
  void Unless(double fallback, string_view key, double value) {
    if (value != fallback) Number(key, value);
  }
  void Maybe(string_view key, const std::optional<double>& value) {
    if (value) Number(key, *value);
  }
  void Maybe(string_view key, const std::optional<std::int64_t>& value) {
    if (value) Plain(key, std::to_string(*value));
  }
  [[nodiscard]] std::string Take() const {
    return text_.empty() ? "{}" : text_ + '}';
  }

 private:
  std::string text_;
};

void PutEnds(FieldMap& map, const std::string& bad,
             const std::vector<std::string>& goods) {
  std::string list;
  for (const std::string& good : goods) {
    list.append(list.empty() ? "[" : ", ").append(YamlScalar(good, true));
  }
  map.Plain("good", list + ']');
  map.Text("bad", bad);
}

struct GraphText {
  FieldMap& map;

  void operator()(const RepositoryRange& range) const {
    map.Text("repository", FileName(range.path));
    PutEnds(map, range.bad, range.goods);
  }
  void operator()(const DagRange& range) const {
    map.Text("dag", FileName(range.path));
    PutEnds(map, range.bad, range.goods);
  }
  void operator()(const GeneratedHistory& history) const {
    map.Text("generate", NameOf(history.shape));
    map.Plain("commits", std::to_string(history.commits));
    map.Plain("seed", std::to_string(history.seed));
  }
  void operator()(const ReconstructedRecording& recording) const {
    map.Text("recording", FileName(recording.path));
  }
};

void PutFault(FieldMap& map, string_view key, const Fault& fault) {
  const Fault usual;
  FieldMap inner;
  inner.Unless(usual.share, "share", fault.share);
  inner.Unless(usual.rate, "rate", fault.rate);
  if (fault.outcome != usual.outcome) {
    inner.Text("outcome", NameOf(fault.outcome));
  }
  if (!fault.title.empty()) inner.Text("title", fault.title);
  if (inner.Take() != "{}") map.Plain(key, inner.Take());
}

struct NoiseText {
  FieldMap& map;

  void operator()(const VerdictNoise& noise) const {
    map.Number("false-bad", noise.false_bad);
    map.Number("false-good", noise.false_good);
  }
  void operator()(const RunNoise& noise) const {
    const NoiseModel usual;
    const NoiseModel& model = noise.model;
    map.Number("crash-rate", noise.crash.mean);
    map.Maybe("concentration", noise.crash.concentration);
    map.Unless(usual.false_crash.mean, "false-crash-rate",
               model.false_crash.mean);
    map.Maybe("false-crash-concentration", model.false_crash.concentration);
    map.Unless(usual.infra_rate, "infra-rate", model.infra_rate);
    map.Unless(usual.boot_failure_rate, "boot-failure-rate",
               model.boot_failure_rate);
    map.Unless(usual.test_failure_rate, "test-failure-rate",
               model.test_failure_rate);
    map.Unless(usual.runs, "runs", model.runs);
    map.Unless(usual.machines, "machines", model.machines);
    if (model.one_machine_per_build) map.Plain("one-machine-per-build", "true");
    PutFault(map, "bad-machine", model.bad_machine);
    PutFault(map, "bad-build", model.bad_build);
    PutFault(map, "bad-commit", model.bad_commit);
  }
};

template <class List, class Text>
void PutList(std::string& text, string_view key, const List& list,
             const Text& text_of) {
  if (list.empty()) return;
  text.append(key).append(":\n");
  for (const auto& item : list) {
    text.append("  - ").append(text_of(item)).append("\n");
  }
}

void PutPolicies(std::string& text, string_view key,
                 const std::vector<PolicyChain>& chains,
                 std::span<const PolicyInfo> known) {
  PutList(text, key, chains, [&](const PolicyChain& chain) {
    return YamlScalar(ToText(Canonical(chain, known, true)), false);
  });
}

}  // namespace

std::string TextOf(const ExperimentGraph& graph) {
  FieldMap map;
  std::visit(GraphText{map}, graph.source);
  return map.Take();
}

std::string TextOf(const ExperimentTruth& truth) {
  FieldMap map;
  switch (truth.kind) {
    case ExperimentTruth::Kind::kEvery:
      return "every";
    case ExperimentTruth::Kind::kNone:
      return "none";
    case ExperimentTruth::Kind::kMaybe:
      map.Number("none", truth.none);
      break;
    case ExperimentTruth::Kind::kSample:
      map.Plain("sample", std::to_string(truth.count));
      break;
    case ExperimentTruth::Kind::kWeighted:
      map.Text("weights", FileName(truth.table.path));
      map.Text("sha1", truth.table.sha1);
      break;
  }
  return map.Take();
}

std::string TextOf(const ExperimentNoise& noise) {
  FieldMap map;
  if (!noise.name.empty()) map.Text("name", noise.name);
  std::visit(NoiseText{map}, noise.noise);
  return map.Take();
}

std::string TextOf(const ExperimentBudget& budget) {
  FieldMap map;
  map.Maybe("tests", budget.tests);
  map.Maybe("runs", budget.runs);
  map.Maybe("cost-ms", budget.cost_ms);
  return map.Take();
}

std::string TextOf(const ExperimentPrior& prior) {
  FieldMap map;
  if (const auto* table = std::get_if<CommitTable>(&prior.source)) {
    map.Text("weights", FileName(table->path));
    map.Text("sha1", table->sha1);
    return map.Take();
  }
  const auto& paths = std::get<ExperimentPrior::Paths>(prior.source);
  FieldMap patterns;
  for (const auto& [pattern, weight] : paths.patterns) {
    patterns.Number(YamlScalar(pattern, true), weight);
  }
  map.Plain("paths", patterns.Take());
  map.Number("others", paths.others);
  return map.Take();
}

void Reseed(ExperimentSpec& spec, std::uint64_t seed) {
  spec.seed = seed;
  spec.canonical = CanonicalText(spec);
}

std::string CanonicalText(const ExperimentSpec& spec) {
  std::string text = "rebisect: experiment/1\n";
  const auto put = [&](string_view key, const std::string& value) {
    text.append(key).append(": ").append(value).append("\n");
  };
  const auto text_of = [](const auto& part) { return TextOf(part); };
  put("name", YamlScalar(spec.name, false));
  put("seed", std::to_string(spec.seed));
  put("trials", std::to_string(spec.trials));
  put("exact", spec.exact ? "true" : "false");
  if (spec.block_trials) {
    put("block-trials", std::to_string(*spec.block_trials));
  }
  PutList(text, "graphs", spec.graphs, text_of);
  PutList(text, "truths", spec.truths, text_of);
  PutList(text, "noise", spec.noises, text_of);
  std::vector<PolicyChain> selections;
  for (const PolicySpec& policy : spec.selections) {
    selections.push_back({policy});
  }
  if (!spec.priors.empty()) text.append("priors:\n");
  for (const ExperimentPrior& prior : spec.priors) {
    text.append("  ").append(prior.name).append(": ");
    text.append(TextOf(prior)).append("\n");
  }
  PutPolicies(text, "select", selections, SelectionPolicies());
  PutPolicies(text, "retry", spec.retries, RetryPolicies());
  if (!spec.rules.empty())
    text.append("rules:\n").append(spec.rules.Canonical());
  PutPolicies(text, "verdict", spec.verdicts, VerdictPolicies());
  PutList(text, "budgets", spec.budgets, text_of);
  if (spec.cost) {
    FieldMap map;
    map.Plain("build-ms", std::to_string(spec.cost->build_ms));
    map.Plain("run-ms", std::to_string(spec.cost->run_ms));
    if (const auto& builds = spec.cost->builds) {
      map.Text("builds", FileName(builds->path));
      map.Text("sha1", builds->sha1);
    }
    put("cost", map.Take());
  }
  return text;
}

}  // namespace rebisect
