// A stream of server-sent events (text/event-stream), read as it comes.
//
// Shape:   feed() takes any cut of the input; next() is true while a whole event can be had, which event()
//          holds until the following next(). Lines end in LF, CR or CRLF; several data lines are joined with
//          LF; comments and unknown fields are dropped. An event without data is none, but its id and its
//          retry count. rest() is the last event, should no empty line have ended it: browsers drop it.
// Memory:  one event; one that exceeds most_bytes is cut there and says so.
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
    std::string type;  // of its event field; empty: none, which means "message"
    std::string data;
    std::string id;  // the last one seen, of this event or an earlier one
    bool cut = false;
};

class EventStream {
  public:
    static constexpr std::size_t most_bytes = std::size_t{64} << 20U;

    void feed(std::string_view bytes);
    bool next();
    const Event& event() const { return event_; }

    // When the input has ended: the event that was not ended, none if there is no data of one.
    const Event* rest();

    // How long to wait before connecting again, if the stream said so.
    std::optional<Milliseconds> retry() const { return retry_; }

  private:
    enum class LineEnd { none, carriage_return };

    bool take_line(std::string_view& line);
    bool read_line(std::string_view line);
    void read_field(std::string_view name, std::string_view value);
    bool dispatch();

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

// Whether the text is an event stream and not JSON, judged by its first line: no JSON begins with a field's
// name.
bool is_event_stream(std::string_view text);

}  // namespace hail::base
