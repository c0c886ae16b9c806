#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "sim/base/result.h"
#include "sim/graph/commit_id.h"

namespace rebisect {

/// git's commit-graph (gitformat-commit-graph(5), version 1, SHA-1) of one
/// repository: a single file, or the layers of a chain joined. Commits have
/// positions from 0. The files are mapped while the object lives; a file
/// that git replaces meanwhile (it renames) does no harm. Checked when
/// opened, so that the accessors need no checks: the bounds of every chunk,
/// the order of the ids, every parent, the checksum over the whole file.
/// Safe to read from many threads.
class CommitGraphFile {
 public:
  /// The commit-graph in the first of these object folders (`.git/objects`
  /// and its alternates) that has one, as git looks for it: `info/commit-graph`
  /// before `info/commit-graphs/`. Layers of a chain may lie in any of them.
  /// nullopt when there is none. O(bytes), 1 to 2 GB/s.
  /// Errors: kInput, with the file, when it is damaged or not of this form.
  [[nodiscard]] static Result<std::optional<CommitGraphFile>> Open(
      std::span<const std::string> object_folders);

  CommitGraphFile(CommitGraphFile&&) noexcept;
  CommitGraphFile& operator=(CommitGraphFile&&) noexcept;
  ~CommitGraphFile();

  [[nodiscard]] std::uint32_t size() const { return size_; }

  /// The position of a commit, by bisection: O(layers * log n).
  [[nodiscard]] std::optional<std::uint32_t> Find(const CommitId& id) const;

  /// REQUIRES, here and below: position < size().
  [[nodiscard]] CommitId Id(std::uint32_t position) const;
  /// Committer time. The file holds 34 bits of it: what git itself goes by
  /// when it has a commit-graph.
  [[nodiscard]] std::int64_t Date(std::uint32_t position) const;
  /// Appends the positions of the parents, in the commit's own order.
  void AppendParents(std::uint32_t position,
                     std::vector<std::uint32_t>& parents) const;
  /// Fetches what the accessors will read of the first two parents: worth it
  /// some work ahead of it, since the files are larger than the caches.
  void PrefetchParents(std::uint32_t position) const;

 private:
  struct Layer;
  class Loader;

  CommitGraphFile();
  [[nodiscard]] const Layer& LayerOf(std::uint32_t position) const;

  std::vector<Layer> layers_;  // oldest first
  std::uint32_t size_ = 0;
};

}  // namespace rebisect
