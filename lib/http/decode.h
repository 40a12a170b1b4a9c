// Decoder: decodes a compressed body as it arrives, in constant memory.
//
// Shape:   the receiver gets pieces of at most 64 KiB; bytes decoded before a fault was found have already
//          been delivered. A gzip body may have several members; an empty body is complete.
// Source:  RFC 9110 8.4.1; RFC 1952; "deflate" is RFC 1950, or RFC 1951 from servers that took the name
//          literally.

#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "lib/http/message.h"

namespace hail::http {

enum class Coding { identity, gzip, deflate, other };

// The coding that all Content-Encoding headers name, identity left out; several codings are `other`.
Coding coding_of(const ReplyHead& head);

// The warning about a body that is delivered undecoded although the request did not ask for its coding by
// name; none for any other body.
std::optional<std::string> undecoded_warning(const Request& request, const ReplyHead& head);

// Whether an Accept-Encoding header asks for a plain body and for no coding.
bool asks_for_identity_alone(const Request& request);

class Decoder {
  public:
    explicit Decoder(Coding coding);  // gzip or deflate
    ~Decoder();
    Decoder(const Decoder&) = delete;
    Decoder& operator=(const Decoder&) = delete;

    enum class State {
        going,     // more bytes must follow
        whole,     // it may end here
        corrupt,   // not valid in this coding
        trailing,  // bytes follow the end
    };

    // Do not feed more once the state is corrupt or trailing.
    State feed(std::string_view bytes, Receiver& receiver);
    State state() const;

  private:
    class Inflater;
    std::unique_ptr<Inflater> inflater_;
};

}  // namespace hail::http
