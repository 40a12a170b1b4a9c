#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <random>
#include <sstream>
#include <string>

#include "lib/base/owned.h"
#include "lib/base/text.h"

#include "tests/support/directory.h"
#include "tests/support/peer.h"
#include "tests/support/process.h"
#include "tests/support/proxy.h"
#include "tests/support/redis_server.h"

using namespace hail::support;

namespace {

// A subscriber that ends after this many messages. It is subscribed once it is constructed.
struct Listener {
    Listener(const RedisServer& server, const std::string& channel, int count,
             std::vector<std::string> more = {})
        : process(command(server, channel, count, std::move(more))) {
        REQUIRE(process.read_error_line().value_or("").starts_with("hail: subscribed to 1 "));
    }
    static Command command(const RedisServer& server, const std::string& channel, int count,
                           std::vector<std::string> more) {
        std::vector<std::string> words{"subscribe", server.socket_address(), channel, "--count",
                                       std::to_string(count)};
        words.insert(words.end(), more.begin(), more.end());
        return hail_command(words);
    }
    Process process;
};

const char* const shut_out = "redis://guest:secret@localhost:";

RedisServer guarded() {
    return RedisServer(
        {.arguments = {"--user", "guest", "on", ">secret", "resetchannels", "&open*", "+@all"}});
}

}  // namespace

TEST_CASE("publish: arguments are published in order, and stdout stays empty") {
    const RedisServer server;
    Listener listener(server, "news", 3);
    const Outcome sent = hail::support::hail({"publish", server.address(), "news", "one", "two words", ""});
    CHECK(sent.code == 0);
    CHECK(sent.out + sent.err == "");
    CHECK(listener.process.wait().out == "one\ntwo words\n\n");
}

TEST_CASE("publish: a lone dash is a message, with a warning if stdin has data") {
    const RedisServer server;
    Listener listener(server, "c", 5);
    const Outcome warned = hail::support::hail({"publish", server.address(), "c", "-"}, "line\n");
    CHECK(warned.code == 0);
    CHECK(warned.err ==
          "hail: warning: the message is '-' itself, and stdin is not read; leave out the - to read it\n");
    const auto publish = [&](std::vector<std::string> messages) {
        messages.insert(messages.begin(), {"publish", server.address(), "c"});
        return hail_command(messages);
    };
    Command nothing = publish({"-"});
    nothing.input_file = "/dev/null";
    for (const Command& command : {nothing, publish({"-", "-q"}), publish({"-", "-"})}) {
        const Outcome sent = run(command);
        CHECK(sent.code == 0);
        CHECK(sent.err == "");
    }
    CHECK(listener.process.wait().out == "-\n-\n-\n-\n-\n");
}

TEST_CASE("publish: lines of stdin may be empty, contain any byte and lack the last newline") {
    const RedisServer server;
    Listener listener(server, "c", 4, {"-0"});
    const std::string binary("\0\xff\r", 3);
    CHECK(hail::support::hail({"publish", server.address(), "c"}, "a\n\n" + binary + "\nlast").code == 0);
    CHECK(listener.process.wait().out == std::string("a\0\0", 3) + binary + std::string("\0last\0", 6));
}

TEST_CASE("publish: --skip-empty, -0 and --whole change the messages on stdin") {
    const RedisServer server;
    Listener listener(server, "c", 5);
    CHECK(hail::support::hail({"publish", server.address(), "c", "--skip-empty"}, "a\n\nb\n").code == 0);
    CHECK(hail::support::hail({"publish", server.address(), "c", "-0"}, std::string("c\0d", 3)).code == 0);
    CHECK(hail::support::hail({"publish", server.address(), "c", "--whole"}, "e\nf\n").code == 0);
    CHECK(listener.process.wait().out == "a\nb\nc\nd\ne\nf\n\n");
}

TEST_CASE("publish: --receivers prints how many subscribers received each message") {
    const RedisServer server;
    Listener listener(server, "c", 1);
    CHECK(hail::support::hail({"publish", server.address(), "c", "--receivers", "x"}).out == "1\n");
    CHECK(listener.process.wait().code == 0);
    CHECK(hail::support::hail({"publish", server.address(), "nobody", "--receivers", "x", "y"}).out ==
          "0\n0\n");
}

TEST_CASE("publish: the output of subscribe --json is published unchanged") {
    const RedisServer server;
    const std::string binary("\xff\0\n", 3);
    Listener first(server, "c", 2, {"--json"});
    CHECK(hail::support::hail({"publish", server.address(), "c", "--whole"}, binary).code == 0);
    CHECK(hail::support::hail({"publish", server.address(), "c", "q\"\\ \xc3\xa4"}).code == 0);
    const std::string captured = first.process.wait().out;
    CHECK(mentions(captured, R"("channel":"c","payload_base64":"/wAK"})"));
    CHECK(mentions(captured, "\"channel\":\"c\",\"payload\":\"q\\\"\\\\ \xc3\xa4\"}"));

    Listener second(server, "c", 2, {"-0"});
    CHECK(hail::support::hail({"publish", server.address(), "-", "--json"}, captured).code == 0);
    CHECK(second.process.wait().out == binary + std::string("\0q\"\\ \xc3\xa4\0", 8));
}

TEST_CASE("publish: the events of subscribe --json --events are left out") {
    const RedisServer server;
    const Outcome end = hail::support::hail({"publish", server.address(), "-", "--json", "--stream"},
                                            R"({"channel":"c","payload":"1"}
{"event":"gap","from":"a","to":"b","ms":5,"reason":"r"}
{"event":"mine","channel":"c","payload":"2"}
)");
    CHECK_MESSAGE(end.code == 0, end.err);
    CHECK(server.command({"XLEN", "c"}) == "2\n");
    CHECK(hail::support::hail({"publish", server.address(), "-", "--json"}, R"({"event":"mine","user":"u"})")
              .code == 65);
}

TEST_CASE("publish: binary messages on binary channels survive capture and replay unchanged") {
    constexpr int count = 300;
    const RedisServer server;
    std::mt19937 random(1);  // the same messages each time
    const auto bytes = [&](std::size_t size) {
        std::string text(size, '\0');
        std::generate(text.begin(), text.end(), [&] { return static_cast<char>(random() & 0xffU); });
        return text;
    };
    std::string lines;
    for (int i = 0; i < count; ++i) {
        lines += R"({"channel_base64":")" + hail::base::base64(bytes(3)) + R"(","payload_base64":")" +
                 hail::base::base64(bytes(random() % 40)) + "\"}\n";
    }
    const auto capture = [&](const std::string& input) {
        Listener listener(server, "*", count, {"--json"});
        CHECK(hail::support::hail({"publish", server.address(), "-", "--json"}, input).code == 0);
        return listener.process.wait().out;
    };
    // All but the times, with which the lines begin.
    const auto messages = [](const std::string& captured) {
        std::istringstream in(captured);
        std::string all;
        for (std::string line; std::getline(in, line);) {
            all += line.substr(line.find(',')) + "\n";
        }
        return all;
    };
    const std::string first = capture(lines);
    CHECK(std::count(first.begin(), first.end(), '\n') == count);
    CHECK(messages(capture(first)) == messages(first));
}

TEST_CASE("publish: a malformed line ends the run after the messages before it were accepted") {
    const RedisServer server;
    const Outcome wrong = hail::support::hail({"publish", server.address(), "-", "--json"},
                                              "{\"channel\":\"c\",\"payload\":\"x\"}\n{\"channel\":\"c\"}\n");
    CHECK(wrong.code == 65);
    CHECK(mentions(wrong.err, "read 1, accepted 1, unknown 0; resume at input line 2\n"));
    CHECK(mentions(wrong.err, "reading input line 2: 'payload' is missing"));
}

TEST_CASE("publish: an error reply names its line, and the others are accepted") {
    const RedisServer server = guarded();
    const std::string lines =
        "{\"channel\":\"open1\",\"payload\":\"x\"}\n{\"channel\":\"shut\",\"payload\":\"x\"}\n"
        "{\"channel\":\"open2\",\"payload\":\"x\"}\n";
    const std::string address = shut_out + std::to_string(server.port());
    const Outcome all = hail::support::hail({"publish", address, "-", "--json", "--receivers"}, lines);
    CHECK(all.code == 1);
    CHECK(all.out == "0\n0\n");
    CHECK(mentions(all.err, "input line 2: publishing to redis://guest:***@localhost"));
}

TEST_CASE("publish: a wrong or missing password fails, one in the environment works") {
    const RedisServer server({.arguments = {"--requirepass", "secret"}});
    const Outcome missing = hail::support::hail({"publish", server.address(), "c", "x"});
    CHECK(missing.code == 1);
    CHECK(mentions(missing.err, "NOAUTH"));
    CHECK(mentions(missing.err, "HAIL_PASSWORD"));
    const Outcome wrong = hail::support::hail({"publish", server.address(), "c", "x", "-u", "default:guess"});
    CHECK(wrong.code == 1);
    CHECK(mentions(wrong.err, "WRONGPASS"));
    CHECK_FALSE(mentions(wrong.err, "guess"));
    Command right = hail_command({"publish", server.address(), "c", "x"});
    right.environment = {{"HAIL_PASSWORD", "secret"}};
    CHECK(run(right).code == 0);
    Command typed =
        hail_command({"publish", "redis://default:secret@" + server.address().substr(8), "c", "x"});
    typed.environment = {{"HAIL_USER", "other:guess"}};
    CHECK(run(typed).code == 0);
}

TEST_CASE("publish: the certificate of the broker is checked unless --insecure is given") {
    const TemporaryDirectory directory;
    const Certificates made = make_certificates(directory.path());
    const RedisServer server({.certificates = made});
    const RedisServer wrong({.certificates = made, .wrong_name = true});
    const std::string ca = made.ca.string();
    CHECK(hail::support::hail({"publish", server.tls_address(), "c", "x", "--cacert", ca}).code == 0);
    const Outcome unknown = hail::support::hail({"publish", server.tls_address(), "c", "x"});
    CHECK(unknown.code == 7);
    CHECK(mentions(unknown.err, "certificate is not accepted"));
    CHECK(hail::support::hail({"publish", wrong.tls_address(), "c", "x", "--cacert", ca}).code == 7);
    CHECK(hail::support::hail({"publish", wrong.tls_address(), "c", "x", "--insecure"}).code == 0);
}

TEST_CASE("publish: after a server dies, the summary has a count and a line to resume at") {
    RedisServer server;
    Process publisher(hail_command({"publish", server.address(), "c", "--receivers"}));
    publisher.write("a\n");
    REQUIRE(publisher.read_line() == "0");
    server.kill();
    server.start();  // the idle connection was closed, but no message is lost
    publisher.write("b\n");
    REQUIRE(publisher.read_line() == "0");
    REQUIRE(::kill(server.pid(), SIGSTOP) == 0);
    publisher.write("c\nd\n");
    publisher.close_input();
    publisher.signal(SIGTERM);
    server.kill();
    const Outcome end = publisher.wait();
    CHECK((end.code == 143 || end.code == 8));
    CHECK(mentions(end.err, "resume at input line 3"));
}

TEST_CASE("publish: a connection that breaks in mid-stream is exit 8 with the number of unknown messages") {
    const Peer peer({{read_until("\r\nfour\r\n"), send(":0\r\n:0\r\n"), cut()}});
    const Outcome end = hail::support::hail({"publish", peer.address(""), "c"}, "one\ntwo\nthree\nfour\n");
    CHECK(end.code == 8);
    CHECK(end.out == "");
    CHECK(end.err ==
          "hail: read 4, accepted 2, unknown 2; resume at input line 3\n"
          "hail: publishing to redis://" +
              peer.address("") + ": the server closed the connection\n");
}

TEST_CASE("publish: a silent server is exit 8 after --drain-timeout") {
    const Peer peer({{stall()}});
    const Outcome late =
        hail::support::hail({"publish", peer.address(""), "c", "x", "--drain-timeout", "50ms"});
    CHECK(late.code == 8);
    CHECK(mentions(late.err, "unknown 1; resume at message 1"));
    CHECK(mentions(late.err, "--drain-timeout"));
}

TEST_CASE("publish: no message is lost because of a missing client certificate") {
    const TemporaryDirectory directory;
    const Certificates made = make_certificates(directory.path());
    const RedisServer server({.certificates = made, .client_certificates = true});
    const std::string ca = made.ca.string();
    const Outcome without = hail::support::hail({"publish", server.tls_address(), "c", "x", "--cacert", ca});
    CHECK(without.code == 7);
    CHECK(mentions(without.err, "the server wants a client certificate that it accepts"));
    CHECK(mentions(without.err, "--cert FILE"));
    CHECK(hail::support::hail({"publish", server.tls_address(), "c", "x", "--cacert", ca, "--cert",
                               made.client.string(), "--key", made.client_key.string()})
              .code == 0);
}

TEST_CASE("publish and subscribe: a proxy comes from --proxy or the environment") {
    const RedisServer server;
    const Peer proxy({http_proxy(server.port()), socks_proxy(server.port())});
    Process subscriber(hail_command(
        {"subscribe", server.address(), "c", "--count", "1", "--proxy", "http://" + proxy.address("")}));
    REQUIRE(subscriber.read_error_line() == "hail: subscribed to 1 channel");
    Command publish = hail_command({"publish", server.address(), "c", "through"});
    publish.environment = {{"all_proxy", "socks5h://" + proxy.address("")}};
    CHECK(run(publish).code == 0);
    CHECK(subscriber.wait().out == "through\n");
}

TEST_CASE("publish: after a signal, answers are awaited and the summary says where to resume") {
    const RedisServer server;
    Process publisher(hail_command({"publish", server.address(), "c", "--receivers"}));
    publisher.write("a\nb\n");
    REQUIRE(publisher.read_line() == "0");
    REQUIRE(publisher.read_line() == "0");
    publisher.signal(SIGINT);
    const Outcome end = publisher.wait();
    CHECK(end.code == 130);
    CHECK(end.err == "hail: read 2, accepted 2, unknown 0; resume at input line 3\n");
}

TEST_CASE("publish: a signal that comes twice in one breath does not skip the drain, a later one does") {
    const Peer peer({{read_until("\r\nb\r\n"), send(":0\r\n"), stall()}}, Peer::Others::repeat);
    Process patient(hail_command({"publish", peer.address(""), "c", "--receivers"}));
    patient.write("a\nb\n");
    REQUIRE(patient.read_line() == "0");
    patient.signal(SIGTERM);
    patient.signal(SIGTERM);
    const auto begun = std::chrono::steady_clock::now();
    CHECK(patient.wait().err == "hail: read 2, accepted 1, unknown 1; resume at input line 2\n");
    CHECK(std::chrono::steady_clock::now() - begun > std::chrono::milliseconds(1'500));  // of the drain's 2 s

    Process hasty(hail_command({"publish", peer.address(""), "c", "--receivers"}));
    hasty.write("a\nb\n");
    REQUIRE(hasty.read_line() == "0");
    const auto begun_again = std::chrono::steady_clock::now();
    hasty.signal_twice(SIGTERM, SIGTERM);
    CHECK(hasty.wait().code == 143);
    CHECK(std::chrono::steady_clock::now() - begun_again < std::chrono::milliseconds(1'500));
}

TEST_CASE("publish: a second signal ends the wait for a reader of stderr") {
    const TemporaryDirectory folder;
    const std::string fifo = folder.path("errors");
    REQUIRE(::mkfifo(fifo.c_str(), 0600) == 0);
    const hail::base::Descriptor full(::open(fifo.c_str(), O_RDWR | O_NONBLOCK));
    while (::write(full.number(), fifo.data(), 1) == 1) {
    }
    const Peer peer({{read_until("\r\na\r\n"), send(":0\r\n"), stall()}});
    Command command = hail_command({"publish", peer.address(""), "c", "--receivers"});
    command.argv.insert(command.argv.begin(), {"sh", "-c", "exec \"$0\" \"$@\" 2>" + fifo});
    Process publisher(command);
    publisher.write("a\n");
    CHECK(publisher.read_line() == "0");
    publisher.signal_twice(SIGTERM, SIGTERM);
    CHECK(publisher.wait().code == 143);
}

TEST_CASE("publish: a dry run shows the bytes, masks the password and needs no server") {
    const Outcome shown =
        hail::support::hail({"publish", "redis://me:secret@localhost:1", "c", "--dry-run"}, "x\n");
    CHECK(shown.code == 0);
    CHECK(shown.out ==
          "*3\r\n$4\r\nAUTH\r\n$2\r\nme\r\n$3\r\n***\r\n*2\r\n$5\r\nHELLO\r\n$1\r\n2\r\n"
          "*3\r\n$7\r\nPUBLISH\r\n$1\r\nc\r\n$1\r\nx\r\n");
}

TEST_CASE("publish: an unreachable broker is exit 7, and a wrong address is exit 64") {
    const std::string nobody = "localhost:" + std::to_string(hail::support::free_port());
    const Outcome refused = hail::support::hail({"publish", nobody, "c", "x"});
    CHECK(refused.code == 7);
    CHECK(mentions(refused.err, "Connection refused"));
    CHECK(hail::support::hail({"publish", "http://localhost", "c", "x"}).code == 64);
    CHECK(hail::support::hail({"publish", "localhost", "c", "x", "--json"}).code == 64);
}
