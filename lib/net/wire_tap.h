// WireTap sees what a connection carries, for a person who watches it.
//
// Shape:   bytes as they go over the wire, in pieces of any size, before TLS; secrets that are sent are
//          masked by the layer that knows them.

#pragma once

#include <string_view>

namespace hail::net {

class WireTap {
  public:
    WireTap() = default;
    WireTap(const WireTap&) = delete;
    WireTap& operator=(const WireTap&) = delete;
    virtual ~WireTap() = default;

    virtual void fact(std::string_view line) = 0;  // about the connection, without a line end
    virtual void sent(std::string_view bytes) = 0;
    virtual void received(std::string_view bytes) = 0;
};

}  // namespace hail::net
