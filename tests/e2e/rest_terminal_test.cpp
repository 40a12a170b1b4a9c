// The output of a call on a terminal: progress, and nothing that steers the terminal.

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <vector>

#include "lib/base/text.h"
#include "tests/support/certificates.h"
#include "tests/support/directory.h"
#include "tests/support/gate.h"
#include "tests/support/peer.h"
#include "tests/support/process.h"
#include "tests/support/rest.h"
#include "tests/support/tls.h"

using namespace hail::support;

namespace {

Command on_terminal(const TemporaryDirectory& folder, std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "rest");
    Command command = hail_command(std::move(arguments));
    command.directory = folder.path();
    command.terminal = Command::Terminal::all;
    return command;
}

// One of each kind of character that a terminal obeys: CSI, OSC with BEL, backspace, DEL, C1 as UTF-8 and
// raw, an override and an isolate of the reading order, a
// space without width and a line separator.
const std::string evil =
    "\x1b[31m\x1b]0;t\x07\x08\x7f\xc2\x9b\x9d\xe2\x80\xae\xe2\x81\xa6\xe2\x80\x8b\xe2\x80\xa8";

// The part of it that a JSON string may contain.
const std::string valid_evil = "\\u001b[31m\x7f\xc2\x9b\xe2\x80\xae\xe2\x81\xa6\xe2\x80\x8b\xe2\x80\xa8";

bool is_harmless(const std::string& text) {
    return hail::base::printable(text) == text;
}

std::string answer(const std::string& status, const std::string& headers, const std::string& body) {
    return "HTTP/1.1 " + status + "\r\n" + headers + "Content-Length: " + std::to_string(body.size()) +
           "\r\n\r\n" + body;
}

const std::string erase = "\r\x1b[K";

}  // namespace

TEST_CASE("rest terminal: the progress of a download is redrawn in place and erased") {
    const TemporaryDirectory folder;
    Gate gate;
    constexpr std::size_t whole = 100'000;
    const auto sent = std::make_shared<std::size_t>(0);
    const Step some = [sent](Connection& connection) {
        connection.send(std::string((*sent)++ < whole, 'x'));
    };
    const Step rest = [sent](Connection& connection) { connection.send(std::string(whole - *sent, 'x')); };
    Peer peer({{read_request(), send("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"),
                gate.until_open(some), rest}});
    Process process(on_terminal(folder, {"-O", peer.address("/file.bin")}));
    CHECK(process.read_until(" of 97.7 KiB").starts_with(erase + "receiving    0 %  "));
    gate.open();
    const Outcome outcome = process.wait();
    CHECK(outcome.code == 0);
    CHECK(outcome.out.ends_with(erase + "hail: saved file.bin (97.7 KiB)\n"));
    CHECK(read_file(folder.path("file.bin")).size() == whole);
}

TEST_CASE("rest terminal: the progress of an upload is redrawn in place and erased") {
    const TemporaryDirectory folder;
    constexpr std::size_t whole = 32U << 20U;  // more than the buffers of a socket hold
    folder.file("large", std::string(whole, 'x'));
    Gate gate;
    const auto left = std::make_shared<std::size_t>(whole);
    const auto read = [left](Connection& connection, std::size_t count) {
        std::string bytes;
        connection.read_count(count, bytes);
        *left -= bytes.size();
    };
    const Step some = [=](Connection& connection) { read(connection, 1U << 16U); };
    const Step rest = [=](Connection& connection) { read(connection, *left); };
    std::string head;
    const Step read_head = [&](Connection& connection) { connection.read_until("\r\n\r\n", head); };
    Peer peer({{read_head, gate.until_open(some), rest, send(answer("200 OK", "", "thanks"))}});
    Process process(on_terminal(folder, {"PUT", peer.address(), "@large", "-b"}));
    CHECK(process.read_until(" of 32 MiB").find(erase + "sending ") != std::string::npos);
    gate.open();
    const Outcome outcome = process.wait();
    CHECK(outcome.code == 0);
    CHECK(outcome.out.ends_with(erase + "thanks\n"));
}

TEST_CASE("rest terminal: a body that turns out to be binary is announced and no longer shown") {
    const TemporaryDirectory folder;
    const std::string body = std::string(100'000, 'x') + "\n" + std::string(3, '\0') + "\x1b[2Jtail";
    Peer peer({{read_request(), reply(body)}});
    const std::string text = run(on_terminal(folder, {peer.address(), "-b"})).out;
    CHECK(is_harmless(text));
    CHECK(text.find("tail") == std::string::npos);
    CHECK(text.ends_with("(binary, 97.7 KiB: -o FILE keeps it)\n"));
}

TEST_CASE("rest terminal: -v sums up the certificate on a line of its own") {
    const TemporaryDirectory folder;
    const Certificates made = make_certificates(folder.path());
    Peer peer({{tls(made), read_request(), reply("body")}});
    const std::string text = run(on_terminal(folder, {"https://localhost:" + std::to_string(peer.port()),
                                                      "-v", "--cacert", made.ca.string()}))
                                 .out;
    CAPTURE(text);
    CHECK(mentions(text, "\n* TLS: TLSv1."));
    CHECK(mentions(text, "\n* certificate: subject CN=localhost; issuer CN=hail test ca; valid until "));
    CHECK(mentions(text, "; name: "));
    CHECK(mentions(text, "certificate verify ok\n"));
    CHECK_FALSE(mentions(text, "Server certificate:"));
}

TEST_CASE("rest terminal: the head that --headers-to writes to it is shown, not obeyed") {
    const TemporaryDirectory folder;
    for (const std::string target : {"/dev/stderr", "-"}) {
        Peer peer(
            {{read_request(), send(answer("200 " + evil, "X-A: " + evil + "\u200B\u2028\r\n", "x\n"))}});
        const std::string text = run(on_terminal(folder, {peer.address(), "-b", "--headers-to", target})).out;
        CAPTURE(target);
        CHECK(is_harmless(text));
        CHECK(text.find("X-A: \\x1b[31m") != std::string::npos);
        CHECK(text.find("\\x0d") == std::string::npos);
    }
}

TEST_CASE("batch terminal: requests that --errors and --unknown write to it are shown, not obeyed") {
    const TemporaryDirectory folder;
    folder.file("calls",
                "{\"id\":1,\"method\":\"m\",\"params\":[\"\xc2\x9b"
                "2J\u202E\u200B\"]}\n");
    const std::string error = R"({"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"x"}})";
    for (const std::string option : {"--errors", "--unknown"}) {
        Peer peer({{read_request(), option == "--errors" ? reply(error) : reset()}});
        Command command =
            hail_command({"batch", peer.address(), "calls", option, "/dev/stderr", "--retry", "0"});
        command.directory = folder.path();
        command.terminal = Command::Terminal::all;
        const std::string text = run(command).out;
        CAPTURE(option);
        CHECK(is_harmless(text));
        CHECK(text.find("\\x9b2J\\u202e\\u200b") != std::string::npos);
    }
}

TEST_CASE("dry run terminal: control characters are shown, not obeyed") {
    const TemporaryDirectory folder;
    folder.file("body", "\x1b[2J\u202E");
    folder.file("calls", "m \"\u202E\u200B\"\n");
    for (const std::vector<std::string>& words :
         std::vector<std::vector<std::string>>{{"rest", "h", "-d", "@body", "--dry-run"},
                                               {"rest", "h", "-d", "@body", "--curl"},
                                               {"rest", "h", "X-A:\u202E", "--curl"},
                                               {"rpc", "h", "m", "\u202E", "--dry-run"},
                                               {"batch", "h", "calls", "--dry-run"}}) {
        Command command = hail_command(words);
        command.argv.insert(command.argv.end(), {"--color", "never"});
        command.directory = folder.path();
        command.terminal = Command::Terminal::all;
        const Outcome outcome = run(command);
        CAPTURE(words[0] + words.back());
        CHECK(outcome.code == 0);
        CHECK(is_harmless(outcome.out));
    }
}

TEST_CASE("rest terminal: a failure as JSON is shown, not obeyed") {
    const TemporaryDirectory folder;
    Peer peer({{read_request(), send(answer("404 \xc2\x9b"
                                            "2J\u202E",
                                            "", "x\n"))}});
    const std::string text = run(on_terminal(folder, {peer.address(), "-b", "--error-format", "json"})).out;
    CHECK(is_harmless(text));
    CHECK(text.find("\"error\":\"client_error\"") != std::string::npos);
}

TEST_CASE("rest terminal: no view lets a reply steer the terminal") {
    const TemporaryDirectory folder;
    const auto json = [](const std::string& text) {
        return "{\"" + text + "\":\"" + text + "\",\"a\":[\"" + text + "\",\"\\u001b[31m\\u202e\\r\"]}";
    };
    const std::vector<std::string> bodies{json(evil), json(valid_evil), "text " + evil + "\rmore",
                                          "[1," + evil};
    const std::string headers = "X-" + std::string("Evil: ") + evil + "\r\nLocation: /" + evil + "\r\n";
    const std::vector<std::vector<std::string>> views{{},
                                                      {"-v"},
                                                      {"--sorted"},
                                                      {"--envelope"},
                                                      {"--pick", "a"},
                                                      {"--items", "a"},
                                                      {"-p", "hbm"},
                                                      {"--pick", "a[1]", "-r"},
                                                      {"--expect", "a==1"},
                                                      {"--items", "a", "--array"}};
    for (const std::string& status : {"200 " + evil, "302 " + evil, "404 " + evil}) {
        for (const std::string& body : bodies) {
            for (std::vector<std::string> view : views) {
                Peer peer({{read_request(), send(answer(status, headers, body))}});
                view.insert(view.end(), {peer.address(), "--color", "never"});
                const std::string text = run(on_terminal(folder, view)).out;
                CAPTURE(view.front());
                CAPTURE(body);
                CAPTURE(text);
                CHECK(is_harmless(text));
                const bool items =
                    view.front() == "--items";  // its error does not quote text that is not JSON
                CHECK((items || text.find("1b[31m") != std::string::npos));
            }
        }
    }
}

TEST_CASE("rest terminal: the name of a download cannot steer the terminal") {
    const TemporaryDirectory folder;
    Peer peer(
        {{read_request(),
          send(answer("200 OK", "Content-Disposition: attachment; filename=\"a" + evil + "b\"\r\n", "x"))},
         {read_request(), send(answer("404 " + evil, "", evil))}});
    for (int call = 0; call < 2; ++call) {
        const std::string text = run(on_terminal(folder, {"-O", peer.address("/x"), "--color", "never"})).out;
        CAPTURE(text);
        CHECK(is_harmless(text));
    }
}
