#include "lib/batch/record.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace hail;
using namespace hail::batch;

namespace {

const std::vector<std::string> mixed{R"({"method":"a","id":"x"})", R"({"jsonrpc":"2.0","method":"tell"})",
                                     R"({"jsonrpc":"2.0","method":"b","id":5})"};

std::string body_of(std::size_t from, std::size_t to, std::uint32_t first_wire_id) {
    bulk::Chunks chunks(1);
    for (const std::string& text : mixed) {
        const rpc::RequestReading reading = rpc::read_request(text);
        REQUIRE(reading.problem.empty());
        chunks.front().add(record_of(reading.request, 1), 0);
    }
    std::string body;
    append_body(body, {.chunk = chunks.begin(), .from = from, .to = to}, first_wire_id);
    return body;
}

}  // namespace

TEST_CASE("batch record: calls get consecutive wire ids, notifications none") {
    CHECK(body_of(0, 3, 41) == R"([{"jsonrpc":"2.0","method":"a","id":41},{"jsonrpc":"2.0","method":"tell"},)"
                               R"({"jsonrpc":"2.0","method":"b","id":42}])");
}

TEST_CASE("batch record: a single request is not sent as an array") {
    CHECK(body_of(2, 3, 7) == R"({"jsonrpc":"2.0","method":"b","id":7})");
}
