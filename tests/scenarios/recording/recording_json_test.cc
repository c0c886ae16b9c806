#include "scenarios/recording/recording_json.h"

#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "scenarios/recording/recording_yaml.h"

namespace rebisect {
namespace {

// The JSON form of a recording whose YAML form goes on like this.
std::string JsonOf(const std::string& yaml) {
  const auto recording =
      ReadRecordingYaml("rebisect: recording/1\nformat: csv\n" + yaml, "x");
  if (!recording.has_value()) return FormatError(recording.error());
  const auto json = WriteRecordingJson(*recording);
  return json.has_value() ? *json : FormatError(json.error());
}

constexpr const char* kHead =
    R"({"schema":"rebisect.recording/1","format":"csv","kind":"marks",)";
constexpr const char* kTail = R"("end":{"kind":"unfinished"}})";

std::string Whole(const std::string& middle) {
  return kHead + middle + kTail + "\n";
}

TEST(RecordingJson, KeepsTheKeysAndTheirOrder) {
  EXPECT_EQ(JsonOf(""), Whole(""));
  EXPECT_EQ(JsonOf("events:\n"
                   "  - start: {bad: b, goods: [v1, a], first_parent: true,"
                   " resolved: {v1: c}}\n"
                   "  - {next: e, revisions_left: 7, steps_left: 3}\n"
                   "  - test: e\n"
                   "    runs: [{outcome: ok, seconds: 12.5, count: 2}]\n"
                   "    flaky: true\n"
                   "  - good: e\n"
                   "  - skip: [f, g]\n"),
            Whole(R"("events":[{"start":{"bad":"b","goods":["v1","a"],)"
                  R"("resolved":{"v1":"c"},"first_parent":true}},)"
                  R"({"next":"e","revisions_left":7,"steps_left":3},)"
                  R"({"test":"e","runs":[{"outcome":"ok","seconds":12.5,)"
                  R"("count":2}],"flaky":true},)"
                  R"({"good":"e"},{"skip":["f","g"]}],)"));
}

TEST(RecordingJson, TextStaysTextWhateverItLooksLike) {
  // Old files have such ids without quotes; they are read as they were.
  for (const char* const text : {"1234567", "123e4567", "0x1f", "012", "true",
                                 "yes", ".inf", "1_000", "12:30:45"}) {
    EXPECT_EQ(JsonOf("start_commit: " + std::string(text) + "\n"),
              Whole(R"("start_commit":")" + std::string(text) + R"(",)"));
    EXPECT_EQ(JsonOf("events:\n  - good: [" + std::string(text) + "]\n"),
              Whole(R"("events":[{"good":")" + std::string(text) + R"("}],)"));
  }
  EXPECT_EQ(JsonOf("name: \"\"\nunknown: [\"\", \"null\", \"~\"]\n"),
            kHead + std::string(R"("end":{"kind":"unfinished"},)"
                                R"("unknown":["","null","~"]})"
                                "\n"));
}

TEST(RecordingJson, NumbersAreNumbersAtEverySize) {
  for (const double value :
       {0.0, -0.5, 1e5, 1e22, 1.5e-7, 123456789.25, 2147483648.0}) {
    Recording recording;
    recording.format = "csv";
    recording.summary.total_seconds = value;
    const auto json = WriteRecordingJson(recording);
    ASSERT_TRUE(json.has_value());
    const auto read = nlohmann::json::parse(*json);
    ASSERT_TRUE(read["summary"]["total_seconds"].is_number()) << *json;
    EXPECT_EQ(read["summary"]["total_seconds"].get<double>(), value);
  }
}

TEST(RecordingJson, IsOneLineOfValidText) {
  Recording recording;
  recording.format = "csv";
  recording.name = "a\"b\\c\n\t\x01\xff\xE2\x80\xA8";
  const auto json = WriteRecordingJson(recording);
  ASSERT_TRUE(json.has_value());
  EXPECT_EQ(json->find('\n'), json->size() - 1);
  EXPECT_EQ(nlohmann::json::parse(*json)["name"],
            "a\"b\\c\n\t\x01\xEF\xBF\xBD\xE2\x80\xA8");
}

TEST(RecordingJson, NamesThatBecomeOneAreAnErrorOfTheInput) {
  Recording recording;
  recording.file = "x.log";
  Start start;
  start.resolved = {{"\xfe", "a"}, {"\xff", "b"}};
  recording.events.emplace_back(start);
  const auto json = WriteRecordingJson(recording);
  ASSERT_FALSE(json.has_value());
  EXPECT_EQ(json.error().code, ErrorCode::kInput);
  EXPECT_EQ(FormatError(json.error()).find("x.log: error: this recording"), 0U)
      << FormatError(json.error());
}

}  // namespace
}  // namespace rebisect
