#include "scenarios/logs/parse.h"

#include <cstddef>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "scenarios/audit/audit.h"
#include "scenarios/recording/recording_yaml.h"
#include "tests/scenarios/logs/fixtures.h"
#include "tests/scenarios/recording/shared_files.h"

namespace rebisect {
namespace {

using testing_support::FilesOf;
using testing_support::GetFile;

// A fixture as another program would hand it on.
template <class PerLine>
std::string Rewrite(const std::string& text, PerLine per_line) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    out += per_line(text.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

void ExpectSame(const std::string& name, const Recording& expected,
                const std::string& rewritten) {
  auto recording = ParseRecording(rewritten, "x.txt");
  ASSERT_TRUE(recording.has_value()) << name;
  recording->unknown.clear();
  Recording plain = expected;
  plain.unknown.clear();
  EXPECT_EQ(WriteRecordingYaml(*recording), WriteRecordingYaml(plain)) << name;
}

TEST(ParseRecording, UndoesQuotation) {
  for (const auto& [name, text] : fixtures::All()) {
    const auto plain = ParseRecording(text, "x.txt");
    ASSERT_TRUE(plain.has_value()) << name;
    ExpectSame(name + " CRLF", *plain,
               Rewrite(text, [](const std::string& l) { return l + "\r\n"; }));
    for (const char* const mark : {"> ", ">> ", "| ", "> > ", "    "}) {
      ExpectSame(name + mark, *plain,
                 Rewrite(text, [mark](const std::string& l) {
                   return mark + l + "\n";
                 }));
    }
    ExpectSame(name + " BOM", *plain, "\xEF\xBB\xBF" + text);
  }
}

std::string QuotedPrintable(const std::string& line) {
  constexpr std::size_t kWidth = 70;
  std::string out;
  std::size_t width = 0;
  for (const char c : line) {
    std::string coded(1, c);
    if (c == '=') coded = "=3D";
    if (width + coded.size() > kWidth) {
      out += "=\n";
      width = 0;
    }
    out += coded;
    width += coded.size();
  }
  return out + "\n";
}

TEST(ParseRecording, UndoesQuotedPrintable) {
  for (const auto& [name, text] : fixtures::All()) {
    const auto plain = ParseRecording(text, "x.txt");
    ASSERT_TRUE(plain.has_value()) << name;
    const std::string coded = Rewrite(text, QuotedPrintable);
    if (coded == text) continue;
    ExpectSame(name, *plain, coded);
  }
}

TEST(ParseRecording, LineNumbersAreTheFilesOwn) {
  const std::string text =
      "git bisect start\n# bad: [" + fixtures::Id("ff") +
      "] a subject long enough=\n to be broken\ngit bisect bad " +
      fixtures::Id("ff") + "\n";
  const auto recording = ParseRecording(text, "x");
  ASSERT_TRUE(recording.has_value());
  EXPECT_EQ(std::get<Mark>(recording->events.at(1)).line, 4);
}

TEST(ParseRecording, WrappedLinesAreJoined) {
  const std::string id = fixtures::Id("aa");
  const auto recording = ParseRecording(
      "testing commit " + id + " with gcc (GCC) 8.1.0\n" +
          "run #0: crashed: BUG: unable to handle kernel paging request in\n"
          "leaf_paste_in_buffer_and_more\n",
      "x");
  ASSERT_TRUE(recording.has_value());
  EXPECT_EQ(std::get<rebisect::Test>(recording->events.at(0)).runs.at(0).title,
            "BUG: unable to handle kernel paging request in "
            "leaf_paste_in_buffer_and_more");
}

// Every prefix of a record is a record that stops early, or a clean error.
void CheckPrefixes(const std::string& name, const std::string& text) {
  for (std::size_t end = 0; end <= text.size(); ++end) {
    if (end < text.size() && text[end] != '\n') continue;
    const auto recording = ParseRecording(text.substr(0, end), name);
    if (!recording.has_value()) {
      EXPECT_FALSE(recording.error().message.empty());
      EXPECT_GT(recording.error().where.line, 0) << name << " at " << end;
      continue;
    }
    const std::string yaml = WriteRecordingYaml(*recording);
    const auto again = ReadRecordingYaml(yaml, name);
    ASSERT_TRUE(again.has_value()) << FormatError(again.error());
    EXPECT_TRUE(SameRecording(*recording, *again)) << name << " at " << end;
    (void)Audit(*recording);
  }
}

TEST(ParseRecording, EveryPrefixOfTheFixtures) {
  for (const auto& [name, text] : fixtures::All()) CheckPrefixes(name, text);
}

TEST(ParseRecording, EveryPrefixOfTheRealRecords) {
  REBISECT_SKIP_WITHOUT_SHARED(shared);
  for (const char* const folder :
       {"recordings", "logs/git", "logs/kernel", "logs/syzkaller"}) {
    for (const auto& path : FilesOf(shared / folder)) {
      CheckPrefixes(path.filename().string(), GetFile(path));
    }
  }
}

TEST(ParseRecording, BytesMissingAnywhereDoNoHarm) {
  for (const auto& [name, text] : fixtures::All()) {
    for (std::size_t cut = 0; cut < text.size(); cut += 3) {
      std::string damaged = text;
      damaged.erase(cut, 1 + cut % 40);
      const auto recording = ParseRecording(damaged, name);
      if (recording.has_value()) (void)Audit(*recording);
      damaged = text;
      damaged[cut] = static_cast<char>(0x80 + cut % 128);
      (void)ParseRecording(damaged, name);
    }
  }
}

void ExpectNone(std::string_view bytes, const std::string& word) {
  const auto recording = ParseRecording(bytes, "some.file");
  ASSERT_FALSE(recording.has_value());
  const std::string text = FormatError(recording.error());
  EXPECT_EQ(text.find("some.file:1:1: error: "), 0U) << text;
  EXPECT_NE(text.find(word), std::string::npos) << text;
  EXPECT_NE(text.find("expected"), std::string::npos) << text;
}

TEST(ParseRecording, WhatIsNoBisectionIsAnErrorThatSaysWhatWasExpected) {
  ExpectNone("", "empty");
  ExpectNone(" \n\r\n\t\n", "empty");
  ExpectNone(std::string_view("\x7f"
                              "ELF\0\0\1",
                              7),
             "binary");
  ExpectNone("dear all,\nplease find the log attached.\n", "no line");
  ExpectNone("{\"a\": 1}\n", "no line");
}

TEST(ParseRecording, NoiseIsRefusedInLinearTime) {
  std::string noise;
  while (noise.size() < (std::size_t{8} << 20U)) {
    noise += "# git bisect is a word here > $ % # [abcd = testing 12: (3)\n";
    noise += std::string(200, '>') + std::string(200, '[') + "\n";
  }
  noise += std::string(std::size_t{1} << 20U, '#');
  EXPECT_FALSE(ParseRecording(noise, "noise").has_value());
}

TEST(ParseRecording, RefusesMoreLinesThanAnyRecordHas) {
  std::string log = "git bisect start\n" + std::string(kMaxRecordLines, '\n');
  const auto refused = ParseRecording(log + "x", "long.log");
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().where.line, 1000001);
  log.pop_back();
  EXPECT_TRUE(ParseRecording(log, "long.log").has_value());
}

TEST(ParseRecording, RecordsWithNoiseInTheMiddle) {
  std::string noise;
  while (noise.size() < (std::size_t{2} << 20U)) noise += "CC foo.o [x] = 3\n";
  const auto recording = ParseRecording(
      "git bisect start\n" + noise + "git bisect bad\n", "noise");
  ASSERT_TRUE(recording.has_value());
  EXPECT_EQ(recording->events.size(), 2U);
}

TEST(FileStem, DropsFolderAndExtensions) {
  EXPECT_EQ(FileStem("a/b/000_x.txt"), "000_x");
  EXPECT_EQ(FileStem("000_x.log.gz"), "000_x");
  EXPECT_EQ(FileStem("-"), "-");
  EXPECT_EQ(FileStem(".hidden"), ".hidden");
}

}  // namespace
}  // namespace rebisect
