// Gives libFuzzer the target that REBISECT_FUZZ_TARGET names.

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "tests/fuzz/targets.h"

namespace {

void (*target)(std::string_view bytes) = nullptr;

}  // namespace

extern "C" int LLVMFuzzerInitialize(int* /*argc*/, char*** /*argv*/) {
  const char* name = std::getenv("REBISECT_FUZZ_TARGET");
  for (const auto& known : rebisect::fuzz::FuzzTargets()) {
    if (name != nullptr && known.name == name) target = known.run;
  }
  if (target == nullptr) {
    std::fputs("set REBISECT_FUZZ_TARGET to a target of tests/fuzz\n", stderr);
    std::exit(2);
  }
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  target({reinterpret_cast<const char*>(data), size});
  return 0;
}
