#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/result.h"

namespace rebisect {

/// A parsed YAML document, plainly: every scalar is the text that was
/// written, and every node knows where it stands.
struct YamlNode {
  enum class Kind { kNull, kScalar, kSequence, kMap };

  Kind kind = Kind::kNull;
  std::string scalar{};
  bool quoted = false;            ///< of a scalar: it was not written plain
  std::vector<YamlNode> items{};  ///< of a sequence; the values of a map
  std::vector<YamlNode> keys{};   ///< of a map, as many as `items`
  Position where{};

  /// The value of a key, or nullptr. O(keys).
  [[nodiscard]] const YamlNode* Find(std::string_view key) const;
  /// Where the value of a key stands; without it the mapping. O(keys).
  [[nodiscard]] const Position& PlaceOf(std::string_view key) const {
    const YamlNode* const value = Find(key);
    return value == nullptr ? where : value->where;
  }
};

/// Reads one YAML document. Errors (kInput, with file, line and column): what
/// yaml-cpp refuses, an empty document, a second document, anchors, aliases
/// and tags (nothing here needs them, and aliases can grow without bound),
/// keys that are no text or occur twice, nesting deeper than 32, input of
/// more than 64 MiB. The depth is checked while reading, before it can cost
/// stack.
[[nodiscard]] Result<YamlNode> ReadYaml(std::string_view bytes,
                                        const std::string& file);

}  // namespace rebisect
