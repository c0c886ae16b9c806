#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/suite/tools/tool.h"
#include "sim/base/result.h"

namespace rebisect {

/// A tool file that is part of the program.
struct ShippedTool {
  std::string_view name;  ///< the file's, without its extension
  std::string_view text;
};
/// Those of scenarios/tools/, by name.
[[nodiscard]] std::span<const ShippedTool> ShippedTools();

/// What the command line says of tools.
struct ToolOptions {
  std::string git_binary{};  ///< the git that tools run; empty: that of PATH
  std::optional<double> limit_seconds{};  ///< of one search, for all tools
  std::function<bool()> stop{};           ///< as MakeScriptTool() takes it
};

/// Whether a tool of this name, unless one that ships, is read from a file.
[[nodiscard]] bool NamesToolFile(std::string_view name);

/// The tool that `name` means: one that ships, or else a file. Errors: kUsage
/// when there is neither (with the nearest); those of the file; kNotFound when
/// its program is not there.
[[nodiscard]] Result<std::unique_ptr<Tool>> FindTool(
    const std::string& name, const ToolOptions& options);

}  // namespace rebisect
