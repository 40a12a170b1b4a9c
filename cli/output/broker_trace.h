// Shows what a connection to a broker carries on stderr, for -v: "* " precedes facts, "> " what is sent, "< "
// what is received.
//
// Shape:   RESP line by line, with control characters escaped. A line is shown once it is complete.

#pragma once

#include <string>
#include <string_view>

#include "cli/output/console.h"
#include "lib/net/wire_tap.h"

namespace hail::cli::output {

class BrokerTrace : public net::WireTap {
  public:
    explicit BrokerTrace(Console& console) : console_(console) {}

    void fact(std::string_view line) override;
    void sent(std::string_view bytes) override { lines(bytes, "> ", sending_); }
    void received(std::string_view bytes) override { lines(bytes, "< ", receiving_); }

    // For the options of a connection: nothing unless the console is verbose.
    net::WireTap* tap() { return console_.verbose() ? this : nullptr; }

  private:
    void lines(std::string_view bytes, std::string_view mark, std::string& begun);

    Console& console_;
    std::string sending_;  // lines that have begun
    std::string receiving_;
};

}  // namespace hail::cli::output
