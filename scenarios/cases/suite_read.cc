#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "scenarios/cases/suite_fields.h"
#include "scenarios/logs/parse.h"
#include "sim/base/printable.h"
#include "sim/base/result.h"
#include "sim/base/text.h"

namespace rebisect {
namespace {

using std::string_view;

constexpr string_view kSuiteSchema = "suite/1";
constexpr std::uint64_t kMaxRepeats = 1'000'000;
constexpr std::int64_t kMaxMinutes = 10'000'000;  // 19 years

/// Reads one scenario.
class ScenarioReader {
 public:
  ScenarioReader(const YamlNode& node, const std::string& file,
                 Scenario& scenario)
      : node_(node), file_(file), fields_(node, "a scenario"), into_(scenario) {
    into_.where = node.where;
  }

  Result<void> Read() {
    Name();
    fields_.Text("about", &into_.about);
    Graph();
    Dates();
    Search();
    Part("start", &ReadScenarioStart, &into_.start);
    Part("repository", &ReadScenarioRepository, &into_.repository);
    Bugs();
    Broken();
    Answers();
    Noise();
    std::optional<std::uint64_t> repeats;
    fields_.Whole("repeats", 1, kMaxRepeats, &repeats);
    into_.repeats = static_cast<int>(repeats.value_or(1));
    ReadSeconds(fields_, node_, "limit", &into_.limit_seconds);
    ReadFeatures(fields_, "needs", &into_.needs);
    Part("expect", &ReadExpectation, &into_.expect);
    Need("expect", "what a tool has to reach");
    Errata();
    Agree();
    auto read = fields_.Finish();
    if (read && missing_) return tl::unexpected(*missing_);
    return read;
  }

 private:
  template <class Value>
  void Part(string_view key, Result<void> (*read)(const YamlNode&, Value*),
            Value* value) {
    const YamlNode* const node = fields_.Node(key);
    if (node == nullptr) return;
    if (auto result = read(*node, value); !result) {
      fields_.Fail(std::move(result.error()));
    }
  }

  /// The items of a list; one item alone stands for a list of one.
  template <class Read>
  void Each(string_view key, const Read& read) {
    const YamlNode* const node = fields_.Node(key);
    if (node == nullptr) return;
    const bool listed = node->kind == YamlNode::Kind::kSequence;
    const std::size_t count = listed ? node->items.size() : 1;
    for (std::size_t i = 0; i < count; ++i) {
      Result<void> result = read(listed ? node->items[i] : *node);
      if (!result) return fields_.Fail(std::move(result.error()));
    }
  }

  /// A key that is missing may only be misspelt: unknown ones are told first.
  void Need(string_view key, string_view what) {
    if (missing_ || node_.Find(key) != nullptr) return;
    missing_ =
        Error{ErrorCode::kInput,
              "a scenario needs " + Quote(key) + ", " + std::string(what),
              node_.where,
              {}};
  }

  void Name() {
    fields_.Text("name", &into_.name);
    const std::string& name = into_.name;
    if (name.empty() || !std::all_of(name.begin(), name.end(), [](char c) {
          return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
        })) {
      fields_.Fail(node_.PlaceOf("name"),
                   "a scenario needs a 'name' of lower-case letters, digits "
                   "and '-'" +
                       (name.empty() ? "" : ", not " + Quote(name)));
    }
  }

  void Graph() {
    Need("graph", "such as 'a-b-c, b-d'");
    const YamlNode* const node = fields_.Node("graph");
    if (node == nullptr) return;
    if (node->kind == YamlNode::Kind::kMap) {
      auto source = ReadHistorySource(*node, "a graph", file_);
      if (!source) return fields_.Fail(std::move(source.error()));
      into_.history = *std::move(source);
      return;
    }
    std::vector<std::string> chains;
    fields_.Texts("graph", &chains);
    auto drawing = ReadDrawing(chains, node->where);
    if (!drawing) return fields_.Fail(std::move(drawing.error()));
    into_.history = *std::move(drawing);
  }

  void Dates() {
    const YamlNode* const node = fields_.Node("dates");
    into_.dates.where = node_.PlaceOf("dates");
    if (node == nullptr) return;
    if (node->kind == YamlNode::Kind::kMap &&
        !std::holds_alternative<Drawing>(into_.history)) {
      return fields_.Fail(node->where,
                          "only drawn commits can be dated one by one; give "
                          "rising, equal or falling");
    }
    if (node->kind == YamlNode::Kind::kMap) return Minutes(*node);
    std::string text;
    fields_.Text("dates", &text);
    using Kind = ScenarioDates::Kind;
    const std::map<string_view, Kind> kinds = {{"rising", Kind::kRising},
                                               {"equal", Kind::kEqual},
                                               {"falling", Kind::kFalling}};
    const auto found = kinds.find(text);
    if (found == kinds.end()) {
      return fields_.Fail(
          node->where, "'dates' cannot be " + Quote(text) +
                           SuggestWord(text, {"rising", "equal", "falling"}));
    }
    into_.dates.kind = found->second;
  }

  void Minutes(const YamlNode& node) {
    for (std::size_t i = 0; i < node.keys.size(); ++i) {
      const YamlNode& item = node.items[i];
      const auto minutes = ToInt(item.scalar);
      if (!minutes || *minutes > kMaxMinutes || *minutes < -kMaxMinutes) {
        return fields_.Fail(item.where,
                            "a date has to be a whole number of minutes, at "
                            "most ten million, not " +
                                Quote(item.scalar));
      }
      into_.dates.minutes[node.keys[i].scalar] = *minutes;
    }
  }

  void Search() {
    std::string text = "cause";
    fields_.Text("search", &text);
    if (text != "cause" && text != "fix") {
      fields_.Fail(node_.PlaceOf("search"),
                   "'search' cannot be " + Quote(text) +
                       SuggestWord(text, {"cause", "fix"}));
    }
    into_.search = text == "fix" ? RecordingKind::kFix : RecordingKind::kCause;
  }

  void Bugs() {
    Need("bug",
         "the commit that brought it; `bug: none` says that there is "
         "no bug");
    const YamlNode* const node = fields_.Node("bug");
    if (node != nullptr && node->scalar == "none" && !node->quoted) return;
    Each("bug", [this](const YamlNode& item) -> Result<void> {
      NamedOrigin bug;
      auto read = Origin(item, "culprit", "fixed", "a bug", bug);
      if (read) into_.bugs.push_back(std::move(bug));
      return read;
    });
  }

  void Broken() {
    Each("broken", [this](const YamlNode& item) -> Result<void> {
      NamedOrigin range;
      if (item.kind == YamlNode::Kind::kMap) {
        auto read = Origin(item, "from", "until", "what is broken", range);
        if (read) into_.broken.push_back(std::move(range));
        return read;
      }
      REBISECT_ASSIGN_OR_RETURN(auto name, ReadCommitName(item, "broken"));
      into_.untestable.push_back(std::move(name));
      return {};
    });
  }

  static Result<void> Origin(const YamlNode& node, string_view begin,
                             string_view end, string_view what,
                             NamedOrigin& origin) {
    if (node.kind != YamlNode::Kind::kMap) {
      REBISECT_ASSIGN_OR_RETURN(auto name, ReadCommitName(node, what));
      origin.culprit = std::move(name);
      return {};
    }
    YamlFields fields(node, what);
    ReadCommitName(fields, begin, &origin.culprit);
    ReadCommitNames(fields, end, &origin.fixes);
    if (!origin.culprit && origin.fixes.empty()) {
      fields.Fail(node.where, std::string(what) + " needs " + Quote(begin) +
                                  ", " + Quote(end) + " or both");
    }
    return fields.Finish();
  }

  void Answers() {
    const YamlNode* const node = fields_.Node("answers");
    if (node == nullptr) return;
    if (node->kind != YamlNode::Kind::kMap) {
      return fields_.Fail(node->where,
                          "'answers' has to map commits to exit codes");
    }
    for (std::size_t i = 0; i < node->keys.size(); ++i) {
      auto commit = ReadCommitName(node->keys[i], "answers");
      if (!commit) return fields_.Fail(std::move(commit.error()));
      const auto code = ToInt(node->items[i].scalar);
      if (!code || *code < 0 || *code > 255) {
        return fields_.Fail(node->items[i].where,
                            "an exit code has to be from 0 to 255, not " +
                                Quote(node->items[i].scalar));
      }
      into_.answers.emplace_back(*std::move(commit), *code);
    }
  }

  void Noise() {
    const YamlNode* const node = fields_.Node("noise");
    if (node == nullptr) return;
    YamlFields noise(*node, "'noise'");
    noise.Share("false-bad", &into_.false_bad);
    noise.Share("false-good", &into_.false_good);
    std::optional<std::uint64_t> seed;
    noise.Whole("seed", 0, kMaxSeed, &seed);
    into_.seed = seed.value_or(into_.seed);
    if (auto read = noise.Finish(); !read) {
      fields_.Fail(std::move(read.error()));
    }
  }

  void Errata() {
    Each("errata", [this](const YamlNode& item) {
      return ReadErratum(item, &into_.errata.emplace_back());
    });
  }

  /// What needs more than one part of the scenario to be judged.
  void Agree() {
    const Expectation& expect = into_.expect;
    const YamlNode* const node = node_.Find("expect");
    if (node == nullptr) return;
    if (expect.least_accuracy && into_.repeats < 2) {
      fields_.Fail(node->PlaceOf("accuracy"),
                   "an accuracy needs 'repeats', such as `repeats: 200`");
    }
    if (expect.least_accuracy && expect.culprits.empty()) {
      fields_.Fail(node->PlaceOf("accuracy"),
                   "an accuracy needs a 'culprit' to be right about");
    }
  }

  const YamlNode& node_;
  const std::string& file_;
  YamlFields fields_;
  Scenario& into_;
  std::optional<Error> missing_{};
};

void ReadScenarios(YamlFields& fields, const YamlNode& root,
                   const std::string& path, Suite& suite) {
  const YamlNode* const list = fields.Node("scenarios");
  if (list == nullptr || list->kind != YamlNode::Kind::kSequence ||
      list->items.empty()) {
    return fields.Fail(root.PlaceOf("scenarios"),
                       "a suite needs 'scenarios', a list of at least one");
  }
  suite.scenarios.reserve(list->items.size());
  std::map<string_view, int> lines;
  std::size_t drawn = 0;
  for (const YamlNode& item : list->items) {
    Scenario& scenario = suite.scenarios.emplace_back();
    scenario.suite = suite.name;
    auto read = ScenarioReader(item, path, scenario).Read();
    if (!read) return fields.Fail(std::move(read.error()));
    const auto [first, fresh] =
        lines.emplace(scenario.name, scenario.where.line);
    if (!fresh) {
      return fields.Fail(item.PlaceOf("name"),
                         "there is a scenario " + Quote(scenario.name) +
                             " in line " + std::to_string(first->second) +
                             " already; take another name");
    }
    if (const auto* drawing = std::get_if<Drawing>(&scenario.history)) {
      drawn += drawing->size();
    }
    if (drawn > kMaxDrawnCommits) {
      return fields.Fail(item.PlaceOf("graph"),
                         "the drawings up to here have more than " +
                             std::to_string(kMaxDrawnCommits) +
                             " commits; split the suite");
    }
  }
}

/// A name that stays in the folder where it is made.
bool IsFolderName(const std::string& name) {
  return !name.starts_with('.') && Printable(name) == name &&
         name.find('/') == std::string::npos;
}

}  // namespace

Result<Suite> ReadSuite(const std::string& text, const std::string& path) {
  REBISECT_ASSIGN_OR_RETURN(const auto root, ReadYaml(text, path));
  Suite suite;
  YamlFields fields(root, "a suite");
  ReadSchema(fields, root, kSuiteSchema, "a suite");
  suite.name = FileStem(path);
  fields.Text("name", &suite.name);
  if (suite.name.empty()) {
    fields.Fail(root.PlaceOf("name"), "'name' is empty; leave it out");
  } else if (!IsFolderName(suite.name)) {
    fields.Fail(root.PlaceOf("name"),
                "a suite cannot be called " + Quote(suite.name) +
                    ": exports have a folder of its name; give it a 'name' "
                    "without '/' that does not begin with '.'");
  }
  fields.Text("about", &suite.about);
  ReadScenarios(fields, root, path, suite);
  REBISECT_RETURN_IF_ERROR(fields.Finish());
  return suite;
}

}  // namespace rebisect
