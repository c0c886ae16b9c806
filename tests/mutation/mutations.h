#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace rebisect::testing_support {

/// One way to damage a text.
struct Mutation {
  enum class Kind {
    kTruncated,  ///< after `at` bytes
    kDeleted,    ///< line `at`, from 0
    kDoubled,    ///< line `at`
    kSwapped,    ///< line `at` and the one below it
  };
  Kind kind = Kind::kTruncated;
  std::size_t at = 0;
};

/// "truncated after byte 17", "line 3 doubled"; lines from 1.
[[nodiscard]] std::string Describe(const Mutation& mutation);

/// Every mutation of a text, or every `stride`-th of each kind. One that would
/// leave the text as it is (two equal lines swapped) is left out.
[[nodiscard]] std::vector<Mutation> MutationsOf(std::string_view text,
                                                std::size_t stride);

/// REQUIRES: the mutation is one of MutationsOf(text, 1).
[[nodiscard]] std::string Apply(const Mutation& mutation,
                                std::string_view text);

}  // namespace rebisect::testing_support
