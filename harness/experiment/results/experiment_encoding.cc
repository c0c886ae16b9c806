// Results as bytes: what the store keeps, and what digests are made of.

#include <bit>

#include "harness/experiment/results/experiment_result.h"
#include "sim/io/sha1.h"

namespace rebisect {
namespace {

/// Bytes that stand for what was put in, and for nothing else.
class Canonical {
 public:
  void Text(std::string_view text) {
    Number(text.size());
    bytes_ += text;
    bytes_ += '\n';
  }
  void Number(std::uint64_t number) {
    bytes_ += std::to_string(number);
    bytes_ += '\n';
  }
  void Number(Int128 number) {
    const auto bits = static_cast<unsigned __int128>(number);
    Number(static_cast<std::uint64_t>(bits >> 64));
    Number(static_cast<std::uint64_t>(bits));
  }
  void Number(double number) { Number(std::bit_cast<std::uint64_t>(number)); }
  [[nodiscard]] std::string Digest() const { return Sha1(bytes_).Hex(); }

 private:
  std::string bytes_;
};

void PutLeb128(std::uint64_t number, std::string& bytes) {
  for (; number >= 0x80; number >>= 7) {
    bytes += static_cast<char>((number & 0x7f) | 0x80);
  }
  bytes += static_cast<char>(number);
}

/// Numbers below 2^63; nullopt at the end and for what PutLeb128 never writes.
std::optional<std::uint64_t> TakeLeb128(std::string_view& bytes) {
  std::uint64_t number = 0;
  for (unsigned shift = 0; shift < 63; shift += 7) {
    if (bytes.empty()) return std::nullopt;
    const auto byte = static_cast<unsigned char>(bytes.front());
    bytes.remove_prefix(1);
    number |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
    if ((byte & 0x80) == 0) {
      if (byte == 0 && shift > 0) return std::nullopt;
      return number;
    }
  }
  return std::nullopt;
}

}  // namespace

std::string ExperimentInfo::Digest() const {
  Canonical text;
  text.Text(name);
  text.Text(spec);
  text.Number(seed);
  text.Text(version);
  text.Number(block_trials);
  text.Number(std::uint64_t{graphs.size()});
  for (const GraphInfo& graph : graphs) {
    text.Text(graph.digest);
    text.Number(graph.commits);
    text.Number(graph.edges);
    text.Text(graph.source);
  }
  text.Number(std::uint64_t{groups.size()});
  for (const GroupInfo& group : groups) {
    text.Number(std::uint64_t{group.graph});
    for (const std::string* label :
         {&group.truth, &group.noise, &group.budget}) {
      text.Text(*label);
    }
    text.Number(group.trials);
    text.Number(std::uint64_t{group.cells.size()});
    for (const CellInfo& cell : group.cells) {
      for (const std::string* label :
           {&cell.select, &cell.retry, &cell.verdict}) {
        text.Text(*label);
      }
      text.Number(std::uint64_t{cell.exact});
    }
  }
  return text.Digest();
}

std::string ExperimentInfo::SpecDigest() const { return Sha1(spec).Hex(); }

std::string DigestOf(const BlockResult& block) {
  Canonical text;
  text.Number(std::uint64_t{block.group});
  text.Number(std::uint64_t{block.block});
  text.Number(std::uint64_t{block.cells.size()});
  for (const CellBlock& cell : block.cells) {
    for (const std::uint64_t count : cell.outcomes) text.Number(count);
    for (const ValueCounts& counts : cell.quantities) {
      text.Text(EncodeCounts(counts));
    }
    text.Text(EncodeCalibration(cell.calibration));
  }
  for (const PairBlock& pair : block.pairs) {
    text.Number(pair.right.both);
    text.Number(pair.right.only_first);
    text.Number(pair.right.only_second);
    text.Number(pair.right.neither);
    for (const DifferenceSums* sums : {&pair.tests, &pair.cost_ms}) {
      text.Number(sums->sum);
      text.Number(sums->squares);
    }
  }
  return text.Digest();
}

std::string DigestOf(const ExactCell& cell) {
  Canonical text;
  text.Number(std::uint64_t{cell.group});
  text.Number(std::uint64_t{cell.cell});
  for (const double share : cell.shares) text.Number(share);
  for (const auto& cost : cell.costs) {
    text.Number(std::uint64_t{cost.has_value()});
    if (!cost) continue;
    text.Number(cost->mean);
    for (const std::int64_t value : {cost->p50, cost->p95, cost->max}) {
      text.Number(static_cast<std::uint64_t>(value));
    }
  }
  return text.Digest();
}

std::string EncodeCounts(const ValueCounts& counts) {
  std::string bytes;
  std::int64_t before = 0;
  for (const ValueCount& entry : counts) {
    PutLeb128(static_cast<std::uint64_t>(entry.value - before), bytes);
    PutLeb128(entry.count, bytes);
    before = entry.value;
  }
  return bytes;
}

std::optional<ValueCounts> DecodeCounts(std::string_view bytes) {
  ValueCounts counts;
  std::int64_t before = 0;
  while (!bytes.empty()) {
    const auto step = TakeLeb128(bytes);
    const auto count = TakeLeb128(bytes);
    if (!step || !count || *count == 0 || (*step == 0 && !counts.empty()) ||
        *step > static_cast<std::uint64_t>(kMaxQuantity - before)) {
      return std::nullopt;
    }
    before += static_cast<std::int64_t>(*step);
    counts.push_back({before, *count});
  }
  return counts;
}

std::string EncodeCalibration(const Calibration& calibration) {
  std::string bytes;
  for (std::size_t i = 0; i < Calibration::kBins; ++i) {
    const Calibration::Bin& bin = calibration.bins[i];
    if (bin.count == 0) continue;
    for (const std::uint64_t number :
         {std::uint64_t{i}, bin.count, bin.right, bin.confidence}) {
      PutLeb128(number, bytes);
    }
  }
  return bytes;
}

std::optional<Calibration> DecodeCalibration(std::string_view bytes) {
  Calibration calibration;
  std::uint64_t next = 0;
  while (!bytes.empty()) {
    std::array<std::uint64_t, 4> numbers{};
    for (std::uint64_t& number : numbers) {
      const auto taken = TakeLeb128(bytes);
      if (!taken) return std::nullopt;
      number = *taken;
    }
    if (numbers[0] < next || numbers[0] >= Calibration::kBins ||
        numbers[1] == 0) {
      return std::nullopt;
    }
    next = numbers[0] + 1;
    calibration.bins[numbers[0]] = {numbers[1], numbers[2], numbers[3]};
  }
  return calibration;
}

}  // namespace rebisect
