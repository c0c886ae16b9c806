#include <algorithm>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <string>
#include <vector>

#include "sim/io/commit_graph_file.h"
#include "sim/io/dag_text.h"
#include "sim/io/gzip.h"
#include "sim/io/sha1.h"
#include "tests/fuzz/expect.h"
#include "tests/fuzz/targets.h"
#include "tests/support/temp_folder.h"

namespace rebisect::fuzz {
namespace {

using testing_support::PutFile;
using testing_support::TempFolder;

const std::string kGraphsFile = "graph";

void CheckDag(std::span<const NamedText> texts, bool allow_missing) {
  DagOptions options;
  options.allow_missing = allow_missing;
  const auto dag = ReadDag(texts, options);
  if (!dag) {
    ExpectSays(dag.error());
    return;
  }
  const std::string text = WriteDag(dag->graph);
  const NamedText written{kGraphsFile, text};
  const auto again = ReadDag({&written, 1});
  Expect(again.has_value(), "a graph that was written is read",
         again ? text : FormatError(again.error()) + "\n" + text);
  Expect(WriteDag(again->graph) == text, "and is the same graph", text);
}

/// Everything that a commit-graph file can be asked.
void CheckCommitGraph(const std::string& folder) {
  const auto opened = CommitGraphFile::Open({&folder, 1});
  if (!opened) {
    ExpectSays(opened.error());
    return;
  }
  if (!*opened) return;
  const CommitGraphFile& file = **opened;
  std::vector<std::uint32_t> parents;
  for (std::uint32_t i = 0; i < file.size(); ++i) {
    (void)file.Date(i);
    parents.clear();
    file.PrefetchParents(i);
    file.AppendParents(i, parents);
    for (const std::uint32_t parent : parents) {
      Expect(parent < file.size(), "parents are in the file");
    }
    const auto found = file.Find(file.Id(i));
    Expect(found && file.Id(*found) == file.Id(i), "a commit is found");
  }
  (void)file.Find(CommitId{});
}

/// With the checksum that the bytes have: nothing behind it is reached else.
CommitId Seal(std::string& bytes) {
  const std::size_t body = bytes.size() - CommitId::kSize;
  const CommitId sum = Sha1(std::string_view(bytes).substr(0, body));
  std::memcpy(bytes.data() + body, sum.bytes.data(), CommitId::kSize);
  return sum;
}

/// Writes the ids of the layers below into a layer's chunk of them.
void PutBases(std::string& layer, const std::vector<CommitId>& below) {
  const std::size_t entry = layer.find("BASE");
  if (entry == std::string::npos || entry + 12 > layer.size()) return;
  std::size_t at = NumberIn(std::string_view(layer).substr(entry + 4, 8));
  for (const CommitId& id : below) {
    if (at > layer.size() || layer.size() - at < CommitId::kSize) return;
    std::memcpy(layer.data() + at, id.bytes.data(), CommitId::kSize);
    at += CommitId::kSize;
  }
}

}  // namespace

/// One text, or two parted by a line `---`.
void FuzzDag(std::string_view bytes) {
  const std::size_t part = bytes.find("\n---\n");
  std::vector<NamedText> texts{{kGraphsFile, bytes.substr(0, part)}};
  if (part != std::string_view::npos) {
    texts.push_back({"other", bytes.substr(part + 5)});
  }
  CheckDag(texts, false);
  CheckDag(texts, true);
}

/// The bytes as a gzip file, and the gzip file of the bytes with one byte
/// changed and the end cut off.
void FuzzGzip(std::string_view bytes) {
  const auto raw = Gunzip(bytes, kGraphsFile);
  if (!raw) ExpectPlace(raw.error(), kGraphsFile);
  const auto zlib = InflateZlib(bytes, kGraphsFile);
  if (!zlib) ExpectPlace(zlib.error(), kGraphsFile);
  std::string packed = Gzip(bytes);
  const auto same = Gunzip(packed, kGraphsFile);
  Expect(same && *same == bytes, "what was packed is unpacked");
  if (bytes.size() < 4) return;
  packed[NumberIn(bytes.substr(0, 2)) % packed.size()] ^= bytes[2];
  packed.resize(packed.size() - NumberIn(bytes.substr(3, 1)) % packed.size());
  const auto changed = Gunzip(packed, kGraphsFile);
  if (!changed) ExpectPlace(changed.error(), kGraphsFile);
}

void FuzzCommitGraph(std::string_view bytes) {
  static const TempFolder folder;
  std::string file(bytes);
  if (file.size() >= CommitId::kSize) (void)Seal(file);
  PutFile(folder / "info/commit-graph", file);
  CheckCommitGraph(folder.path());
}

/// Layers, oldest first, behind their sizes in two bytes each.
void FuzzCommitGraphChain(std::string_view bytes) {
  static const TempFolder folder;
  const std::string chains = folder / "info/commit-graphs";
  std::filesystem::remove_all(chains);
  std::string chain;
  std::vector<CommitId> below;
  while (bytes.size() > 2 + CommitId::kSize) {
    const std::size_t size = std::clamp(NumberIn(bytes.substr(0, 2)),
                                        CommitId::kSize, bytes.size() - 2);
    std::string layer(bytes.substr(2, size));
    bytes.remove_prefix(2 + size);
    PutBases(layer, below);
    const CommitId id = Seal(layer);
    below.push_back(id);
    PutFile(chains + "/graph-" + id.Hex() + ".graph", layer);
    chain += id.Hex() + '\n';
  }
  // What is left over follows the chain as it is.
  PutFile(chains + "/commit-graph-chain", chain.append(bytes));
  CheckCommitGraph(folder.path());
}

}  // namespace rebisect::fuzz
