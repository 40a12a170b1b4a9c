// Tests bodies that are read while they are being sent, with a real engine.

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <thread>
#include <utility>

#include "lib/base/error.h"
#include "lib/http/body.h"
#include "tests/support/directory.h"
#include "tests/support/exchange.h"
#include "tests/support/peer.h"

using namespace hail;
using namespace hail::support;
using base::Exit;
using http::Sent;

namespace {

struct Collector : http::Receiver {
    void head(const http::ReplyHead& head) override { status = head.status(); }
    void body(std::string_view bytes) override { text += bytes; }
    int status = 0;
    std::string text;
};

struct PipeEnds {
    PipeEnds() {
        std::array<int, 2> ends{};
        REQUIRE(::pipe(ends.data()) == 0);
        reading = base::Descriptor(ends[0]);
        writing = base::Descriptor(ends[1]);
    }
    void write(std::string_view text) const {
        REQUIRE(::write(writing.number(), text.data(), text.size()) == static_cast<ssize_t>(text.size()));
    }
    std::shared_ptr<http::RequestBody> body() const {
        return http::descriptor_body(reading.number(), "stdin");
    }

    base::Descriptor reading;
    base::Descriptor writing;
};

http::Request upload(const Peer& peer, std::shared_ptr<http::RequestBody> body) {
    http::Request request{.method = "PUT", .url = "http://" + peer.address("/up")};
    request.stream = std::move(body);
    return request;
}

struct Outcome {
    http::Result result;
    int status = 0;
    std::string text;
};

Outcome exchange(const http::Request& request, const http::EngineOptions& options = {}) {
    base::Stop stop;
    Collector receiver;
    http::Result result = hail::support::exchange(request, receiver, options, stop);
    return {std::move(result), receiver.status, receiver.text};
}

}  // namespace

TEST_CASE("upload: a file is sent with its length, and the head equals request_head") {
    const TemporaryDirectory directory;
    const std::string content(300'000, 'x');
    Peer peer({{read_request(), reply("ok")}});
    const auto request = upload(peer, http::file_body(directory.file("f", content)));
    const auto [result, status, text] = exchange(request);
    CHECK_FALSE(result.failure);
    CHECK(result.sent == Sent::wholly);
    const auto received = peer.finish();
    CHECK(received[0].head == http::request_head(request));
    CHECK(received[0].header("Content-Length") == "300000");
    CHECK(received[0].body == content);
}

TEST_CASE("upload: a pipe is sent in chunks as its bytes arrive") {
    PipeEnds ends;
    Peer peer(
        {{read_until("first"), [&](Connection&) { ends.write("second"); }, read_until("second"),
          [&](Connection&) { ends.writing = base::Descriptor(); }, read_until("0\r\n\r\n"), reply("ok")}});
    ends.write("first");
    const auto [result, status, text] = exchange(upload(peer, ends.body()));
    CHECK_FALSE(result.failure);
    CHECK(text == "ok");
}

TEST_CASE("upload: the last chunk is sent when the pipe ends") {
    PipeEnds ends;
    Peer peer({{read_request(), reply("ok")}});
    const auto request = upload(peer, ends.body());
    ends.write("some");
    std::thread writer([&] {
        ends.write(" more");
        ends.writing = base::Descriptor();
    });
    const auto [result, status, text] = exchange(request);
    writer.join();
    CHECK_FALSE(result.failure);
    CHECK(result.sent == Sent::wholly);
    const auto received = peer.finish();
    CHECK(received[0].head == http::request_head(request));
    CHECK(received[0].header("Transfer-Encoding") == "chunked");
    CHECK(received[0].body == "some more");
}

TEST_CASE("upload: an early refusal is noticed while the pipe is silent") {
    for (const char* extra : {"", "Connection: close\r\n"}) {
        CAPTURE(extra);
        const PipeEnds ends;  // never ends
        ends.write("begin");
        Peer peer({{read_until("begin"), send(std::string("HTTP/1.1 413 Content Too Large\r\n") + extra +
                                              "Content-Length: 4\r\n\r\nfull")}});
        const auto [result, status, text] = exchange(upload(peer, ends.body()));
        CHECK_FALSE(result.failure);
        CHECK(status == 413);
        CHECK(text == "full");
        CHECK(result.sent == Sent::partly);
    }
}

TEST_CASE("upload: an early refusal is noticed while a large file is being sent") {
    const TemporaryDirectory directory;
    Peer peer({{read_until("\r\n\r\n"),
                send("HTTP/1.1 413 Content Too Large\r\nConnection: close\r\nContent-Length: 4\r\n\r\nfull"),
                stall()}});
    const auto request = upload(peer, http::file_body(directory.file("f", std::string(20'000'000, 'x'))));
    const auto [result, status, text] = exchange(request);
    CHECK_FALSE(result.failure);
    CHECK(status == 413);
    CHECK(result.sent == Sent::partly);
}

TEST_CASE("upload: the outcome is unknown if the peer disconnects, and nothing is sent again") {
    const PipeEnds ends;
    ends.write("begin");
    Peer peer({{read_until("begin"), cut()}}, Peer::Others::repeat);
    const auto [result, status, text] = exchange(upload(peer, ends.body()));
    REQUIRE(result.failure);
    CHECK(result.failure->exit == Exit::unknown);
    CHECK(result.sent == Sent::partly);
    CHECK(peer.connections() == 1);
}

TEST_CASE("upload: waiting for a pipe does not count as silence") {
    PipeEnds ends;
    http::EngineOptions options;
    options.connect.idle_timeout = base::Milliseconds(1000);
    Peer patient({{read_until("begin"),
                   [&](Connection& connection) {
                       connection.pause(base::Milliseconds(1300));
                       ends.writing = base::Descriptor();
                   },
                   read_until("0\r\n\r\n"), reply("ok")}});
    ends.write("begin");
    const auto [result, status, text] = exchange(upload(patient, ends.body()), options);
    CHECK_FALSE(result.failure);
    CHECK(text == "ok");
}

TEST_CASE("upload: a file that becomes shorter ends the run with an error that says so") {
    const TemporaryDirectory directory;
    const std::string path = directory.file("f", std::string(1'000'000, 'x'));
    Peer peer({{stall()}});
    const auto request = upload(peer, http::file_body(path));
    REQUIRE(::truncate(path.c_str(), 1000) == 0);
    CHECK_THROWS_WITH_AS(exchange(request), doctest::Contains("it became shorter"), base::Error);
}

TEST_CASE("upload: a signal ends the wait for a pipe") {
    const PipeEnds ends;
    base::Stop stop;
    Peer peer({{read_until("\r\n\r\n"), [&](Connection&) { stop.raise(SIGINT); }, stall()}});
    Collector receiver;
    const auto request = upload(peer, ends.body());
    const auto result = hail::support::exchange(request, receiver, {}, stop);
    REQUIRE(result.failure);
    CHECK(result.failure->exit == Exit::interrupted);
}
