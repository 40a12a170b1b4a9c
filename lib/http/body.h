// The body of a request that is read while it is sent, so that its size is no matter.
//
// Shape:   read() never waits: where nothing is there yet it says which descriptor to wait for. A known
//          length is kept: a file that turns out shorter is an error, and what was appended to it since is
//          not sent.
// Throws:  Error(no_input) for what cannot be opened or read.
// Source:  RFC 9112 6 (message body length), 7.1 (chunked).

#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "lib/base/owned.h"

namespace hail::http {

class RequestBody {
  public:
    struct Read {
        enum class Kind { bytes, wait, end };
        Kind kind = Kind::end;
        std::size_t count = 0;  // bytes: at least 1
        int descriptor = -1;    // wait: until this is readable
    };

    RequestBody() = default;
    RequestBody(const RequestBody&) = delete;
    RequestBody& operator=(const RequestBody&) = delete;
    virtual ~RequestBody() = default;

    virtual std::optional<std::uint64_t> length() const = 0;  // none: only the end will tell, sent in chunks
    virtual Read read(std::span<char> into) = 0;
    virtual bool can_rewind() const = 0;  // may be asked while the body is being read
    virtual bool rewind() = 0;            // back to the first byte; false: what was read is gone
};

using OwnedBody = std::unique_ptr<RequestBody>;

OwnedBody bytes_body(std::string bytes);

// The file as it is now. Nobody waits for the writer of a named pipe here: read() says what to wait for.
OwnedBody file_body(const std::string& path);

// What can still be read from a descriptor that stays open and stays the caller's; `name` is for messages. A
// regular file has a length.
OwnedBody descriptor_body(int descriptor, const std::string& name);

// The same, and the descriptor is closed with the body.
OwnedBody descriptor_body(base::Descriptor descriptor, const std::string& name);

// One after another.
OwnedBody chain_body(std::vector<OwnedBody> bodies);

// The same, and `taken` is told after each read how much was read so far.
OwnedBody watched_body(std::shared_ptr<RequestBody> body, std::function<void(std::uint64_t)> taken);

}  // namespace hail::http
