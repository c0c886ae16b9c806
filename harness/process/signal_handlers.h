#pragma once

namespace rebisect {

/// Sees to it that this process, when it cannot go on, says why and leaves
/// nothing behind (RemoveTemporaryPaths()):
///   - SIGINT, SIGTERM, SIGHUP and SIGPIPE end it as ever, once that is done;
///     what is ignored stays so;
///   - memory that is not available, and a mapped file that became shorter or
///     cannot be read, are told on the standard error: exit code 2.
/// A standard stream that is closed fails when it is used, instead of being
/// the next file that is opened; so does a file that may not grow (SIGXFSZ).
/// Call it first in main().
void InstallSignalHandlers();

/// Ends this process by the signal, with nothing left behind. For handlers.
void EndBySignal(int signal);

}  // namespace rebisect
