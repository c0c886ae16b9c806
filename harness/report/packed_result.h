#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "sim/base/result.h"

namespace rebisect {

/// One object of JSON as a command prints it, and where it was read.
struct ResultText {
  std::string json;
  Position where{};
};

/// A result for a page.
struct PackedResult {
  std::string schema;
  std::string name;  ///< of its recording or experiment; may be empty
  std::string json;  ///< packed
};

/// Objects and lists nested deeper than this are refused.
inline constexpr std::size_t kMaxResultDepth = 32;

/// Of an experiment with more comparisons than this only those with the first
/// policy of each group are kept, and `comparisons_left_out` counts the others.
inline constexpr std::size_t kMaxComparisons = 20'000;

/// Packs results for a page: an object is written as [shape, values...], its
/// names once for all objects that have the same ones; a list as
/// [-1, items...]. Numbers stay as they were written. `<` is written `\u003c`,
/// so that nothing ends the script element that the text is put in. Left out
/// are the journals of tests that passed (`journals_left_out`), and
/// comparisons, see above.
class ResultPacker {
 public:
  /// O(bytes * depth).
  /// Errors: kInput for text that is no object of JSON, with its place.
  [[nodiscard]] Result<PackedResult> Pack(const ResultText& result);

  /// The names of all shapes, as a list of lists.
  [[nodiscard]] std::string Shapes() const;

 private:
  friend class PackingReader;

  [[nodiscard]] std::size_t ShapeOf(const std::string& names);

  std::map<std::string, std::size_t> numbers_;
  std::vector<std::string> shapes_;
};

/// Text as a string of JSON, `<` as `\u003c`; bytes that are no UTF-8 become
/// U+FFFD.
[[nodiscard]] std::string QuotedForScript(const std::string& text);

}  // namespace rebisect
