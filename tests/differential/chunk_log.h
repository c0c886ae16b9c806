#pragma once

#include <cstdint>
#include <fstream>
#include <map>
#include <string>

#include "tests/differential/case_features.h"

namespace rebisect::testing_support {

/// What came of a stretch of cases, from the `first` of a run on.
struct Chunk {
  std::uint64_t first = 0;
  std::uint64_t cases = 0;
  std::uint64_t compared = 0;  ///< commands, or answers to single steps
  std::uint64_t different = 0;
  std::uint64_t time_ms = 0;  ///< of one thread
  FeatureCounts features{};
};

/// The chunks that are done, in a file that grows by a line for each: a run
/// that ends early goes on from it. A line that was not finished is as if it
/// were not there.
class ChunkLog {
 public:
  /// Reads the file. One that begins with another line than `title`, which
  /// says what the run depends on, is begun anew. An empty name: no file.
  ChunkLog(const std::string& file, const std::string& title);

  [[nodiscard]] bool BegunAnew() const { return begun_anew_; }
  /// By Chunk::first.
  [[nodiscard]] const std::map<std::uint64_t, Chunk>& chunks() const {
    return chunks_;
  }
  /// Replaces the chunk that begins there.
  void Add(const Chunk& chunk);

 private:
  std::map<std::uint64_t, Chunk> chunks_;
  std::ofstream file_;
  bool begun_anew_ = false;
};

}  // namespace rebisect::testing_support
