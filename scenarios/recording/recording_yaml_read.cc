#include <algorithm>
#include <cstddef>
#include <utility>

#include "scenarios/recording/recording_names.h"
#include "scenarios/recording/recording_yaml.h"
#include "scenarios/yaml/yaml_fields.h"
#include "scenarios/yaml/yaml_tree.h"
#include "sim/base/text.h"

namespace rebisect {
namespace {

using std::string_view;

constexpr string_view kSchema = "recording/1";
constexpr int kMaxRuns = 1000000;  // of a recording: `count` makes many

constexpr string_view kTooManyRuns =
    "a recording has no more than a million runs; split it";

// Reads a field whose value is one of a few names.
template <class E>
void Enumeration(YamlFields* fields, string_view key,
                 std::optional<E> (*named)(string_view),
                 std::vector<string_view> (*names)(), E* value) {
  std::string text;
  fields->Text(key, &text);
  const YamlNode* const node = fields->Node(key);
  if (node == nullptr) return;
  if (const std::optional<E> found = named(text)) {
    *value = *found;
  } else {
    fields->Fail(node->where, "'" + std::string(key) + "' cannot be '" + text +
                                  "'" + SuggestWord(text, names()));
  }
}

Result<void> ReadRun(const YamlNode& node, Run* run, int* count) {
  YamlFields fields(node, "a run");
  Enumeration(&fields, "outcome", &RunOutcomeNamed, &RunOutcomeNames,
              &run->outcome);
  if (node.kind == YamlNode::Kind::kMap && node.Find("outcome") == nullptr) {
    fields.Fail(node.where, "a run needs an 'outcome', such as ok or crashed");
  }
  fields.Text("title", &run->title);
  fields.Number("seconds", &run->seconds);
  std::optional<int> times;
  fields.Int("count", &times);
  if (times.has_value() && (*times < 1 || *times > kMaxRuns)) {
    fields.Fail(node.where,
                "'count' has to be from 1 to " + std::to_string(kMaxRuns));
  }
  *count = times.value_or(1);
  return fields.Finish();
}

void ReadRuns(YamlFields* fields, Test* test) {
  if (const YamlNode* const all = fields->Node("all_runs")) {
    int count = 1;
    test->runs_alike = true;
    test->runs.emplace_back();
    auto read = ReadRun(*all, &test->runs.back(), &count);
    if (!read.has_value()) fields->Fail(std::move(read).error());
    if (count != 1) {
      fields->Fail(all->where,
                   "'all_runs' says that the count is not known; use 'runs'");
    }
  }
  const YamlNode* const runs = fields->Node("runs");
  if (runs == nullptr) return;
  if (runs->kind != YamlNode::Kind::kSequence) {
    fields->Fail(runs->where, "'runs' has to be a list of runs");
    return;
  }
  if (!test->runs.empty()) {
    fields->Fail(runs->where, "keep either 'runs' or 'all_runs'");
    return;
  }
  for (const YamlNode& item : runs->items) {
    Run run;
    int count = 1;
    auto read = ReadRun(item, &run, &count);
    if (!read.has_value()) return fields->Fail(std::move(read).error());
    if (test->runs.size() + static_cast<std::size_t>(count) > kMaxRuns) {
      return fields->Fail(item.where, std::string(kTooManyRuns));
    }
    test->runs.insert(test->runs.end(), static_cast<std::size_t>(count), run);
  }
}

Result<Event> ReadTest(const YamlNode& node) {
  Test test;
  YamlFields fields(node, "a test");
  fields.Text("test", &test.commit);
  Enumeration(&fields, "purpose", &TestPurposeNamed, &TestPurposeNames,
              &test.purpose);
  fields.Text("release", &test.release);
  fields.Text("compiler", &test.compiler);
  fields.Text("signature", &test.signature);
  ReadRuns(&fields, &test);
  fields.Flag("runs_alike", &test.runs_alike);
  fields.Flag("flaky", &test.flaky);
  fields.Text("undetermined", &test.undetermined);
  fields.Text("representative", &test.representative);
  fields.Texts("crash_types", &test.crash_types);
  fields.Number("false_negative_chance", &test.false_negative_chance);
  test.line = node.where.line;
  return fields.Finish().map([&] { return Event(std::move(test)); });
}

Result<Event> ReadStart(const YamlNode& node) {
  Start start;
  YamlFields outer(node, "a start");
  const YamlNode* const inner = outer.Node("start");
  const auto checked = outer.Finish();
  if (!checked.has_value()) return tl::unexpected<Error>(checked.error());
  YamlFields fields(*inner, "a start");
  fields.Text("bad", &start.bad);
  fields.Texts("goods", &start.goods);
  fields.TextMap("resolved", &start.resolved);
  fields.Flag("first_parent", &start.first_parent);
  fields.Flag("no_checkout", &start.no_checkout);
  fields.Text("term_bad", &start.term_bad);
  fields.Text("term_good", &start.term_good);
  fields.Texts("paths", &start.paths);
  start.line = node.where.line;
  return fields.Finish().map([&] { return Event(std::move(start)); });
}

Result<Event> ReadMark(const YamlNode& node, Verdict verdict) {
  Mark mark;
  mark.verdict = verdict;
  YamlFields fields(node, "a mark");
  fields.Texts(ToString(verdict), &mark.commits);
  fields.TextMap("resolved", &mark.resolved);
  mark.line = node.where.line;
  return fields.Finish().map([&] { return Event(std::move(mark)); });
}

Result<Event> ReadProposal(const YamlNode& node) {
  Proposal proposal;
  YamlFields fields(node, "a proposal");
  fields.Text("next", &proposal.commit);
  fields.Flag("merge_base", &proposal.merge_base);
  fields.Int("revisions_left", &proposal.revisions_left);
  fields.Int("steps_left", &proposal.steps_left);
  proposal.line = node.where.line;
  return fields.Finish().map([&] { return Event(std::move(proposal)); });
}

Result<Event> ReadRemark(const YamlNode& node) {
  Remark remark;
  YamlFields fields(node, "a remark");
  fields.Text("remark", &remark.text);
  remark.line = node.where.line;
  return fields.Finish().map([&] { return Event(std::move(remark)); });
}

Result<Event> ReadEvent(const YamlNode& node) {
  if (node.Find("test") != nullptr) return ReadTest(node);
  if (node.Find("next") != nullptr) return ReadProposal(node);
  if (node.Find("good") != nullptr) return ReadMark(node, Verdict::kGood);
  if (node.Find("bad") != nullptr) return ReadMark(node, Verdict::kBad);
  if (node.Find("skip") != nullptr) return ReadMark(node, Verdict::kSkip);
  if (node.Find("start") != nullptr) return ReadStart(node);
  if (node.Find("remark") != nullptr) return ReadRemark(node);
  const std::vector<string_view> known = {"test", "next",  "good",  "bad",
                                          "skip", "start", "remark"};
  const std::string written = node.keys.empty() ? "" : node.keys[0].scalar;
  return Fail(
      ErrorCode::kInput,
      "this event is of no known kind: it needs one of the keys test, "
      "next, good, bad, skip, start, remark" +
          (NearestWord(written, known).empty() ? std::string()
                                               : SuggestWord(written, known)),
      node.where);
}

Result<void> ReadEnd(const YamlNode& node, End* end) {
  YamlFields fields(node, "'end'");
  Enumeration(&fields, "kind", &EndKindNamed, &EndKindNames, &end->kind);
  fields.Text("culprit", &end->culprit);
  fields.Texts("candidates", &end->candidates);
  fields.Text("message", &end->message);
  end->line = node.where.line;
  return fields.Finish();
}

Result<void> ReadSummary(const YamlNode& node, Summary* summary) {
  YamlFields fields(node, "'summary'");
  fields.Int("revisions_tested", &summary->revisions_tested);
  fields.Number("total_seconds", &summary->total_seconds);
  fields.Number("build_seconds", &summary->build_seconds);
  fields.Number("test_seconds", &summary->test_seconds);
  fields.Text("crash", &summary->crash);
  fields.Text("culprit_signature", &summary->culprit_signature);
  fields.Text("parent_signature", &summary->parent_signature);
  fields.Flag("flaky", &summary->flaky);
  fields.Number("repro_chance", &summary->repro_chance);
  fields.Number("error_probability", &summary->error_probability);
  return fields.Finish();
}

Result<void> ReadTruth(const YamlNode& node, Truth* truth) {
  YamlFields fields(node, "'truth'");
  fields.Text("judgement", &truth->judgement);
  const YamlNode* const judgement = fields.Node("judgement");
  const std::vector<string_view> known = {"right", "wrong", "probably-right",
                                          "exposing", "unknown"};
  if (judgement != nullptr && !truth->judgement.empty() &&
      std::find(known.begin(), known.end(), truth->judgement) == known.end()) {
    fields.Fail(judgement->where, "'judgement' cannot be '" + truth->judgement +
                                      "'" +
                                      SuggestWord(truth->judgement, known));
  }
  fields.Text("culprit", &truth->culprit);
  fields.Text("note", &truth->note);
  return fields.Finish();
}

void ReadEvents(YamlFields* fields, std::vector<Event>* events) {
  const YamlNode* const node = fields->Node("events");
  if (node == nullptr) return;
  if (node->kind != YamlNode::Kind::kSequence) {
    return fields->Fail(node->where, "'events' has to be a list");
  }
  events->reserve(node->items.size());
  std::size_t runs = 0;
  for (const YamlNode& item : node->items) {
    auto event = ReadEvent(item);
    if (!event.has_value()) return fields->Fail(std::move(event).error());
    const auto* const test = std::get_if<Test>(&*event);
    runs += test == nullptr ? 0 : test->runs.size();
    if (runs > kMaxRuns) {
      return fields->Fail(item.where, std::string(kTooManyRuns));
    }
    events->push_back(std::move(*event));
  }
}

void ReadUnknown(YamlFields* fields, std::vector<UnknownLine>* unknown) {
  const YamlNode* const node = fields->Node("unknown");
  if (node == nullptr) return;
  std::vector<std::string> texts;
  fields->Texts("unknown", &texts);
  const bool listed = node->kind == YamlNode::Kind::kSequence;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const int line = listed ? node->items[i].where.line : node->where.line;
    unknown->push_back({line, std::move(texts[i])});
  }
}

}  // namespace

Result<Recording> ReadRecordingYaml(string_view bytes,
                                    const std::string& file) {
  const auto root = ReadYaml(bytes, file);
  if (!root.has_value()) return tl::unexpected<Error>(root.error());
  Recording recording;
  recording.file = file;
  recording.format = "yaml";
  YamlFields fields(*root, "a recording");
  std::string schema;
  fields.Text("rebisect", &schema);
  const YamlNode* const said = fields.Node("rebisect");
  if (schema != kSchema) {
    fields.Fail(said != nullptr ? said->where : root->where,
                "a recording starts with `rebisect: " + std::string(kSchema) +
                    "`, not " +
                    (schema.empty() ? "without it" : "'" + schema + "'"));
  }
  fields.Text("name", &recording.name);
  fields.Text("format", &recording.format);
  Enumeration(&fields, "kind", &RecordingKindNamed, &RecordingKindNames,
              &recording.kind);
  fields.Text("start_commit", &recording.start_commit);
  fields.Text("tool_commit", &recording.tool_commit);
  ReadEvents(&fields, &recording.events);
  const auto part = [&fields](string_view key, auto read, auto* value) {
    const YamlNode* const node = fields.Node(key);
    if (node == nullptr) return false;
    auto result = read(*node, value);
    if (!result.has_value()) fields.Fail(std::move(result).error());
    return true;
  };
  part("end", &ReadEnd, &recording.end);
  part("summary", &ReadSummary, &recording.summary);
  Truth truth;
  if (part("truth", &ReadTruth, &truth)) recording.truth = std::move(truth);
  ReadUnknown(&fields, &recording.unknown);
  const auto read = fields.Finish();
  if (!read.has_value()) return tl::unexpected<Error>(read.error());
  return recording;
}

}  // namespace rebisect
