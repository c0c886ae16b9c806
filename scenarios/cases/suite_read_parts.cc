#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "scenarios/cases/suite_fields.h"
#include "sim/base/result.h"
#include "sim/base/text.h"

namespace rebisect {
namespace {

using std::string_view;

constexpr std::uint64_t kMaxTests = 1'000'000;

/// Words between blanks.
std::vector<std::string> Words(string_view text) {
  std::vector<std::string> words;
  for (std::size_t at = text.find_first_not_of(' '); at != string_view::npos;) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    words.emplace_back(text.substr(at, end - at));
    at = text.find_first_not_of(' ', end);
  }
  return words;
}

/// `skip A..B`, `good A B`, `bad`.
Result<NamedMark> ReadMark(const std::string& text, const Position& where,
                           const std::vector<string_view>& terms) {
  std::vector<std::string> words = Words(text);
  const std::string term = words.empty() ? "" : words.front();
  if (std::find(terms.begin(), terms.end(), term) == terms.end()) {
    return Fail(ErrorCode::kInput,
                "a mark starts with a term of the search, not " + Quote(term) +
                    SuggestWord(term, terms),
                where);
  }
  NamedMark mark{term, {}};
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::size_t dots = words[i].find("..");
    if (dots != std::string::npos &&
        (term != "skip" || dots == 0 || dots + 2 == words[i].size() ||
         words[i][dots + 2] == '.')) {
      return Fail(ErrorCode::kInput,
                  Quote(words[i]) +
                      " cannot be marked; only skip takes ranges, as 'A..B'",
                  where);
    }
    mark.commits.push_back({std::move(words[i]), where});
  }
  return mark;
}

void ReadMarks(YamlFields& fields, ScenarioStart* start) {
  std::vector<std::string> texts;
  fields.Texts("marks", &texts);
  const YamlNode* const node = fields.Node("marks");
  const std::string bad = start->term_bad.value_or("bad");
  const std::string good = start->term_good.value_or("good");
  const bool listed =
      node != nullptr && node->kind == YamlNode::Kind::kSequence;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    auto mark = ReadMark(texts[i], listed ? node->items[i].where : node->where,
                         {"skip", bad, good});
    if (!mark) return fields.Fail(std::move(mark.error()));
    start->marks.push_back(*std::move(mark));
  }
}

void ReadTerm(YamlFields& fields, const YamlNode& node, string_view key,
              std::optional<std::string>* term) {
  std::string text;
  fields.Text(key, &text);
  if (fields.Node(key) == nullptr) return;
  if (text.empty() || Words(text).size() != 1 || Words(text)[0] != text) {
    fields.Fail(node.PlaceOf(key), Quote(key) + " has to be a word");
  }
  *term = std::move(text);
}

/// In a tree, and not the file that names the commit.
bool UsablePath(string_view path) {
  if (path.empty() || path == "COMMIT") return false;
  for (std::size_t at = 0; at <= path.size();) {
    const std::size_t end = std::min(path.find('/', at), path.size());
    const string_view part = path.substr(at, end - at);
    if (part.empty() || part == "." || part == ".." || part == ".git") {
      return false;
    }
    at = end + 1;
  }
  return true;
}

Result<void> ReadChanges(const YamlNode& node, ScenarioRepository* repository) {
  for (std::size_t i = 0; i < node.keys.size(); ++i) {
    const std::string& path = node.keys[i].scalar;
    if (!UsablePath(path)) {
      return Fail(
          ErrorCode::kInput,
          Quote(path) + " cannot change; take another path, such as src/a.txt",
          node.keys[i].where);
    }
    REBISECT_ASSIGN_OR_RETURN(auto names,
                              ReadCommitNames(node.items[i], "changes"));
    repository->changes[path] = std::move(names);
  }
  return {};
}

Result<void> ReadReplaced(const YamlNode& node,
                          ScenarioRepository* repository) {
  for (std::size_t i = 0; i < node.keys.size(); ++i) {
    REBISECT_ASSIGN_OR_RETURN(auto from,
                              ReadCommitName(node.keys[i], "replace"));
    REBISECT_ASSIGN_OR_RETURN(auto to,
                              ReadCommitName(node.items[i], "replace"));
    repository->replace.emplace_back(std::move(from), std::move(to));
  }
  return {};
}

/// A mapping whose keys are names or paths, of any number.
void ReadPairs(YamlFields& fields, string_view key,
               Result<void> (*read)(const YamlNode&, ScenarioRepository*),
               ScenarioRepository* repository) {
  const YamlNode* const node = fields.Node(key);
  if (node == nullptr) return;
  if (node->kind != YamlNode::Kind::kMap) {
    return fields.Fail(node->where, Quote(key) + " has to be a mapping");
  }
  if (auto result = read(*node, repository); !result) {
    fields.Fail(std::move(result.error()));
  }
}

void ReadCount(YamlFields& fields, string_view key, std::optional<int>* value) {
  std::optional<std::uint64_t> number;
  fields.Whole(key, 0, kMaxTests, &number);
  if (number) *value = static_cast<int>(*number);
}

Result<void> ReadTests(const YamlNode& node, Expectation* expect) {
  YamlFields fields(node, "'tests'");
  ReadCount(fields, "max", &expect->most_tests);
  ReadCount(fields, "over-optimum", &expect->over_optimum);
  ReadCount(fields, "over-git", &expect->over_git);
  fields.Number("mean-max", &expect->most_mean_tests);
  if (expect->most_mean_tests && *expect->most_mean_tests < 0) {
    fields.Fail(node.PlaceOf("mean-max"), "'mean-max' has to be 0 or more");
  }
  return fields.Finish();
}

Result<void> ReadAccuracy(const YamlNode& node, Expectation* expect) {
  YamlFields fields(node, "'accuracy'");
  double least = 0;
  fields.Share("min", &least);
  fields.Share("confidence", &expect->confidence);
  if (node.Find("min") == nullptr) {
    fields.Fail(node.where,
                "'accuracy' needs 'min', the least share of "
                "searches that end at a culprit");
  }
  if (expect->confidence == 0 || expect->confidence == 1) {
    fields.Fail(node.PlaceOf("confidence"),
                "'confidence' has to be between 0 and 1");
  }
  expect->least_accuracy = least;
  return fields.Finish();
}

void ReadOutcomes(YamlFields& fields, Expectation* expect) {
  const YamlNode* const node = fields.Node("outcome");
  if (node == nullptr) {
    if (!expect->culprits.empty()) {
      expect->outcomes = {ToolOutcome::kFound};
    } else if (!expect->candidates.empty()) {
      expect->outcomes = {ToolOutcome::kOnlySkipped};
    }
    return;
  }
  const bool listed = node->kind == YamlNode::Kind::kSequence;
  const std::size_t count = listed ? node->items.size() : 1;
  for (std::size_t i = 0; i < count; ++i) {
    auto outcome = ReadOutcome(listed ? node->items[i] : *node);
    if (!outcome) return fields.Fail(std::move(outcome.error()));
    expect->outcomes.push_back(*outcome);
  }
}

/// What is said of an end has to go with an end that is expected.
Result<void> CheckOutcomes(const YamlNode& node, const Expectation& expect) {
  const auto expected = [&expect](ToolOutcome outcome) {
    return std::find(expect.outcomes.begin(), expect.outcomes.end(), outcome) !=
           expect.outcomes.end();
  };
  if (expect.outcomes.empty()) {
    return Fail(ErrorCode::kInput,
                "nothing is expected; give 'culprit', 'candidates' or "
                "'outcome'",
                node.PlaceOf("outcome"));
  }
  if (!expect.culprits.empty() && !expected(ToolOutcome::kFound)) {
    return Fail(ErrorCode::kInput,
                "a 'culprit' goes with the outcome found; add that, or leave "
                "the culprit out",
                node.PlaceOf("culprit"));
  }
  if (!expect.candidates.empty() && !expected(ToolOutcome::kOnlySkipped)) {
    return Fail(ErrorCode::kInput,
                "'candidates' go with the outcome only-skipped; add that, or "
                "leave them out",
                node.PlaceOf("candidates"));
  }
  return {};
}

void ReadVersion(YamlFields& fields, string_view key,
                 std::optional<GitVersion>* value) {
  std::string text;
  fields.Text(key, &text);
  const YamlNode* const node = fields.Node(key);
  if (node == nullptr) return;
  const auto version = GitVersion::Parse(text);
  if (!version) {
    return fields.Fail(node->where, Quote(key) +
                                        " has to be a version of git, such as "
                                        "2.34.0, not " +
                                        Quote(text));
  }
  *value = *version;
}

}  // namespace

Result<void> ReadScenarioStart(const YamlNode& node, ScenarioStart* start) {
  YamlFields fields(node, "'start'");
  ReadCommitName(fields, "bad", &start->bad);
  ReadCommitNames(fields, "good", &start->goods);
  fields.Flag("no-good", &start->no_good);
  ReadTerm(fields, node, "term-bad", &start->term_bad);
  ReadTerm(fields, node, "term-good", &start->term_good);
  fields.Flag("first-parent", &start->first_parent);
  fields.Flag("no-checkout", &start->no_checkout);
  fields.Texts("paths", &start->paths);
  ReadMarks(fields, start);
  fields.Flag("replay", &start->replay);
  if (start->no_good && !start->goods.empty()) {
    fields.Fail(node.PlaceOf("good"), "keep either 'good' or 'no-good'");
  }
  return fields.Finish();
}

Result<void> ReadScenarioRepository(const YamlNode& node,
                                    ScenarioRepository* repository) {
  YamlFields fields(node, "'repository'");
  fields.Flag("bare", &repository->bare);
  fields.Flag("linked-worktree", &repository->linked_worktree);
  fields.Flag("detached", &repository->detached);
  ReadCommitNames(fields, "shallow", &repository->shallow);
  ReadPairs(fields, "replace", &ReadReplaced, repository);
  ReadPairs(fields, "changes", &ReadChanges, repository);
  if (repository->bare && repository->linked_worktree) {
    fields.Fail(node.PlaceOf("linked-worktree"),
                "keep either 'bare' or 'linked-worktree'");
  }
  return fields.Finish();
}

Result<void> ReadExpectation(const YamlNode& node, Expectation* expect) {
  YamlFields fields(node, "'expect'");
  ReadCommitNames(fields, "culprit", &expect->culprits);
  ReadCommitNames(fields, "candidates", &expect->candidates);
  ReadOutcomes(fields, expect);
  std::optional<std::uint64_t> code;
  fields.Whole("exit", 0, 255, &code);
  if (code) expect->exit_code = static_cast<int>(*code);
  const auto part = [&fields, expect](string_view key, auto read) {
    const YamlNode* const inner = fields.Node(key);
    if (inner == nullptr) return;
    if (auto result = read(*inner, expect); !result) {
      fields.Fail(std::move(result.error()));
    }
  };
  part("tests", &ReadTests);
  part("accuracy", &ReadAccuracy);
  std::optional<int> repeated;
  ReadCount(fields, "repeated", &repeated);
  expect->repeated = repeated.value_or(0);
  auto fields_read = fields.Finish();
  return fields_read ? CheckOutcomes(node, *expect) : fields_read;
}

Result<void> ReadErratum(const YamlNode& node, Erratum* erratum) {
  YamlFields fields(node, "an erratum");
  NeedText(fields, node, "tool", &erratum->tool);
  ReadVersion(fields, "since", &erratum->since);
  ReadVersion(fields, "until", &erratum->until);
  NeedText(fields, node, "about", &erratum->about);
  if (erratum->since && erratum->until && *erratum->since >= *erratum->until) {
    fields.Fail(node.PlaceOf("until"),
                "'until' is the first version that is right again, and so "
                "newer than 'since'");
  }
  return fields.Finish();
}

}  // namespace rebisect
