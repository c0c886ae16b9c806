#include <exception>
#include <iostream>

#include "harness/cli/commands.h"
#include "harness/process/process_memory.h"
#include "harness/process/signal_handlers.h"

int main(int argc, char** argv) {
  rebisect::InstallSignalHandlers();
  rebisect::KeepMemory();
  std::ios::sync_with_stdio(false);
  std::cin.tie(nullptr);
  constexpr int kInternalError = 70;
  try {
    const rebisect::Streams streams{std::cin, std::cout, std::cerr,
                                    rebisect::TerminalStyle::ForStdout()};
    const int code = rebisect::RunCommandLine(argc, argv, streams);
    std::cout.flush();
    if (!std::cout) {
      std::cerr << "rebisect: error: the output could not be written\n";
      return rebisect::kExitError;
    }
    return code;
  } catch (const std::exception& error) {
    std::cerr << "rebisect: internal error: " << error.what() << '\n';
    return kInternalError;
  }
}
