#include "harness/process/interruption.h"

#include <atomic>
#include <cstddef>

#include "harness/process/signal_handlers.h"

namespace rebisect {
namespace {

std::atomic<bool> interrupted{false};
static_assert(std::atomic<bool>::is_always_lock_free);

}  // namespace

Interruptions::Interruptions() {
  interrupted = false;
  struct sigaction action {};
  action.sa_handler = [](int signal) {
    if (interrupted.exchange(true)) EndBySignal(signal);
  };
  for (std::size_t i = 0; i < kSignals.size(); ++i) {
    sigaction(kSignals[i], nullptr, &old_[i]);
    if (old_[i].sa_handler == SIG_IGN) continue;
    sigaction(kSignals[i], &action, nullptr);
  }
}

Interruptions::~Interruptions() {
  for (std::size_t i = 0; i < kSignals.size(); ++i) {
    sigaction(kSignals[i], &old_[i], nullptr);
  }
}

bool Interrupted() { return interrupted; }

}  // namespace rebisect
