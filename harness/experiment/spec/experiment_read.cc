#include <algorithm>
#include <utility>

#include "harness/experiment/results/experiment_result.h"
#include "harness/experiment/spec/experiment_parts.h"
#include "harness/search/selection_policies.h"
#include "oracle/verdict/retry_policy.h"
#include "oracle/verdict/verdict_policy.h"
#include "scenarios/logs/parse.h"
#include "sim/base/result.h"

namespace rebisect {
namespace {

using std::string_view;

constexpr string_view kSchema = "experiment/1";
constexpr std::uint64_t kMaxTrials = std::uint64_t{1} << 40;
constexpr std::uint64_t kUsualTrials = 10000;
constexpr string_view kUsualRetry = "fixed:n=10";
constexpr string_view kUsualVerdict = "any-crash";

/// Where the first character of a scalar stands.
Position StartOf(const YamlNode& node) {
  Position where = node.where;
  if (node.quoted) ++where.column;
  return where;
}

/// Reads an experiment and checks it.
class ExperimentReader {
 public:
  ExperimentReader(const YamlNode& root, const std::string& text,
                   const std::string& file)
      : root_(root), text_(text), file_(file), fields_(root, "an experiment") {}

  Result<ExperimentSpec> Read() {
    Head();
    List("graphs", spec_.graphs, [&](const YamlNode& node) {
      return ReadExperimentGraph(node, file_);
    });
    List("truths", spec_.truths, [&](const YamlNode& node) {
      return ReadExperimentTruth(node, file_);
    });
    List("noise", spec_.noises, &ReadExperimentNoise);
    if (const YamlNode* const node = fields_.Node("priors")) {
      if (auto priors = ReadExperimentPriors(*node, file_)) {
        spec_.priors = *std::move(priors);
      } else {
        fields_.Fail(std::move(priors.error()));
      }
    }
    List("select", spec_.selections, &ReadSelection);
    List("retry", spec_.retries, [](const YamlNode& node) {
      return ReadChain(
          node, [](const PolicyChain& c) { return MakeRetryPolicy(c); },
          RetryPolicies());
    });
    if (const YamlNode* const node = fields_.Node("rules")) {
      if (auto rules = VerdictRules::Read(*node, text_)) {
        spec_.rules = *std::move(rules);
      } else {
        fields_.Fail(std::move(rules.error()));
      }
    }
    List("verdict", spec_.verdicts, [this](const YamlNode& node) {
      return ReadChain(
          node,
          [this](const PolicyChain& c) {
            return MakeVerdictPolicy(c, &spec_.rules);
          },
          VerdictPolicies());
    });
    List("budgets", spec_.budgets, &ReadExperimentBudget);
    if (const YamlNode* const node = fields_.Node("cost")) {
      if (auto cost = ReadExperimentCost(*node, file_)) {
        spec_.cost = *cost;
      } else {
        fields_.Fail(std::move(cost.error()));
      }
    }
    REBISECT_RETURN_IF_ERROR(fields_.Finish());
    for (const auto check :
         {&ExperimentReader::Complete, &ExperimentReader::Distinct,
          &ExperimentReader::Told, &ExperimentReader::Fitting,
          &ExperimentReader::NotTooLarge}) {
      REBISECT_RETURN_IF_ERROR((this->*check)());
    }
    spec_.canonical = CanonicalText(spec_);
    return std::move(spec_);
  }

 private:
  void Head() {
    std::string schema;
    fields_.Text("rebisect", &schema);
    if (schema != kSchema) {
      const YamlNode* const said = fields_.Node("rebisect");
      fields_.Fail(
          said != nullptr ? said->where : root_.where,
          "an experiment starts with `rebisect: " + std::string(kSchema) +
              "`, not " + (schema.empty() ? "without it" : "'" + schema + "'"));
    }
    spec_.name = FileStem(file_);
    fields_.Text("name", &spec_.name);
    std::optional<std::uint64_t> seed;
    std::optional<std::uint64_t> trials;
    fields_.Whole("seed", 0, ~std::uint64_t{0}, &seed);
    fields_.Whole("trials", 0, kMaxTrials, &trials);
    fields_.Whole("block-trials", 1, kMaxBlock, &spec_.block_trials);
    fields_.Flag("exact", &spec_.exact);
    spec_.seed = seed.value_or(spec_.seed);
    spec_.trials = trials.value_or(kUsualTrials);
    spec_.trials_where = root_.PlaceOf("trials");
    if (spec_.name.empty()) {
      fields_.Fail(root_.PlaceOf("name"),
                   "'name' is empty; leave it out, or say what results call "
                   "the experiment");
    }
  }

  /// A list of parts; one part alone stands for a list of one.
  template <class Part, class ReadPart>
  void List(string_view key, std::vector<Part>& parts, const ReadPart& read) {
    const YamlNode* const node = fields_.Node(key);
    if (node == nullptr) return;
    const bool is_list = node->kind == YamlNode::Kind::kSequence;
    if (is_list && node->items.empty()) {
      return fields_.Fail(node->where, "'" + std::string(key) +
                                           "' is empty; leave the key out, or "
                                           "say what");
    }
    for (std::size_t i = 0; i < (is_list ? node->items.size() : 1); ++i) {
      auto part = read(is_list ? node->items[i] : *node);
      if (!part) return fields_.Fail(std::move(part.error()));
      parts.push_back(*std::move(part));
    }
  }

  static Result<void> CheckText(const YamlNode& node) {
    if (node.kind == YamlNode::Kind::kScalar) return {};
    return Fail(ErrorCode::kInput,
                "a policy has to be one text, such as "
                "\"bayes-entropy:stop=.95\"",
                node.where);
  }

  static Result<PolicySpec> ReadSelection(const YamlNode& node) {
    REBISECT_RETURN_IF_ERROR(CheckText(node));
    return ParseSelection(node.scalar, StartOf(node));
  }

  template <class Make>
  static Result<PolicyChain> ReadChain(const YamlNode& node, const Make& make,
                                       std::span<const PolicyInfo> known) {
    REBISECT_RETURN_IF_ERROR(CheckText(node));
    auto chain = ParsePolicyChain(node.scalar, StartOf(node));
    if (!chain) return chain;
    REBISECT_RETURN_IF_ERROR(make(*chain));
    return Canonical(*std::move(chain), known, false);
  }

  /// What has to be there is; what need not is filled in.
  Result<void> Complete() {
    const struct {
      string_view key;
      bool missing;
      string_view example;
    } needed[] = {
        {"graphs", spec_.graphs.empty(), "{generate: git, commits: 1000}"},
        {"noise", spec_.noises.empty(), "{false-bad: 0.01, false-good: 0.01}"},
        {"select", spec_.selections.empty(), "[git, best]"},
    };
    for (const auto& one : needed) {
      if (!one.missing) continue;
      return Fail(ErrorCode::kInput,
                  "an experiment needs '" + std::string(one.key) +
                      "', such as `" + std::string(one.key) + ": " +
                      std::string(one.example) + "`",
                  root_.where);
    }
    if (spec_.truths.empty()) spec_.truths.emplace_back();
    if (spec_.budgets.empty()) spec_.budgets.emplace_back();
    const auto draws_runs = [](const ExperimentNoise& noise) {
      return std::holds_alternative<RunNoise>(noise.noise);
    };
    has_runs_ =
        std::any_of(spec_.noises.begin(), spec_.noises.end(), draws_runs);
    if (!has_runs_) return {};
    const auto fill = [](std::vector<PolicyChain>& chains, string_view usual,
                         std::span<const PolicyInfo> known) {
      if (!chains.empty()) return;
      chains.push_back(
          Canonical(*ParsePolicyChain(usual, Position{}), known, false));
    };
    fill(spec_.retries, kUsualRetry, RetryPolicies());
    fill(spec_.verdicts, kUsualVerdict, VerdictPolicies());
    return {};
  }

  /// Errors: two parts that are called the same, or of which one is the other.
  template <class Part, class Text, class Place>
  static Result<void> CheckUnique(const std::vector<Part>& parts,
                                  const Text& text_of, const Place& place_of) {
    std::vector<std::pair<std::string, std::size_t>> texts;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      texts.emplace_back(text_of(parts[i]), i);
    }
    std::sort(texts.begin(), texts.end());
    const auto twice = std::adjacent_find(
        texts.begin(), texts.end(),
        [](const auto& a, const auto& b) { return a.first == b.first; });
    if (twice == texts.end()) return {};
    return Fail(ErrorCode::kInput,
                twice->first + " is there already, at line " +
                    std::to_string(place_of(parts[twice->second]).line) +
                    "; keep one",
                place_of(parts[std::next(twice)->second]));
  }

  Result<void> Distinct() {
    const auto where = [](const auto& part) { return part.where; };
    const auto text = [](const auto& part) { return TextOf(part); };
    const auto chain_text = [](const PolicyChain& chain) {
      return '\'' + ToText(chain) + '\'';
    };
    const auto chain_place = [](const PolicyChain& chain) {
      return chain.front().where;
    };
    Result<void> checked = CheckUnique(spec_.graphs, text, where);
    if (checked) checked = CheckUnique(spec_.truths, text, where);
    if (checked) checked = CheckUnique(spec_.budgets, text, where);
    if (checked) {
      checked = CheckUnique(
          spec_.noises,
          [](const ExperimentNoise& noise) {
            return "noise '" + noise.name + '\'';
          },
          where);
    }
    if (checked) {
      checked = CheckUnique(
          spec_.noises,
          [](ExperimentNoise noise) {
            noise.name.clear();
            return "the noise " + TextOf(noise);
          },
          where);
    }
    if (checked) {
      checked = CheckUnique(
          spec_.selections,
          [](const PolicySpec& policy) {
            return '\'' + ToText({policy}) + '\'';
          },
          where);
    }
    if (checked) checked = CheckUnique(spec_.retries, chain_text, chain_place);
    if (checked) checked = CheckUnique(spec_.verdicts, chain_text, chain_place);
    return checked;
  }

  /// What selection policies are to be told is there, and all is told.
  Result<void> Told() {
    for (const PolicySpec& policy : spec_.selections) {
      if (UsesCost(policy) && !spec_.cost) {
        return Fail(ErrorCode::kInput,
                    "'" + policy.name +
                        "' is to use the cost, but it is not known what things "
                        "cost; give 'cost'",
                    policy.where);
      }
      const auto prior = PriorOf(policy);
      if (!prior ||
          std::any_of(spec_.priors.begin(), spec_.priors.end(),
                      [&](const auto& one) { return one.name == *prior; })) {
        continue;
      }
      return Fail(ErrorCode::kInput,
                  "there is no prior '" + *prior + "'; give it in 'priors'",
                  policy.where);
    }
    for (const ExperimentPrior& prior : spec_.priors) {
      if (std::any_of(spec_.selections.begin(), spec_.selections.end(),
                      [&](const auto& policy) {
                        return PriorOf(policy) == prior.name;
                      })) {
        continue;
      }
      return Fail(ErrorCode::kInput,
                  "no selection policy has the prior '" + prior.name +
                      "'; give it to one, such as \"best:prior=" + prior.name +
                      "\", or leave it out",
                  prior.where);
    }
    return {};
  }

  /// The parts go together.
  Result<void> Fitting() {
    for (const string_view key : {"retry", "verdict"}) {
      if (has_runs_ || root_.Find(key) == nullptr) continue;
      return Fail(ErrorCode::kInput,
                  "'" + std::string(key) +
                      "' is about runs, but all noise is of verdicts; leave it "
                      "out, or give noise of runs (crash-rate)",
                  root_.PlaceOf(key));
    }
    for (const ExperimentBudget& budget : spec_.budgets) {
      if (budget.cost_ms && !spec_.cost) {
        return Fail(ErrorCode::kInput,
                    "a budget of cost needs to know what things cost; give "
                    "'cost'",
                    budget.where);
      }
      if (budget.cost_ms && spec_.cost->builds) {
        return Fail(ErrorCode::kInput,
                    "a budget of cost goes with builds that all cost the same; "
                    "leave 'builds' out of 'cost', or bound the tests",
                    budget.where);
      }
      if (budget.runs && !has_runs_) {
        return Fail(ErrorCode::kInput,
                    "a budget of runs needs noise of runs (crash-rate); there "
                    "is noise of verdicts alone",
                    budget.where);
      }
    }
    if (spec_.trials > 0) return {};
    if (!spec_.exact) {
      return Fail(ErrorCode::kInput,
                  "no trials, and no exact results; give 'trials', or 'exact: "
                  "true'",
                  root_.PlaceOf("trials"));
    }
    for (const PolicySpec& policy : spec_.selections) {
      if (IsDecisionTree(policy)) continue;
      return Fail(ErrorCode::kInput,
                  "'" + policy.name +
                      "' is no decision tree, so it has no exact result; give "
                      "'trials', or leave it out",
                  policy.where);
    }
    return {};
  }

  /// No list is longer than a file can make it: 64 MiB, 2^26 entries. The
  /// product of two stays in range, and is bounded before the next.
  Result<void> NotTooLarge() {
    std::size_t cells = spec_.selections.size();
    for (const auto* const chains : {&spec_.retries, &spec_.verdicts}) {
      cells *= std::max<std::size_t>(chains->size(), 1);
      if (cells > kMaxCellsOfGroup) break;
    }
    if (cells > kMaxCellsOfGroup) {
      return Fail(ErrorCode::kInput,
                  "selection, retry and verdict policies make more than " +
                      std::to_string(kMaxCellsOfGroup) +
                      " cells that are all to be compared; give fewer, or make "
                      "it several experiments",
                  root_.PlaceOf("select"));
    }
    for (const std::size_t parts :
         {spec_.graphs.size(), spec_.truths.size(), spec_.noises.size(),
          spec_.budgets.size()}) {
      cells *= parts;
      if (cells <= kMaxCellsOfExperiment) continue;
      return Fail(
          ErrorCode::kInput,
          "graphs, truths, noise, policies and budgets make more than " +
              std::to_string(kMaxCellsOfExperiment) +
              " cells; give fewer, or make it several experiments",
          root_.where);
    }
    return {};
  }

  const YamlNode& root_;
  const std::string& text_;
  const std::string& file_;
  YamlFields fields_;
  ExperimentSpec spec_;
  bool has_runs_ = false;
};

}  // namespace

Result<ExperimentSpec> ReadExperiment(const std::string& text,
                                      const std::string& path) {
  REBISECT_ASSIGN_OR_RETURN(const auto root, ReadYaml(text, path));
  return ReadExperiment(root, text, path);
}

Result<ExperimentSpec> ReadExperiment(const YamlNode& root,
                                      const std::string& text,
                                      const std::string& path) {
  return ExperimentReader(root, text, path).Read();
}

}  // namespace rebisect
