#include "lib/http/engine.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <csignal>
#include <deque>
#include <stdexcept>
#include <utility>

#include "tests/support/exchange.h"
#include "tests/support/peer.h"

using namespace hail;
using namespace hail::support;
using base::Exit;
using base::Milliseconds;
using http::Sent;

namespace {

struct Collector : http::Receiver {
    void head(const http::ReplyHead& head) override { status = head.status(); }
    void body(std::string_view bytes) override { text += bytes; }
    int status = 0;
    std::string text;
};

// Requests to make one after another or in parallel, and the result of each.
struct Queue : http::JobSource {
    struct Entry {
        http::Request request;
        Collector receiver{};
        http::Job job{};
        http::Result result{};
        bool done = false;
    };

    void add(http::Request request) { entries.emplace_back().request = std::move(request); }
    http::Next next() override {
        if (at == entries.size()) {
            return http::Next::end();
        }
        Entry& entry = entries[at];
        entry.job = {&entry.request, &entry.receiver, at++};
        return http::Next::start(entry.job);
    }
    void done(http::Job& job, const http::Result& result) override {
        entries[job.tag].result = result;
        entries[job.tag].done = true;
        if (on_done) {
            on_done();
        }
    }

    std::deque<Entry> entries;
    std::size_t at = 0;
    std::function<void()> on_done;
};

http::Request get(const Peer& peer, std::string_view path = "/") {
    return {.url = "http://" + peer.address(path)};
}

http::Request post(const Peer& peer, std::string body) {
    http::Request request{
        .method = "POST", .url = "http://" + peer.address(), .headers = {{"Content-Type", "text/plain"}}};
    request.body = std::move(body);
    return request;
}

std::pair<http::Result, std::string> exchange(const http::Request& request,
                                              const http::EngineOptions& options = {}) {
    base::Stop stop;
    Collector receiver;
    http::Result result = hail::support::exchange(request, receiver, options, stop);
    return {std::move(result), receiver.text};
}

// 400 KB in many lines.
std::string long_head() {
    std::string lines;
    for (int i = 0; i < 400; ++i) {
        lines += "X-A: " + std::string(1000, 'a') + "\r\n";
    }
    return lines;
}

std::string flood_of_hints() {
    std::string heads;
    for (int i = 0; i < 10'000; ++i) {
        heads += "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n";
    }
    return heads;
}

}  // namespace

TEST_CASE("engine: a reply arrives complete, with its head, sizes and times") {
    Peer peer({{read_request(), reply("hello", "X-A: 1\r\n")}});
    const auto [result, body] = exchange(get(peer, "/x"));
    CHECK_FALSE(result.failure.has_value());
    CHECK(result.head.status() == 200);
    CHECK(result.head.find("x-a") == "1");
    CHECK(body == "hello");
    CHECK(result.sent == Sent::wholly);
    CHECK(result.reply_body_bytes == 5);
    CHECK(result.timings.total.count() > 0);
    CHECK(result.remote == "127.0.0.1:" + std::to_string(peer.port()));
}

TEST_CASE("engine: the head on the wire equals request_head, byte for byte") {
    for (const char* method : {"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "PURGE"}) {
        for (const bool with_body : {false, true}) {
            CAPTURE(method);
            CAPTURE(with_body);
            if (with_body && std::string_view(method) == "HEAD") {
                continue;
            }
            Peer peer({{read_request(), send("HTTP/1.1 204 No Content\r\n\r\n")}});
            http::Request request{
                .method = method,
                .url = "http://" + peer.address("/a/../b?c=%20d"),
                .headers = {{"X-Empty", ""}, {"accept", "*/*"}, {"X-Two", "1"}, {"X-Two", "2"}}};
            request.credentials = {http::Credentials::Kind::bearer, "", "token"};
            if (with_body) {
                request.body = "hello";
            }
            const auto [result, body] = exchange(request);
            CHECK_FALSE(result.failure.has_value());
            const auto received = peer.finish();
            REQUIRE(received.size() == 1);
            CHECK(received[0].head == http::request_head(request));
            CHECK(received[0].body == request.body.value_or(""));
        }
    }
}

TEST_CASE("engine: an empty body is sent as Content-Length 0, and no body without it") {
    Peer peer({{read_request(), reply("")}, {read_request(), reply("")}});
    http::Request request = post(peer, "");
    exchange(request);
    CHECK(peer.received()[0].header("Content-Length") == "0");
    request.body.reset();
    exchange(request);
    CHECK(peer.received()[1].header("Content-Length").empty());
}

TEST_CASE("engine: a POST is executed once if its kept connection dies after it was read") {
    for (const std::string name : {"cut", "reset"}) {
        for (const std::string& body : {std::string("two"), std::string(), std::string(300'000, 'x')}) {
            CAPTURE(name);
            CAPTURE(body.size());
            Peer peer({{read_request(), reply("one"), read_request(), name == "cut" ? cut() : reset()},
                       {read_request(), reply("again")}});
            Queue queue;
            queue.add(post(peer, "one"));
            queue.add(post(peer, body));
            base::Stop stop;
            http::Engine({}, stop).run(queue);
            CHECK_FALSE(queue.entries[0].result.failure.has_value());
            REQUIRE(queue.entries[1].result.failure.has_value());
            CHECK(queue.entries[1].result.failure->exit == Exit::unknown);
            CHECK(queue.entries[1].result.sent == Sent::wholly);
            CHECK(queue.entries[1].result.reused_connection);
            CHECK(peer.received().size() == 2);
            CHECK(peer.connections() == 1);
        }
    }
}

TEST_CASE("engine: a POST is not repeated on another kept connection either") {
    std::atomic<int> arrived = 0;
    const auto both_arrived = [&](Connection& connection) {
        for (++arrived; arrived < 2;) {
            connection.pause(Milliseconds(1));
        }
    };
    const Script script{read_request(), both_arrived, reply("one"), read_request(), cut()};
    Peer peer({script, script});
    Queue queue;
    queue.add(post(peer, "1"));
    queue.add(post(peer, "2"));
    base::Stop stop;
    http::EngineOptions options;
    options.parallel = 2;
    http::Engine engine(options, stop);
    engine.run(queue);
    queue.add(post(peer, "3"));
    engine.run(queue);
    REQUIRE(queue.entries[2].result.failure.has_value());
    CHECK(queue.entries[2].result.failure->exit == Exit::unknown);
    CHECK(queue.entries[2].result.sent == Sent::wholly);
    CHECK(peer.received().size() == 3);
    CHECK(peer.connections() == 2);
}

TEST_CASE("engine: a proxy that refuses the tunnel means that nothing was sent") {
    Peer proxy({{read_request(), send("HTTP/1.1 407 Who are you\r\nContent-Length: 0\r\n\r\n"), cut()}});
    http::Request request{.method = "POST", .url = "https://example.test/"};
    request.body = "secret";
    http::EngineOptions options;
    options.connect.proxy = "http://" + proxy.address("");
    const auto result = exchange(request, options).first;
    REQUIRE(result.failure.has_value());
    CHECK(result.failure->exit == Exit::unreachable);
    CHECK(result.failure->why == "the proxy refused the tunnel with status 407");
    CHECK(result.sent == Sent::nothing);
    CHECK(proxy.finish().at(0).line() == "CONNECT example.test:443 HTTP/1.1");
}

TEST_CASE("engine: an unfinished TLS handshake times out, and nothing was sent") {
    Peer peer({{stall()}});
    http::EngineOptions options;
    options.connect.connect_timeout = Milliseconds(100);
    const auto result = exchange({.url = "https://" + peer.address()}, options).first;
    REQUIRE(result.failure.has_value());
    CHECK(result.failure->exit == Exit::timed_out);
    CHECK(result.failure->why == "timed out while connecting, nothing was sent");
    CHECK(result.sent == Sent::nothing);
}

TEST_CASE("engine: TLS to a port that does not support it is unreachable, with a hint") {
    Peer peer({{send("HTTP/1.1 400 Bad Request\r\n\r\n"), stall()}});
    const auto result = exchange({.url = "https://" + peer.address()}).first;
    REQUIRE(result.failure.has_value());
    CHECK(result.failure->exit == Exit::unreachable);
    CHECK(result.failure->hint == "this port does not seem to speak TLS: try the scheme without the s");
}

TEST_CASE("engine: a large body that the server stops reading was sent only in part") {
    const auto never_read = [](Connection& connection) { connection.pause(Milliseconds(600)); };
    Peer deaf({{never_read, reset()}});
    http::EngineOptions options;
    options.connect.timeout = Milliseconds(200);
    const auto result = exchange(post(deaf, std::string(40'000'000, 'x')), options).first;
    REQUIRE(result.failure.has_value());
    CHECK(result.failure->exit == Exit::timed_out);
    CHECK(result.failure->why == "timed out while sending the request");
    CHECK(result.sent == Sent::partly);
}

TEST_CASE("engine: a GET on a kept connection that dies is not repeated either") {
    Peer peer({{read_request(), reply("one"), read_request(), cut()}, {read_request(), reply("again")}});
    Queue queue;
    queue.add(get(peer));
    queue.add(get(peer, "/2"));
    base::Stop stop;
    http::Engine({}, stop).run(queue);
    REQUIRE(queue.entries[1].result.failure.has_value());
    CHECK(queue.entries[1].result.failure->exit == Exit::unknown);
    CHECK(peer.connections() == 1);
}

TEST_CASE("engine: an idle connection that the server closed is noticed before anything is sent") {
    Peer peer({{read_request(), reply("one"), cut()}, {read_request(), reply("two")}});
    Queue queue;
    queue.add(post(peer, "1"));
    base::Stop stop;
    http::Engine engine({}, stop);
    engine.run(queue);
    peer.wait_for_ends(1);
    queue.add(post(peer, "2"));
    engine.run(queue);
    CHECK_FALSE(queue.entries[1].result.failure.has_value());
    CHECK(queue.entries[1].receiver.text == "two");
    CHECK(peer.received().size() == 2);
}

TEST_CASE("engine: replies that are cut, reset or wrong are unknown or bad, never complete") {
    const std::string head = "HTTP/1.1 200 OK\r\n";
    const struct {
        const char* name;
        std::string reply;
        Step end;
        Exit exit;
    } cases[] = {
        {"no answer", "", cut(), Exit::unknown},
        {"no answer, reset", "", reset(), Exit::unknown},
        {"cut in the head", head + "X-A: ", cut(), Exit::unknown},
        {"short body", head + "Content-Length: 10\r\n\r\nhello", cut(), Exit::unknown},
        {"reset in the body", head + "Content-Length: 10\r\n\r\nhello", reset(), Exit::unknown},
        {"cut chunk", head + "Transfer-Encoding: chunked\r\n\r\n5\r\nhel", cut(), Exit::unknown},
        {"no last chunk", head + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", cut(), Exit::unknown},
        {"bad chunk length", head + "Transfer-Encoding: chunked\r\n\r\nzz\r\nhello", cut(), Exit::bad_reply},
        {"bad length", head + "Content-Length: -5\r\n\r\nhello", cut(), Exit::bad_reply},
        {"two lengths", head + "Content-Length: 5\r\nContent-Length: 2\r\n\r\nhello", cut(), Exit::bad_reply},
        {"a list of lengths", head + "Content-Length: 2, 5\r\n\r\nhello", cut(), Exit::bad_reply},
        {"a length in hexadecimal", head + "Content-Length: 0x5\r\n\r\nhello", cut(), Exit::bad_reply},
        {"a length with a tail", head + "Content-Length: 2x\r\n\r\nhello", cut(), Exit::bad_reply},
        {"a length beyond all", head + "Content-Length: 99999999999999999999999\r\n\r\nhello", cut(),
         Exit::bad_reply},
        {"a long head", head + long_head() + "\r\n", cut(), Exit::bad_reply},
        {"a flood of 1xx", flood_of_hints() + head + "Content-Length: 0\r\n\r\n", cut(), Exit::bad_reply},
        {"not HTTP", "SSH-2.0-OpenSSH_9.2\r\n", cut(), Exit::bad_reply},
        {"only 1xx", "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n", cut(), Exit::unknown},
        {"gzip that is not", head + "Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello", cut(),
         Exit::bad_reply},
        {"gzip that is cut", head + "Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\n\x1f\x8b\x08", cut(),
         Exit::unknown},
        {"a blank before the colon of a length", head + "Content-Length : 5\r\n\r\nhel", cut(),
         Exit::bad_reply},
        {"a blank before the first field", head + " X-A: b\r\nContent-Length: 5\r\n\r\nhello", cut(),
         Exit::bad_reply},
        {"an endless status line", "HTTP/1.1 200 " + std::string(300'000, 'x'), cut(), Exit::bad_reply},
        {"HTTP/2 in the status line alone", "HTTP/2 200\r\n\r\nhello", cut(), Exit::bad_reply},
        {"too many trailers", head + "Transfer-Encoding: chunked\r\n\r\n0\r\n" + long_head() + "\r\n", cut(),
         Exit::bad_reply},
        {"a chunk length of letters", head + "Transfer-Encoding: chunked\r\n\r\nxyz\r\n", cut(),
         Exit::bad_reply},
    };
    for (const auto& one : cases) {
        CAPTURE(one.name);
        Peer peer({{read_request(), send(one.reply), one.end}});
        const auto [result, body] = exchange(get(peer));
        REQUIRE(result.failure.has_value());
        const std::string why = result.failure->why;
        CAPTURE(why);
        CHECK(result.failure->exit == one.exit);
        CHECK(result.sent == Sent::wholly);
    }
}

TEST_CASE("engine: a reply may end with the connection, and bytes after its length are not part of it") {
    Peer peer({{read_request(), send("HTTP/1.0 200 OK\r\n\r\nto the end"), cut()},
               {read_request(), send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok and more"), cut()}});
    CHECK(exchange(get(peer)).second == "to the end");
    CHECK(exchange(get(peer)).second == "ok");
}

TEST_CASE("engine: the same length given twice is valid") {
    Peer peer({{read_request(), reply("hello", "Content-Length: 5\r\n")}});
    const auto [result, body] = exchange(get(peer));
    CHECK_FALSE(result.failure.has_value());
    CHECK(body == "hello");
}

TEST_CASE("engine: nothing was sent if no server listens") {
    http::Request request;
    {
        const Peer peer({});
        request = get(peer);
    }
    const auto [result, body] = exchange(request);
    REQUIRE(result.failure.has_value());
    CHECK(result.failure->exit == Exit::unreachable);
    CHECK(result.failure->why == "cannot connect: Connection refused");
    CHECK(result.sent == Sent::nothing);
}

TEST_CASE("engine: a timeout says how far the exchange had come") {
    http::EngineOptions options;
    options.connect.timeout = Milliseconds(2000);  // far more than a busy machine needs to get there
    options.parallel = 2;
    const Step silence_or_drip = [](Connection& connection) {
        Received request;
        connection.read_request(request);
        if (request.line().starts_with("GET /drip")) {
            drip("HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n" + std::string(9000, 'x'),
                 Milliseconds(5))(connection);
        } else {
            connection.wait_for_end();
        }
    };
    Peer peer({{silence_or_drip}}, Peer::Others::repeat);
    Queue queue;
    queue.add(get(peer, "/silence"));
    queue.add(get(peer, "/drip"));
    base::Stop stop;
    http::Engine(options, stop).run(queue);
    const auto& silent = queue.entries[0].result;
    REQUIRE(silent.failure.has_value());
    CHECK(silent.failure->exit == Exit::timed_out);
    CHECK(silent.failure->why == "timed out waiting for the reply after the request was sent");
    const auto& dripping = queue.entries[1].result;
    REQUIRE(dripping.failure.has_value());
    CHECK(dripping.failure->why == "timed out in the middle of the reply");
}

TEST_CASE("engine: the limit between two bytes counts silence, not the whole exchange") {
    http::EngineOptions options;
    options.connect.idle_timeout = Milliseconds(700);
    Peer peer(
        {{read_request(), drip("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nslow body", Milliseconds(20))},
         {read_request(), send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"), stall()}});
    const auto slow = exchange(get(peer), options);
    CHECK_FALSE(slow.first.failure.has_value());
    CHECK(slow.second == "slow body");
    const auto silent = exchange(get(peer), options);
    REQUIRE(silent.first.failure.has_value());
    CHECK(silent.first.failure->exit == Exit::timed_out);
    CHECK(silent.second == "half");
}

TEST_CASE("engine: many jobs share few connections, and each gets its own answer") {
    const auto echo = serve([](const Received& request) {
        return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(request.body.size()) + "\r\n\r\n" +
               request.body;
    });
    Peer peer({{echo}}, Peer::Others::repeat);
    Queue queue;
    for (int i = 0; i < 200; ++i) {
        queue.add(post(peer, std::to_string(i)));
    }
    base::Stop stop;
    http::EngineOptions options;
    options.parallel = 8;
    http::Engine(options, stop).run(queue);
    for (std::size_t i = 0; i < 200; ++i) {
        CHECK(queue.entries[i].receiver.text == std::to_string(i));
        CHECK_FALSE(queue.entries[i].result.failure.has_value());
    }
    CHECK(peer.connections() <= 8);
}

TEST_CASE("engine: after the first signal jobs in flight finish and no others start") {
    Peer peer({{read_request(), reply("one"), read_request(), reply("two")}});
    Queue queue;
    queue.add(post(peer, "1"));
    queue.add(post(peer, "2"));
    base::Stop stop;
    queue.on_done = [&] { stop.raise(SIGINT); };
    http::Engine({}, stop).run(queue);
    CHECK(queue.entries[0].done);
    CHECK_FALSE(queue.entries[1].done);
}

TEST_CASE("engine: the second signal drops jobs in flight and says that they were sent") {
    base::Stop stop;
    const auto interrupt_twice = [&](Connection&) {
        stop.raise(SIGINT);
        stop.raise(SIGINT, base::Stop::Clock::now() + base::Stop::shortest_gap);
    };
    Peer peer({{read_request(), interrupt_twice, stall()}});
    Queue queue;
    queue.add(post(peer, "1"));
    http::Engine({}, stop).run(queue);
    REQUIRE(queue.entries[0].result.failure.has_value());
    CHECK(queue.entries[0].result.failure->exit == Exit::interrupted);
    CHECK(queue.entries[0].result.sent == Sent::wholly);
}

TEST_CASE("engine: jobs may wait for a descriptor, and its end counts too") {
    struct Waiting : Queue {
        explicit Waiting(int descriptor) : descriptor_(descriptor) {}
        http::Next next() override {
            if (asked_++ == 0) {
                return http::Next::wait(descriptor_);
            }
            return Queue::next();
        }
        int descriptor_;
        int asked_ = 0;
    };
    std::array<int, 2> ends{};
    REQUIRE(::pipe(ends.data()) == 0);
    const base::Descriptor reader(ends[0]);
    ::close(ends[1]);
    Peer peer({{read_request(), reply("one")}});
    Waiting queue(reader.number());
    queue.add(get(peer));
    base::Stop stop;
    http::Engine({}, stop).run(queue);
    CHECK(queue.entries[0].receiver.text == "one");
}

TEST_CASE("engine: an exception from a receiver ends the run and is rethrown") {
    struct Throwing : http::Receiver {
        void head(const http::ReplyHead& /*head*/) override {}
        void body(std::string_view /*bytes*/) override { throw std::runtime_error("full"); }
    };
    Peer peer({{read_request(), reply("hello")}});
    base::Stop stop;
    Throwing receiver;
    CHECK_THROWS_WITH(hail::support::exchange(get(peer), receiver, {}, stop), "full");
}

TEST_CASE(
    "engine: a receiver that has enough ends the exchange as a success, whatever the server does next") {
    struct Contented : Collector {
        bool wants_more() const override { return text.find("wanted") == std::string::npos; }
    };
    Peer peer({{read_request(), send("HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\nwanted"), stall()}});
    base::Stop stop;
    Contented receiver;
    const http::Result result = hail::support::exchange(get(peer), receiver, {}, stop);
    CHECK_FALSE(result.failure);
    CHECK(receiver.text == "wanted");
    CHECK(result.head.status() == 200);
}

TEST_CASE("engine: a trace shows the exchange with its secrets masked") {
    struct Log : http::Trace {
        void fact(std::string_view /*line*/) override { ++facts; }
        void request_head(std::string_view head) override { text += head; }
        void reply_line(std::string_view line) override { text += line; }
        std::string text;
        int facts = 0;
    };
    Peer peer({{read_request(), send("HTTP/1.1 103 Early Hints\r\n\r\n"),
                reply("hello", "Set-Cookie: a=secret\r\n")}});
    http::Request request{.url = "http://" + peer.address(), .headers = {{"Cookie", "b=secret"}}};
    request.credentials = {http::Credentials::Kind::bearer, "", "secret"};
    Log log;
    http::EngineOptions options;
    options.trace = &log;
    exchange(request, options);
    CHECK(log.facts > 0);
    CHECK(log.text.find("secret") == std::string::npos);
    CHECK(log.text.find("Authorization: Bearer ***\r\n") != std::string::npos);
    CHECK(log.text.find("HTTP/1.1 103 Early Hints\r\n") != std::string::npos);
    CHECK(log.text.find("Set-Cookie: ***\r\n") != std::string::npos);
}
