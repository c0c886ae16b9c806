#include "sim/io/commit_graph_file.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

#include "sim/io/sha1.h"
#include "tests/support/temp_folder.h"

namespace rebisect {
namespace {

using testing_support::PutFile;
using testing_support::TempFolder;

std::string Big(std::uint64_t value, int bytes) {
  std::string text;
  while (bytes-- > 0) text += static_cast<char>(value >> (8 * bytes));
  return text;
}

struct Commit {
  std::uint8_t id;  // of its first byte; the others are 0
  std::uint64_t date;
  std::vector<std::uint32_t> parents;  // positions
};

std::string IdBytes(std::uint8_t first) {
  return static_cast<char>(first) + std::string(19, '\0');
}

std::string WithChecksum(std::string body) {
  for (const std::uint8_t byte : Sha1(body).bytes) {
    body += static_cast<char>(byte);
  }
  return body;
}

/// A commit-graph file; commits sorted by id.
std::string Write(const std::vector<Commit>& commits,
                  const std::string& bases = "") {
  std::string fanout;
  for (unsigned first = 0; first < 256; ++first) {
    std::size_t count = 0;
    for (const Commit& c : commits) count += c.id <= first ? 1 : 0;
    fanout += Big(count, 4);
  }
  std::string ids;
  std::string data;
  std::string edges;
  for (const Commit& c : commits) {
    ids += IdBytes(c.id);
    const std::size_t n = c.parents.size();
    data += std::string(20, 't') + Big(n > 0 ? c.parents[0] : 0x70000000, 4);
    if (n > 2) {
      data += Big(0x80000000U | edges.size() / 4, 4);
      for (std::size_t i = 1; i < n; ++i) {
        edges += Big(c.parents[i] | (i + 1 == n ? 0x80000000U : 0U), 4);
      }
    } else {
      data += Big(n > 1 ? c.parents[1] : 0x70000000, 4);
    }
    data += Big(std::uint64_t{7} << 34 | c.date, 8);
  }
  std::vector<std::pair<std::string, std::string>> chunks = {
      {"OIDF", fanout}, {"OIDL", ids}, {"CDAT", data}, {"ZZZZ", "ignored"}};
  if (!edges.empty()) chunks.emplace_back("EDGE", edges);
  if (!bases.empty()) chunks.emplace_back("BASE", bases);
  std::string body = "CGPH\1\1";
  body += Big(chunks.size(), 1) + Big(bases.size() / 20, 1);
  std::uint64_t at = 8 + 12 * (chunks.size() + 1);
  for (const auto& [name, bytes] : chunks) {
    body += name + Big(at, 8);
    at += bytes.size();
  }
  body += Big(0, 4) + Big(at, 8);
  for (const auto& [name, bytes] : chunks) body += bytes;
  return WithChecksum(body);
}

const std::vector<Commit>& Octopus() {
  static const std::vector<Commit> commits = {{0x10, 5, {}},
                                              {0x20, 0x3ffffffff, {0}},
                                              {0x30, 7, {1, 0}},
                                              {0xff, 8, {2, 0, 1, 2}}};
  return commits;
}

Result<std::optional<CommitGraphFile>> Open(const TempFolder& folder) {
  const std::vector<std::string> folders = {folder.path()};
  return CommitGraphFile::Open(folders);
}

CommitId Id(std::uint8_t first) {
  CommitId id;
  id.bytes[0] = first;
  return id;
}

TEST(CommitGraphFile, ReadsCommitsDatesAndParents) {
  const TempFolder folder;
  PutFile(folder / "info/commit-graph", Write(Octopus()));
  const auto file = Open(folder);
  ASSERT_TRUE(file.has_value()) << FormatError(file.error());
  ASSERT_TRUE(file->has_value());
  const CommitGraphFile& graph = **file;
  ASSERT_EQ(graph.size(), 4U);
  for (std::uint32_t i = 0; i < 4; ++i) {
    EXPECT_EQ(graph.Id(i), Id(Octopus()[i].id));
    EXPECT_EQ(graph.Find(Id(Octopus()[i].id)), i);
    EXPECT_EQ(graph.Date(i), static_cast<std::int64_t>(Octopus()[i].date));
    std::vector<std::uint32_t> parents;
    graph.AppendParents(i, parents);
    EXPECT_EQ(parents, Octopus()[i].parents);
  }
  EXPECT_FALSE(graph.Find(Id(0x31)).has_value());
}

TEST(CommitGraphFile, IsAbsentWhereThereIsNone) {
  const TempFolder folder;
  const auto file = Open(folder);
  ASSERT_TRUE(file.has_value());
  EXPECT_FALSE(file->has_value());
}

TEST(CommitGraphFile, JoinsTheLayersOfAChain) {
  const TempFolder folder;
  const std::string base = Write({{0x20, 1, {}}, {0x40, 2, {0}}});
  const std::string base_sum = base.substr(base.size() - 20);
  const std::string tip = Write({{0x10, 3, {1}}, {0x50, 4, {2, 0}}}, base_sum);
  CommitId base_id;
  CommitId tip_id;
  for (std::size_t i = 0; i < 20; ++i) {
    base_id.bytes[i] = static_cast<std::uint8_t>(base_sum[i]);
    tip_id.bytes[i] = static_cast<std::uint8_t>(tip[tip.size() - 20 + i]);
  }
  const std::string place = folder / "info/commit-graphs/";
  PutFile(place + "commit-graph-chain",
          base_id.Hex() + "\n" + tip_id.Hex() + "\n");
  PutFile(place + "graph-" + base_id.Hex() + ".graph", base);
  EXPECT_FALSE(Open(folder).has_value()) << "a layer is missing";
  PutFile(place + "graph-" + tip_id.Hex() + ".graph", tip);
  const auto file = Open(folder);
  ASSERT_TRUE(file.has_value()) << FormatError(file.error());
  ASSERT_TRUE(file->has_value());
  ASSERT_EQ((*file)->size(), 4U);
  EXPECT_EQ((*file)->Find(Id(0x10)), 2U);
  EXPECT_EQ((*file)->Find(Id(0x40)), 1U);
  EXPECT_EQ((*file)->Id(3), Id(0x50));
  std::vector<std::uint32_t> parents;
  (*file)->AppendParents(3, parents);
  EXPECT_EQ(parents, (std::vector<std::uint32_t>{2, 0}));
  // A layer under the name of another.
  PutFile(place + "graph-" + tip_id.Hex() + ".graph", base);
  EXPECT_FALSE(Open(folder).has_value());
}

TEST(CommitGraphFile, NoticesEveryFlippedByteAndTruncation) {
  const TempFolder folder;
  const std::string path = folder / "info/commit-graph";
  const std::string good = Write(Octopus());
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] = static_cast<char>(bad[i] ^ (1 << i % 8));
    PutFile(path, bad);
    EXPECT_FALSE(Open(folder).has_value()) << "byte " << i;
  }
  for (std::size_t size = 0; size < good.size(); size += 13) {
    PutFile(path, good.substr(0, size));
    EXPECT_FALSE(Open(folder).has_value()) << size << " bytes";
  }
}

/// Damage that the checksum does not show: whoever wrote it summed it up too.
TEST(CommitGraphFile, ChecksBoundsUnderARightChecksum) {
  const TempFolder folder;
  const std::string path = folder / "info/commit-graph";
  const std::string good = Write(Octopus());
  const std::string body = good.substr(0, good.size() - 20);
  for (std::size_t i = 0; i < body.size(); ++i) {
    for (const int flip : {0x01, 0x80, 0xff}) {
      std::string bad = body;
      bad[i] = static_cast<char>(bad[i] ^ flip);
      PutFile(path, WithChecksum(bad));
      const auto file = Open(folder);
      if (!file.has_value() || !file->has_value()) continue;
      for (std::uint32_t at = 0; at < (*file)->size(); ++at) {
        std::vector<std::uint32_t> parents;
        (*file)->AppendParents(at, parents);
        for (const std::uint32_t parent : parents) {
          EXPECT_LT(parent, (*file)->size());
        }
        EXPECT_EQ((*file)->Find((*file)->Id(at)), at);
      }
    }
  }
}

}  // namespace
}  // namespace rebisect
