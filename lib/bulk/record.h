// Records, and the source that a bulk run reads them from. A record is one thing to send, whatever carries
// it: the engine looks only at what it needs to send, retry and report it.
//
// Shape:   views are valid until the next call of next().
// Throws:  whatever the source throws.

#pragma once

#include <cstdint>
#include <string_view>

namespace hail::bulk {

struct Record {
    std::string_view text{};   // as read
    std::string_view id{};     // part of the text; empty: no reply is expected
    std::string_view fault{};  // why the record is not valid and is not sent; empty: it is valid
    std::uint64_t line = 0;    // where it begins in the input, from 1
    std::uint8_t form = 0;     // for the adapter, which knows what the text means
    bool idempotent = false;   // it may run twice

    bool expects_reply() const { return !id.empty(); }
};

class Source {
  public:
    Source() = default;
    Source(const Source&) = delete;
    Source& operator=(const Source&) = delete;
    virtual ~Source() = default;

    enum class Next {
        record,
        wait,  // nothing yet: ask again when descriptor() is readable
        end,   // there is nothing more, or nothing more that can be read
    };
    virtual Next next(Record& record) = 0;
    virtual int descriptor() const = 0;
};

}  // namespace hail::bulk
