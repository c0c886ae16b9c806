#pragma once

#include <functional>

#include <CLI/CLI.hpp>

namespace rebisect {

/// Calls `see` with the program's whole command line: its commands and their
/// options, as --help tells them.
void ShowCommandLine(const std::function<void(const CLI::App&)>& see);

}  // namespace rebisect
