// EventStream reads server-sent events (text/event-stream) as they arrive.
//
// Shape:   feed() takes the input in pieces of any size; next() is true while a whole event is available, and
//          event() holds it until the following next(). Lines end in LF, CR or CRLF; several data lines are
//          joined with LF. Comments, unknown fields and events without data are dropped, but the id and the
//          retry of such an event still apply. rest() is the last event if no empty line ended it; browsers
//          drop it.
// Memory:  one event; one that exceeds the limit is cut there and marked.
// Throws:  nothing.
// Source:  the WHATWG HTML standard, 9.2.5 and 9.2.6 (parsing and interpreting an event stream).

#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "lib/base/deadline.h"

namespace hail::base {

struct Event {
    std::string type;  // its event field; empty: absent, which means "message"
    std::string data;
    std::string id;  // the last id seen, in this event or an earlier one
    bool cut = false;
};

class EventStream {
  public:
    static constexpr std::size_t most_bytes = std::size_t{64} << 20U;

    // The limit is that of one event, in bytes.
    explicit EventStream(std::size_t limit = most_bytes) : limit_(limit) {}

    void feed(std::string_view bytes);
    bool next();
    const Event& event() const { return event_; }

    // Whether the event that has not ended yet is too large already.
    bool is_cut() const { return building_.cut; }

    // At the end of the input: the last event if no empty line ended it; nullptr if it has no data.
    const Event* rest();

    // The delay before reconnecting, if the stream gave one.
    std::optional<Milliseconds> retry() const { return retry_; }

  private:
    enum class LineEnd { none, carriage_return };

    bool take_line(std::string_view& line);
    bool read_line(std::string_view line);
    void read_field(std::string_view name, std::string_view value);
    bool dispatch();

    std::size_t limit_;
    std::string pending_;  // input from at_ on is not read yet
    std::size_t at_ = 0;
    std::size_t scan_ = 0;  // from at_ up to here there is no line end
    LineEnd last_ = LineEnd::none;
    bool begun_ = false;
    Event building_;
    bool has_data_ = false;
    Event event_;
    std::optional<Milliseconds> retry_;
};

// True if the text is an event stream and not JSON. The first line decides: no JSON begins with a field name.
bool is_event_stream(std::string_view text);

}  // namespace hail::base
