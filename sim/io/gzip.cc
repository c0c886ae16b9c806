#include "sim/io/gzip.h"

#include <zlib.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "sim/base/check.h"
#include "sim/base/result.h"

namespace rebisect {
namespace {

constexpr int kZlibWindow = 15;                // 32 KiB, zlib framing
constexpr int kGzipWindow = kZlibWindow + 16;  // gzip framing

/// What zlib's counters can take at once.
uInt Piece(std::size_t bytes) {
  return static_cast<uInt>(std::min<std::size_t>(bytes, 1U << 30));
}

/// Where unpacked bytes go: a place of one size, or a string that grows.
class Room {
 public:
  Room(char* data, std::size_t size) : data_(data), size_(size) {}
  explicit Room(std::string& text)
      : text_(&text), data_(text.data()), size_(text.size()) {}

  [[nodiscard]] char* data() const { return data_; }
  [[nodiscard]] std::size_t size() const { return size_; }
  /// False where it cannot grow.
  bool Grow() {
    if (text_ == nullptr) return false;
    text_->resize(2 * size_);
    data_ = text_->data();
    size_ = text_->size();
    return true;
  }

 private:
  std::string* text_ = nullptr;
  char* data_;
  std::size_t size_;
};

class Inflater {
 public:
  using Progress = std::function<void(std::size_t)>;

  /// More than `most` bytes are an error. `progress` may be empty.
  Inflater(std::string_view packed, const std::string& file, int window,
           std::size_t most, const Progress& progress)
      : packed_(packed),
        file_(file),
        window_(window),
        most_(most),
        progress_(progress) {}
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  ~Inflater() { inflateEnd(&stream_); }

  /// How many bytes there are.
  Result<std::size_t> Run(Room& room) {
    if (inflateInit2(&stream_, window_) != Z_OK) {
      return Fail(ErrorCode::kInternal, "zlib does not start", {file_, 0, 0});
    }
    while (true) {
      REBISECT_RETURN_IF_ERROR(Member(room));
      const std::size_t rest =
          window_ == kZlibWindow ? in_ : packed_.find_first_not_of('\0', in_);
      if (rest >= packed_.size()) break;
      if (window_ == kZlibWindow || !IsGzip(packed_.substr(rest))) {
        return Bad("other bytes follow the packed data at byte " +
                   std::to_string(rest));
      }
      in_ = rest;
      inflateReset(&stream_);
    }
    return out_size_;
  }

 private:
  tl::unexpected<Error> Bad(const std::string& what) const {
    return Fail(ErrorCode::kInput, what + "; fetch or pack the file again",
                {file_, 0, 0});
  }

  Result<void> Member(Room& room) {
    while (true) {
      if (out_size_ == room.size()) REBISECT_CHECK(room.Grow());
      stream_.next_in = reinterpret_cast<Bytef*>(
          const_cast<char*>(packed_.data() + in_));  // zlib does not write
      stream_.avail_in = Piece(packed_.size() - in_);
      stream_.next_out = reinterpret_cast<Bytef*>(room.data() + out_size_);
      stream_.avail_out = Piece(room.size() - out_size_);
      if (progress_) {
        stream_.avail_out = std::min(stream_.avail_out, kProgressBytes);
      }
      const uInt in_before = stream_.avail_in;
      const uInt out_before = stream_.avail_out;
      const int status = inflate(&stream_, Z_NO_FLUSH);
      in_ += in_before - stream_.avail_in;
      out_size_ += out_before - stream_.avail_out;
      if (out_size_ > most_) {
        return Fail(ErrorCode::kInput,
                    "unpacks to too much: more than " +
                        std::to_string(most_ >> 20U) +
                        " MiB, which is all that is read of a file of its "
                        "kind and size; give a part of it",
                    {file_, 0, 0});
      }
      if (progress_) progress_(out_size_);
      if (status == Z_STREAM_END) return {};
      if (status == Z_MEM_ERROR) {
        return Fail(ErrorCode::kInput, "not enough memory to unpack it",
                    {file_, 0, 0});
      }
      if (status != Z_OK && status != Z_BUF_ERROR) {
        return Bad("the packed data is damaged near byte " +
                   std::to_string(in_));
      }
      if (in_ == packed_.size() && stream_.avail_out != 0) {
        return Bad("the packed data is truncated");
      }
    }
  }

  static constexpr uInt kProgressBytes = 1U << 18;

  std::string_view packed_;
  const std::string& file_;
  const int window_;
  const std::size_t most_;
  const Progress& progress_;
  z_stream stream_{};
  std::size_t in_ = 0;
  std::size_t out_size_ = 0;
};

Result<std::string> Unpack(std::string_view packed, const std::string& file,
                           int window) {
  const std::size_t most =
      std::min<std::size_t>(MostUnpacked(packed.size()) - 1, kMaxTextBytes);
  std::string text(std::min(LikelyUnpacked(packed), most) + 64, '\0');
  Room room(text);
  REBISECT_ASSIGN_OR_RETURN(const auto size,
                            Inflater(packed, file, window, most, {}).Run(room));
  text.resize(size);
  return text;
}

}  // namespace

std::size_t LikelyUnpacked(std::string_view packed) {
  std::uint64_t stated = 0;
  for (std::size_t i = 0; i < 4 && packed.size() >= 18; ++i) {
    const auto byte = static_cast<unsigned char>(packed[packed.size() - 4 + i]);
    stated |= std::uint64_t{byte} << (8 * i);
  }
  const std::uint64_t likely = 20 * std::uint64_t{packed.size()} + 4096;
  return static_cast<std::size_t>(std::min(stated, likely));
}

std::size_t MostUnpacked(std::size_t packed_bytes) {
  const std::uint64_t by_ratio = std::max<std::uint64_t>(
      kSmallInputBytes, kMaxPackRatio * std::uint64_t{packed_bytes});
  return static_cast<std::size_t>(std::min(by_ratio, kMaxInputBytes) + 1);
}

bool IsGzip(std::string_view bytes) {
  return bytes.size() >= 3 && bytes.substr(0, 3) == "\x1f\x8b\x08";
}

Result<std::string> Gunzip(std::string_view packed, const std::string& file) {
  return Unpack(packed, file, kGzipWindow);
}

Result<std::size_t> GunzipInto(
    std::string_view packed, const std::string& file, char* room,
    const std::function<void(std::size_t)>& progress) {
  const std::size_t size = MostUnpacked(packed.size());
  Room place(room, size);
  return Inflater(packed, file, kGzipWindow, size - 1, progress).Run(place);
}

Result<std::string> InflateZlib(std::string_view packed,
                                const std::string& file) {
  return Unpack(packed, file, kZlibWindow);
}

std::string Gzip(std::string_view bytes,
                 const std::function<void(std::size_t)>& progress) {
  constexpr uInt kStep = 1U << 20;
  z_stream stream{};
  REBISECT_CHECK(deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED,
                              kGzipWindow, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  gz_header header{};
  header.os = 255;  // unknown: the same bytes on every system
  deflateSetHeader(&stream, &header);
  std::string packed(4096 + bytes.size() / 2, '\0');
  std::size_t in = 0;
  std::size_t out = 0;
  int status = Z_OK;
  while (status != Z_STREAM_END) {
    if (out == packed.size()) packed.resize(2 * packed.size());
    stream.next_in =
        reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data() + in));
    stream.avail_in = std::min(Piece(bytes.size() - in), kStep);
    stream.next_out = reinterpret_cast<Bytef*>(packed.data() + out);
    stream.avail_out = Piece(packed.size() - out);
    const uInt in_before = stream.avail_in;
    const uInt out_before = stream.avail_out;
    const bool last = bytes.size() - in == in_before;
    status = deflate(&stream, last ? Z_FINISH : Z_NO_FLUSH);
    REBISECT_CHECK(status == Z_OK || status == Z_BUF_ERROR ||
                   status == Z_STREAM_END);
    in += in_before - stream.avail_in;
    out += out_before - stream.avail_out;
    if (progress) progress(in);
  }
  deflateEnd(&stream);
  packed.resize(out);
  return packed;
}

struct ZlibPacker::Stream {
  z_stream z{};
};

ZlibPacker::ZlibPacker() : stream_(std::make_unique<Stream>()) {
  // A small window and little memory: what is cleared for each text.
  REBISECT_CHECK(deflateInit2(&stream_->z, Z_BEST_SPEED, Z_DEFLATED, 10, 2,
                              Z_DEFAULT_STRATEGY) == Z_OK);
}

ZlibPacker::~ZlibPacker() { deflateEnd(&stream_->z); }

void ZlibPacker::Append(std::string& out, std::string_view bytes) {
  REBISECT_CHECK(bytes.size() < (1U << 30));
  z_stream& z = stream_->z;
  deflateReset(&z);
  const std::size_t begin = out.size();
  out.resize(begin + deflateBound(&z, static_cast<uLong>(bytes.size())));
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  z.avail_in = static_cast<uInt>(bytes.size());
  z.next_out = reinterpret_cast<Bytef*>(out.data() + begin);
  z.avail_out = static_cast<uInt>(out.size() - begin);
  REBISECT_CHECK(deflate(&z, Z_FINISH) == Z_STREAM_END);
  out.resize(out.size() - z.avail_out);
}

}  // namespace rebisect
