#pragma once

#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "sim/base/result.h"

namespace rebisect {

/// The bytes of a file, for a reader that begins at its beginning: a gzip file
/// is unpacked by a thread of its own meanwhile. The bytes stay where they
/// are, so that pointers to them last as long as the object.
class StreamedInput {
 public:
  /// As ReadInput, but that errors of the packed data come from Finish().
  [[nodiscard]] static Result<std::unique_ptr<StreamedInput>> Open(
      const std::string& path);

  StreamedInput(const StreamedInput&) = delete;
  StreamedInput& operator=(const StreamedInput&) = delete;
  /// Waits for the thread.
  ~StreamedInput();

  [[nodiscard]] const char* data() const { return data_; }

  /// How many there will be in the end, as far as can be guessed.
  [[nodiscard]] std::size_t likely_size() const { return likely_size_; }

  /// Waits until there are more than `seen` bytes. Returns how many there are;
  /// `seen` when that is all. For one reader.
  [[nodiscard]] std::size_t Await(std::size_t seen);

  /// Waits for the end. Errors: those of Gunzip.
  [[nodiscard]] Result<void> Finish();

 private:
  StreamedInput() = default;
  void Unpack(const std::string& name);

  std::string bytes_;  // of the file
  char* data_ = nullptr;
  std::size_t mapped_ = 0;
  std::size_t likely_size_ = 0;
  std::mutex mutex_;
  std::condition_variable more_;
  std::size_t size_ = 0;  // guarded by mutex_, and the next two
  bool done_ = false;
  Result<void> result_{};
  std::thread unpacker_;
};

}  // namespace rebisect
