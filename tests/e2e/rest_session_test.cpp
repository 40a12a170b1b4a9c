#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>
#include <latch>
#include <list>
#include <string>
#include <vector>

#include "tests/support/directory.h"
#include "tests/support/peer.h"
#include "tests/support/process.h"
#include "tests/support/rest.h"

using namespace hail::support;

namespace {

Script sets(const std::string& cookie) {
    return {read_request(), reply("ok", "Set-Cookie: " + cookie + "\r\n")};
}

}  // namespace

TEST_CASE("session: calls that run at the same time all add their cookies") {
    const TemporaryDirectory folder;
    const std::string file =
        folder.file("s", "# Netscape HTTP Cookie File\n127.0.0.1\tFALSE\t/\tFALSE\t0\told\t1\n");
    constexpr int calls = 6;
    std::latch all_have_read(calls);
    std::vector<Script> scripts;
    for (int i = 0; i < calls; ++i) {
        const std::string gone = i == 0 ? "Set-Cookie: old=; Max-Age=0\r\n" : "";
        scripts.push_back({read_request(), [&](Connection&) { all_have_read.arrive_and_wait(); },
                           reply("", gone + "Set-Cookie: c" + std::to_string(i) + "=1\r\n")});
    }
    Peer peer(std::move(scripts));
    std::list<Process> processes;
    for (int i = 0; i < calls; ++i) {
        processes.emplace_back(
            hail_command({"rest", "--session", file, peer.address(), "X-" + std::to_string(i) + ":typed"}));
    }
    for (Process& process : processes) {
        CHECK(process.wait().code == 0);
    }
    const std::string text = read_file(file);
    for (int i = 0; i < calls; ++i) {
        CHECK(mentions(text, "\tc" + std::to_string(i) + "\t1\n"));
        CHECK(mentions(text, " X-" + std::to_string(i) + ": typed\n"));
    }
    CHECK_FALSE(mentions(text, "\told\t"));
    CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 1);
}

TEST_CASE("session: a link to the session file stays a link") {
    const TemporaryDirectory folder;
    std::filesystem::create_symlink(folder.file("real", ""), folder.path("link"));
    Peer peer({sets("a=b")});
    CHECK(rest({"--session", folder.path("link"), peer.address()}).code == 0);
    CHECK(std::filesystem::is_symlink(folder.path("link")));
    CHECK(mentions(read_file(folder.path("real")), "\ta\tb\n"));
}

TEST_CASE("session: the session is saved even if the call fails or nobody reads the reply") {
    const TemporaryDirectory folder;
    const std::string hop = "HTTP/1.1 302 Found\r\nSet-Cookie: login=1\r\nContent-Length: 0\r\nLocation: ";
    Peer peer({{read_request(), send(hop + "file:///x\r\n\r\n")}});
    CHECK(rest({"-L", "--session", folder.path("a"), peer.address()}).code == 9);
    CHECK(mentions(read_file(folder.path("a")), "\tlogin\t1\n"));
    Peer large({{read_request(), reply(std::string(1'000'000, 'x'), "Set-Cookie: login=2\r\n")}});
    Command piped{{"/bin/sh", "-c", "\"$0\" rest --session \"$1\" \"$2\" | head -c 10",
                   hail_command({}).argv.front(), folder.path("b"), large.address()}};
    CHECK(run(piped).out == "xxxxxxxxxx");
    CHECK(mentions(read_file(folder.path("b")), "\tlogin\t2\n"));
}

TEST_CASE("session: hail checks that it can be saved before it sends anything") {
    Peer peer({sets("a=b")});
    const Outcome outcome = rest({"--session", "/proc/none/s", peer.address()});
    CHECK(outcome.code == 74);
    CHECK(mentions(outcome.err, "writing the session"));
    CHECK(peer.connections() == 0);
}

TEST_CASE("session: if saving fails after the call, the reply is still printed") {
    const TemporaryDirectory folder;
    const Step spoil = [&](Connection&) { std::filesystem::create_directory(folder.path("s")); };
    Peer peer({{read_request(), spoil, reply("precious", "Set-Cookie: a=b\r\n")}});
    const Outcome outcome = rest({"--session", folder.path("s"), peer.address()});
    CHECK(outcome.code == 74);
    CHECK(outcome.out == "precious");
}

TEST_CASE("session: typed credentials take precedence over a stored Authorization") {
    const TemporaryDirectory folder;
    const std::string file = folder.path("s");
    Peer peer({{read_request(), reply("")}}, Peer::Others::repeat);
    const std::vector<std::vector<std::string>> calls{{peer.address(), "Authorization:Bearer OLD"},
                                                      {peer.address(), "--bearer", "NEW"},
                                                      {peer.address(), "-u", "a:b"},
                                                      {"http://a:b@" + peer.address()},
                                                      {peer.address()}};
    for (std::vector<std::string> call : calls) {
        call.insert(call.begin(), {"--session", file});
        CHECK(rest(call).code == 0);
    }
    const std::vector<std::string> expected{"Bearer OLD", "Bearer NEW", "Basic YTpi", "Basic YTpi",
                                            "Bearer OLD"};
    const auto received = peer.received();
    for (std::size_t i = 0; i < expected.size(); ++i) {
        CHECK(received.at(i).header("Authorization") == expected.at(i));
    }
}

TEST_CASE("session: an empty Cookie sends none, and connection headers are not stored") {
    const TemporaryDirectory folder;
    const std::string file = folder.path("s");
    Peer peer({sets("a=b"), sets("c=d"), {read_request(), reply("")}});
    CHECK(rest({"--session", file, peer.address(), "Connection:close", "TE:trailers",
                "X-HTTP-Method-Override:PUT", "Digest:x", "Upgrade:h2c"})
              .code == 0);
    CHECK(rest({"--session", file, peer.address(), "Cookie:"}).code == 0);
    CHECK(rest({"--session", file, peer.address()}).code == 0);
    const auto received = peer.finish();
    CHECK(received.at(1).header("Cookie").empty());
    CHECK(received.at(2).header("Cookie") == "a=b; c=d");
    for (const char* name : {"Connection", "TE", "X-HTTP-Method-Override", "Digest", "Upgrade"}) {
        CHECK(received.at(2).header(name).empty());
    }
}

TEST_CASE("session: a name needs HOME, a file does not") {
    const TemporaryDirectory folder;
    Peer peer({sets("a=b")});
    const auto homeless = [](std::vector<std::string> arguments) {
        Command command = hail_command(std::move(arguments));
        command.argv.insert(command.argv.begin(), {"/usr/bin/env", "HOME="});
        return run(command);
    };
    for (const char* option : {"--session=mine", "--cache"}) {
        const Outcome outcome = homeless({"rest", option, peer.address()});
        CHECK(outcome.code == 64);
        CHECK(mentions(outcome.err, "HOME is not set"));
    }
    CHECK(peer.connections() == 0);
    CHECK(homeless({"rest", "--session", folder.path("s"), peer.address()}).code == 0);
}

TEST_CASE("session: typed cookies are kept, in one Cookie line with those of the server") {
    const TemporaryDirectory folder;
    const std::string file = folder.path("s");
    Peer peer(always([](const Received&) { return http_answer("", "Set-Cookie: sid=1; Secure\r\n"); }),
              Peer::Others::repeat);
    CHECK(rest({"--session", file, peer.address(), "Cookie:a=1", "Cookie:b=2"}).code == 0);
    CHECK(rest({"--session", file, peer.address(), "Cookie:sid=mine"}).code == 0);
    CHECK(rest({"--session", file, peer.address()}).code == 0);
    const auto received = peer.received();
    CHECK(received.at(0).header("Cookie") == "a=1; b=2");
    CHECK(received.at(1).header("Cookie") == "sid=mine; a=1; b=2");
    CHECK(received.at(2).header("Cookie") == "a=1; b=2; sid=1");
    CHECK(received.at(0).head.find("Cookie:") == received.at(0).head.rfind("Cookie:"));
}

TEST_CASE("session: a typed Host owns the cookies") {
    const TemporaryDirectory folder;
    const std::string file = folder.path("s");
    Peer peer(
        always([](const Received&) { return http_answer("", "Set-Cookie: sid=1; Domain=shop.example\r\n"); }),
        Peer::Others::repeat);
    const std::vector<std::string> call{"--session", file, peer.address(), "Host:shop.example"};
    CHECK(rest({call.begin(), call.end()}).code == 0);
    CHECK(rest({call.begin(), call.end()}).code == 0);
    CHECK(rest({"--session", file, peer.address()}).code == 0);
    CHECK(peer.received().at(1).header("Cookie") == "sid=1");
    CHECK(peer.received().at(2).header("Cookie").empty());
}
