// Shows the wire on stderr, for -v: "* " precedes facts, "> " the head of the request, "< " the head of the
// reply.

#pragma once

#include <string_view>

#include "cli/output/console.h"
#include "lib/http/message.h"

namespace hail::cli::output {

class WireTrace : public http::Trace {
  public:
    explicit WireTrace(Console& console) : console_(console) {}

    void fact(std::string_view line) override;
    void request_head(std::string_view head) override;
    void reply_line(std::string_view line) override;

  private:
    void lines(std::string_view text, std::string_view mark);

    Console& console_;
};

}  // namespace hail::cli::output
