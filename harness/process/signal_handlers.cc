#include "harness/process/signal_handlers.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdint>
#include <new>
#include <string_view>

#include "sim/io/temporary_path.h"

namespace rebisect {
namespace {

constexpr int kExitCode = 2;

/// Nothing can be done where this fails.
void Say(std::string_view text) {
  while (!text.empty()) {
    const ssize_t put = write(STDERR_FILENO, text.data(), text.size());
    if (put <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(put));
  }
}

[[noreturn]] void EndWithError() {
  RemoveTemporaryPaths();
  _exit(kExitCode);
}

[[noreturn]] void EndWithoutMemory() {
  Say("rebisect: error: there is not enough memory; end other programs, raise "
      "the limit (ulimit -v), or give a part at a time\n");
  EndWithError();
}

/// Looks through /proc/self/maps for the file that is mapped at an address;
/// allocates nothing. Lines are "begin-end rwxp offset device inode path".
class MappedFile {
 public:
  explicit MappedFile(const void* address)
      : address_(reinterpret_cast<std::uintptr_t>(address)) {
    const int file = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
    std::array<char, 1024> buffer;
    ssize_t got = 0;
    while (file >= 0 && !found_ &&
           (got = read(file, buffer.data(), buffer.size())) > 0) {
      for (const char c :
           std::string_view(buffer.data(), static_cast<std::size_t>(got))) {
        if (!found_) Take(c);
      }
    }
    if (file >= 0) close(file);
  }

  /// Empty when none is known.
  [[nodiscard]] std::string_view path() const {
    return found_ ? std::string_view(line_.data(), size_) : std::string_view();
  }

 private:
  void Take(char c) {
    if (c != '\n') {
      // Of a line only its path is kept, from the first slash on.
      if (size_ > 0 || c == '/') {
        if (size_ < line_.size()) line_[size_++] = c;
      } else if (number_ < 2) {
        TakeDigit(c);
      }
      return;
    }
    found_ = size_ > 0 && range_[0] <= address_ && address_ < range_[1];
    if (found_) return;
    size_ = number_ = 0;
    range_ = {};
  }

  void TakeDigit(char c) {
    const bool letter = c >= 'a' && c <= 'f';
    if (!letter && (c < '0' || c > '9')) {
      ++number_;
      return;
    }
    const int digit = letter ? c - 'a' + 10 : c - '0';
    range_[number_] = range_[number_] * 16 + static_cast<unsigned>(digit);
  }

  std::uintptr_t address_;
  std::array<std::uintptr_t, 2> range_{};
  std::size_t number_ = 0;  ///< of the range, that is being read
  std::array<char, 4096> line_{};
  std::size_t size_ = 0;
  bool found_ = false;
};

void EndForLostFile(int, siginfo_t* info, void*) {
  const MappedFile file(info->si_addr);
  Say(file.path().empty() ? "rebisect" : file.path());
  Say(": error: a file became shorter while it was read, or its disk fails; "
      "see to it, and run the command again\n");
  EndWithError();
}

/// So that a closed stream is no other file's place, and using it an error.
void OccupyClosedStreams() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (fcntl(stream, F_GETFD) >= 0) continue;
    // The lowest number that is free is this one.
    (void)open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY);
  }
}

void Handle(int signal, void (*handler)(int)) {
  struct sigaction action {};
  sigaction(signal, nullptr, &action);
  if (action.sa_handler == SIG_IGN) return;
  action = {};
  action.sa_handler = handler;
  sigaction(signal, &action, nullptr);
}

}  // namespace

void EndBySignal(int signal) {
  RemoveTemporaryPaths();
  std::signal(signal, SIG_DFL);
  raise(signal);
}

void InstallSignalHandlers() {
  // A handler, for what is started is not to inherit that it is ignored.
  Handle(SIGXFSZ, [](int) {});
  OccupyClosedStreams();
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGPIPE}) {
    Handle(signal, EndBySignal);
  }
  struct sigaction lost {};
  lost.sa_sigaction = EndForLostFile;
  lost.sa_flags = SA_SIGINFO;
  sigaction(SIGBUS, &lost, nullptr);
  std::set_new_handler(EndWithoutMemory);
}

}  // namespace rebisect
