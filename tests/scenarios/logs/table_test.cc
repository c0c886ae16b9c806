#include "scenarios/logs/table.h"

#include <string>

#include <gtest/gtest.h>

#include "scenarios/recording/recording_yaml.h"

namespace rebisect {
namespace {

std::string CsvError(const std::string& text) {
  const auto recording = ReadCsvTable(text, "t.csv");
  return recording.has_value() ? "" : FormatError(recording.error());
}

std::string JsonlError(const std::string& text) {
  const auto recording = ReadJsonlTable(text, "t.jsonl");
  return recording.has_value() ? "" : FormatError(recording.error());
}

TEST(CsvTable, RowsOfACommitAreOneTest) {
  const auto recording = ReadCsvTable(
      "outcome,commit,run,title,seconds\r\n"
      "ok,aaaa,0,,1.5\r\n"
      "crashed,aaaa,1,\"a \"\"title\"\", in\ntwo lines\",2\r\n"
      "ok,bbbb,0,,\r\n"
      "test-failed,aaaa,0,,",
      "dir/t.csv");
  ASSERT_TRUE(recording.has_value()) << FormatError(recording.error());
  EXPECT_EQ(WriteRecordingYaml(*recording), R"(rebisect: recording/1
name: t
format: csv
kind: cause
events:
  - test: aaaa
    runs:
      - {outcome: ok, seconds: 1.5}
      - {outcome: crashed, title: "a \"title\", in\ntwo lines", seconds: 2}
  - bad: aaaa
  - test: bbbb
    runs:
      - {outcome: ok}
  - good: bbbb
  - test: aaaa
    runs:
      - {outcome: test-failed}
  - skip: aaaa
end:
  kind: unfinished
)");
}

TEST(CsvTable, AVerdictColumnWins) {
  const auto recording = ReadCsvTable(
      "commit,outcome,verdict\naaaa,crashed,good\naaaa,ok,\n", "t.csv");
  ASSERT_TRUE(recording.has_value());
  EXPECT_EQ(std::get<Mark>(recording->events.at(1)).verdict, Verdict::kGood);
}

TEST(CsvTable, ErrorsHaveLineAndColumn) {
  EXPECT_EQ(CsvError("commit,outcom\n"),
            "t.csv:1:8: error: unknown column 'outcom' in the header; did you "
            "mean 'outcome'?");
  EXPECT_EQ(CsvError("commit,run\n"),
            "t.csv:1:1: error: the header has no column 'outcome'");
  EXPECT_EQ(CsvError("commit,outcome,commit\n"),
            "t.csv:1:16: error: the column 'commit' occurs twice");
  EXPECT_EQ(CsvError("commit,outcome\naaaa,crash\n"),
            "t.csv:2:6: error: 'outcome' cannot be 'crash'; did you mean "
            "'crashed'?");
  EXPECT_EQ(CsvError("commit,outcome\n\naaaa,ok,1\n"),
            "t.csv:3:9: error: this row has 3 fields, the header 2");
  EXPECT_EQ(CsvError("commit,outcome,seconds\naaaa,ok,fast\n"),
            "t.csv:2:9: error: 'seconds' has to be a number from 0 on, not "
            "'fast'");
  EXPECT_EQ(CsvError("commit,outcome,run\naaaa,ok,1\naaaa,ok,1\n"),
            "t.csv:3:9: error: run 1 of commit aaaa occurs twice; number the "
            "runs of a test apart");
  EXPECT_EQ(CsvError("commit,outcome\n\"aaaa,ok\n")
                .find("t.csv:2:1: error: this quotation mark is never closed"),
            0U);
  EXPECT_EQ(CsvError("commit,outcome\na\"a,ok\n").find("t.csv:2:2: error: "),
            0U);
  EXPECT_EQ(CsvError("commit,outcome\n\"a\"a,ok\n").find("t.csv:2:4: error: "),
            0U);
  EXPECT_EQ(CsvError("commit,outcome\n,ok\n"),
            "t.csv:2:1: error: this row names no commit");
  EXPECT_NE(CsvError("").find("no rows"), std::string::npos);
  EXPECT_NE(CsvError("commit,outcome,verdict\naaaa,ok,good\naaaa,ok,bad\n")
                .find("t.csv:3:9: error: this row says bad"),
            std::string::npos);
}

TEST(JsonlTable, ReadsObjects) {
  const auto recording = ReadJsonlTable(
      "{\"commit\": \"aaaa\", \"outcome\": \"ok\", \"run\": 0, \"seconds\": "
      "0.25}\n\n"
      "{\"commit\": \"aaaa\", \"outcome\": \"crashed\", \"title\": \"x\"}\n",
      "t.jsonl");
  ASSERT_TRUE(recording.has_value()) << FormatError(recording.error());
  const auto& test = std::get<rebisect::Test>(recording->events.at(0));
  EXPECT_EQ(test.runs.at(0).seconds, 0.25);
  EXPECT_EQ(test.runs.at(1).title, "x");
  EXPECT_EQ(std::get<Mark>(recording->events.at(1)).verdict, Verdict::kBad);
}

TEST(JsonlTable, ErrorsHaveLineAndColumn) {
  EXPECT_EQ(JsonlError("{\"commit\": \"a\", \"titel\": \"x\"}"),
            "t.jsonl:1:17: error: unknown key 'titel'; did you mean 'title'?");
  EXPECT_EQ(JsonlError("\n{\"commit\": }\n").find("t.jsonl:2:12: error: "), 0U);
  EXPECT_EQ(JsonlError("[1]").find("t.jsonl:1:1: error: each line"), 0U);
  EXPECT_EQ(JsonlError("{\"commit\": 12, \"outcome\": \"ok\"}"),
            "t.jsonl:1:2: error: 'commit' has to be a string");
  EXPECT_NE(JsonlError("{\"commit\":\"a\",\"commit\":\"b\",\"outcome\":\"ok\"}")
                .find("twice"),
            std::string::npos);
  EXPECT_EQ(JsonlError(std::string(200000, '[')).find("t.jsonl:1:"), 0U);
}

}  // namespace
}  // namespace rebisect
