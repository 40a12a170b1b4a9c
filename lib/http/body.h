// RequestBody: the body of a request, read while it is being sent, so that its size does not matter.
//
// Shape:   read() never waits: if no bytes are available yet, it names the descriptor to wait for. A known
//          length is kept: a file that turns out shorter is an error, and bytes appended to it later are not
//          sent.
// Throws:  Error(no_input) if a file or descriptor cannot be opened or read.
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

    virtual std::optional<std::uint64_t> length() const = 0;  // none: unknown until the end, sent in chunks
    virtual Read read(std::span<char> into) = 0;
    virtual bool can_rewind() const = 0;  // may be asked while the body is being read
    virtual bool can_repeat() const = 0;  // can be read to its end more than once, unlike a pipe
    virtual bool rewind() = 0;            // back to the first byte; false: the bytes already read are gone
};

using OwnedBody = std::unique_ptr<RequestBody>;

OwnedBody bytes_body(std::string bytes);

// The file as it is now. Opening a named pipe does not wait for its writer: read() names the descriptor.
OwnedBody file_body(const std::string& path);

// The unread rest of a descriptor, which stays open and belongs to the caller; `name` is for messages. A
// regular file has a length.
OwnedBody descriptor_body(int descriptor, const std::string& name);

// The same, but the body owns the descriptor and closes it.
OwnedBody descriptor_body(base::Descriptor descriptor, const std::string& name);

// The bodies, one after another.
OwnedBody chain_body(std::vector<OwnedBody> bodies);

// The same body; after each read it calls `taken` with the number of bytes read so far.
OwnedBody watched_body(std::shared_ptr<RequestBody> body, std::function<void(std::uint64_t)> taken);

}  // namespace hail::http
