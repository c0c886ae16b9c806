#pragma once

#include <map>
#include <string>
#include <vector>

namespace rebisect {

/// The environment of a child: PATH, HOME, USER, LOGNAME, SHELL, TERM, TMPDIR,
/// TZ, LANG, LC_* and REBISECT_ID of this process, those named in `passed`
/// ("*": all but GIT_DIR, GIT_WORK_TREE, GIT_INDEX_FILE and the like, which
/// would lead git to another repository), and `added`, which come last.
[[nodiscard]] std::map<std::string, std::string> ChildEnvironment(
    const std::vector<std::string>& passed,
    const std::map<std::string, std::string>& added);

}  // namespace rebisect
