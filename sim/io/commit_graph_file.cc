#include "sim/io/commit_graph_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <utility>

#include "sim/base/result.h"
#include "sim/io/input.h"
#include "sim/io/sha1.h"

namespace rebisect {
namespace {

constexpr std::size_t kHeader = 8;
constexpr std::size_t kTableEntry = 12;
constexpr std::size_t kFanout = 256;
constexpr std::size_t kCommitData = CommitId::kSize + 16;
constexpr std::uint32_t kNoParent = 0x70000000U;
constexpr std::uint32_t kEdgeFlag = 0x80000000U;  // also: last of its run

using Bytes = const unsigned char*;

std::uint32_t Read32(Bytes p) {
  std::uint32_t value = 0;
  for (int i = 0; i < 4; ++i) value = value << 8 | p[i];
  return value;
}

std::uint64_t Read64(Bytes p) {
  return std::uint64_t{Read32(p)} << 32 | Read32(p + 4);
}

CommitId ReadId(Bytes p) {
  CommitId id;
  std::memcpy(id.bytes.data(), p, CommitId::kSize);
  return id;
}

/// A file mapped for reading.
class Mapping {
 public:
  Mapping() = default;
  Mapping(Mapping&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)),
        size_(std::exchange(other.size_, 0)) {}
  Mapping& operator=(Mapping&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
  }
  ~Mapping() {
    if (data_ != nullptr) munmap(data_, size_);
  }

  /// nullopt when there is no such file.
  static Result<std::optional<Mapping>> Open(const std::string& path) {
    const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0 && (errno == ENOENT || errno == ENOTDIR)) return std::nullopt;
    if (fd < 0) {
      return Fail(ErrorCode::kInput,
                  std::string("cannot open: ") + std::strerror(errno),
                  {path, 0, 0});
    }
    struct stat status {};
    Mapping mapping;
    const bool regular = fstat(fd, &status) == 0 && S_ISREG(status.st_mode);
    if (regular && status.st_size > 0) {
      const auto size = static_cast<std::size_t>(status.st_size);
      void* data =
          mmap(nullptr, size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
      if (data != MAP_FAILED) {
        mapping.data_ = data;
        mapping.size_ = size;
      }
    }
    close(fd);
    if (mapping.data_ == nullptr) {
      return Fail(ErrorCode::kInput, "is empty or cannot be mapped",
                  {path, 0, 0});
    }
    return mapping;
  }

  [[nodiscard]] Bytes data() const { return static_cast<Bytes>(data_); }
  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  void* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace

struct CommitGraphFile::Layer {
  Mapping file;
  std::string path;
  std::uint32_t first = 0;  // position of its first commit
  std::uint32_t count = 0;
  Bytes fanout = nullptr;
  Bytes ids = nullptr;
  Bytes commits = nullptr;
  Bytes edges = nullptr;
  std::uint32_t edge_count = 0;
  Bytes bases = nullptr;
  std::size_t base_bytes = 0;

  [[nodiscard]] CommitId Checksum() const {
    return ReadId(file.data() + file.size() - CommitId::kSize);
  }
};

/// Opens and checks layers.
class CommitGraphFile::Loader {
 public:
  explicit Loader(std::span<const std::string> folders) : folders_(folders) {}

  Result<std::optional<CommitGraphFile>> Run() {
    for (const std::string& folder : folders_) {
      Result<bool> found = Single(folder + "/info/commit-graph");
      if (found && !*found) {
        found = Chain(folder + "/info/commit-graphs/commit-graph-chain");
      }
      REBISECT_RETURN_IF_ERROR(found);
      if (*found) return std::optional<CommitGraphFile>(std::move(result_));
    }
    return std::optional<CommitGraphFile>();
  }

 private:
  static tl::unexpected<Error> Damaged(const Layer& layer,
                                       const std::string& what) {
    return Fail(ErrorCode::kInput,
                "the commit-graph file is damaged (" + what +
                    "); 'git commit-graph write --reachable' writes it anew",
                {layer.path, 0, 0});
  }

  Result<bool> Single(const std::string& path) {
    REBISECT_ASSIGN_OR_RETURN(auto file, Mapping::Open(path));
    if (!file) return false;
    REBISECT_RETURN_IF_ERROR(Add(std::move(*file), path));
    return true;
  }

  Result<bool> Chain(const std::string& path) {
    if (access(path.c_str(), F_OK) != 0) return false;
    REBISECT_ASSIGN_OR_RETURN(const auto text, ReadInput(path));
    std::string_view rest = text;
    int line = 0;
    while (!rest.empty()) {
      ++line;
      const std::string_view word = rest.substr(0, rest.find('\n'));
      rest.remove_prefix(std::min(rest.size(), word.size() + 1));
      const auto id = CommitId::FromHex(word);
      if (!id) {
        return Fail(ErrorCode::kInput, "names no layer of a commit-graph",
                    {path, line, 1});
      }
      REBISECT_RETURN_IF_ERROR(AddLayer(*id, path, line));
    }
    return !result_.layers_.empty();
  }

  Result<void> AddLayer(const CommitId& id, const std::string& chain,
                        int line) {
    for (const std::string& folder : folders_) {
      const std::string path =
          folder + "/info/commit-graphs/graph-" + id.Hex() + ".graph";
      REBISECT_ASSIGN_OR_RETURN(auto file, Mapping::Open(path));
      if (!file) continue;
      auto added = Add(std::move(*file), path);
      if (added && result_.layers_.back().Checksum() != id) {
        return Damaged(result_.layers_.back(), "it is not the one it is named");
      }
      return added;
    }
    return Fail(ErrorCode::kInput,
                "the commit-graph lacks its layer " + id.Hex(),
                {chain, line, 1});
  }

  Result<void> Add(Mapping file, const std::string& path) {
    Layer layer;
    layer.file = std::move(file);
    layer.path = path;
    layer.first = result_.size_;
    if (auto read = ReadChunks(layer); !read) return read;
    if (auto checked = CheckBases(layer); !checked) return checked;
    if (auto checked = CheckIds(layer); !checked) return checked;
    if (auto checked = CheckParents(layer); !checked) return checked;
    const std::string_view body(
        reinterpret_cast<const char*>(layer.file.data()),
        layer.file.size() - CommitId::kSize);
    if (Sha1(body) != layer.Checksum()) {
      return Damaged(layer, "its checksum does not fit");
    }
    result_.size_ += layer.count;
    result_.layers_.push_back(std::move(layer));
    return {};
  }

  Result<void> ReadChunks(Layer& layer) const {
    const Bytes data = layer.file.data();
    const std::size_t size = layer.file.size();
    if (size < kHeader + kTableEntry + CommitId::kSize) {
      return Damaged(layer, "it is truncated");
    }
    if (std::memcmp(data, "CGPH\1", 5) != 0 || data[5] != 1) {
      return Fail(ErrorCode::kInput,
                  "is no commit-graph file of version 1 with SHA-1 ids",
                  {layer.path, 0, 0});
    }
    const std::size_t chunks = data[6];
    const std::uint64_t end = size - CommitId::kSize;
    std::uint64_t previous = kHeader + (chunks + 1) * kTableEntry;
    if (previous > end) return Damaged(layer, "it is truncated");
    for (std::size_t i = 0; i < chunks; ++i) {
      const Bytes entry = data + kHeader + i * kTableEntry;
      const std::uint64_t begin = Read64(entry + 4);
      const std::uint64_t next = Read64(entry + kTableEntry + 4);
      if (begin < previous || next < begin || next > end) {
        return Damaged(layer, "a chunk lies outside of it");
      }
      previous = begin;
      if (!TakeChunk(layer, entry, data + begin,
                     static_cast<std::size_t>(next - begin))) {
        return Damaged(layer, "a chunk has a wrong size");
      }
    }
    if (layer.fanout == nullptr || layer.ids == nullptr ||
        layer.commits == nullptr) {
      return Damaged(layer, "a chunk is missing");
    }
    return CheckSizes(layer);
  }

  /// Notes where a chunk is, if it is one of those needed. Sizes in bytes
  /// stand in the counts until CheckSizes.
  static bool TakeChunk(Layer& layer, Bytes name, Bytes at, std::size_t size) {
    const auto is = [name](const char* text) {
      return std::memcmp(name, text, 4) == 0;
    };
    if (is("OIDF")) {
      layer.fanout = at;
      return size == kFanout * 4;
    }
    if (is("OIDL")) {
      layer.ids = at;
      layer.count = static_cast<std::uint32_t>(size / CommitId::kSize);
      return size % CommitId::kSize == 0 && size / CommitId::kSize < kNoParent;
    }
    if (is("CDAT")) layer.commits = at;
    if (is("EDGE")) {
      layer.edges = at;
      layer.edge_count = static_cast<std::uint32_t>(size / 4);
      return size % 4 == 0 && size / 4 < kEdgeFlag;
    }
    if (is("BASE")) {
      layer.bases = at;
      layer.base_bytes = size;
    }
    return true;
  }

  static Result<void> CheckSizes(const Layer& layer) {
    const Bytes data = layer.file.data();
    for (std::size_t i = 0; i < data[6]; ++i) {
      const Bytes entry = data + kHeader + i * kTableEntry;
      const std::uint64_t size =
          Read64(entry + kTableEntry + 4) - Read64(entry + 4);
      if (std::memcmp(entry, "CDAT", 4) == 0 &&
          size != std::uint64_t{layer.count} * kCommitData) {
        return Damaged(layer, "a chunk has a wrong size");
      }
    }
    if (layer.first + std::uint64_t{layer.count} >= kNoParent) {
      return Damaged(layer, "it has too many commits");
    }
    return {};
  }

  Result<void> CheckBases(const Layer& layer) const {
    const std::size_t bases = layer.file.data()[7];
    if (bases != result_.layers_.size() ||
        layer.base_bytes != bases * CommitId::kSize) {
      return Damaged(layer, "it stands on other layers");
    }
    for (std::size_t i = 0; i < bases; ++i) {
      if (ReadId(layer.bases + i * CommitId::kSize) !=
          result_.layers_[i].Checksum()) {
        return Damaged(layer, "it stands on other layers");
      }
    }
    return {};
  }

  static Result<void> CheckIds(const Layer& layer) {
    std::uint32_t at = 0;
    for (std::size_t first = 0; first < kFanout; ++first) {
      const std::uint32_t end = Read32(layer.fanout + 4 * first);
      if (end < at || end > layer.count) {
        return Damaged(layer, "its fanout does not rise");
      }
      for (; at < end; ++at) {
        const Bytes id = layer.ids + at * CommitId::kSize;
        if (id[0] != first || (at > 0 && std::memcmp(id - CommitId::kSize, id,
                                                     CommitId::kSize) >= 0)) {
          return Damaged(layer, "its ids are not sorted");
        }
      }
    }
    if (at != layer.count) return Damaged(layer, "its fanout is short");
    return {};
  }

  static Result<void> CheckParents(const Layer& layer) {
    const std::uint32_t total = layer.first + layer.count;
    // How far each entry of the edge list is from the end of its run.
    std::vector<std::uint32_t> run(layer.edge_count);
    for (std::uint32_t i = layer.edge_count; i-- > 0;) {
      const std::uint32_t edge = Read32(layer.edges + 4 * std::size_t{i});
      const bool last = (edge & kEdgeFlag) != 0;
      if ((edge & ~kEdgeFlag) >= total ||
          (!last && i + 1 == layer.edge_count)) {
        return Damaged(layer, "an edge leads nowhere");
      }
      run[i] = last ? 1 : run[i + 1] + 1;
    }
    std::uint64_t used = 0;
    for (std::uint32_t i = 0; i < layer.count; ++i) {
      const Bytes parents = layer.commits + i * kCommitData + CommitId::kSize;
      const std::uint32_t one = Read32(parents);
      const std::uint32_t two = Read32(parents + 4);
      bool good = one < total || one == kNoParent;
      if ((two & kEdgeFlag) != 0) {
        good = good && (two & ~kEdgeFlag) < layer.edge_count;
        if (good) used += run[two & ~kEdgeFlag];
      } else {
        good = good && (two < total || two == kNoParent);
      }
      if (!good || (one == kNoParent && two != kNoParent)) {
        return Damaged(layer, "a parent leads nowhere");
      }
    }
    // Runs are not shared, else a small file could stand for a huge graph.
    if (used > layer.edge_count) return Damaged(layer, "edges are shared");
    return {};
  }

  std::span<const std::string> folders_;
  CommitGraphFile result_;
};

CommitGraphFile::CommitGraphFile() = default;
CommitGraphFile::CommitGraphFile(CommitGraphFile&&) noexcept = default;
CommitGraphFile& CommitGraphFile::operator=(CommitGraphFile&&) noexcept =
    default;
CommitGraphFile::~CommitGraphFile() = default;

Result<std::optional<CommitGraphFile>> CommitGraphFile::Open(
    std::span<const std::string> object_folders) {
  return Loader(object_folders).Run();
}

const CommitGraphFile::Layer& CommitGraphFile::LayerOf(
    std::uint32_t position) const {
  std::size_t i = layers_.size() - 1;
  while (layers_[i].first > position) --i;
  return layers_[i];
}

std::optional<std::uint32_t> CommitGraphFile::Find(const CommitId& id) const {
  for (const Layer& layer : layers_) {
    const std::size_t first = id.bytes[0];
    std::uint32_t low = first == 0 ? 0 : Read32(layer.fanout + 4 * (first - 1));
    std::uint32_t high = Read32(layer.fanout + 4 * first);
    while (low < high) {
      const std::uint32_t middle = low + (high - low) / 2;
      const int order = std::memcmp(
          id.bytes.data(), layer.ids + std::size_t{middle} * CommitId::kSize,
          CommitId::kSize);
      if (order == 0) return layer.first + middle;
      if (order < 0) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
  }
  return std::nullopt;
}

CommitId CommitGraphFile::Id(std::uint32_t position) const {
  const Layer& layer = LayerOf(position);
  return ReadId(layer.ids +
                std::size_t{position - layer.first} * CommitId::kSize);
}

std::int64_t CommitGraphFile::Date(std::uint32_t position) const {
  const Layer& layer = LayerOf(position);
  const Bytes data =
      layer.commits + std::size_t{position - layer.first} * kCommitData;
  const std::uint64_t word = Read64(data + CommitId::kSize + 8);
  return static_cast<std::int64_t>(word & 0x3ffffffffULL);
}

void CommitGraphFile::AppendParents(std::uint32_t position,
                                    std::vector<std::uint32_t>& parents) const {
  const Layer& layer = LayerOf(position);
  const Bytes data = layer.commits +
                     std::size_t{position - layer.first} * kCommitData +
                     CommitId::kSize;
  const std::uint32_t one = Read32(data);
  const std::uint32_t two = Read32(data + 4);
  if (one == kNoParent) return;
  parents.push_back(one);
  if (two == kNoParent) return;
  if ((two & kEdgeFlag) == 0) {
    parents.push_back(two);
    return;
  }
  Bytes edge = layer.edges + 4 * std::size_t{two & ~kEdgeFlag};
  for (;; edge += 4) {
    parents.push_back(Read32(edge) & ~kEdgeFlag);
    if ((Read32(edge) & kEdgeFlag) != 0) return;
  }
}

void CommitGraphFile::PrefetchParents(std::uint32_t position) const {
  const Layer& layer = LayerOf(position);
  const Bytes data = layer.commits +
                     std::size_t{position - layer.first} * kCommitData +
                     CommitId::kSize;
  for (const Bytes parent : {data, data + 4}) {
    const std::uint32_t at = Read32(parent) - layer.first;
    if (at >= layer.count) continue;
    // The parents and the date, at the end of its entry.
    __builtin_prefetch(layer.commits + (std::size_t{at} + 1) * kCommitData - 1);
  }
}

}  // namespace rebisect
