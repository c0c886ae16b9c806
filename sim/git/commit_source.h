#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "sim/git/load_graph.h"
#include "sim/git/repository_impl.h"
#include "sim/graph/commit_graph.h"
#include "sim/io/commit_graph_file.h"
#include "sim/io/id_table.h"

namespace rebisect {

/// Reads commits one by one from repositories and their commit-graph files,
/// and numbers them in the order in which they were asked for.
class CommitSource {
 public:
  CommitSource(std::span<const Repository* const> repositories,
               bool use_commit_graph);

  /// The number of the commit, read now if it was not before: its date and
  /// who its parents are. `child` (or kNoVertex) is for the error.
  [[nodiscard]] Result<std::uint32_t> Get(const CommitId& id,
                                          std::uint32_t child);

  /// Appends the numbers of the parents, reading those that are new.
  [[nodiscard]] Result<void> AppendParents(std::uint32_t commit,
                                           std::vector<std::uint32_t>& out);

  [[nodiscard]] bool IsRoot(std::uint32_t commit) const;
  [[nodiscard]] std::int64_t Date(std::uint32_t commit) const {
    return dates_[commit];
  }
  /// The number of a commit that was read.
  [[nodiscard]] std::optional<std::uint32_t> Find(const CommitId& id) const;
  [[nodiscard]] std::size_t size() const { return dates_.size(); }

  /// The ids, by number. O(size()).
  [[nodiscard]] std::vector<CommitId> Ids() const;
  [[nodiscard]] std::vector<std::int64_t>& dates() { return dates_; }
  [[nodiscard]] std::vector<std::string>& notes() { return notes_; }
  [[nodiscard]] std::size_t from_commit_graph() const {
    return from_commit_graph_;
  }

 private:
  /// Where a commit was found: a position in the commit-graph of a
  /// repository, or, with kNoVertex for a file, an index of objects_.
  struct Place {
    std::uint32_t file;
    std::uint32_t position;
  };
  /// A commit read from its object; the parents are a stretch of raw_parents_.
  struct Object {
    std::uint32_t number = 0;
    std::uint32_t parent_count = 0;
    std::size_t parents_begin = 0;
  };
  struct GraphFile {
    std::optional<CommitGraphFile> file;
    std::vector<std::uint32_t> numbers;  // by position; kNoVertex: not asked
  };

  std::uint32_t GetFromFile(std::uint32_t file, std::uint32_t position);
  std::uint32_t Enter(std::int64_t date, Place place);
  /// False when the repository does not have it.
  Result<bool> ReadObject(const Repository::Impl& repo, const CommitId& id,
                          Object& object, std::int64_t& date);
  [[nodiscard]] CommitId IdOf(std::uint32_t commit) const;
  [[nodiscard]] tl::unexpected<Error> Missing(Error error, const CommitId& id,
                                              std::uint32_t child) const;

  std::span<const Repository* const> repositories_;
  std::vector<GraphFile> graphs_;  // one a repository
  // By number. The ids come last, by Ids(): reading them one by one, each
  // after the last is known, would cost as much as all the rest.
  std::vector<std::int64_t> dates_;
  std::vector<Place> places_;
  // In the order of reading.
  std::vector<Object> objects_;
  std::vector<CommitId> object_ids_;
  std::vector<CommitId> raw_parents_;
  IdTable table_;                         // of object_ids_
  std::vector<std::uint32_t> positions_;  // scratch
  std::vector<std::string> notes_;
  std::size_t from_commit_graph_ = 0;
};

}  // namespace rebisect
