#include "lib/http/decode.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>
#include <new>
#include <vector>

#include "lib/base/text.h"

namespace hail::http {

namespace {

// Each name of a list, in lower case.
std::vector<std::string> names_in(std::string_view list) {
    std::vector<std::string> names;
    for (std::size_t at = 0; at <= list.size();) {
        const std::size_t end = std::min(list.find(',', at), list.size());
        const std::string_view element = list.substr(at, end - at);
        names.push_back(base::lower(base::trim(element.substr(0, element.find(';')))));
        at = end + 1;
    }
    std::erase(names, "");
    return names;
}

std::vector<std::string> codings_of(const ReplyHead& head) {
    std::vector<std::string> codings;
    for (const ReplyHead::Field& field : head.fields()) {
        if (base::equal_ignoring_case(field.name, "Content-Encoding")) {
            const std::vector<std::string> more = names_in(field.value);
            codings.insert(codings.end(), more.begin(), more.end());
        }
    }
    std::erase(codings, "identity");
    return codings;
}

std::vector<std::string> asked_codings(const Request& request) {
    const Header* const asked = find(request.headers, "Accept-Encoding");
    return names_in(asked == nullptr ? "" : asked->value);
}

}  // namespace

Coding coding_of(const ReplyHead& head) {
    if (!head.find("Content-Encoding")) {
        return Coding::identity;
    }
    const std::vector<std::string> codings = codings_of(head);
    if (codings.empty()) {
        return Coding::identity;
    }
    const std::string& name = codings.front();
    if (codings.size() > 1) {
        return Coding::other;
    }
    if (name == "gzip" || name == "x-gzip") {
        return Coding::gzip;
    }
    return name == "deflate" ? Coding::deflate : Coding::other;
}

std::optional<std::string> undecoded_warning(const Request& request, const ReplyHead& head) {
    if (coding_of(head) != Coding::other) {
        return std::nullopt;
    }
    const std::vector<std::string> codings = codings_of(head);
    const std::vector<std::string> asked = asked_codings(request);
    const bool expected =
        codings.size() == 1 && std::find(asked.begin(), asked.end(), codings.front()) != asked.end();
    return expected ? std::nullopt
                    : std::optional("the reply's Content-Encoding is '" +
                                    base::one_line(base::join(codings, ", "), 60) +
                                    "', which was not asked for: the body is passed on undecoded");
}

bool asks_for_identity_alone(const Request& request) {
    return asked_codings(request) == std::vector<std::string>{"identity"};
}

class Decoder::Inflater {
  public:
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init): the output buffer is written before it is read
    explicit Inflater(Coding coding) : coding_(coding) {}
    ~Inflater() {
        if (open_) {
            ::inflateEnd(&stream_);
        }
    }
    Inflater(const Inflater&) = delete;
    Inflater& operator=(const Inflater&) = delete;

    State state() const { return state_; }

    State feed(std::string_view bytes, Receiver& receiver) {
        while (!bytes.empty() && (state_ == State::going || state_ == State::whole)) {
            if (!open_ && !open(bytes)) {
                break;
            }
            if (ended_ && !begin_member(bytes)) {
                break;
            }
            // zlib counts in 32 bits.
            const std::size_t most = std::min<std::size_t>(bytes.size(), std::numeric_limits<uInt>::max());
            bytes.remove_prefix(most - inflate_piece(bytes.substr(0, most), receiver));
        }
        return state_;
    }

  private:
    // Sets up zlib according to the first bytes; false while there are too few.
    bool open(std::string_view& bytes) {
        int window = 15 + 16;  // the largest window, with gzip framing
        if (coding_ == Coding::deflate) {
            const std::size_t wanted = std::min(2 - first_.size(), bytes.size());
            first_ += bytes.substr(0, wanted);
            bytes.remove_prefix(wanted);
            if (first_.size() < 2) {
                state_ = State::going;
                return false;
            }
            const unsigned method = static_cast<unsigned char>(first_[0]);
            const unsigned both = method * 256U + static_cast<unsigned char>(first_[1]);
            const bool framed = (method & 15U) == Z_DEFLATED && both % 31U == 0;
            window = framed ? 15 : -15;
        }
        if (::inflateInit2(&stream_, window) != Z_OK) {
            throw std::bad_alloc();
        }
        open_ = true;
        state_ = State::going;
        return true;
    }

    // Only another member may follow the end of a gzip member.
    bool begin_member(std::string_view bytes) {
        if (coding_ != Coding::gzip || bytes.front() != '\x1f') {
            state_ = State::trailing;
            return false;
        }
        ::inflateReset(&stream_);
        ended_ = false;
        state_ = State::going;
        return true;
    }

    // Returns how many bytes were left over.
    std::size_t inflate_piece(std::string_view bytes, Receiver& receiver) {
        if (!first_.empty()) {
            const std::string first = std::move(first_);
            first_.clear();
            inflate_all(first, receiver);
        }
        return ended_ || state_ == State::corrupt ? bytes.size() : inflate_all(bytes, receiver);
    }

    std::size_t inflate_all(std::string_view bytes, Receiver& receiver) {
        // zlib's interface predates const; it does not write here.
        stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
        stream_.avail_in = static_cast<uInt>(bytes.size());
        do {
            stream_.next_out = reinterpret_cast<Bytef*>(out_.data());
            stream_.avail_out = static_cast<uInt>(out_.size());
            const int code = ::inflate(&stream_, Z_NO_FLUSH);
            const std::size_t made = out_.size() - stream_.avail_out;
            if (made > 0) {
                receiver.body({out_.data(), made});
            }
            if (code == Z_STREAM_END) {
                ended_ = true;
                state_ = State::whole;
                return stream_.avail_in;
            }
            if (code != Z_OK && code != Z_BUF_ERROR) {
                state_ = State::corrupt;
                return stream_.avail_in;
            }
        } while (stream_.avail_in > 0 || stream_.avail_out == 0);
        return 0;
    }

    Coding coding_;
    State state_ = State::whole;
    bool open_ = false;
    bool ended_ = false;
    std::string first_;  // bytes of deflate, until its form is known
    z_stream stream_{};
    std::array<char, 65536> out_;
};

Decoder::Decoder(Coding coding) : inflater_(std::make_unique<Inflater>(coding)) {}
Decoder::~Decoder() = default;

Decoder::State Decoder::feed(std::string_view bytes, Receiver& receiver) {
    return inflater_->feed(bytes, receiver);
}

Decoder::State Decoder::state() const {
    return inflater_->state();
}

}  // namespace hail::http
