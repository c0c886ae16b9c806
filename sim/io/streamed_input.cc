#include "sim/io/streamed_input.h"

#include <sys/mman.h>

#include <system_error>
#include <utility>

#include "sim/base/result.h"
#include "sim/io/gzip.h"
#include "sim/io/input.h"

namespace rebisect {

Result<std::unique_ptr<StreamedInput>> StreamedInput::Open(
    const std::string& path) {
  REBISECT_ASSIGN_OR_RETURN(auto bytes, ReadPackedInput(path, kMaxInputBytes));
  std::unique_ptr<StreamedInput> input(new StreamedInput());
  input->bytes_ = std::move(bytes);
  if (!IsGzip(input->bytes_)) {
    input->data_ = input->bytes_.data();
    input->size_ = input->bytes_.size();
    input->likely_size_ = input->size_;
    input->done_ = true;
    return input;
  }
  // Addresses for all that it may become; memory only for what it does.
  const std::string name = InputName(path);
  const std::size_t most = MostUnpacked(input->bytes_.size());
  void* const room = mmap(nullptr, most, PROT_READ | PROT_WRITE,
                          MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (room == MAP_FAILED) {
    return Fail(ErrorCode::kInput, "not enough memory to unpack it",
                {name, 0, 0});
  }
  madvise(room, most, MADV_HUGEPAGE);
  input->data_ = static_cast<char*>(room);
  input->mapped_ = most;
  input->likely_size_ = LikelyUnpacked(input->bytes_);
  try {
    input->unpacker_ = std::thread(&StreamedInput::Unpack, input.get(), name);
  } catch (const std::system_error&) {
    input->Unpack(name);  // no thread is available: all of it at once
  }
  return input;
}

StreamedInput::~StreamedInput() {
  if (unpacker_.joinable()) unpacker_.join();
  if (mapped_ != 0) munmap(data_, mapped_);
}

void StreamedInput::Unpack(const std::string& name) {
  const auto unpacked =
      GunzipInto(bytes_, name, data_, [this](std::size_t size) {
        const std::lock_guard lock(mutex_);
        size_ = size;
        more_.notify_one();
      });
  bytes_ = std::string();  // a third of the memory of a text
  const std::lock_guard lock(mutex_);
  if (!unpacked) result_ = tl::unexpected(unpacked.error());
  done_ = true;
  more_.notify_one();
}

std::size_t StreamedInput::Await(std::size_t seen) {
  std::unique_lock lock(mutex_);
  more_.wait(lock, [&] { return size_ > seen || done_; });
  return size_;
}

Result<void> StreamedInput::Finish() {
  std::unique_lock lock(mutex_);
  more_.wait(lock, [&] { return done_; });
  return result_;
}

}  // namespace rebisect
