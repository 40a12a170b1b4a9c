#include "cli/rest/metadata.h"

#include <doctest/doctest.h>

using namespace hail;
using cli::rest::Bars;
using cli::rest::metadata;
using Time = http::Timings::Microseconds;

namespace {

http::Result result() {
    http::Result one;
    one.head.add_line("HTTP/1.1 404 Not Found\r\n");
    one.timings = {Time(100), Time(300), Time(0), Time(310), Time(900), Time(1000)};
    one.request_bytes = 98;
    one.reply_head_bytes = 38;
    one.reply_body_bytes = 4096;
    one.remote = "[::1]:8080";
    return one;
}

}  // namespace

TEST_CASE("metadata: phases follow one another and add up to the total") {
    CHECK(metadata(result(), Bars::no) ==
          "status: 404\nversion: 1.1\nremote: [::1]:8080\nconnection: new\n"
          "name:           0.100 ms\n"
          "connect:        0.200 ms\n"
          "tls:            0.000 ms\n"
          "wait:           0.600 ms\n"
          "receive:        0.100 ms\n"
          "total:          1.000 ms\n"
          "sent: 98 B\nhead: 38 B\nbody: 4096 B (4 KiB)\n");
}

TEST_CASE("metadata: the bars follow one another like the phases") {
    const std::string text = metadata(result(), Bars::yes);
    CHECK(text.find("0.100 ms  ====\n") != std::string::npos);
    CHECK(text.find("0.200 ms      ========\n") != std::string::npos);
    CHECK(text.find("0.000 ms\n") != std::string::npos);
    CHECK(text.find("0.600 ms              ========================\n") != std::string::npos);
    CHECK(text.find("0.100 ms" + std::string(38, ' ') + "====\n") != std::string::npos);
}

TEST_CASE("metadata: unknown values are left out, and a phase that did not happen took no time") {
    http::Result none;
    none.timings.name = Time(5);
    none.timings.total = Time(20);
    none.reused_connection = true;
    const std::string text = metadata(none, Bars::yes);
    CHECK(text.starts_with("connection: kept\nname: "));
    CHECK(text.find("wait:           0.015 ms") != std::string::npos);
    CHECK(text.find("receive:        0.000 ms\n") != std::string::npos);
    CHECK(metadata({}, Bars::yes).find('=') == std::string::npos);
    CHECK(metadata({}, Bars::yes).starts_with("name: "));
}
