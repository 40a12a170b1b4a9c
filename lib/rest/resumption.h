// The reply to a request for the rest of a file, compared with the bytes that are on the disk. Pure.
//
// Shape:   sizes in bytes. A request for the rest has a Range, and an If-Range if the validator is known;
//          the question whether a finished file is still the server's has the conditions of a cache too.
// Throws:  nothing.
// Source:  RFC 9110 13.1 (conditions), 14.4 (Content-Range), 15.3.7 (206 may begin earlier), 15.5.17 (416).

#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "lib/http/message.h"

namespace hail::rest {

struct Kept {
    enum class Kind { part, finished };

    std::uint64_t size = 0;              // 0: nothing is kept
    std::optional<std::uint64_t> whole;  // of the file, as an earlier reply said
    std::string validator;               // strong; may be empty
    Kind kind = Kind::part;
};

// Asks for the bytes after the kept ones, or for nothing if the file is finished and has not changed.
void ask_for_rest(http::Request& request, const Kept& kept);
void ask_for_all(http::Request& request);

struct Continuation {
    enum class Kind {
        follows,      // the bytes from `from` on, which may repeat some of the kept ones
        complete,     // the kept bytes are all there is
        all,          // the whole file
        start_again,  // the reply does not fit the kept bytes, see `why`
        failure,      // a reply that is not a success
    };
    Kind kind = Kind::failure;
    std::uint64_t from = 0;
    std::optional<std::uint64_t> whole{};
    std::string why{};
};

Continuation continuation(const http::ReplyHead& head, const Kept& kept);

}  // namespace hail::rest
