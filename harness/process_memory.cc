#include "harness/process_memory.h"

#include <cstdint>
#include <cstdlib>

#ifdef __GLIBC__
#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>
#endif

namespace rebisect {

void KeepMemory() {
#ifdef __GLIBC__
  constexpr int kLargest = 1 << 30;
  constexpr std::uintptr_t kReserve = std::uintptr_t{64} << 20U;
  constexpr std::uintptr_t kLargePage = std::uintptr_t{2} << 20U;
  mallopt(M_MMAP_THRESHOLD, kLargest);
  mallopt(M_TRIM_THRESHOLD, kLargest);
  // The next allocation that does not fit moves the end of the heap by so
  // much: addresses, not yet memory.
  mallopt(M_TOP_PAD, static_cast<int>(kReserve));
  std::free(std::malloc(std::size_t{1} << 20U));
  const auto end = reinterpret_cast<std::uintptr_t>(sbrk(0));
  const std::uintptr_t begin = (end - kReserve) / kLargePage * kLargePage;
  madvise(reinterpret_cast<void*>(begin), end - begin, MADV_HUGEPAGE);
#endif
}

}  // namespace rebisect
