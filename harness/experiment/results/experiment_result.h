#pragma once

// Sources: experiment_encoding.cc, experiment_faults.cc: digests and checks of
// results.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/stats/statistics.h"
#include "sim/base/result.h"

namespace rebisect {

/// How a simulated bisection ended.
enum class TrialOutcome {
  kRight,        ///< the true culprit, or none where there is none
  kWrong,        ///< another commit, or one where there is none
  kUnnamed,      ///< came to its end, and names no single commit
  kOnlySkipped,  ///< only skipped commits were left
  kAborted,      ///< a verdict stopped it
  kOverBudget,   ///< what it might spend was spent
};
inline constexpr std::size_t kTrialOutcomes = 6;
/// "right", "wrong", "unnamed", "only_skipped", "aborted", "over_budget".
[[nodiscard]] std::string_view NameOf(TrialOutcome outcome);

/// What a bisection costs.
enum class Quantity { kTests, kRuns, kBuilds, kCostMs };
inline constexpr std::size_t kQuantities = 4;
/// "tests", "runs", "builds", "cost_ms".
[[nodiscard]] std::string_view NameOf(Quantity quantity);

/// No quantity of one trial is larger (in milliseconds, 34 years): sums of
/// squares then fit in 128 bits. Who makes trials keeps to it.
inline constexpr std::int64_t kMaxQuantity = std::int64_t{1} << 40;
/// No block has more trials.
inline constexpr std::uint64_t kMaxBlock = std::uint64_t{1} << 22;
/// No experiment has more blocks.
inline constexpr std::uint64_t kMaxBlocks = std::uint64_t{1} << 24;

/// Counts values as they come. O(1) amortised for those below 1,024,
/// O(log n) for others.
class ValueCounter {
 public:
  /// REQUIRES: 0 <= value <= kMaxQuantity.
  void Add(std::int64_t value, std::uint64_t count = 1);
  void Add(const ValueCounts& counts);
  [[nodiscard]] ValueCounts Counts() const;

 private:
  void Settle();

  std::vector<std::uint64_t> small_;
  ValueCounts large_{};  ///< ascending up to settled_, then as they came
  std::size_t settled_ = 0;
};

/// How sure a policy said to be of its culprit, against how often it was
/// right: 20 bins of equal width. Integers only, so that sums do not depend on
/// their order.
struct Calibration {
  static constexpr std::size_t kBins = 20;
  static constexpr std::uint64_t kUnits = 1'000'000'000;
  static constexpr std::uint64_t kBinUnits = kUnits / kBins;

  struct Bin {
    std::uint64_t count = 0;
    std::uint64_t right = 0;
    std::uint64_t confidence = 0;  ///< sum, in units of 1e-9

    friend bool operator==(const Bin&, const Bin&) = default;
  };
  std::array<Bin, kBins> bins{};

  /// REQUIRES: 0 <= confidence <= 1.
  void Add(double confidence, bool right);
  void Add(const Calibration& other);

  friend bool operator==(const Calibration&, const Calibration&) = default;
};

using OutcomeCounts = std::array<std::uint64_t, kTrialOutcomes>;
[[nodiscard]] std::uint64_t TrialsOf(const OutcomeCounts& outcomes);

/// One cell's part of a block. A quantity that was not measured has no
/// values; one that was has a value for every trial.
struct CellBlock {
  OutcomeCounts outcomes{};
  std::array<ValueCounts, kQuantities> quantities{};
  Calibration calibration{};

  friend bool operator==(const CellBlock&, const CellBlock&) = default;
};

/// Sums of differences, second less first.
struct DifferenceSums {
  Int128 sum = 0;
  Int128 squares = 0;

  void Add(std::int64_t difference) {
    sum += difference;
    squares += static_cast<Int128>(difference) * difference;
  }
  void Add(const DifferenceSums& other) {
    sum += other.sum;
    squares += other.squares;
  }
  friend bool operator==(const DifferenceSums&,
                         const DifferenceSums&) = default;
};

/// Two cells on the same trials: who was right, and what they cost. The cost
/// is zero where it is not measured.
struct PairBlock {
  PairedCounts right{};
  DifferenceSums tests{};
  DifferenceSums cost_ms{};
};

/// The pairs (0, 1), (0, 2), ... (0, n - 1), (1, 2), ... of n cells.
[[nodiscard]] std::size_t PairsOf(std::size_t cells);
/// Where (first, second) stands among them. REQUIRES: first < second < cells.
[[nodiscard]] std::size_t PairIndex(std::size_t first, std::size_t second,
                                    std::size_t cells);

/// All trials of one block of a group: the unit of work, of a transaction, of
/// resuming and of sharding.
struct BlockResult {
  std::size_t group = 0;
  std::size_t block = 0;
  std::vector<CellBlock> cells{};  ///< one for each of the group
  std::vector<PairBlock> pairs{};  ///< PairsOf(cells), in their order
};

/// A cell whose tree was evaluated without sampling.
struct ExactCell {
  struct Cost {
    double mean = 0;
    std::int64_t p50 = 0;
    std::int64_t p95 = 0;
    std::int64_t max = 0;

    friend bool operator==(const Cost&, const Cost&) = default;
  };
  std::size_t group = 0;
  std::size_t cell = 0;
  std::array<double, kTrialOutcomes> shares{};  ///< their sum is 1
  std::array<std::optional<Cost>, kQuantities> costs{};

  friend bool operator==(const ExactCell&, const ExactCell&) = default;
};

/// What an experiment is: all that decides its results, and nothing else.
struct GraphInfo {
  std::string digest{};  ///< of its commits and edges
  std::uint64_t commits = 0;
  std::uint64_t edges = 0;
  std::string source{};  ///< how it was made, in words; no paths

  friend bool operator==(const GraphInfo&, const GraphInfo&) = default;
};
struct CellInfo {
  std::string select{};
  std::string retry{};
  std::string verdict{};
  bool exact = false;  ///< an ExactCell belongs to it

  friend bool operator==(const CellInfo&, const CellInfo&) = default;
};
struct GroupInfo {
  std::size_t graph = 0;
  std::string truth{};
  std::string noise{};
  std::string budget{};
  std::uint64_t trials = 0;  ///< of each cell; 0: only exact results
  std::vector<CellInfo> cells{};

  friend bool operator==(const GroupInfo&, const GroupInfo&) = default;
};
struct ExperimentInfo {
  std::string name{};
  std::string spec{};  ///< its canonical text
  std::uint64_t seed = 0;
  std::string version{};           ///< of the program
  std::uint64_t block_trials = 1;  ///< in each block of a group but the last
  std::vector<GraphInfo> graphs{};
  std::vector<GroupInfo> groups{};

  [[nodiscard]] std::size_t BlocksOf(std::size_t group) const;
  [[nodiscard]] std::uint64_t TrialsIn(std::size_t group,
                                       std::size_t block) const;
  /// SHA-1 of all of it, in hexadecimal: equal experiments, and only those,
  /// have results that can be put together.
  [[nodiscard]] std::string Digest() const;
  [[nodiscard]] std::string SpecDigest() const;  ///< SHA-1 of spec

  friend bool operator==(const ExperimentInfo&,
                         const ExperimentInfo&) = default;
};

/// Why the description cannot be one; empty when it can. For what was read.
[[nodiscard]] std::string FaultOf(const ExperimentInfo& experiment);
/// The same for a block and an exact cell of the experiment: numbers that
/// contradict the description or each other.
[[nodiscard]] std::string FaultOf(const BlockResult& block,
                                  const ExperimentInfo& experiment);
[[nodiscard]] std::string FaultOf(const ExactCell& cell,
                                  const ExperimentInfo& experiment);

/// SHA-1 of all figures of the block, in hexadecimal.
[[nodiscard]] std::string DigestOf(const BlockResult& block);
[[nodiscard]] std::string DigestOf(const ExactCell& cell);

/// A cell over all its blocks.
struct CellTotal {
  OutcomeCounts outcomes{};
  std::array<ValueCounts, kQuantities> quantities{};
  Calibration calibration{};
  std::optional<ExactCell> exact{};
};
struct GroupTotal {
  std::size_t blocks = 0;  ///< done
  std::uint64_t trials = 0;
  std::vector<CellTotal> cells{};
  std::vector<PairBlock> pairs{};
};
struct ExperimentTotal {
  ExperimentInfo info{};
  std::vector<GroupTotal> groups{};

  [[nodiscard]] bool Complete() const;
};

/// Adds blocks up, in any order.
class ExperimentTotals {
 public:
  explicit ExperimentTotals(ExperimentInfo info);

  /// REQUIRES: FaultOf() is empty; no block and no cell comes twice.
  void Add(const BlockResult& block);
  void Add(const ExactCell& cell);

  /// Leaves the object empty.
  [[nodiscard]] ExperimentTotal Take();

 private:
  ExperimentTotal total_;
  std::vector<std::vector<std::array<ValueCounter, kQuantities>>> counters_;
};

/// Counts as bytes: for each value the difference to the one before (the
/// first: to 0) and its count, each an unsigned LEB128 number (seven bits a
/// byte, the least first, the high bit set in all but the last).
[[nodiscard]] std::string EncodeCounts(const ValueCounts& counts);
/// nullopt for bytes that EncodeCounts() does not write.
[[nodiscard]] std::optional<ValueCounts> DecodeCounts(std::string_view bytes);

/// The bins that are not empty, ascending: number, count, right, confidence,
/// each LEB128.
[[nodiscard]] std::string EncodeCalibration(const Calibration& calibration);
[[nodiscard]] std::optional<Calibration> DecodeCalibration(
    std::string_view bytes);

}  // namespace rebisect
