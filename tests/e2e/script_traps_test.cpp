// Traps for scripts and pipelines in other clients, one per case: cron, loops, pipes, redirects, logs.

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "lib/base/owned.h"
#include "lib/http/compress.h"
#include "tests/support/certificates.h"
#include "tests/support/directory.h"
#include "tests/support/peer.h"
#include "tests/support/process.h"
#include "tests/support/rest.h"
#include "tests/support/tls.h"

using namespace hail::support;
using hail::base::Milliseconds;

namespace {

// A shell script in which $HAIL is "hail rest" and $URL is the peer's address without a path.
Command shell(const std::string& script, const Peer& peer) {
    Command command{.argv = {"sh", "-c", script}};
    command.environment = {{"HAIL", hail_command({}).argv.front() + " rest"}, {"URL", peer.address("")}};
    return command;
}

std::string answer(const std::string& status, const std::string& body, const std::string& extra = {}) {
    return "HTTP/1.1 " + status + "\r\n" + extra + "Content-Length: " + std::to_string(body.size()) +
           "\r\n\r\n" + body;
}

const std::vector<Script> always_ok{{serve([](const Received&) { return answer("200 OK", "ok"); })}};
const std::string json_type = "Content-Type: application/json\r\n";

}  // namespace

// --- stdin -------------------------------------------------------------------------------------------------

TEST_CASE("trap: stdin never turns a GET into a POST") {
    const TemporaryDirectory folder;
    folder.file("list", "some\nlines\n");
    Peer peer(always_ok, Peer::Others::repeat);
    for (const std::string input : {"</dev/null", "<&-", "<list", "0<>fifo"}) {
        CAPTURE(input);
        Command command = shell("mkfifo -m 600 fifo 2>&-; $HAIL $URL/ " + input, peer);
        command.directory = folder.path();
        CHECK(run(command).code == 0);
        CHECK(peer.received().back().line() == "GET / HTTP/1.1");
        CHECK(peer.received().back().header("Accept") == "*/*");
        CHECK(peer.received().back().header("Content-Type").empty());
        CHECK(peer.received().back().body.empty());
    }
    CHECK(run(shell("echo data | $HAIL $URL/", peer)).code == 0);
    CHECK(peer.received().back().line() == "GET / HTTP/1.1");
}

TEST_CASE("trap: stdin is the body only of POST, PUT and PATCH without one, or if it is named") {
    Peer peer(always_ok, Peer::Others::repeat);
    const auto sent = [&](const std::vector<std::string>& arguments, const std::string& input) {
        CHECK(rest(arguments, input).code == 0);
        const Received request = peer.received().back();
        return request.line().substr(0, request.line().find(' ')) + " " + request.body;
    };
    CHECK(sent({"POST", peer.address()}, "data") == "POST data");
    CHECK(sent({"put", peer.address()}, "data") == "PUT data");
    CHECK(sent({"POST", peer.address(), "a=1"}, "data") == R"(POST {"a":"1"})");
    CHECK(sent({"POST", peer.address(), "-I"}, "data") == "POST ");
    CHECK(sent({"POST", peer.address()}, "") == "POST ");
    CHECK(peer.received().back().header("Content-Length") == "0");
    CHECK(sent({"DELETE", peer.address()}, "data") == "DELETE ");
    CHECK(sent({peer.address(), "@-"}, "data") == "POST data");
    CHECK(sent({peer.address(), "text=@-"}, "data") == R"(POST {"text":"data"})");
}

TEST_CASE("trap: a call in a shell loop does not read the loop's input") {
    const TemporaryDirectory folder;
    folder.file("list", "one\ntwo\nthree\n");
    Peer peer(always_ok, Peer::Others::repeat);
    for (const std::string call : {"$HAIL $URL/$name", "$HAIL $URL/$name a=1", "$HAIL DELETE $URL/$name",
                                   "$HAIL POST $URL/$name -I"}) {
        CAPTURE(call);
        Command command = shell("while read -r name; do " + call + "; done <list", peer);
        command.directory = folder.path();
        const std::size_t before = peer.received().size();
        CHECK(run(command).out == "okokok");
        CHECK(peer.received().size() == before + 3);
        CHECK(mentions(peer.received().back().line(), "/three "));
    }
}

TEST_CASE("trap: a POST in a loop warns that it sends the rest of the loop's input") {
    const TemporaryDirectory folder;
    folder.file("list", "one\ntwo\nthree\n");
    Peer peer(always_ok, Peer::Others::repeat);
    Command command = shell("while read -r name; do $HAIL POST $URL/$name; done <list", peer);
    command.directory = folder.path();
    const Outcome outcome = run(command);
    CHECK(peer.received().at(0).body == "two\nthree\n");
    CHECK(mentions(outcome.err,
                   "hail: sending the rest of stdin as the body; 4 B of it have already been read"));
    CHECK(mentions(outcome.err, "use -I or </dev/null"));
    CHECK(run(shell("printf 12 | $HAIL POST $URL/", peer)).err.empty());
}

TEST_CASE("trap: a pipe that stays open does not delay a call that does not read it") {
    Peer peer(always_ok, Peer::Others::repeat);
    std::size_t count = 0;
    for (const auto& words :
         std::vector<std::vector<std::string>>{{}, {"a=1"}, {"-X", "DELETE"}, {"-X", "POST", "-I"}}) {
        std::vector<std::string> arguments{"rest", peer.address()};
        arguments.insert(arguments.end(), words.begin(), words.end());
        Process process(hail_command(arguments));  // its stdin stays open
        peer.wait_for_requests(++count);
        CHECK(process.wait().code == 0);
    }
}

TEST_CASE("trap: on a terminal a wait for a body on stdin is reported") {
    const TemporaryDirectory folder;
    const std::string fifo = folder.path("fifo");
    REQUIRE(::mkfifo(fifo.c_str(), 0600) == 0);
    Peer peer(always_ok);
    Command command = shell("exec $HAIL POST $URL/ <fifo", peer);
    command.directory = folder.path();
    command.terminal = Command::Terminal::all;
    Process process(command);
    hail::base::Descriptor writer(::open(fifo.c_str(), O_WRONLY));
    CHECK(mentions(process.read_line().value_or(""),
                   "hail: waiting for a body on stdin; use -I to send no body"));
    REQUIRE(::write(writer.number(), "late", 4) == 4);
    writer = {};
    CHECK(process.wait().code == 0);
    CHECK(peer.received().at(0).body == "late");
}

TEST_CASE("trap: items take precedence over a piped stdin, which is not read") {
    const TemporaryDirectory folder;
    folder.file("list", "one\ntwo\n");
    Peer peer(always_ok, Peer::Others::repeat);
    Command command = shell("($HAIL POST $URL/ a=1 && cat) <list", peer);
    command.directory = folder.path();
    const Outcome outcome = run(command);
    CHECK(outcome.out == "okone\ntwo\n");
    CHECK(outcome.err.empty());
    CHECK(peer.received().at(0).body == R"({"a":"1"})");
    CHECK(run(shell("echo data | $HAIL PUT $URL/ b:=2", peer)).code == 0);
    CHECK(peer.received().at(1).body == R"({"b":2})");
}

// --- replies and reports about them ------------------------------------------------------------------------

TEST_CASE("trap: a reader that goes away ends hail silently, as SIGPIPE would") {
    Peer peer({{read_request(), reply(std::string(1'000'000, 'x'))}});
    Command command = shell("$HAIL $URL/ | head -c 10; echo ${PIPESTATUS[0]}", peer);
    command.argv.front() = "bash";
    const Outcome outcome = run(command);
    CHECK(outcome.out == "xxxxxxxxxx141\n");
    CHECK(outcome.err.empty());
}

TEST_CASE("trap: an error status is never exit status 0, and its body is printed") {
    Peer peer({{serve([](const Received& request) {
                  const std::string line = request.line();
                  return mentions(line, "/404") ? answer("404 Not Found", "why") : answer("503 Busy", "why");
              })}},
              Peer::Others::repeat);
    CHECK(run(shell("$HAIL $URL/404 && echo fine; echo $?", peer)).out == "why4\n");
    CHECK(run(shell("$HAIL $URL/503 && echo fine; echo $?", peer)).out == "why5\n");
    CHECK(run(shell("$HAIL $URL/404 --no-check-status && echo fine", peer)).out == "whyfine\n");
}

TEST_CASE("trap: the error about a short body names both sizes") {
    Peer peer({{read_request(),
                send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + std::string(100, 'x')), cut()}});
    const Outcome outcome = rest({peer.address()});
    CHECK(outcome.code == 8);
    CHECK(outcome.out == std::string(100, 'x'));
    CHECK(outcome.err ==
          "hail: GET http://" + peer.address() + ": the reply was cut: 100 of 1000 bytes came\n");
}

TEST_CASE("trap: a truncated gzip body is an error, and a complete one is not") {
    const TemporaryDirectory folder;
    const std::string text(11'000, 'x');
    const std::string body = hail::http::compress(text, hail::http::Coding::gzip);
    const std::string coded = "Content-Encoding: gzip\r\n";
    Peer peer({{read_request(), send(answer("200 OK", body.substr(0, body.size() - 9), coded))},
               {read_request(), send(answer("200 OK", body, coded))}});
    CHECK(rest({peer.address()}).code == 8);
    Command command = hail_command({"rest", "-O", peer.address("/x.txt")});
    command.directory = folder.path();
    const Outcome saved = run(command);
    CHECK(saved.code == 0);
    CHECK(read_file(folder.path("x.txt")) == text);
}

TEST_CASE("trap: the head can be shown while the body is piped") {
    const TemporaryDirectory folder;
    Peer peer({{serve([](const Received&) {
                  return answer("200 OK", "{\"a\": 1}", json_type + "X-Total: 7\r\n");
              })}},
              Peer::Others::repeat);
    CHECK(rest({peer.address(), "--headers-to", folder.path("head")}).out == "{\"a\": 1}");
    CHECK(mentions(read_file(folder.path("head")), "\r\nX-Total: 7\r\n"));
    const Outcome outcome = rest({peer.address(), "--headers-to", "/dev/stderr"});
    CHECK(outcome.out == "{\"a\": 1}");
    CHECK(mentions(outcome.err, "X-Total: 7\r\n"));
    CHECK(mentions(rest({peer.address(), "--envelope"}).out, R"("x-total":"7")"));
}

TEST_CASE("trap: pretty JSON is the same JSON") {
    Peer peer({{read_request(),
                reply(R"({"b":1.10,"a":1e400,"b":12345678901234567890123,"c":"\u00fc"})", json_type)}});
    CHECK(rest({peer.address(), "--pretty", "format"}).out ==
          "{\n    \"b\": 1.10,\n    \"a\": 1e400,\n    \"b\": 12345678901234567890123,\n    \"c\": "
          "\"\\u00fc\"\n}\n");
}

TEST_CASE("trap: --timeout limits the whole exchange, however slowly the server sends") {
    Peer peer({{read_request(), drip(answer("200 OK", std::string(1000, 'x')), Milliseconds(20))}});
    const Outcome outcome = rest({peer.address(), "--timeout", "200ms"});
    CHECK(outcome.code == 2);
    CHECK(mentions(outcome.err, "timed out"));
}

// --- secrets -----------------------------------------------------------------------------------------------

TEST_CASE("trap: a typed Authorization takes precedence over every login") {
    const TemporaryDirectory folder;
    const std::string netrc = folder.file("netrc", "default login ann password one\n");
    ::chmod(netrc.c_str(), 0600);
    Peer peer(always_ok, Peer::Others::repeat);
    const auto shown = [&](std::vector<std::string> words) {
        words.insert(words.end(), {"--netrc-file", netrc});
        CHECK(rest(words).code == 0);
        return peer.received().back().header("Authorization");
    };
    CHECK(shown({peer.address(), "Authorization:mine", "-u", "bob:two"}) == "mine");
    CHECK(shown({peer.address(), "-H", "authorization: mine", "--bearer", "t"}) == "mine");
    CHECK(shown({"http://eve:three@" + peer.address(), "-u", "bob:two"}) == "Basic Ym9iOnR3bw==");
    CHECK(shown({"http://eve:three@" + peer.address()}) == "Basic ZXZlOnRocmVl");
    CHECK(shown({peer.address()}) == "Basic YW5uOm9uZQ==");
}

TEST_CASE("trap: no output of a call shows a secret, whatever its source") {
    const TemporaryDirectory folder;
    const std::string token = folder.file("token", "s3cret\n");
    Peer peer(always_ok, Peer::Others::repeat);
    for (const auto& given :
         std::vector<std::vector<std::string>>{{peer.address(), "-u", "ann:s3cret"},
                                               {peer.address(), "--bearer", "s3cret"},
                                               {peer.address(), "--bearer", "@" + token},
                                               {peer.address(), "--bearer", "env:HAIL_TEST"},
                                               {peer.address(), "-u", "ann:@" + token},
                                               {peer.address(), "X-Api-Key:@" + token},
                                               {peer.address(), "X-Auth-Token:s3cret"},
                                               {peer.address(), "Cookie:sid=s3cret"},
                                               {"http://ann:s3cret@" + peer.address()}}) {
        for (const std::string show : {"-v", "--dry-run", "--curl"}) {
            Command command = hail_command({"rest", show});
            command.argv.insert(command.argv.end(), given.begin(), given.end());
            command.environment = {{"HAIL_TEST", "s3cret"}};
            const Outcome outcome = run(command);
            CAPTURE(given.back());
            CHECK(outcome.code == 0);
            CHECK_FALSE(mentions(outcome.out + outcome.err, "s3cret"));
            CHECK_FALSE(mentions(outcome.out + outcome.err, "YW5uOnMzY3JldA"));
        }
    }
}

TEST_CASE("trap: a typed API key is not sent to another origin after a redirect") {
    Peer other({{read_request(), reply("there")}});
    Peer peer({{read_request(),
                send(answer("302 There", "", "Location: http://" + other.address("/b") + "\r\n"))}});
    const Outcome outcome = rest({"-L", peer.address("/a"), "X-Api-Key:k"});
    CHECK(outcome.out == "there");
    CHECK(mentions(outcome.err, "not sent there: X-Api-Key"));
    CHECK(peer.finish().at(0).header("X-Api-Key") == "k");
    CHECK(other.finish().at(0).header("X-Api-Key").empty());
}

TEST_CASE("trap: public names are called over https, and a redirect to http is an error") {
    const std::vector<std::pair<std::string, std::string>> schemes{{"api.example.org", "https"},
                                                                   {"8.8.8.8", "https"},
                                                                   {"[2001:db8::1]", "https"},
                                                                   {"localhost", "http"},
                                                                   {"app.localhost", "http"},
                                                                   {"127.0.0.1", "http"},
                                                                   {"[::1]", "http"},
                                                                   {"10.1.2.3", "http"},
                                                                   {"192.168.0.7", "http"},
                                                                   {"172.31.0.1", "http"},
                                                                   {"build-server", "http"},
                                                                   {":8080", "http"}};
    for (const auto& [address, scheme] : schemes) {
        const std::string line = rest({address + "/x", "--curl"}).out;
        INFO(line);
        CHECK(mentions(line, scheme + "://"));
    }
    const TemporaryDirectory folder;
    Peer plain({{read_request(), reply("")}});
    Peer secure({{tls(make_certificates(folder.path())), read_request(),
                  send(answer("302 There", "", "Location: http://" + plain.address("/b") + "\r\n"))}});
    CHECK(rest({"-kL", "https://" + secure.address("/a"), "--bearer", "t"}).code == 3);
    CHECK(plain.connections() == 0);
}

// --- redirects ---------------------------------------------------------------------------------------------

TEST_CASE("trap: --max-redirects N follows exactly N redirects") {
    for (const int most : {0, 1, 3}) {
        std::vector<Script> scripts(1);
        for (int hop = 0; hop <= most; ++hop) {
            scripts.front().push_back(read_request());
            scripts.front().push_back(
                send(answer("302 On", "", "Location: /" + std::to_string(hop) + "\r\n")));
        }
        Peer peer(scripts);
        const Outcome outcome = rest({"-L", "--max-redirects", std::to_string(most), peer.address("/a")});
        CHECK(outcome.code == 6);
        CHECK(outcome.out.empty());
        CHECK(mentions(outcome.err, "too many redirects (the limit is " + std::to_string(most) + ")"));
        CHECK(peer.finish().size() == static_cast<std::size_t>(most) + 1);
    }
}

// Source: RFC 9110 15.4.
TEST_CASE("trap: a redirected POST becomes a GET or is sent whole, but never empty") {
    const struct {
        std::string method;
        std::string status;
        std::string then;
        bool body;
    } cases[] = {
        {"POST", "301", "GET", false}, {"POST", "302", "GET", false}, {"POST", "303", "GET", false},
        {"POST", "307", "POST", true}, {"POST", "308", "POST", true}, {"PUT", "301", "PUT", true},
        {"PUT", "302", "PUT", true},   {"PUT", "303", "GET", false},  {"PATCH", "307", "PATCH", true}};
    for (const auto& one : cases) {
        CAPTURE(one.method + " " + one.status);
        // A method that is not safe uses a new connection.
        std::vector<Script> scripts{
            {read_request(), send(answer(one.status + " There", "", "Location: /b\r\n"))}};
        if (one.body) {
            scripts.emplace_back();
        }
        scripts.back().insert(scripts.back().end(), {read_request(), reply("")});
        Peer peer(std::move(scripts));
        CHECK(rest({"-L", "-X", one.method, peer.address("/a"), "x=1"}).code == 0);
        const Received second = peer.finish().at(1);
        CHECK(second.line() == one.then + " /b HTTP/1.1");
        CHECK(second.body == (one.body ? R"({"x":"1"})" : ""));
        CHECK(second.header("Content-Type") == (one.body ? "application/json" : ""));
        CHECK(second.header("Content-Length") == (one.body ? "9" : ""));
    }
}

// --- logs and terminals ------------------------------------------------------------------------------------

TEST_CASE("trap: -q still prints the reason for a failure") {
    Peer peer({{read_request(), send(answer("404 Not Found", "why"))}, {read_request(), cut()}});
    const Outcome refused = rest({"-q", peer.address("/x")});
    CHECK(refused.code == 4);
    CHECK(mentions(refused.err, "404"));
    const Outcome broken = rest({"-q", peer.address("/x")});
    CHECK(broken.code == 8);
    CHECK(mentions(broken.err,
                   "hail: GET http://" + peer.address("/x") + ": the server closed the connection"));
}

TEST_CASE("trap: colours are used on terminals, or if they are requested") {
    const struct {
        std::string name;
        Command::Terminal terminal;
        std::vector<std::string> words;
        std::vector<std::pair<std::string, std::string>> environment;
        bool coloured;
    } cases[] = {
        {"a pipe", Command::Terminal::none, {}, {}, false},
        {"a terminal", Command::Terminal::output, {}, {}, true},
        {"NO_COLOR", Command::Terminal::output, {}, {{"NO_COLOR", "1"}}, false},
        {"NO_COLOR that is empty", Command::Terminal::output, {}, {{"NO_COLOR", ""}}, true},
        {"never", Command::Terminal::output, {"--color", "never"}, {}, false},
        {"always over NO_COLOR", Command::Terminal::none, {"--color", "always"}, {{"NO_COLOR", "1"}}, true},
        {"HAIL_COLOR", Command::Terminal::none, {}, {{"HAIL_COLOR", "always"}}, true}};
    for (const auto& one : cases) {
        CAPTURE(one.name);
        Peer peer({{read_request(), reply(R"({"a":1})", json_type)}});
        Command command = hail_command({"rest", peer.address()});
        command.argv.insert(command.argv.end(), one.words.begin(), one.words.end());
        command.environment = one.environment;
        command.terminal = one.terminal;
        CHECK(mentions(run(command).out, "\x1b[") == one.coloured);
    }
}

TEST_CASE("trap: a pipe gets the bytes unchanged, a terminal and a formatted value end with a newline") {
    Peer peer({{serve([](const Received&) { return answer("200 OK", "[1]", json_type); })}},
              Peer::Others::repeat);
    CHECK(run(shell("$HAIL $URL/; $HAIL $URL/", peer)).out == "[1][1]");
    CHECK(run(shell("$HAIL $URL/ --pretty format; $HAIL $URL/ --pick '[]'", peer)).out == "[\n    1\n]\n1\n");
    Command command = hail_command({"rest", peer.address(), "--body", "--pretty", "none"});
    command.terminal = Command::Terminal::output;
    CHECK(run(command).out == "[1]\n");
}
