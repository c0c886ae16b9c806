// Blocks and exact cells: how they are written and read.

#include <utility>

#include "harness/experiment/store/result_store.h"
#include "sim/base/check.h"
#include "sim/base/result.h"

namespace rebisect {
namespace {

/// A sum of squares is its high part times 2^40 and its low part.
constexpr int kLowBits = 40;

constexpr const char* kFindExact =
    "SELECT digest FROM exact_cell WHERE experiment=? AND trial_group=? AND "
    "cell=?";

std::int64_t HighOf(const DifferenceSums& sums) {
  return static_cast<std::int64_t>(sums.squares >> kLowBits);
}
std::int64_t LowOf(const DifferenceSums& sums) {
  return static_cast<std::int64_t>(sums.squares &
                                   ((Int128{1} << kLowBits) - 1));
}
DifferenceSums ReadSums(const Statement& row, int column) {
  return {row.Integer(column), static_cast<Int128>(row.Integer(column + 1)) *
                                       (Int128{1} << kLowBits) +
                                   row.Integer(column + 2)};
}

std::string Ordinal(const char* what, std::size_t index) {
  return std::string(what) + ' ' + std::to_string(index + 1);
}

std::string Joined(std::string part, const std::string& fault) {
  part += ": ";
  return part += fault;
}

/// In a store already, and not as it is to be added.
tl::unexpected<Error> Differs(const std::string& part, std::size_t group,
                              const std::string& experiment,
                              const std::string& path) {
  return Fail(ErrorCode::kInput,
              part + " of " + Ordinal("group", group) + " of experiment " +
                  experiment.substr(0, 12) +
                  " is stored with other figures; the same experiment and "
                  "seed give the same figures, so that one of the two is "
                  "wrong: run it again into a new store",
              {path, 0, 0});
}

/// nullopt: the row does not hold what it should.
std::optional<CellBlock> ReadCell(const Statement& row) {
  CellBlock cell;
  int column = 0;
  for (std::uint64_t& count : cell.outcomes)
    count = CountStored(row.Integer(column++));
  for (ValueCounts& counts : cell.quantities) {
    auto decoded = DecodeCounts(row.Bytes(column++));
    if (!decoded) return std::nullopt;
    counts = *std::move(decoded);
  }
  auto calibration = DecodeCalibration(row.Bytes(column));
  if (!calibration) return std::nullopt;
  cell.calibration = *calibration;
  return cell;
}

PairBlock ReadPair(const Statement& row) {
  return {{CountStored(row.Integer(0)), CountStored(row.Integer(1)),
           CountStored(row.Integer(2)), CountStored(row.Integer(3))},
          ReadSums(row, 4),
          ReadSums(row, 7)};
}

}  // namespace

Result<void> ResultStore::PrepareWriters() {
  if (writers_ != nullptr) return {};
  REBISECT_ASSIGN_OR_RETURN(
      auto find,
      database_.Prepare(
          "SELECT digest FROM block WHERE experiment=? AND trial_group=? AND "
          "block=?"));
  REBISECT_ASSIGN_OR_RETURN(
      auto block, database_.Prepare("INSERT INTO block VALUES(?, ?, ?, ?, ?)"));
  REBISECT_ASSIGN_OR_RETURN(
      auto cell, database_.Prepare("INSERT INTO cell_block VALUES(?, ?, ?, ?, "
                                   "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
                                   "?)"));
  REBISECT_ASSIGN_OR_RETURN(
      auto pair, database_.Prepare("INSERT INTO pair_block VALUES(?, ?, ?, ?, "
                                   "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
                                   "?)"));
  writers_ = std::make_unique<Writers>(Writers{
      std::move(find), std::move(block), std::move(cell), std::move(pair)});
  return {};
}

Result<void> ResultStore::AddBlocks(ExperimentKey key,
                                    const std::vector<BlockResult>& blocks) {
  REBISECT_CHECK(mode_ == Mode::kWrite);
  const Known& known = known_.at(key);
  for (const BlockResult& block : blocks) {
    if (const std::string fault = FaultOf(block, known.info); !fault.empty()) {
      return Fail(ErrorCode::kInternal,
                  Ordinal("block", block.block) + " of " +
                      Ordinal("group", block.group) + ": " + fault,
                  {path(), 0, 0});
    }
  }
  if (auto ready = PrepareWriters(); !ready) return ready;
  return InTransaction([&]() -> Result<void> {
    for (const BlockResult& block : blocks) {
      auto done = AddBlock(static_cast<std::int64_t>(key), known, block);
      if (!done) return done;
    }
    return {};
  });
}

Result<void> ResultStore::AddBlock(std::int64_t row, const Known& known,
                                   const BlockResult& block) {
  const std::string digest = rebisect::DigestOf(block);
  const std::int64_t group = StoredCount(block.group);
  const std::int64_t number = StoredCount(block.block);
  writers_->find_block.Begin(row, group, number);
  REBISECT_ASSIGN_OR_RETURN(const auto found, writers_->find_block.Next());
  if (found) {
    const bool same = writers_->find_block.Bytes(0) == digest;
    writers_->find_block.Reset();
    if (same) return {};
    return Differs(Ordinal("block", block.block), block.group, known.digest,
                   path());
  }
  auto done = writers_->block.Run(
      row, group, number,
      StoredCount(known.info.TrialsIn(block.group, block.block)), digest);
  for (std::size_t i = 0; done && i < block.cells.size(); ++i) {
    const CellBlock& cell = block.cells[i];
    std::array<std::string, kQuantities> counts;
    for (std::size_t q = 0; q < kQuantities; ++q) {
      counts[q] = EncodeCounts(cell.quantities[q]);
    }
    const std::string calibration = EncodeCalibration(cell.calibration);
    const OutcomeCounts& outcomes = cell.outcomes;
    done = writers_->cell.Run(
        row, group, number, StoredCount(i), StoredCount(outcomes[0]),
        StoredCount(outcomes[1]), StoredCount(outcomes[2]),
        StoredCount(outcomes[3]), StoredCount(outcomes[4]),
        StoredCount(outcomes[5]), Blob{counts[0]}, Blob{counts[1]},
        Blob{counts[2]}, Blob{counts[3]}, Blob{calibration});
  }
  std::size_t index = 0;
  for (std::size_t first = 0; first < block.cells.size(); ++first) {
    for (std::size_t second = first + 1; done && second < block.cells.size();
         ++second) {
      const PairBlock& pair = block.pairs[index++];
      done = writers_->pair.Run(
          row, group, number, StoredCount(first), StoredCount(second),
          StoredCount(pair.right.both), StoredCount(pair.right.only_first),
          StoredCount(pair.right.only_second), StoredCount(pair.right.neither),
          static_cast<std::int64_t>(pair.tests.sum), HighOf(pair.tests),
          LowOf(pair.tests), static_cast<std::int64_t>(pair.cost_ms.sum),
          HighOf(pair.cost_ms), LowOf(pair.cost_ms));
    }
  }
  return done;
}

Result<void> ResultStore::AddExact(ExperimentKey key,
                                   const std::vector<ExactCell>& cells) {
  REBISECT_CHECK(mode_ == Mode::kWrite);
  const Known& known = known_.at(key);
  for (const ExactCell& cell : cells) {
    if (const std::string fault = FaultOf(cell, known.info); !fault.empty()) {
      return Fail(ErrorCode::kInternal,
                  Ordinal("exact cell", cell.cell) + " of " +
                      Ordinal("group", cell.group) + ": " + fault,
                  {path(), 0, 0});
    }
  }
  return InTransaction([&]() -> Result<void> {
    for (const ExactCell& cell : cells) {
      auto done = AddExactCell(static_cast<std::int64_t>(key), known, cell);
      if (!done) return done;
    }
    return {};
  });
}

Result<void> ResultStore::AddExactCell(std::int64_t row, const Known& known,
                                       const ExactCell& cell) {
  const std::string digest = rebisect::DigestOf(cell);
  const std::int64_t group = StoredCount(cell.group);
  REBISECT_ASSIGN_OR_RETURN(auto find, database_.Prepare(kFindExact));
  find.Begin(row, group, StoredCount(cell.cell));
  REBISECT_ASSIGN_OR_RETURN(const auto found, find.Next());
  if (found) {
    if (find.Bytes(0) == digest) return {};
    return Differs(Ordinal("exact cell", cell.cell), cell.group, known.digest,
                   path());
  }
  REBISECT_ASSIGN_OR_RETURN(
      auto insert,
      database_.Prepare(
          "INSERT INTO exact_cell VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"));
  auto done = insert.Run(row, group, StoredCount(cell.cell), cell.shares[0],
                         cell.shares[1], cell.shares[2], cell.shares[3],
                         cell.shares[4], cell.shares[5], digest);
  REBISECT_ASSIGN_OR_RETURN(
      auto cost, database_.Prepare(
                     "INSERT INTO exact_cost VALUES(?, ?, ?, ?, ?, ?, ?, ?)"));
  for (std::size_t q = 0; done && q < kQuantities; ++q) {
    const auto& one = cell.costs[q];
    if (!one) continue;
    done = cost.Run(row, group, StoredCount(cell.cell),
                    NameOf(static_cast<Quantity>(q)), one->mean, one->p50,
                    one->p95, one->max);
  }
  return done;
}

Result<void> ResultStore::Visit(ExperimentKey key, const Visitor& visitor) {
  const Known& known = known_.at(key);
  return InTransaction([&]() -> Result<void> {
    const auto row = static_cast<std::int64_t>(key);
    auto done = VisitBlocks(row, known, visitor);
    if (!done) return done;
    return VisitExact(row, known, visitor);
  });
}

Result<void> ResultStore::VisitBlocks(std::int64_t row, const Known& known,
                                      const Visitor& visitor) {
  REBISECT_ASSIGN_OR_RETURN(
      auto blocks,
      database_.Prepare(
          "SELECT trial_group, block, digest FROM block WHERE experiment=? "
          "ORDER BY trial_group, block"));
  REBISECT_ASSIGN_OR_RETURN(
      auto cells,
      database_.Prepare(
          "SELECT \"right\", wrong, unnamed, only_skipped, aborted, "
          "over_budget, "
          "tests, runs, builds, cost_ms, calibration FROM cell_block "
          "WHERE experiment=? AND trial_group=? AND block=? ORDER BY cell"));
  REBISECT_ASSIGN_OR_RETURN(
      auto pairs,
      database_.Prepare(
          "SELECT both_right, only_first, only_second, neither, tests_sum, "
          "tests_squares_high, tests_squares_low, cost_ms_sum, "
          "cost_ms_squares_high, cost_ms_squares_low FROM pair_block "
          "WHERE experiment=? AND trial_group=? AND block=? "
          "ORDER BY first_cell, second_cell"));
  blocks.Begin(row);
  auto next = blocks.Next();
  for (; next && *next; next = blocks.Next()) {
    const std::int64_t group = blocks.Integer(0);
    const std::int64_t number = blocks.Integer(1);
    BlockResult block;
    block.group = static_cast<std::size_t>(group);
    block.block = static_cast<std::size_t>(number);
    const std::string name =
        Ordinal("block", block.block) + " of " + Ordinal("group", block.group);
    cells.Begin(row, group, number);
    auto more = cells.Next();
    for (; more && *more; more = cells.Next()) {
      auto cell = ReadCell(cells);
      if (!cell) return Damaged(name + " has counts that cannot be read");
      block.cells.push_back(*std::move(cell));
    }
    REBISECT_RETURN_IF_ERROR(more);
    pairs.Begin(row, group, number);
    for (more = pairs.Next(); more && *more; more = pairs.Next()) {
      block.pairs.push_back(ReadPair(pairs));
    }
    REBISECT_RETURN_IF_ERROR(more);
    if (const std::string fault = FaultOf(block, known.info); !fault.empty()) {
      return Damaged(Joined(name, fault));
    }
    if (rebisect::DigestOf(block) != blocks.Bytes(2)) {
      return Damaged(name + " is not what its digest is of");
    }
    if (auto done = visitor.block(block); !done) return done;
  }
  REBISECT_RETURN_IF_ERROR(next);
  return {};
}

Result<void> ResultStore::VisitExact(std::int64_t row, const Known& known,
                                     const Visitor& visitor) {
  REBISECT_ASSIGN_OR_RETURN(
      auto cells,
      database_.Prepare(
          "SELECT trial_group, cell, \"right\", wrong, unnamed, only_skipped, "
          "aborted, over_budget, digest FROM exact_cell WHERE experiment=? "
          "ORDER BY trial_group, cell"));
  REBISECT_ASSIGN_OR_RETURN(
      auto costs,
      database_.Prepare(
          "SELECT mean, p50, p95, max FROM exact_cost WHERE experiment=? AND "
          "trial_group=? AND cell=? AND quantity=?"));
  cells.Begin(row);
  auto next = cells.Next();
  for (; next && *next; next = cells.Next()) {
    ExactCell cell;
    cell.group = static_cast<std::size_t>(cells.Integer(0));
    cell.cell = static_cast<std::size_t>(cells.Integer(1));
    int column = 2;
    for (double& share : cell.shares) share = cells.Real(column++);
    for (std::size_t q = 0; q < kQuantities; ++q) {
      costs.Begin(row, cells.Integer(0), cells.Integer(1),
                  NameOf(static_cast<Quantity>(q)));
      REBISECT_ASSIGN_OR_RETURN(const auto found, costs.Next());
      if (!found) continue;
      cell.costs[q] = ExactCell::Cost{costs.Real(0), costs.Integer(1),
                                      costs.Integer(2), costs.Integer(3)};
    }
    const std::string name = Ordinal("exact cell", cell.cell) + " of " +
                             Ordinal("group", cell.group);
    if (const std::string fault = FaultOf(cell, known.info); !fault.empty()) {
      return Damaged(Joined(name, fault));
    }
    if (rebisect::DigestOf(cell) != cells.Bytes(column)) {
      return Damaged(name + " is not what its digest is of");
    }
    if (auto done = visitor.exact(cell); !done) return done;
  }
  REBISECT_RETURN_IF_ERROR(next);
  return {};
}

Result<ExperimentTotal> ResultStore::TotalOf(ExperimentKey key) {
  ExperimentTotals totals(InfoOf(key));
  REBISECT_RETURN_IF_ERROR(
      Visit(key, {[&totals](const BlockResult& block) -> Result<void> {
                    totals.Add(block);
                    return {};
                  },
                  [&totals](const ExactCell& cell) -> Result<void> {
                    totals.Add(cell);
                    return {};
                  }}));
  return totals.Take();
}

}  // namespace rebisect
