#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/base/result.h"

namespace rebisect {

/// The paths of `git bisect start ... -- PATH...`, from the top folder, as
/// git matches them when it simplifies a history (gitglossary(7),
/// "pathspec"): a file; a folder with all below it, `folder/` only if it is
/// one; patterns with `*`, `?` and brackets, where `*` and `?` match `/` too;
/// "." for everything. Magic, which starts with a colon, is not supported.
class Pathspec {
 public:
  enum class Match {
    kNo,
    kBelow,  ///< not the folder itself, but perhaps what lies in it
    kYes,    ///< and, of a folder, everything below it
  };

  /// Errors: kUnsupported for magic, kInput for an empty path and one that
  /// leads outside.
  [[nodiscard]] static Result<Pathspec> Parse(
      const std::vector<std::string>& paths);

  /// O(number of paths * their length * length of the path).
  [[nodiscard]] Match Matches(std::string_view path, bool is_folder) const;

 private:
  struct Item {
    std::string text;         // normal form, without a slash at its end
    std::size_t literal = 0;  // how much of it comes before the pattern
    bool folder_only = false;
  };
  [[nodiscard]] static Match MatchOne(const Item& item, std::string_view path,
                                      bool is_folder);

  std::vector<Item> items_;
};

/// git's wildmatch without WM_PATHNAME: `*` matches any bytes, slashes too.
/// O(size of both, multiplied), no recursion.
[[nodiscard]] bool GlobMatches(std::string_view pattern, std::string_view text);

}  // namespace rebisect
