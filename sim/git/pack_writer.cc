#include "sim/git/pack_writer.h"

#include "sim/git/handles.h"
#include "sim/io/sha1.h"

namespace rebisect {
namespace {

std::string_view NameOf(PackedType type) {
  switch (type) {
    case PackedType::kCommit:
      return "commit ";
    case PackedType::kTree:
      return "tree ";
    case PackedType::kBlob:
      return "blob ";
  }
  return "";
}

/// Type and size before each object: 4 bits of the size, then 7 and 7.
void AppendObjectHeader(std::string& out, PackedType type, std::size_t size) {
  auto byte = static_cast<unsigned>(type) << 4 | (size & 15U);
  size >>= 4;
  while (size != 0) {
    out += static_cast<char>(byte | 0x80U);
    byte = size & 0x7fU;
    size >>= 7;
  }
  out += static_cast<char>(byte);
}

void AppendBigEndian(std::string& out, std::size_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) {
    out += static_cast<char>(value >> shift & 0xffU);
  }
}

}  // namespace

CommitId PackWriter::IdOf(PackedType type, std::string_view text) {
  scratch_ = NameOf(type);
  scratch_ += std::to_string(text.size());
  scratch_ += '\0';
  scratch_ += text;
  return Sha1(scratch_);
}

std::pair<CommitId, bool> PackWriter::Add(PackedType type,
                                          std::string_view text) {
  const CommitId id = IdOf(type, text);
  const auto next = static_cast<std::uint32_t>(ids_.size());
  if (table_.FindOrAdd(ids_, id, next) != next) return {id, false};
  ids_.push_back(id);
  AppendObjectHeader(objects_, type, text.size());
  packer_.Append(objects_, text);
  return {id, true};
}

Result<void> PackWriter::Write(const std::string& pack_folder) {
  std::string pack = "PACK";
  AppendBigEndian(pack, 2);
  AppendBigEndian(pack, ids_.size());
  pack += objects_;
  const CommitId sum = Sha1(pack);
  pack.append(reinterpret_cast<const char*>(sum.bytes.data()),
              sum.bytes.size());
  git_indexer* indexer = nullptr;
  git_indexer_progress progress = {};
  const bool started =
      git_indexer_new(&indexer, pack_folder.c_str(), 0, nullptr, nullptr) == 0;
  const GitIndexerHandle owner(indexer);
  if (!started ||
      git_indexer_append(indexer, pack.data(), pack.size(), &progress) != 0 ||
      git_indexer_commit(indexer, &progress) != 0) {
    return Fail(ErrorCode::kInput, "cannot write the pack: " + GitMessage(),
                {pack_folder, 0, 0});
  }
  return {};
}

}  // namespace rebisect
