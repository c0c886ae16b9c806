#pragma once

// Sources: result_merge.cc, result_store_parts.cc: merging, and the rows of a
// block.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "harness/experiment/results/experiment_result.h"
#include "harness/experiment/store/sqlite.h"
#include "sim/base/result.h"

namespace rebisect {

/// An experiment of an open store.
enum class ExperimentKey : std::int64_t {};

/// What of an experiment is in a store.
struct StoredParts {
  std::vector<std::vector<bool>> blocks{};  ///< by group and block
  std::vector<std::vector<bool>> exact{};   ///< by group and cell

  [[nodiscard]] std::size_t Blocks() const;
  [[nodiscard]] std::size_t ExactCells() const;
};

/// Results of policy experiments in an SQLite file; scenarios/README.md
/// describes its tables ("The result store").
///
/// All of what one call adds is stored, or nothing of it: at whatever moment
/// the process is killed or the disk is full, the file opens again and holds
/// every call that had returned. Several processes may have it open; they
/// write one after the other, and one that waits for more than five seconds
/// gets an error. Not for several threads at once; not to be kept over fork().
///
/// All calls fail with kInput (not a store, another schema version, damaged,
/// full disk, input or output error) or kPermission (not writable, in use).
class ResultStore {
 public:
  enum class Mode {
    kRead,   ///< it has to exist
    kWrite,  ///< made where there is none
  };
  [[nodiscard]] static Result<ResultStore> Open(const std::string& path,
                                                Mode mode);

  [[nodiscard]] const std::string& path() const { return database_.path(); }

  /// The experiment's place; added when it is new. Its digest says whether it
  /// is. REQUIRES: kWrite; FaultOf(experiment) is empty.
  [[nodiscard]] Result<ExperimentKey> Register(
      const ExperimentInfo& experiment);

  /// All of them, by their digests.
  [[nodiscard]] Result<std::vector<ExperimentKey>> Experiments();

  /// REQUIRES: the key came from this object.
  [[nodiscard]] const ExperimentInfo& InfoOf(ExperimentKey key) const;
  /// Of the experiment, 40 digits.
  [[nodiscard]] const std::string& DigestOf(ExperimentKey key) const;

  /// What is there: what a run that resumes need not do again.
  [[nodiscard]] Result<StoredParts> PartsOf(ExperimentKey key);

  /// Adds blocks in one transaction (each costs the disk a few milliseconds
  /// for synchronising, however much is in it). A block that is there with
  /// equal figures is left alone; with others it is an error, kInput, and
  /// nothing is added. REQUIRES: kWrite. Errors: kInternal for a block that
  /// FaultOf() finds fault with.
  [[nodiscard]] Result<void> AddBlocks(ExperimentKey key,
                                       const std::vector<BlockResult>& blocks);
  /// The same.
  [[nodiscard]] Result<void> AddExact(ExperimentKey key,
                                      const std::vector<ExactCell>& cells);

  /// Every block and exact cell that is stored, in ascending order, all from
  /// one moment. What does not add up is an error: the file was changed.
  struct Visitor {
    std::function<Result<void>(const BlockResult&)> block{};
    std::function<Result<void>(const ExactCell&)> exact{};
  };
  [[nodiscard]] Result<void> Visit(ExperimentKey key, const Visitor& visitor);

  /// The sum of all that is stored.
  [[nodiscard]] Result<ExperimentTotal> TotalOf(ExperimentKey key);

  /// Runs `body` in one transaction, which is undone when it fails. Calls
  /// inside one another are one transaction.
  [[nodiscard]] Result<void> InTransaction(
      const std::function<Result<void>()>& body);

 private:
  struct Known {
    ExperimentInfo info{};
    std::string digest{};
  };
  /// The statements of adding blocks, prepared once.
  struct Writers {
    Statement find_block;
    Statement block;
    Statement cell;
    Statement pair;
  };

  ResultStore(Database database, Mode mode)
      : database_(std::move(database)), mode_(mode) {}

  [[nodiscard]] Result<void> Prepare();
  [[nodiscard]] Result<void> MakeTables();
  [[nodiscard]] Result<void> PrepareWriters();
  [[nodiscard]] Result<void> InsertExperiment(std::int64_t row,
                                              const Known& known);
  [[nodiscard]] Result<ExperimentInfo> ReadExperiment(std::int64_t row);
  [[nodiscard]] Result<void> ReadGroups(std::int64_t row,
                                        ExperimentInfo& experiment);
  [[nodiscard]] Result<void> AddBlock(std::int64_t row, const Known& known,
                                      const BlockResult& block);
  [[nodiscard]] Result<void> AddExactCell(std::int64_t row, const Known& known,
                                          const ExactCell& cell);
  [[nodiscard]] Result<void> VisitBlocks(std::int64_t row, const Known& known,
                                         const Visitor& visitor);
  [[nodiscard]] Result<void> VisitExact(std::int64_t row, const Known& known,
                                        const Visitor& visitor);
  [[nodiscard]] tl::unexpected<Error> Damaged(const std::string& what) const;

  Database database_;
  Mode mode_;
  std::unique_ptr<Writers> writers_{};
  std::map<ExperimentKey, Known> known_{};
};

/// Puts all that the stores `from` hold into the store `into`, which is made
/// when there is none: the union of their blocks. Either all is added or
/// nothing. Errors: kInput naming both stores where a block differs, and those
/// of ResultStore.
[[nodiscard]] Result<void> MergeStores(const std::string& into,
                                       const std::vector<std::string>& from);

}  // namespace rebisect
