#pragma once

#include <string>
#include <vector>

#include "harness/cli/commands.h"
#include "harness/report/packed_result.h"

namespace rebisect {

/// The page of `--html FILE`: gathers the objects that `--format json` prints,
/// or would print, in their order.
class HtmlOutput {
 public:
  /// `path` may be empty: no page is wanted, and nothing happens.
  explicit HtmlOutput(std::string path) : path_(std::move(path)) {}

  [[nodiscard]] bool wanted() const { return !path_.empty(); }

  void Add(std::string json);
  void Add(std::vector<ResultText> results);

  /// Writes the page and says where it is. Nothing is written without results.
  /// Errors: those of HtmlReport() and WriteFileAtomically().
  [[nodiscard]] Result<void> Write(const Streams& streams) const;

 private:
  std::string path_;
  std::vector<ResultText> results_;
};

}  // namespace rebisect
