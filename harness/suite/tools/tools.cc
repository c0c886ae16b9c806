#include "harness/suite/tools/tools.h"

#include <algorithm>
#include <utility>

#include "sim/base/result.h"
#include "sim/base/text.h"
#include "sim/io/input.h"

namespace rebisect {
namespace {

Result<ToolSpec> FindSpec(const std::string& name) {
  std::vector<std::string_view> names;
  for (const ShippedTool& tool : ShippedTools()) {
    if (tool.name == name) {
      return ReadToolSpec(std::string(tool.text), name + ".yaml");
    }
    names.push_back(tool.name);
  }
  if (!NamesToolFile(name)) {
    return Fail(ErrorCode::kUsage, "there is no tool '" + name + "'" +
                                       SuggestWord(name, names) +
                                       "; of your own give the tool file");
  }
  REBISECT_ASSIGN_OR_RETURN(const auto text, ReadInput(name));
  return ReadToolSpec(text, name);
}

}  // namespace

bool NamesToolFile(std::string_view name) {
  return name.find('/') != std::string_view::npos || name.ends_with(".yaml") ||
         name.ends_with(".yml");
}

Result<std::unique_ptr<Tool>> FindTool(const std::string& name,
                                       const ToolOptions& options) {
  REBISECT_ASSIGN_OR_RETURN(auto spec, FindSpec(name));
  if (options.limit_seconds) spec.limit_seconds = *options.limit_seconds;
  if (spec.driver) return MakeDriverTool(std::move(spec));
  const bool is_git = spec.scripts->program == "git";
  return MakeScriptTool(std::move(spec), is_git ? options.git_binary : "",
                        options.stop);
}

}  // namespace rebisect
