// Compressed bodies, decoded as they come, in flat memory.
//
// Shape:   pieces of at most 64 KiB go to the receiver; what was decoded before a fault was found has been
//          delivered. A gzip body may have several members; an empty body is whole.
// Source:  RFC 9110 8.4.1; RFC 1952; "deflate" is RFC 1950, and RFC 1951 from servers that took it by its
//          name.

#pragma once

#include <memory>
#include <string_view>

#include "lib/http/message.h"

namespace hail::http {

enum class Coding { identity, gzip, deflate, other };

// What a Content-Encoding header names; more than one coding is other.
Coding coding_of(std::string_view content_encoding);

class Decoder {
  public:
    explicit Decoder(Coding coding);  // gzip or deflate
    ~Decoder();
    Decoder(const Decoder&) = delete;
    Decoder& operator=(const Decoder&) = delete;

    enum class State {
        going,     // more must come
        whole,     // it may end here
        corrupt,   // not of this coding
        trailing,  // bytes follow its end
    };

    // To be fed no more once it is corrupt or trailing.
    State feed(std::string_view bytes, Receiver& receiver);
    State state() const;

  private:
    class Inflater;
    std::unique_ptr<Inflater> inflater_;
};

}  // namespace hail::http
