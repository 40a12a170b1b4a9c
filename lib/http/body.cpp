#include "lib/http/body.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "lib/base/error.h"
#include "lib/base/text.h"

namespace hail::http {

namespace {

[[noreturn]] void throw_read_error(const std::string& name, const std::string& why) {
    throw base::Error(base::Exit::no_input, "reading " + base::one_line(name) + ": " + why);
}

class Bytes : public RequestBody {
  public:
    explicit Bytes(std::string bytes) : bytes_(std::move(bytes)) {}

    std::optional<std::uint64_t> length() const override { return bytes_.size(); }
    Read read(std::span<char> into) override {
        const std::size_t count = bytes_.copy(into.data(), into.size(), taken_);
        taken_ += count;
        return {count == 0 ? Read::Kind::end : Read::Kind::bytes, count, -1};
    }
    bool can_rewind() const override { return true; }
    bool can_repeat() const override { return true; }
    bool rewind() override {
        taken_ = 0;
        return true;
    }

  private:
    std::string bytes_;
    std::size_t taken_ = 0;
};

// One read(2); 0 at the end, none if no bytes are available yet.
std::optional<std::size_t> read_some(int descriptor, std::span<char> into, const std::string& name) {
    while (true) {
        const ssize_t count = ::read(descriptor, into.data(), into.size());
        if (count >= 0) {
            return static_cast<std::size_t>(count);
        }
        if (errno == EAGAIN) {
            return std::nullopt;
        }
        if (errno != EINTR) {
            throw_read_error(name, std::strerror(errno));
        }
    }
}

class RegularFile : public RequestBody {
  public:
    RegularFile(int descriptor, base::Descriptor owned, std::string name, off_t begin, std::uint64_t length)
        : descriptor_(descriptor),
          owned_(std::move(owned)),
          name_(std::move(name)),
          begin_(begin),
          length_(length),
          left_(length) {}

    std::optional<std::uint64_t> length() const override { return length_; }
    Read read(std::span<char> into) override {
        if (left_ == 0) {
            return {};
        }
        const auto most = static_cast<std::size_t>(std::min<std::uint64_t>(into.size(), left_));
        const std::size_t count = read_some(descriptor_, into.first(most), name_).value_or(0);
        if (count == 0) {
            throw_read_error(name_, "it became shorter while it was being sent");
        }
        left_ -= count;
        return {Read::Kind::bytes, count, -1};
    }
    bool can_rewind() const override { return true; }
    bool can_repeat() const override { return true; }
    bool rewind() override {
        left_ = length_;
        return ::lseek(descriptor_, begin_, SEEK_SET) == begin_;
    }

  private:
    int descriptor_;
    base::Descriptor owned_;
    std::string name_;
    off_t begin_;
    std::uint64_t length_;
    std::uint64_t left_;
};

class Pipe : public RequestBody {
  public:
    Pipe(int descriptor, base::Descriptor owned, std::string name)
        : descriptor_(descriptor), owned_(std::move(owned)), name_(std::move(name)) {}

    std::optional<std::uint64_t> length() const override { return std::nullopt; }
    Read read(std::span<char> into) override {
        pollfd readable{descriptor_, POLLIN, 0};
        if (::poll(&readable, 1, 0) == 0) {
            return {Read::Kind::wait, 0, descriptor_};
        }
        const auto count = read_some(descriptor_, into, name_);
        if (!count) {
            return {Read::Kind::wait, 0, descriptor_};
        }
        touched_ = true;
        return {*count == 0 ? Read::Kind::end : Read::Kind::bytes, *count, -1};
    }
    bool can_rewind() const override { return !touched_; }
    bool can_repeat() const override { return false; }
    bool rewind() override { return !touched_; }

  private:
    int descriptor_;
    base::Descriptor owned_;
    std::string name_;
    bool touched_ = false;
};

// The system reports no size for files that it generates on reading, such as those in /proc. A small one is
// read now, so that it has a length: many servers want one.
OwnedBody unsized_body(int descriptor, base::Descriptor owned, const std::string& name) {
    constexpr std::size_t most_in_memory = std::size_t{1} << 20U;
    std::string bytes;
    std::vector<char> piece(std::size_t{64} << 10U);
    while (bytes.size() <= most_in_memory) {
        const std::size_t count = read_some(descriptor, piece, name).value_or(0);
        if (count == 0) {
            return bytes_body(std::move(bytes));
        }
        bytes.append(piece.data(), count);
    }
    std::vector<OwnedBody> pieces;
    pieces.push_back(bytes_body(std::move(bytes)));
    pieces.push_back(std::make_unique<Pipe>(descriptor, std::move(owned), name));
    return chain_body(std::move(pieces));
}

OwnedBody open_body(int descriptor, base::Descriptor owned, const std::string& name) {
    struct stat facts {};
    if (::fstat(descriptor, &facts) != 0) {
        throw_read_error(name, std::strerror(errno));
    }
    if (S_ISDIR(facts.st_mode)) {
        throw_read_error(name, "it is a directory");
    }
    if (!S_ISREG(facts.st_mode)) {
        return std::make_unique<Pipe>(descriptor, std::move(owned), name);
    }
    if (facts.st_size == 0) {
        return unsized_body(descriptor, std::move(owned), name);
    }
    const off_t begin = std::max<off_t>(::lseek(descriptor, 0, SEEK_CUR), 0);
    const auto length = static_cast<std::uint64_t>(std::max<off_t>(facts.st_size - begin, 0));
    return std::make_unique<RegularFile>(descriptor, std::move(owned), name, begin, length);
}

class Chain : public RequestBody {
  public:
    explicit Chain(std::vector<OwnedBody> bodies) : bodies_(std::move(bodies)) {}

    std::optional<std::uint64_t> length() const override {
        std::uint64_t sum = 0;
        for (const OwnedBody& body : bodies_) {
            const auto length = body->length();
            if (!length) {
                return std::nullopt;
            }
            sum += *length;
        }
        return sum;
    }
    Read read(std::span<char> into) override {
        for (; current_ < bodies_.size(); ++current_) {
            const Read got = bodies_[current_]->read(into);
            if (got.kind != Read::Kind::end) {
                return got;
            }
        }
        return {};
    }
    bool can_rewind() const override {
        return std::all_of(bodies_.begin(), bodies_.end(),
                           [](const OwnedBody& body) { return body->can_rewind(); });
    }
    bool can_repeat() const override {
        return std::all_of(bodies_.begin(), bodies_.end(),
                           [](const OwnedBody& body) { return body->can_repeat(); });
    }
    bool rewind() override {
        current_ = 0;
        return std::all_of(bodies_.begin(), bodies_.end(),
                           [](const OwnedBody& body) { return body->rewind(); });
    }

  private:
    std::vector<OwnedBody> bodies_;
    std::size_t current_ = 0;
};

class Watched : public RequestBody {
  public:
    Watched(std::shared_ptr<RequestBody> body, std::function<void(std::uint64_t)> taken)
        : body_(std::move(body)), taken_(std::move(taken)) {}

    std::optional<std::uint64_t> length() const override { return body_->length(); }
    Read read(std::span<char> into) override {
        const Read got = body_->read(into);
        count_ += got.count;
        taken_(count_);
        return got;
    }
    bool can_rewind() const override { return body_->can_rewind(); }
    bool can_repeat() const override { return body_->can_repeat(); }
    bool rewind() override {
        count_ = 0;
        return body_->rewind();
    }

  private:
    std::shared_ptr<RequestBody> body_;
    std::function<void(std::uint64_t)> taken_;
    std::uint64_t count_ = 0;
};

}  // namespace

OwnedBody bytes_body(std::string bytes) {
    return std::make_unique<Bytes>(std::move(bytes));
}

OwnedBody file_body(const std::string& path) {
    base::Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!file) {
        throw_read_error(path, std::strerror(errno));
    }
    return descriptor_body(std::move(file), path);
}

OwnedBody descriptor_body(int descriptor, const std::string& name) {
    return open_body(descriptor, base::Descriptor(), name);
}

OwnedBody descriptor_body(base::Descriptor descriptor, const std::string& name) {
    const int number = descriptor.number();
    return open_body(number, std::move(descriptor), name);
}

OwnedBody chain_body(std::vector<OwnedBody> bodies) {
    return std::make_unique<Chain>(std::move(bodies));
}

OwnedBody watched_body(std::shared_ptr<RequestBody> body, std::function<void(std::uint64_t)> taken) {
    return std::make_unique<Watched>(std::move(body), std::move(taken));
}

}  // namespace hail::http
