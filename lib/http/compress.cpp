#include "lib/http/compress.h"

#include <zlib.h>

#include <array>
#include <stdexcept>
#include <utility>

namespace hail::http {

namespace {

int window_bits(Coding coding) {
    constexpr int with_gzip_head = 16;
    return MAX_WBITS + (coding == Coding::gzip ? with_gzip_head : 0);
}

class Compressed : public RequestBody {
  public:
    Compressed(std::shared_ptr<RequestBody> body, Coding coding) : body_(std::move(body)) {
        constexpr int memory_level = 8;
        if (deflateInit2(&stream_, Z_DEFAULT_COMPRESSION, Z_DEFLATED, window_bits(coding), memory_level,
                         Z_DEFAULT_STRATEGY) != Z_OK) {
            throw std::bad_alloc();
        }
    }
    ~Compressed() override { deflateEnd(&stream_); }
    Compressed(const Compressed&) = delete;
    Compressed& operator=(const Compressed&) = delete;

    std::optional<std::uint64_t> length() const override { return std::nullopt; }

    Read read(std::span<char> into) override {
        stream_.next_out = reinterpret_cast<Bytef*>(into.data());
        stream_.avail_out = static_cast<uInt>(into.size());
        while (!ended_) {
            const int code = deflate(&stream_, flush_);
            ended_ = code == Z_STREAM_END;
            if (stream_.avail_out != into.size()) {
                return {Read::Kind::bytes, into.size() - stream_.avail_out, -1};
            }
            // No output means that all input has been taken and any flush is complete.
            if (!ended_ && flush_ != Z_FINISH) {
                if (const Read got = fill(); got.kind == Read::Kind::wait) {
                    return got;
                }
            }
        }
        return {};
    }

    bool can_rewind() const override { return body_->can_rewind(); }
    bool can_repeat() const override { return body_->can_repeat(); }
    bool rewind() override {
        ended_ = false;
        pending_ = false;
        flush_ = Z_NO_FLUSH;
        stream_.avail_in = 0;
        return deflateReset(&stream_) == Z_OK && body_->rewind();
    }

  private:
    // Gives deflate() something to do; waits only when there is nothing to flush.
    Read fill() {
        Read got = body_->read(input_);
        stream_.next_in = reinterpret_cast<Bytef*>(input_.data());
        stream_.avail_in = static_cast<uInt>(got.count);
        flush_ = got.kind == Read::Kind::end ? Z_FINISH : Z_NO_FLUSH;
        if (got.kind == Read::Kind::wait && pending_) {
            flush_ = Z_SYNC_FLUSH;
            got.kind = Read::Kind::bytes;
        }
        pending_ = got.count > 0;
        return got;
    }

    std::shared_ptr<RequestBody> body_;
    z_stream stream_{};
    std::array<char, 64UL * 1024> input_{};
    int flush_ = Z_NO_FLUSH;
    bool pending_ = false;  // there was input since the last flush
    bool ended_ = false;
};

}  // namespace

OwnedBody compressed_body(std::shared_ptr<RequestBody> body, Coding coding) {
    return std::make_unique<Compressed>(std::move(body), coding);
}

std::string compress(std::string_view bytes, Coding coding) {
    Compressed body(bytes_body(std::string(bytes)), coding);
    std::string out;
    std::array<char, 16UL * 1024> piece{};
    while (true) {
        const RequestBody::Read got = body.read(piece);
        if (got.kind == RequestBody::Read::Kind::end) {
            return out;
        }
        out.append(piece.data(), got.count);
    }
}

}  // namespace hail::http
