#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/support/directory.h"
#include "tests/support/peer.h"
#include "tests/support/process.h"
#include "tests/support/rest.h"

using namespace hail::support;

namespace {

std::string answer_to(std::vector<std::string> words) {
    words.insert(words.begin(), "http://localhost:1/");
    const Outcome outcome = rest(std::move(words));
    CHECK(outcome.code == 64);
    return outcome.err;
}

}  // namespace

TEST_CASE("habits: options of curl and HTTPie are answered with those of hail") {
    CHECK(mentions(answer_to({"--verify=no"}), "write -k\n"));
    CHECK(mentions(answer_to({"--verify", "ca.pem"}), "--cacert FILE"));
    CHECK(mentions(answer_to({"--offline"}), "write --dry-run"));
    CHECK(mentions(answer_to({"-s"}), "write -q"));
    CHECK(mentions(answer_to({"--silent"}), "write -q"));
    CHECK(mentions(answer_to({"-F", "f=@x"}), "write -f name=text name@file for a form"));
    CHECK(mentions(answer_to({"-Ff=@x"}), "write -f name=text name@file for a form"));
    CHECK(mentions(answer_to({"-A", "me"}), "write User-Agent:NAME"));
    const Outcome rpc = hail::support::hail({"rpc", "localhost:1", "m", "-A", "me"});
    CHECK(mentions(rpc.err, "write -H 'User-Agent: NAME'"));
}

TEST_CASE("habits: a suggestion never names the opposite option") {
    for (const std::string word :
         {"--no-follow", "--no-folow", "--secure", "--no-verbose", "--no-check-stat"}) {
        const std::string answer = answer_to({word});
        CHECK_FALSE(mentions(answer, "--follow"));
        CHECK_FALSE(mentions(answer, "--insecure"));
        CHECK_FALSE(mentions(answer, "mean --check-status"));
    }
    CHECK(mentions(answer_to({"--folow"}), "did you mean --follow?"));
}

TEST_CASE("habits: a suggestion is given only for a likely slip") {
    for (const auto& slip :
         {std::pair("--tiemout", "--timeout"), std::pair("--time", "--timeout"),
          std::pair("--heders", "--headers"), std::pair("--retry-max-tim", "--retry-max-time"),
          std::pair("--dryrun=1", "--dry-run")}) {
        CHECK_MESSAGE(mentions(answer_to({slip.first}), std::string("did you mean ") + slip.second + "?"),
                      slip.first);
    }
    for (const std::string word :
         {"--every-body", "--warsion", "--xyz", "--passive", "--colour-me", "-Z", "---", "--o"}) {
        CHECK_FALSE_MESSAGE(mentions(answer_to({word}), "did you mean"), word);
    }
}

TEST_CASE("habits: --version after a command prints the versions, as without one") {
    const Outcome alone = hail::support::hail({"--version"});
    for (const std::string command : {"rest", "rpc", "batch", "publish", "subscribe"}) {
        for (const std::string option : {"--version", "-V"}) {
            const Outcome after = hail::support::hail({command, option});
            CHECK(after.code == 0);
            CHECK(after.out == alone.out);
        }
    }
}

TEST_CASE("habits: --check-status, --stream and -i work") {
    Peer peer(always([](const Received&) { return http_answer("no", "", "404 Not Found"); }),
              Peer::Others::repeat);
    Command checked = hail_command({"rest", peer.address(), "--check-status", "--stream"});
    checked.environment.emplace_back("HAIL_NO_CHECK_STATUS", "1");
    CHECK(run(checked).code == 4);
    CHECK(rest({peer.address(), "-i"}).out.starts_with("HTTP/1.1 404 Not Found\r\n"));
}

TEST_CASE("habits: a second address is refused, a header or a field that only resembles one is not") {
    for (const std::string item : {":8080/b", ":/b", "http://h/x", "localhost:8080/b", "localhost:8080",
                                   "[::1]:80/x", "example.org/x?a=b", "example.org/x", "127.0.0.1:80"}) {
        CAPTURE(item);
        CHECK(mentions(answer_to({item}), "looks like a second address"));
    }
    const Outcome fine = rest({"http://h/", "--dry-run", "X-Ratio:16/9", "app.kubernetes.io/name==web",
                               "a.b=1", "X-Url:http://h/", "u=http://h/?a=b"});
    CHECK(fine.code == 0);
}

TEST_CASE("habits: a method after -X keeps its case, the first word does not") {
    CHECK(rest({"-X", "WeIrD", "http://h/", "--dry-run"}).out.starts_with("WeIrD / HTTP/1.1\r\n"));
    CHECK(rest({"patch", "http://h/", "--dry-run"}).out.starts_with("PATCH / HTTP/1.1\r\n"));
}

TEST_CASE("habits: --pick that finds nothing is exit 10, in every way to fetch a reply") {
    Peer peer(always([](const Received&) { return http_answer("{\"a\":1}"); }), Peer::Others::repeat);
    for (const std::vector<std::string>& more :
         {std::vector<std::string>{}, {"--expect", "a==1"}, {"--until", "a==1"}, {"--paginate"}}) {
        std::vector<std::string> words{peer.address(), "--pick", "b"};
        words.insert(words.end(), more.begin(), more.end());
        const Outcome outcome = rest(words);
        CHECK(outcome.code == 10);
        CHECK(mentions(outcome.err, "the reply has nothing at 'b'"));
    }
    CHECK(rest({peer.address(), "--expect", "!errors", "--expect", "!header:Location"}).code == 0);
    CHECK(rest({peer.address(), "--expect", "!a"}).code == 10);
}

TEST_CASE("habits: under -v on a terminal the head is shown once, and every line is a line of its own") {
    const std::string head = "HTTP/1.1 200 OK\r\nX-One: 1\r\nContent-Type: application/json\r\n\r\n";
    Peer peer({{read_request(), send(head + "{\"a\":1}"), cut()}});
    const std::string out = rest_on_terminal({peer.address(), "-v"}).out;
    CHECK(out.find("X-One: 1") == out.rfind("X-One: 1"));
    CHECK(out.rfind("* ") > out.find('}'));
    CHECK_FALSE(mentions(out, "}*"));
    CHECK_FALSE(mentions(out, "}\x1b[0m*"));
}

TEST_CASE("habits: --until shows on a terminal what it waits for") {
    Peer peer({{read_request(), reply("{\"a\":1}"), read_request(), reply("{\"a\":2}")}});
    const std::string out = rest_on_terminal({peer.address(), "--until", "a==2", "--every", "10ms"}).out;
    CHECK(mentions(out, "waiting: expected a==2, but a is 1"));
}

TEST_CASE("rest: --headers-to keeps the old head until a new one has arrived") {
    const TemporaryDirectory folder;
    const std::string file = folder.file("head", "old");
    Peer peer({{read_request(), cut()}, {read_request(), reply("x")}});
    CHECK(rest({peer.address(), "--headers-to", file}).code == 8);
    CHECK(read_file(file) == "old");
    CHECK(rest({peer.address(), "--headers-to", file}).code == 0);
    CHECK(read_file(file).starts_with("HTTP/1.1 200 OK\r\n"));
}
