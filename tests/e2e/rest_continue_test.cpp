#include <doctest/doctest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "tests/support/directory.h"
#include "tests/support/peer.h"
#include "tests/support/process.h"
#include "tests/support/rest.h"

using namespace hail::support;

namespace {

const std::string tag = "ETag: \"v1\"\r\n";

std::string part(const std::string& body, const std::string& range, const std::string& extra = {}) {
    return http_answer(body, "Content-Range: bytes " + range + "\r\n" + extra, "206 Partial Content");
}

// A server of one file that knows ranges and conditions, or only one of them.
enum class Knows { conditions, ranges, nothing };

std::vector<Script> file_server(const std::string& body, Knows knows, const std::string& extra = tag) {
    return always([=](const Received& request) {
        if (knows == Knows::conditions && request.header("If-None-Match") == "\"v1\"") {
            return "HTTP/1.1 304 Not Modified\r\n" + tag + "\r\n";
        }
        const std::string all = "Content-Range: bytes */" + std::to_string(body.size()) + "\r\n";
        return knows == Knows::ranges && !request.header("Range").empty() ? http_answer("", all, "416 No")
                                                                          : http_answer(body, extra);
    });
}

std::size_t files_in(const TemporaryDirectory& folder) {
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
        count += entry.is_regular_file() ? 1U : 0U;
    }
    return count;
}

// A part of x.txt with 5 bytes of 10.
void leave_part(const TemporaryDirectory& folder) {
    folder.file("x.txt.part", "01234");
    folder.file("x.txt.part.tag", "\"v1\"\n\n10\n");
}

}  // namespace

TEST_CASE("rest: --continue finds its part under any spelling of the same path") {
    for (const std::string spelling : {"x.txt", "./x.txt", "folder/../x.txt", "absolute"}) {
        const TemporaryDirectory folder;
        std::filesystem::create_directory(folder.path("folder"));
        leave_part(folder);
        Peer peer({{read_request(), send(part("56789", "5-9/10", tag))}});
        Command command = hail_command({"rest", peer.address("/x.txt"), "--continue", "-o",
                                        spelling == "absolute" ? folder.path("x.txt") : spelling});
        command.directory = folder.path();
        const Outcome outcome = run(command);
        CHECK_MESSAGE(outcome.code == 0, outcome.err);
        CHECK(read_file(folder.path("x.txt")) == "0123456789");
        CHECK(peer.finish().at(0).header("Range") == "bytes=5-");
    }
}

TEST_CASE("continue: a finished file is already complete, and is only validated") {
    for (const Knows knows : {Knows::conditions, Knows::ranges}) {
        const TemporaryDirectory folder;
        Peer peer(file_server("0123456789", knows), Peer::Others::repeat);
        for (int run = 1; run <= 3; ++run) {
            const Outcome outcome = rest_in(folder, {"--continue", peer.address("/f.bin")});
            CHECK(outcome.code == 0);
            CHECK(mentions(outcome.err, run == 1 ? "saved f.bin" : "f.bin is already complete (10 B)"));
        }
        CHECK(files_in(folder) == 1);
        CHECK(peer.received().at(1).header("Range") == "bytes=10-");
        CHECK(peer.received().size() == 3);
    }
}

TEST_CASE("continue: a server without conditions and ranges cannot make a second file of the same bytes") {
    for (const std::string& validator : {tag, std::string()}) {
        const TemporaryDirectory folder;
        Peer peer(file_server("0123456789", Knows::nothing, validator), Peer::Others::repeat);
        CHECK(rest_in(folder, {"-O", peer.address("/f.bin")}).code == 0);
        const Outcome again = rest_in(folder, {"--continue", peer.address("/f.bin")});
        CHECK(again.code == 0);
        CHECK(mentions(again.err, "f.bin is already complete (10 B)"));
        CHECK(files_in(folder) == 1);
    }
}

TEST_CASE("continue: a finished file that the server named, or -o names, is recognised too") {
    const TemporaryDirectory folder;
    const std::string named = tag + "Content-Disposition: attachment; filename=\"big image.iso\"\r\n";
    Peer peer(file_server("0123456789", Knows::nothing, named), Peer::Others::repeat);
    for (int run = 1; run <= 3; ++run) {
        CHECK(rest_in(folder, {"--continue", peer.address("/get")}).code == 0);
        CHECK(rest_in(folder, {"--continue", "-o", "mine", peer.address("/get")}).code == 0);
    }
    CHECK(read_file(folder.path("big image.iso")) == "0123456789");
    CHECK(files_in(folder) == 2);
}

TEST_CASE("continue: a finished file that was edited, or has changed on the server, is not called complete") {
    const TemporaryDirectory folder;
    Peer peer({{read_request(), reply("0123456789", tag)},
               {read_request(), reply("another", "ETag: \"v2\"\r\n")},
               {read_request(), reply("another", "ETag: \"v2\"\r\n")}});
    CHECK(rest_in(folder, {"--continue", peer.address("/f.bin")}).code == 0);
    CHECK(rest_in(folder, {"--continue", peer.address("/f.bin")}).code == 0);
    CHECK(read_file(folder.path("f.bin")) == "0123456789");
    CHECK(read_file(folder.path("f-1.bin")) == "another");
    folder.file("f.bin", "edited here");
    const Outcome third = rest_in(folder, {"--continue", peer.address("/f.bin")});
    CHECK(mentions(third.err, "f-1.bin is already complete"));
    CHECK(peer.finish().at(2).header("If-None-Match").empty());
    CHECK(files_in(folder) == 2);
}

TEST_CASE("continue: the SHA-256 of a finished file is checked as well") {
    const TemporaryDirectory folder;
    Peer peer(file_server("abc", Knows::conditions), Peer::Others::repeat);
    CHECK(rest_in(folder, {"-O", peer.address("/f")}).code == 0);
    const Outcome outcome =
        rest_in(folder, {"--continue", "--sha256", std::string(64, '0'), peer.address("/f")});
    CHECK(outcome.code == 9);
    CHECK(mentions(outcome.err, "its SHA-256 is ba7816bf"));
}

TEST_CASE("continue: a part under the name that the reply chose is resumed") {
    const std::string named = tag + "Content-Disposition: attachment; filename=\"big image.iso\"\r\n";
    const TemporaryDirectory folder;
    Peer peer({{read_request(), send("HTTP/1.1 200 OK\r\n" + named + "Content-Length: 9\r\n\r\n1234"), cut()},
               {read_request(), send("HTTP/1.1 200 OK\r\n" + named + "Content-Length: 9\r\n\r\n")},
               {read_request(), send(part("56789", "4-8/9", named))}});
    CHECK(rest_in(folder, {"-O", peer.address("/big")}).code == 8);
    CHECK(rest_in(folder, {"--continue", peer.address("/big")}).code == 0);
    CHECK(read_file(folder.path("big image.iso")) == "123456789");
    CHECK(files_in(folder) == 1);
    const auto last = peer.finish().at(2);
    CHECK(last.header("Range") == "bytes=4-");
    CHECK(last.header("If-Range") == "\"v1\"");
}

TEST_CASE("continue: a 206 that begins earlier than asked is used") {
    const TemporaryDirectory folder;
    leave_part(folder);
    Peer peer({{read_request(), send(part("23456789", "2-9/10", tag))}});
    CHECK(rest_in(folder, {"--continue", peer.address("/x.txt")}).code == 0);
    CHECK(read_file(folder.path("x.txt")) == "0123456789");
}

TEST_CASE("continue: a reply that does not fit starts the download again, with the reason") {
    const std::vector<std::pair<std::string, std::string>> cases{
        {part("6789", "6-9/10"), "the reply has bytes 6 to 9, not those from byte 5 on"},
        {part("012", "0-2/10"), "the reply has bytes 0 to 2, not those from byte 5 on"},
        {part("56789", "5-9/10", "ETag: \"v2\"\r\n"), "the file has changed on the server"},
        {part("56789", "5-9/11"), "the server has 11 bytes now, not 10"},
        {part("56789", "nonsense"), "the reply does not say which bytes it has"},
        {http_answer("56789", "", "206 Partial Content"), "the reply does not say which bytes it has"},
        {http_answer("", "", "416 No"), "the server has nothing after byte 5 and does not say how many"},
        {http_answer("", "Content-Range: bytes */5\r\n", "416 No"), "the server has 5 bytes, not 10"}};
    for (const auto& one : cases) {  // not a structured binding, which clang 14 cannot capture
        const std::string& wrong = one.first;
        const std::string& why = one.second;
        CAPTURE(why);
        const TemporaryDirectory folder;
        leave_part(folder);
        Peer peer({{read_request(), send(wrong)}, {read_request(), reply("all of it", tag)}});
        const Outcome outcome = rest_in(folder, {"--continue", peer.address("/x.txt")});
        CHECK(outcome.code == 0);
        CHECK(mentions(outcome.err, "x.txt: " + why));
        CHECK(mentions(outcome.err, "; restarting"));
        CHECK(read_file(folder.path("x.txt")) == "all of it");
        CHECK(peer.finish().at(1).header("Range").empty());
    }
}

TEST_CASE("continue: a server that never sends the whole is asked twice, not for ever") {
    const TemporaryDirectory folder;
    leave_part(folder);
    Peer peer(always([](const Received&) { return part("56", "nonsense"); }), Peer::Others::repeat);
    CHECK(rest_in(folder, {"--continue", peer.address("/x.txt")}).code == 9);
    CHECK(peer.received().size() == 2);
    CHECK(read_file(folder.path("x.txt.part")) == "01234");
}

TEST_CASE("download: Content-Length counts nothing beside chunks") {
    const TemporaryDirectory folder;
    Peer peer(
        {{read_request(), send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n"
                               "5\r\nabcde\r\n0\r\n\r\n")}});
    CHECK(rest_in(folder, {"-O", peer.address("/x"), "-o", "f"}).code == 0);
    CHECK(read_file(folder.path("f")) == "abcde");
}

TEST_CASE("download: a folder that is missing is found before anything is sent") {
    const TemporaryDirectory folder;
    Peer peer({{read_request(), reply("bytes")}});
    for (const std::string option : {"-O", "--continue"}) {
        const Outcome outcome = rest_in(folder, {option, "-o", "none/f", peer.address("/x")});
        CHECK(outcome.code == 74);
        CHECK(mentions(outcome.err, "writing none/f: No such file or directory"));
    }
    std::filesystem::create_symlink("elsewhere", folder.path("f.part"));
    CHECK(rest_in(folder, {"-O", "-o", "f", peer.address("/x")}).code == 74);
    CHECK(peer.connections() == 0);
}
