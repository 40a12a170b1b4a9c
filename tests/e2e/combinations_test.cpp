// Options that contradict or need one another, and outputs that name one file: refused before anything is
// sent.

#include <doctest/doctest.h>
#include <unistd.h>

#include <string>
#include <utility>
#include <vector>

#include "tests/support/directory.h"
#include "tests/support/peer.h"
#include "tests/support/process.h"
#include "tests/support/rest.h"

using namespace hail::support;

namespace {

using Words = std::vector<std::string>;

struct Refusal {
    Words words;
    std::string message;
};

Outcome run_in(const TemporaryDirectory& folder, const Words& words,
               const std::vector<std::pair<std::string, std::string>>& environment = {}) {
    Command command = hail_command(words);
    command.directory = folder.path();
    command.environment = environment;
    return run(command);
}

}  // namespace

TEST_CASE("combinations: options of rest that make no sense together are refused") {
    const std::vector<Refusal> all{
        {{"-4", "-6"}, "-4 and -6 cannot be combined"},
        {{"-b", "--headers"}, "-b and --headers cannot be combined"},
        {{"-p", "h", "-m"}, "-p and -m cannot be combined"},
        {{"--pick", "a", "--headers"}, "--pick and --headers cannot be combined"},
        {{"--curl", "--dry-run"}, "--curl and --dry-run cannot be combined"},
        {{"-v", "-q"}, "-v and -q cannot be combined"},
        {{"--paginate", "--page", "p"}, "--paginate and --page cannot be combined"},
        {{"--cache", "-O"}, "-O and --cache cannot be combined"},
        {{"--session", "a", "--session", "b"}, "option --session: given more than once"},
        {{"--every", "1s"}, "--every needs --until"},
        {{"--deadline", "1s"}, "--deadline needs --until"},
        {{"--max-pages", "3"}, "--max-pages needs --paginate or --next or --page or --offset"},
        {{"--max-redirects", "3"}, "--max-redirects needs --follow"},
        {{"--max-redirects", "3", "--follow=false"}, "--max-redirects needs --follow"},
        {{"--retry-max-time", "1s"}, "--retry-max-time needs --retry or --paginate"},
        {{"--compress", "gzip"}, "--compress: there is no body to compress"},
        {{"-O", "-o", "-"}, "a download is saved as a file, but -o - is standard output"},
        {{"--continue", "-o", "-"}, "a download is saved as a file"},
        {{"--chunked"}, "--chunked sends stdin as it arrives, but stdin is not the body"},
        {{"--chunked", "a=1"}, "--chunked sends stdin as it arrives, but stdin is not the body"},
        {{"--chunked", "-d", "text"}, "--chunked sends stdin as it arrives, but stdin is not the body"},
    };
    Peer peer({});
    for (const Refusal& one : all) {
        CAPTURE(one.message);
        Words words{peer.address("/")};
        words.insert(words.end(), one.words.begin(), one.words.end());
        const Outcome outcome = rest(words);
        CHECK(outcome.code == 64);
        CHECK_MESSAGE(mentions(outcome.err, one.message), outcome.err);
    }
    CHECK(peer.connections() == 0);
}

TEST_CASE("combinations: options of the other commands that make no sense together are refused") {
    Peer peer({});
    const std::string http = peer.address("");
    const std::string redis = "redis://" + peer.address("");
    const std::vector<Refusal> all{
        {{"rpc", http, "m", "--notify", "--id", "3"}, "--notify and --id cannot be combined"},
        {{"rpc", http, "m", "--json", "-r"}, "with --json, -r needs --pick"},
        {{"rpc", http, "m", "--notify", "--json"}, "--notify and --json cannot be combined"},
        {{"rpc", http, "m", "--notify", "--retry", "1", "--retry-on", "3"},
         "--notify and --retry-on cannot be combined"},
        {{"rpc", http, "m", "--notify", "--expect", "a==1"}, "--expect: a notification has no result"},
        {{"rpc", http, "--list", "--retry", "1", "--retry-on", "3"},
         "--list and --retry-on cannot be combined"},
        {{"rpc", http, "m", "--retry-max-time", "1s"}, "--retry-max-time needs --retry"},
        {{"publish", redis, "c", "m", "--retry-max-time", "1s"}, "--retry-max-time needs --retry"},
        {{"batch", http, "-o", "-", "--journal", "j"}, "--journal with -o -: it is not a file"},
    };
    const TemporaryDirectory folder;
    for (const Refusal& one : all) {
        CAPTURE(one.message);
        const Outcome outcome = run_in(folder, one.words);
        CHECK(outcome.code == 64);
        CHECK_MESSAGE(mentions(outcome.err, one.message), outcome.err);
    }
    CHECK_FALSE(folder.has("j"));
    CHECK(peer.connections() == 0);
}

TEST_CASE("combinations: HAIL_COMPRESS is for the calls that have a body") {
    const TemporaryDirectory folder;
    Peer peer({{read_request(), reply("")}});
    CHECK(run_in(folder, {"rest", peer.address("/")}, {{"HAIL_COMPRESS", "gzip"}}).code == 0);
}

TEST_CASE("combinations: a notification can expect a status") {
    const TemporaryDirectory folder;
    Peer peer({{read_request(), send("HTTP/1.1 204 No Content\r\n\r\n")}});
    const Outcome outcome =
        run_in(folder, {"rpc", peer.address(""), "m", "--notify", "--expect", "status==204"});
    CHECK_MESSAGE(outcome.code == 0, outcome.err);
}

TEST_CASE("combinations: a session never makes folders of the user's") {
    Peer peer({});
    for (const std::string command : {"rest", "rpc"}) {
        const TemporaryDirectory folder;
        Words words{command, peer.address("/"), "--session", "none/sub/x"};
        if (command == "rpc") {
            words.emplace_back("m");
        }
        const Outcome outcome = run_in(folder, words);
        CAPTURE(outcome.err);
        CHECK(outcome.code == 74);
        CHECK(mentions(outcome.err, "writing the session none/sub/x: No such file or directory"));
        CHECK_FALSE(folder.has("none"));
    }
    CHECK(peer.connections() == 0);
}

TEST_CASE("combinations: a value that is empty is refused") {
    for (const std::string option : {"-o", "-p", "--session", "-X", "--pick", "--user", "--headers-to",
                                     "--items", "--expect", "-H", "--idempotency-key", "--sha256"}) {
        CAPTURE(option);
        const Outcome outcome = rest({"localhost:1", option, ""});
        CHECK(outcome.code == 64);
        CHECK_MESSAGE(mentions(outcome.err, ": the value is empty"), outcome.err);
    }
}

TEST_CASE("combinations: the environment can give the option that another one needs") {
    const TemporaryDirectory folder;
    Peer peer({{read_request(), reply("")}});
    CHECK(
        run_in(folder, {"rest", peer.address("/"), "--max-redirects", "3"}, {{"HAIL_FOLLOW", "true"}}).code ==
        0);
}

TEST_CASE("combinations: -q and -v take precedence over the environment") {
    const TemporaryDirectory folder;
    Peer peer({{read_request(), reply("")}}, Peer::Others::repeat);
    const Words words{"rest", peer.address("/")};
    const auto shown = [&](const std::string& option, const std::string& variable) {
        Words all = words;
        all.push_back(option);
        return run_in(folder, all, {{variable, "true"}}).err;
    };
    CHECK(shown("-q", "HAIL_VERBOSE").empty());
    CHECK(mentions(shown("-v", "HAIL_QUIET"), "GET / HTTP/1.1"));
}

TEST_CASE("combinations: two outputs of a command cannot be one file") {
    const TemporaryDirectory folder;
    REQUIRE(::symlink("a", folder.path("b").c_str()) == 0);
    REQUIRE(::symlink(".", folder.path("here").c_str()) == 0);
    const std::vector<Refusal> all{
        {{"rest", "localhost:1", "-o", "a", "--headers-to", "a"}, "-o and --headers-to name the same file"},
        {{"rest", "localhost:1", "-o", "a", "--headers-to", "./a"}, "name the same file"},
        {{"rest", "localhost:1", "-o", "a", "--headers-to=b"}, "name the same file"},
        {{"rest", "localhost:1", "-o", "a", "--headers-to", "here/b"}, "name the same file"},
        {{"rest", "localhost:1", "-o", "a", "--headers-to", "a.part"}, "name the same file"},
        {{"rest", "localhost:1", "-o", "a", "--session", "./a"}, "-o and --session name the same file"},
        {{"rest", "localhost:1", "--headers-to", "a", "--session", "./a"}, "name the same file"},
        {{"batch", "localhost:1", "-o", "a", "--errors", "a"}, "-o and --errors name the same file"},
        {{"batch", "localhost:1", "-o", "a", "--unknown", "b"}, "-o and --unknown name the same file"},
        {{"batch", "localhost:1", "-o", "a", "--journal", "a"}, "-o and --journal name the same file"},
        {{"batch", "localhost:1", "--errors", "a", "--unknown", folder.path("a")}, "name the same file"},
    };
    for (const Refusal& one : all) {
        CAPTURE(one.words.back());
        const Outcome outcome = run_in(folder, one.words);
        CHECK(outcome.code == 64);
        CHECK_MESSAGE(mentions(outcome.err, one.message), outcome.err);
        CHECK_FALSE(folder.has("a"));
    }
    const Outcome kept = run_in(folder, {"rest", "localhost:1", "-o", "a"}, {{"HAIL_SESSION", "./a"}});
    CHECK(kept.code == 64);
}

TEST_CASE("combinations: one device or standard output can take two outputs") {
    const TemporaryDirectory folder;
    Peer peer({{read_request(), reply("body")}}, Peer::Others::repeat);
    CHECK(run_in(folder, {"rest", peer.address("/"), "-o", "/dev/null", "--headers-to", "/dev/null"}).code ==
          0);
    const Outcome both = run_in(folder, {"rest", peer.address("/"), "-o", "-", "--headers-to", "-"});
    CHECK(both.out == "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbody");
    const Outcome session =
        run_in(folder, {"rest", peer.address("/"), "-o", "a", "--session", "a"}, {{"HOME", folder.path()}});
    CHECK(session.code == 0);  // the session is not a file of this folder
}

TEST_CASE("combinations: with -o the head still goes to standard output if it is asked for there") {
    const TemporaryDirectory folder;
    Peer peer({{read_request(), reply("body")}});
    const Outcome outcome = run_in(folder, {"rest", peer.address("/"), "-o", "a", "--headers-to", "-"});
    CHECK(outcome.out == "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n");
    CHECK(read_file(folder.path("a")) == "body");
}

TEST_CASE("combinations: options of one broker are refused for the other, before anything connects") {
    const std::string redis = "redis://localhost:1";
    const std::string rabbit = "amqp://localhost:1";
    const std::vector<Refusal> all{
        {{"publish", redis, "c", "m", "--priority", "3"}, "--priority is only for RabbitMQ"},
        {{"publish", redis, "c", "m", "-H", "a:b"}, "--header is only for RabbitMQ"},
        {{"publish", redis, "c", "m", "--declare"}, "--declare is only for RabbitMQ"},
        {{"subscribe", redis, "c", "--offset", "first"}, "--offset is only for RabbitMQ"},
        {{"subscribe", redis, "c", "--ack", "never"}, "--ack is only for RabbitMQ"},
        {{"publish", rabbit, "c", "m", "--stream"}, "--stream is only for Redis"},
        {{"publish", rabbit, "c", "m", "--receivers"}, "--receivers is only for Redis"},
        {{"subscribe", rabbit, "c", "--stream", "--group", "g"}, "--stream is only for Redis"},
        {{"subscribe", rabbit, "c", "--literal"}, "--literal is only for Redis"},
    };
    for (const Refusal& refusal : all) {
        CAPTURE(refusal.message);
        const Outcome outcome = hail::support::hail(refusal.words);
        CHECK(outcome.code == 64);
        CHECK_MESSAGE(mentions(outcome.err, refusal.message), outcome.err);
    }
}

TEST_CASE("combinations: values that RabbitMQ cannot carry are refused before anything connects") {
    if (HAIL_WITH_AMQP == 0) {
        CHECK(mentions(hail::support::hail({"publish", "amqp://localhost:1", "q", "m"}).err,
                       "this build does not support RabbitMQ"));
        return;
    }
    const std::string rabbit = "amqp://localhost:1";
    const std::string long_name(256, 'n');
    const std::vector<Refusal> all{
        {{"publish", rabbit, long_name, "m"}, "255 bytes"},
        {{"publish", rabbit, "e/" + long_name, "m"}, "255 bytes"},
        {{"publish", rabbit, "/", "m"}, "/"},
        {{"publish", rabbit, "q", "m", "-H", "no separator"}, "option -H: "},
        {{"publish", rabbit, "q", "m", "-H", "n:=tomorrow"}, "is not JSON"},
        {{"publish", rabbit, "q", "m", "-H", long_name + ":v"}, "256 bytes"},
        {{"publish", rabbit, "q", "m", "-H", "n:=1e999"}, "n"},
        {{"publish", rabbit, "q", "m", "--type", long_name}, "option --type: the value has 256 bytes"},
        {{"publish", rabbit, "q", "m", "--priority", "256"}, "from 0 to 255"},
        {{"publish", rabbit, "q", "m", "--timestamp", "soon"}, "option --timestamp: "},
        {{"publish", rabbit, "q", "m", "--exchange-type", "topic"}, "--exchange-type needs --declare"},
        {{"publish", rabbit, "q", "m", "--queue-type", "lazy"}, "classic|quorum|stream"},
        {{"publish", rabbit, "q", "m", "--request", "--declare"},
         "--request and --declare cannot be combined"},
        {{"publish", rabbit, "q", "m", "--request", "--reply-to", "r"},
         "--request and --reply-to cannot be combined"},
        {{"subscribe", rabbit, long_name}, "255 bytes"},
        {{"subscribe", rabbit, "q", "--offset", "yesterday"}, "option --offset: "},
        {{"subscribe", rabbit, "q", "--prefetch", "65536"}, "from 0 to 65535"},
        {{"subscribe", rabbit, "e/k", "--queue-name", long_name}, "option --queue-name: "},
        {{"subscribe", rabbit, "q", "--expires", "1m"}, "--expires needs --queue-name"},
        {{"subscribe", rabbit, "q", "--on-failure", "reject"}, "--on-failure needs --exec"},
        {{"subscribe", rabbit, "q", "--overflow", "stop"}, "--overflow needs --ack delivery"},
        {{"subscribe", rabbit, "q", "/e/k", "--queue-name", "tap"}, "--queue-name needs a CHANNEL such as"},
        {{"subscribe", rabbit, "q", "--bind-header", "a:b"}, "--bind-header needs a CHANNEL such as"},
        {{"subscribe", rabbit, "q", "--ack", "never", "--on-failure", "reject", "--exec", "true"},
         "--on-failure needs --ack output"},
        {{"subscribe", rabbit + "?colour=red", "q"}, "colour"},
        {{"subscribe", rabbit + "?auth_mechanism=magic", "q"}, "write ?auth_mechanism=external"},
        {{"publish", rabbit, "q", "m", "-H", R"(n:={"decimal":"-1"})"}, "header 'n' has a decimal"},
        {{"publish", rabbit, "q", "m", "--declare", "--argument", "x:=1e999"}, "argument 'x' has the number"},
        {{"publish", rabbit, "q", "m", "--declare", "--exchange-type", "topic"},
         "--exchange-type needs a CHANNEL"},
        {{"publish", rabbit, "e/", "m", "--declare", "--queue-type", "quorum"},
         "--queue-type needs a CHANNEL"},
        {{"publish", rabbit, "q\xff", "m", "--declare"}, "not UTF-8"},
        {{"publish", rabbit, "q", "m", "--declare", "--queue-type", "quorum", "--argument",
          "x-queue-type:stream"},
         "--queue-type and --argument x-queue-type cannot be combined"},
        {{"subscribe", rabbit, "q", "--declare", "--argument", "x:=1e999"}, "argument 'x' has the number"},
        {{"subscribe", rabbit, "e/k", "--declare", "--queue-type", "quorum"},
         "--queue-type needs --queue-name"},
        {{"subscribe", rabbit, "e/k", "f/k", "--offset", "first"}, "--offset needs --queue-name"},
        {{"subscribe", rabbit, "e/k", "--queue-name", "tap", "--expires", "0"}, "cannot expire after 0 s"},
        {{"subscribe", rabbit, "e/k", "--queue-name", "tap", "--expires", "1m", "--argument", "x-expires:=5"},
         "--expires and --argument x-expires cannot be combined"},
        {{"subscribe", rabbit, "q", "--format", "{property:message-id}"}, "no property 'message-id'"},
    };
    for (const Refusal& refusal : all) {
        CAPTURE(refusal.message);
        const Outcome outcome = hail::support::hail(refusal.words);
        CHECK(outcome.code == 64);
        CHECK_MESSAGE(mentions(outcome.err, refusal.message), outcome.err);
    }
}
