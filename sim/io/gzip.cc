#include "sim/io/gzip.h"

#include <zlib.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "sim/check.h"

namespace rebisect {
namespace {

constexpr int kZlibWindow = 15;                // 32 KiB, zlib framing
constexpr int kGzipWindow = kZlibWindow + 16;  // gzip framing

/// What zlib's counters can take at once.
uInt Piece(std::size_t bytes) {
  return static_cast<uInt>(std::min<std::size_t>(bytes, 1U << 30));
}

/// Room for the unpacked bytes, guessed from the size that the last member
/// states (modulo 2^32, and anybody's claim: so bounded by the ratio).
std::size_t GuessSize(std::string_view packed) {
  std::uint64_t stated = 0;
  for (std::size_t i = 0; i < 4 && packed.size() >= 18; ++i) {
    const auto byte = static_cast<unsigned char>(packed[packed.size() - 4 + i]);
    stated |= std::uint64_t{byte} << (8 * i);
  }
  const std::uint64_t likely = 20 * std::uint64_t{packed.size()} + 4096;
  return static_cast<std::size_t>(std::min(stated, likely) + 64);
}

class Inflater {
 public:
  Inflater(std::string_view packed, const std::string& file, int window)
      : packed_(packed), file_(file), window_(window) {}
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  ~Inflater() { inflateEnd(&stream_); }

  Result<std::string> Run() {
    if (inflateInit2(&stream_, window_) != Z_OK) {
      return Fail(ErrorCode::kInternal, "zlib does not start", {file_, 0, 0});
    }
    out_.resize(GuessSize(packed_));
    while (true) {
      if (auto member = Member(); !member) {
        return tl::unexpected(member.error());
      }
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
    out_.resize(out_size_);
    return std::move(out_);
  }

 private:
  tl::unexpected<Error> Bad(const std::string& what) const {
    return Fail(ErrorCode::kInput, what + "; fetch or pack the file again",
                {file_, 0, 0});
  }

  Result<void> Member() {
    while (true) {
      if (out_size_ == out_.size()) out_.resize(2 * out_.size());
      stream_.next_in = reinterpret_cast<Bytef*>(
          const_cast<char*>(packed_.data() + in_));  // zlib does not write
      stream_.avail_in = Piece(packed_.size() - in_);
      stream_.next_out = reinterpret_cast<Bytef*>(out_.data() + out_size_);
      stream_.avail_out = Piece(out_.size() - out_size_);
      const uInt in_before = stream_.avail_in;
      const uInt out_before = stream_.avail_out;
      const int status = inflate(&stream_, Z_NO_FLUSH);
      in_ += in_before - stream_.avail_in;
      out_size_ += out_before - stream_.avail_out;
      if (out_size_ > kMaxInputBytes ||
          (out_size_ > kSmallInputBytes &&
           out_size_ / kMaxPackRatio > packed_.size())) {
        return Fail(ErrorCode::kInput,
                    "unpacks to too much (more than 4 GiB, or 200 times its "
                    "size); unpack it yourself if it is what you want",
                    {file_, 0, 0});
      }
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

  std::string_view packed_;
  const std::string& file_;
  const int window_;
  z_stream stream_{};
  std::string out_;
  std::size_t in_ = 0;
  std::size_t out_size_ = 0;
};

}  // namespace

bool IsGzip(std::string_view bytes) {
  return bytes.size() >= 3 && bytes.substr(0, 3) == "\x1f\x8b\x08";
}

Result<std::string> Gunzip(std::string_view packed, const std::string& file) {
  return Inflater(packed, file, kGzipWindow).Run();
}

Result<std::string> InflateZlib(std::string_view packed,
                                const std::string& file) {
  return Inflater(packed, file, kZlibWindow).Run();
}

std::string Gzip(std::string_view bytes) {
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
    stream.avail_in = Piece(bytes.size() - in);
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
