#include "scenarios/recording/recording_yaml.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "scenarios/yaml/yaml_tree.h"
#include "sim/base/text.h"

namespace rebisect {
namespace {

// Draws recordings; a failing seed is printed and repeats.
class Draw {
 public:
  explicit Draw(std::uint64_t seed) : state_(seed * 2654435769U + 1) {}

  std::size_t Below(std::size_t n) {
    state_ ^= state_ << 13U;
    state_ ^= state_ >> 7U;
    state_ ^= state_ << 17U;
    return static_cast<std::size_t>((state_ >> 11U) % n);
  }
  bool Coin() { return Below(2) == 0; }

  std::string Text() {
    static const std::vector<std::string> pieces = {"a",
                                                    " ",
                                                    ":",
                                                    ": ",
                                                    "#",
                                                    " #",
                                                    "\"",
                                                    "'",
                                                    "\\",
                                                    "-",
                                                    "- ",
                                                    "?",
                                                    "&x",
                                                    "*x",
                                                    "!t",
                                                    "{",
                                                    "}",
                                                    "[",
                                                    "]",
                                                    ",",
                                                    "|",
                                                    ">",
                                                    "%",
                                                    "@",
                                                    "`",
                                                    "\n",
                                                    "\t",
                                                    "\r",
                                                    "\x01",
                                                    "\x7f",
                                                    "~",
                                                    "null",
                                                    "ö",
                                                    "漢",
                                                    "\xC2\x85",
                                                    "\xE2\x80\xA8",
                                                    "\xEF\xBB\xBF",
                                                    "😀",
                                                    "0",
                                                    "1e3",
                                                    "true",
                                                    "=",
                                                    "<<",
                                                    "---",
                                                    "...",
                                                    "\x1b"};
    std::string text;
    for (std::size_t n = Below(6); n > 0; --n) {
      text += pieces[Below(pieces.size())];
    }
    return text;
  }
  std::vector<std::string> Texts() {
    std::vector<std::string> texts;
    for (std::size_t n = Below(4); n > 0; --n) texts.push_back(Text());
    return texts;
  }
  std::map<std::string, std::string> Map() {
    std::map<std::string, std::string> map;
    for (std::size_t n = Below(3); n > 0; --n) map[Text()] = Text();
    return map;
  }
  std::optional<int> Int() {
    if (Coin()) return std::nullopt;
    return static_cast<int>(Below(20000)) - 10;
  }
  std::optional<double> Number() {
    if (Coin()) return std::nullopt;
    return static_cast<double>(Below(1000000)) / 7.0;
  }

 private:
  std::uint64_t state_;
};

Event DrawEvent(Draw* draw) {
  switch (draw->Below(5)) {
    case 0: {
      Test test;
      test.commit = draw->Text();
      test.purpose = static_cast<TestPurpose>(draw->Below(7));
      test.release = draw->Text();
      test.compiler = draw->Text();
      test.signature = draw->Text();
      for (std::size_t n = draw->Below(4); n > 0; --n) {
        const Run run{static_cast<RunOutcome>(draw->Below(8)), draw->Text(),
                      draw->Number()};
        test.runs.insert(test.runs.end(), draw->Below(3), run);
      }
      test.runs_alike = draw->Coin();
      test.flaky = draw->Coin();
      test.undetermined = draw->Text();
      test.representative = draw->Text();
      test.crash_types = draw->Texts();
      test.false_negative_chance = draw->Number();
      return test;
    }
    case 1: {
      Start start;
      start.bad = draw->Text();
      start.goods = draw->Texts();
      start.resolved = draw->Map();
      start.first_parent = draw->Coin();
      start.no_checkout = draw->Coin();
      if (draw->Coin()) start.term_bad = draw->Text();
      if (draw->Coin()) start.term_good = draw->Text();
      start.paths = draw->Texts();
      return start;
    }
    case 2: {
      Mark mark;
      mark.verdict = static_cast<Verdict>(draw->Below(3));
      mark.commits = draw->Texts();
      mark.resolved = draw->Map();
      return mark;
    }
    case 3:
      return Proposal{draw->Text(), draw->Coin(), draw->Int(), draw->Int()};
    default:
      return Remark{draw->Text()};
  }
}

Recording DrawRecording(std::uint64_t seed) {
  Draw draw(seed);
  Recording recording;
  recording.name = draw.Text();
  recording.format = draw.Text();
  recording.kind = static_cast<RecordingKind>(draw.Below(3));
  recording.start_commit = draw.Text();
  recording.tool_commit = draw.Text();
  for (std::size_t n = draw.Below(6); n > 0; --n) {
    recording.events.push_back(DrawEvent(&draw));
  }
  recording.end = End{static_cast<EndKind>(draw.Below(8)), draw.Text(),
                      draw.Texts(), draw.Text()};
  Summary& summary = recording.summary;
  summary.revisions_tested = draw.Int();
  summary.total_seconds = draw.Number();
  summary.build_seconds = draw.Number();
  summary.test_seconds = draw.Number();
  summary.crash = draw.Text();
  summary.culprit_signature = draw.Text();
  summary.parent_signature = draw.Text();
  summary.flaky = draw.Coin();
  summary.repro_chance = draw.Number();
  summary.error_probability = draw.Number();
  if (draw.Coin()) recording.truth = Truth{"wrong", draw.Text(), draw.Text()};
  for (std::size_t n = draw.Below(3); n > 0; --n) {
    recording.unknown.push_back({0, draw.Text()});
  }
  return recording;
}

TEST(RecordingYaml, ReadsBackIdentically) {
  for (std::uint64_t seed = 1; seed <= 3000; ++seed) {
    const Recording recording = DrawRecording(seed);
    const std::string yaml = WriteRecordingYaml(recording);
    const auto again = ReadRecordingYaml(yaml, "x.yaml");
    ASSERT_TRUE(again.has_value())
        << "seed " << seed << ": " << FormatError(again.error()) << "\n"
        << yaml;
    ASSERT_TRUE(SameRecording(recording, *again)) << "seed " << seed << "\n"
                                                  << yaml;
    ASSERT_EQ(WriteRecordingYaml(*again), yaml) << "seed " << seed;
  }
}

TEST(RecordingYaml, EqualNeighboursAreWrittenOnce) {
  Recording recording;
  rebisect::Test test;
  test.commit = "aaaa";
  test.runs = {{RunOutcome::kOk}, {RunOutcome::kOk}, {RunOutcome::kCrashed}};
  recording.events.emplace_back(test);
  EXPECT_NE(
      WriteRecordingYaml(recording).find("      - {outcome: ok, count: 2}\n"
                                         "      - {outcome: crashed}\n"),
      std::string::npos);
}

TEST(RecordingYaml, BytesThatAreNoUtf8BecomeReplacementCharacters) {
  Recording recording;
  recording.name = "a\xff";
  const auto again = ReadRecordingYaml(WriteRecordingYaml(recording), "x");
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(again->name, "a\xEF\xBF\xBD");
}

std::string ErrorOf(const std::string& yaml) {
  const auto recording = ReadRecordingYaml(yaml, "x.yaml");
  return recording.has_value() ? "" : FormatError(recording.error());
}

std::string ErrorBelowSchema(const std::string& yaml) {
  return ErrorOf("rebisect: recording/1\n" + yaml);
}

TEST(RecordingYaml, ErrorsHaveLineAndColumn) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"kindd: fix\n",
       "x.yaml:2:1: error: unknown key 'kindd' in a recording; did you mean "
       "'kind'?"},
      {"kind: fixx\n",
       "x.yaml:2:7: error: 'kind' cannot be 'fixx'; did you mean 'fix'?"},
      {"kind: cause\nkind: fix\n",
       "x.yaml:3:1: error: the key 'kind' occurs twice; keep one of them"},
      {"name: [a]\n",
       "x.yaml:2:7: error: 'name' has to be one value, not a list or a "
       "mapping"},
      {"events: 3\n", "x.yaml:2:9: error: 'events' has to be a list"},
      {"events:\n  - tets: a\n",
       "x.yaml:3:5: error: this event is of no known kind: it needs one of "
       "the keys test, next, good, bad, skip, start, remark; did you mean "
       "'test'?"},
      {"events:\n  - test: a\n    runs: [{outcome: okk}]\n",
       "x.yaml:4:22: error: 'outcome' cannot be 'okk'; did you mean 'ok'?"},
      {"events:\n  - test: a\n    runs: [{title: t}]\n",
       "x.yaml:4:12: error: a run needs an 'outcome', such as ok or crashed"},
      {"events:\n  - test: a\n    runs: [{outcome: ok, count: 0}]\n",
       "x.yaml:4:12: error: 'count' has to be from 1 to 1000000"},
      {"events:\n  - {next: a, revisions_left: many}\n",
       "x.yaml:3:31: error: 'revisions_left' has to be a whole number, not "
       "'many'"},
      {"events:\n  - start: 3\n",
       "x.yaml:3:12: error: a start has to be a mapping of `key: value`"},
      {"name: &a b\n",
       "x.yaml:2:7: error: anchors are not taken here; remove '&...'"},
      {"summary: {flaky: yes}\n",
       "x.yaml:2:18: error: 'flaky' has to be true or false, not 'yes'"},
      {"summary: {total_seconds: inf}\n",
       "x.yaml:2:26: error: 'total_seconds' has to be a finite number, not "
       "'inf'"},
      {"truth: {judgement: maybe}\n",
       "x.yaml:2:20: error: 'judgement' cannot be 'maybe'; known are right, "
       "wrong, probably-right, exposing, unknown"},
  };
  for (const auto& [yaml, expected] : cases) {
    EXPECT_EQ(ErrorBelowSchema(yaml), expected);
  }
}

TEST(RecordingYaml, TheSchemaLineIsAskedFor) {
  EXPECT_EQ(ErrorOf("rebisect: recording/2\n"),
            "x.yaml:1:11: error: a recording starts with `rebisect: "
            "recording/1`, not 'recording/2'");
  EXPECT_EQ(ErrorOf("name: a\n").find("x.yaml:1:1: error: "), 0U);
  EXPECT_EQ(ErrorOf("").find("x.yaml:1:1: error: "), 0U);
  EXPECT_EQ(ErrorOf("- a\n").find("x.yaml:1:1: error: "), 0U);
  EXPECT_NE(ErrorOf("rebisect: [\n").find("this is not YAML"),
            std::string::npos);
  EXPECT_NE(ErrorBelowSchema("---\na: b\n").find("second document"),
            std::string::npos);
}

TEST(RecordingYaml, DepthCostsNoStack) {
  constexpr std::size_t kDeep = 200000;
  for (const char* const open : {"[", "{a: ", "- ", "? "}) {
    std::string deep = "events:\n  ";
    for (std::size_t i = 0; i < kDeep; ++i) deep += open;
    EXPECT_NE(ErrorBelowSchema(deep), "") << open;
  }
}

TEST(RecordingYaml, EveryPrefixIsReadOrRefused) {
  const std::string yaml = WriteRecordingYaml(DrawRecording(7));
  for (std::size_t end = 0; end < yaml.size(); ++end) {
    (void)ReadRecordingYaml(yaml.substr(0, end), "x.yaml");
  }
}

TEST(NearestWord, IsNearOrNothing) {
  const std::vector<std::string_view> known = {"commit", "compiler"};
  EXPECT_EQ(NearestWord("comit", known), "commit");
  EXPECT_EQ(NearestWord("zebra", known), "");
}

}  // namespace
}  // namespace rebisect
