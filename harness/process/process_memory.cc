#include "harness/process/process_memory.h"

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
  // glibc refuses more (DEFAULT_MMAP_THRESHOLD_MAX), and then keeps 128 KiB.
  constexpr int kMaxOnHeap =
      static_cast<int>(std::size_t{4} * 1024 * 1024 * sizeof(long));
  constexpr int kMaxSize = 1 << 30;
  constexpr std::uintptr_t kReserve = std::uintptr_t{64} << 20U;
  constexpr std::uintptr_t kLargePage = std::uintptr_t{2} << 20U;
  mallopt(M_MMAP_THRESHOLD, kMaxOnHeap);
  mallopt(M_TRIM_THRESHOLD, kMaxSize);
  // The next allocation that does not fit moves the end of the heap by so
  // much: addresses, not yet memory. (A compiler may leave out a malloc() that
  // is freed unused, hence volatile.)
  mallopt(M_TOP_PAD, static_cast<int>(kReserve));
  void* volatile grow = std::malloc(std::size_t{1} << 20U);
  std::free(grow);
  char* const end = static_cast<char*>(sbrk(0));
  char* const begin = end - kReserve;
  char* const aligned =
      begin +
      (kLargePage - reinterpret_cast<std::uintptr_t>(begin) % kLargePage);
  madvise(aligned, static_cast<std::size_t>(end - aligned), MADV_HUGEPAGE);
#endif
}

}  // namespace rebisect
