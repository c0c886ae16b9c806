#include "sim/io/streamed_input.h"

#include <gtest/gtest.h>

#include <string>

#include "sim/io/dag_text.h"
#include "sim/io/gzip.h"
#include "tests/support/temp_folder.h"

namespace rebisect {
namespace {

using testing_support::PutFile;
using testing_support::TempFolder;

/// A line of commits, newest first, larger than one piece of progress.
std::string LongDag() {
  constexpr int kCommits = 20'000;
  std::string text;
  const auto id = [](int commit) {
    std::string hex = std::to_string(commit);
    return std::string(40 - hex.size(), '0') + hex;
  };
  for (int commit = kCommits; commit > 0; --commit) {
    text += id(commit) + ' ' + std::to_string(commit);
    if (commit > 1) text += ' ' + id(commit - 1);
    text += '\n';
  }
  return text;
}

std::string All(StreamedInput& input) {
  std::size_t seen = 0;
  while (true) {
    const std::size_t size = input.Await(seen);
    if (size == seen) return {input.data(), size};
    seen = size;
  }
}

TEST(StreamedInput, GivesAllBytesOfPackedAndPlainFiles) {
  const TempFolder folder;
  const std::string text = LongDag();
  PutFile(folder / "plain", text);
  PutFile(folder / "packed", Gzip(text) + Gzip("more\n"));
  PutFile(folder / "empty", "");
  const auto plain = StreamedInput::Open(folder / "plain");
  ASSERT_TRUE(plain.has_value());
  EXPECT_EQ(All(**plain), text);
  EXPECT_TRUE((*plain)->Finish().has_value());
  const auto packed = StreamedInput::Open(folder / "packed");
  ASSERT_TRUE(packed.has_value());
  EXPECT_EQ(All(**packed), text + "more\n");
  EXPECT_TRUE((*packed)->Finish().has_value());
  const auto empty = StreamedInput::Open(folder / "empty");
  ASSERT_TRUE(empty.has_value());
  EXPECT_EQ(All(**empty), "");
  EXPECT_FALSE(StreamedInput::Open(folder / "none").has_value());
}

TEST(StreamedInput, IsReadAsTheTextIs) {
  const TempFolder folder;
  const std::string text = LongDag();
  PutFile(folder / "packed", Gzip(text));
  const auto input = StreamedInput::Open(folder / "packed");
  ASSERT_TRUE(input.has_value());
  const NamedText streamed{"f", {}, input->get()};
  const NamedText whole{"f", text};
  const auto dag = ReadDag({&streamed, 1});
  ASSERT_TRUE(dag.has_value()) << FormatError(dag.error());
  EXPECT_EQ(dag->graph, ReadDag({&whole, 1})->graph);
}

TEST(StreamedInput, LinesAreCountedThroughAllPieces) {
  const TempFolder folder;
  std::string text = LongDag();
  const std::size_t last = text.rfind('\n', text.size() - 2) + 1;
  text.insert(last, "not a commit\n");
  PutFile(folder / "packed", Gzip(text));
  const auto input = StreamedInput::Open(folder / "packed");
  const NamedText streamed{"f", {}, input->get()};
  const auto dag = ReadDag({&streamed, 1});
  ASSERT_FALSE(dag.has_value());
  EXPECT_EQ(dag.error().where.line, 20'000);
}

TEST(StreamedInput, DamageIsTheErrorAndNotTheLineThatItCuts) {
  const TempFolder folder;
  const std::string packed = Gzip(LongDag());
  PutFile(folder / "cut", packed.substr(0, packed.size() / 2));
  const auto input = StreamedInput::Open(folder / "cut");
  ASSERT_TRUE(input.has_value());
  const NamedText streamed{"cut", {}, input->get()};
  const auto dag = ReadDag({&streamed, 1});
  ASSERT_FALSE(dag.has_value());
  EXPECT_NE(dag.error().message.find("truncated"), std::string::npos)
      << dag.error().message;
}

TEST(StreamedInput, MayBeLeftUnread) {
  const TempFolder folder;
  PutFile(folder / "packed", Gzip(LongDag()));
  EXPECT_TRUE(StreamedInput::Open(folder / "packed").has_value());
}

}  // namespace
}  // namespace rebisect
