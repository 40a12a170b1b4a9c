// Bodies from every kind of file, each opened and read once, and replies written to every kind of file.

#include <doctest/doctest.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <string>
#include <vector>

#include "lib/base/owned.h"
#include "tests/support/directory.h"
#include "tests/support/gate.h"
#include "tests/support/peer.h"
#include "tests/support/process.h"

using namespace hail::support;

namespace {

Step ok_forever() {
    return serve([](const Received&) { return std::string("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"); });
}

Outcome in_shell(const std::string& line) {
    const std::string binary = hail_command({}).argv.front();
    return run({.argv = {"bash", "-c", binary + " rest " + line}});
}

std::string make_fifo(const TemporaryDirectory& folder) {
    std::string path = folder.path("fifo");
    REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
    return path;
}

Process hail_process(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "rest");
    return Process(hail_command(std::move(arguments)));
}

// Waits until the process handles SIGTERM.
void wait_for_handlers(const Process& process) {
    const std::string status = "/proc/" + std::to_string(process.pid()) + "/status";
    const std::string name = "SigCgt:";
    constexpr unsigned long terminate = 1UL << (SIGTERM - 1);
    unsigned long caught = 0;
    while ((caught & terminate) == 0) {
        const std::string text = read_file(status);
        caught = std::stoul(text.substr(text.find(name) + name.size()), nullptr, 16);
    }
}

}  // namespace

TEST_CASE("rest: a process substitution is sent completely, whatever its size") {
    Peer peer({{ok_forever()}}, Peer::Others::repeat);
    const std::string address = peer.address();
    CHECK(in_shell("POST " + address + " @<(printf small)").code == 0);
    CHECK(in_shell("POST " + address + " @<(head -c 3000000 /dev/zero)").code == 0);
    CHECK(in_shell(address + " --data @<(head -c 3000000 /dev/zero)").code == 0);
    CHECK(in_shell(address + " --multipart --boundary b f@<(head -c 3000000 /dev/zero)").code == 0);
    const auto received = peer.received();
    CHECK(received.at(0).body == "small");
    CHECK(received.at(0).header("Content-Length") == "5");
    CHECK(received.at(1).body.size() == 3'000'000);
    CHECK(received.at(2).body.size() == 3'000'000);
    CHECK(received.at(3).body.size() > 3'000'000);
}

TEST_CASE("rest: hail waits for the writer of a named pipe and reads all of it") {
    const TemporaryDirectory folder;
    const std::string fifo = make_fifo(folder);
    Peer peer({{ok_forever()}}, Peer::Others::repeat);
    for (const std::vector<std::string>& body :
         {std::vector<std::string>{"@" + fifo}, {"--data", "@" + fifo}, {"--multipart", "f@" + fifo}}) {
        std::vector<std::string> arguments{peer.address()};
        arguments.insert(arguments.end(), body.begin(), body.end());
        Process process = hail_process(arguments);
        {
            const hail::base::Descriptor writer(::open(fifo.c_str(), O_WRONLY));  // waits for the reader
            CHECK(::write(writer.number(), "through", 7) == 7);
        }
        CHECK(process.wait().code == 0);
        CHECK(peer.received().back().body.find("through") != std::string::npos);
    }
}

TEST_CASE("rest: a signal ends the wait for the writer of a named pipe") {
    const TemporaryDirectory folder;
    Peer peer({});
    Process process = hail_process({"POST", peer.address(), "@" + make_fifo(folder)});
    wait_for_handlers(process);
    process.signal(SIGTERM);
    const Outcome outcome = process.wait();
    CHECK(outcome.code == 143);
    CHECK(outcome.err.find("stopped by a signal, nothing was sent") != std::string::npos);
}

TEST_CASE("rest: a signal ends a dry run that waits for stdin") {
    Process process = hail_process({"POST", "localhost/", "--chunked", "--dry-run"});
    CHECK(process.read_line() == "POST / HTTP/1.1\r");
    process.signal(SIGINT);
    CHECK(process.read_error_line() == "hail: reading stdin: stopped by a signal, nothing was sent");
    CHECK(process.wait().code == 130);
}

TEST_CASE("rest: a form can send a file of unknown size") {
    Peer peer({{ok_forever()}});
    CHECK(hail::support::hail({"rest", peer.address(), "--multipart", "f@/proc/self/status"}).code == 0);
    const auto received = peer.received().at(0);
    CHECK(received.body.find("Name:\thail") != std::string::npos);
    CHECK_FALSE(received.header("Content-Length").empty());
}

TEST_CASE("rest: --ignore-stdin neither reads stdin nor waits for it") {
    Peer peer({{ok_forever()}}, Peer::Others::repeat);
    for (const auto* method : {"POST", "PUT", "PATCH"}) {
        Process process = hail_process({method, peer.address(), "--ignore-stdin"});
        process.write("data");
        while (peer.received().empty() ||
               peer.received().back().line() != method + std::string(" / HTTP/1.1")) {
        }
        CHECK(process.wait().code == 0);
        CHECK(peer.received().back().body.empty());
    }
}

// --- what -o writes ----------------------------------------------------------------------------------------

namespace {

mode_t mode_of(const std::string& path) {
    struct stat facts {};
    REQUIRE(::lstat(path.c_str(), &facts) == 0);
    return facts.st_mode;
}

const std::vector<std::vector<std::string>> with_and_without_download{{}, {"-O"}};

Outcome save(const Peer& peer, const std::string& file, std::vector<std::string> more) {
    more.insert(more.begin(), {"rest", peer.address("/x"), "-o", file});
    return hail::support::hail(std::move(more));
}

}  // namespace

TEST_CASE("rest: -o keeps the permissions of the file that it replaces, with -O and without") {
    for (const auto& more : with_and_without_download) {
        const TemporaryDirectory folder;
        const std::string file = folder.file("out", "old");
        REQUIRE(::chmod(file.c_str(), 0600) == 0);
        Peer peer({{read_request(), reply("new")}});
        CHECK(save(peer, file, more).code == 0);
        CHECK(read_file(file) == "new");
        CHECK((mode_of(file) & 0777) == 0600);
    }
}

TEST_CASE("rest: -o replaces the target of a link and never the link, with -O and without") {
    for (const auto& more : with_and_without_download) {
        const TemporaryDirectory folder;
        const std::string file = folder.file("out", "old");
        REQUIRE(::symlink("out", folder.path("link").c_str()) == 0);
        Peer peer({{read_request(), reply("new")}});
        CHECK(save(peer, folder.path("link"), more).code == 0);
        CHECK(read_file(file) == "new");
        CHECK(S_ISLNK(mode_of(folder.path("link"))));
    }
}

TEST_CASE("rest: -o writes to a named pipe, -O rejects it, and neither replaces it") {
    const TemporaryDirectory folder;
    const std::string fifo = make_fifo(folder);
    Peer peer({{read_request(), reply("new")}});
    const Outcome refused = save(peer, fifo, {"-O"});
    CHECK(refused.code == 74);
    CHECK(refused.err.find("it is not a regular file") != std::string::npos);
    CHECK(save(peer, "-", {"-O"}).code == 64);
    Process reader({.argv = {"cat", fifo}});
    CHECK(save(peer, fifo, {}).code == 0);
    CHECK(reader.wait().out == "new");
    CHECK(S_ISFIFO(mode_of(fifo)));
}

TEST_CASE("rest: a second signal ends the wait for the reader of the output") {
    const TemporaryDirectory folder;
    const std::string fifo = make_fifo(folder);
    const hail::base::Descriptor reader(::open(fifo.c_str(), O_RDONLY | O_NONBLOCK));
    Peer peer({{read_request(), reply(std::string(1'000'000, 'x'))}});
    Process process = hail_process({peer.address(), "-o", fifo});
    const hail::base::Descriptor writer(::open(fifo.c_str(), O_WRONLY | O_NONBLOCK));
    pollfd room{writer.number(), POLLOUT, 0};
    for (int turn = 0; turn < 2'000'000 && ::poll(&room, 1, 0) == 1; ++turn) {
    }
    process.signal_twice(SIGTERM, SIGINT);
    const auto said = process.read_error_line();
    CHECK(said == "hail: writing " + fifo + ": stopped by a second signal, the rest is not written");
    CHECK(process.wait().code == 143);
}

TEST_CASE("rest: if two calls write one file, the second fails and the first completes") {
    for (const auto& more : with_and_without_download) {
        const TemporaryDirectory folder;
        const std::string file = folder.path("out");
        Gate gate;
        Peer peer({{read_request(), send("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nhalf"), gate.step(),
                    send("half")},
                   {read_request(), reply("other")}});
        std::vector<std::string> arguments{"rest", peer.address("/x"), "-o", file};
        arguments.insert(arguments.end(), more.begin(), more.end());
        Process first(hail_command(arguments));
        peer.wait_for_requests(1);
        while (!more.empty() && (!folder.has("out.part") || read_file(folder.path("out.part")).empty())) {
        }
        const Outcome second = hail::support::hail(arguments);
        CHECK(second.code == 74);
        CHECK(second.err.find("out.part: another hail process is writing it") != std::string::npos);
        gate.open();
        CHECK(first.wait().code == 0);
        CHECK(read_file(file) == "halfhalf");
    }
}
