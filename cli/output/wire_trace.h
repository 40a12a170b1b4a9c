// Shows the wire on stderr, for -v: "* " precedes facts, "> " the head of the request, "< " the head of the
// reply.

#pragma once

#include <string_view>

#include "cli/output/console.h"
#include "lib/http/message.h"

namespace hail::cli::output {

// Traces each line of a text after the mark, with control characters escaped.
void trace_lines(Console& console, std::string_view text, std::string_view mark);

class WireTrace : public http::Trace {
  public:
    explicit WireTrace(Console& console) : console_(console) {}

    void fact(std::string_view line) override;
    void request_head(std::string_view head) override;
    void reply_line(std::string_view line) override;

  private:
    void lines(std::string_view text, std::string_view mark) { trace_lines(console_, text, mark); }

    Console& console_;
};

}  // namespace hail::cli::output
