#include "tests/differential/chunk_log.h"

#include <array>
#include <filesystem>
#include <optional>
#include <sstream>

#include "tests/support/temp_folder.h"

namespace rebisect::testing_support {
namespace {

constexpr std::array kNumbers = {&Chunk::first, &Chunk::cases, &Chunk::compared,
                                 &Chunk::different, &Chunk::time_ms};

std::string ChunkLine(const Chunk& chunk) {
  std::string line;
  for (const auto number : kNumbers)
    line += std::to_string(chunk.*number) + '\t';
  for (const auto& [name, count] : chunk.features) {
    line += std::to_string(count) + ' ' + name + '\t';
  }
  return line + "end\n";
}

std::optional<Chunk> ReadChunk(const std::string& line) {
  if (!line.ends_with("\tend")) return std::nullopt;
  std::istringstream fields(line.substr(0, line.size() - 3));
  Chunk chunk;
  for (const auto number : kNumbers) fields >> chunk.*number;
  if (fields.get() != '\t') return std::nullopt;
  for (std::string field; std::getline(fields, field, '\t');) {
    std::istringstream feature(field);
    std::uint64_t count = 0;
    std::string name;
    if (!(feature >> count) || !std::getline(feature >> std::ws, name)) {
      return std::nullopt;
    }
    chunk.features[name] = count;
  }
  return chunk;
}

}  // namespace

ChunkLog::ChunkLog(const std::string& file, const std::string& title) {
  if (file.empty()) return;
  std::istringstream lines(GetFile(file));
  std::string line;
  if (std::getline(lines, line) && line != title) begun_anew_ = true;
  while (!begun_anew_ && std::getline(lines, line)) {
    if (auto chunk = ReadChunk(line)) chunks_[chunk->first] = *chunk;
  }
  // Written again as a whole, lest a line follow half of one.
  std::filesystem::create_directories(
      std::filesystem::path(file).parent_path());
  file_.open(file, std::ios::binary | std::ios::trunc);
  file_ << title << '\n';
  for (const auto& [first, chunk] : chunks_) file_ << ChunkLine(chunk);
  file_.flush();
}

void ChunkLog::Add(const Chunk& chunk) {
  chunks_[chunk.first] = chunk;
  file_ << ChunkLine(chunk) << std::flush;
}

}  // namespace rebisect::testing_support
