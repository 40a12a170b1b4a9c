// Secrets wherever a person or a log reads: masked, unless they are asked for.

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <string>
#include <vector>

#include "tests/support/directory.h"
#include "tests/support/peer.h"
#include "tests/support/process.h"
#include "tests/support/rest.h"

using namespace hail::support;

namespace {

std::string all_of(const Outcome& outcome) {
    return outcome.out + outcome.err;
}

}  // namespace

TEST_CASE("secrets: the query is masked in the trace, the curl line and the dry run") {
    for (const std::string name : {"access_token", "api_key", "pwd", "X-Amz-Signature", "assertion"}) {
        Peer peer({{read_request(), reply("")}}, Peer::Others::repeat);
        for (const std::string view : {"-v", "--curl", "--dry-run"}) {
            const Outcome outcome = rest({peer.address("/?a=1&" + name + "=S3CRET'"), "key==S3CRET", view});
            CAPTURE(name + view);
            CHECK(outcome.code == 0);
            CHECK_FALSE(mentions(all_of(outcome), "S3CRET"));
            CHECK(mentions(all_of(outcome), "/?a=1&" + name + "=***&key=***"));
        }
    }
}

TEST_CASE("secrets: a Location that is shown in the trace or in a failure has none") {
    const std::string answer = http_answer(
        "", "Location: /cb?token=S3CRET&code=S3CRET&state=1\r\nLink: </x?pass=S3CRET>\r\n", "302 Found");
    Peer peer({{read_request(), send(answer)}});
    const Outcome outcome = rest({peer.address(), "-v"});
    CHECK(outcome.code == 3);
    CHECK_FALSE(mentions(outcome.err, "S3CRET"));
    CHECK(mentions(outcome.err, "< Location: /cb?token=***&code=***&state=1"));
}

TEST_CASE("secrets: fields of JSON, forms and multipart forms are masked in a dry run and in a curl line") {
    for (const std::vector<std::string>& given : std::vector<std::vector<std::string>>{
             {"password=S3CRET", "n[pin]:=3333"},
             {"-f", "password=S3CRET", "pin=3333"},
             {"--multipart", "password=S3CRET", "pin=3333"},
             {"-d", R"({"a":{"password":"S3CRET"},"pin":3333})"},
             {"-d", "password=S3CRET&pin=3333"},
             {"-d", R"({"password":"S3CRET","pin":3333,})"},
             {"-f", "-d", R"({"password":"S3CRET","pin":3333})"},
             {"-d", "password: S3CRET\npin: 3333", "Content-Type:text/x"}}) {
        for (const std::string view : {"--dry-run", "--curl"}) {
            std::vector<std::string> words{"h/x", view};
            words.insert(words.end(), given.begin(), given.end());
            CAPTURE(given.front() + view);
            const Outcome masked = rest(words);
            CHECK(mentions(masked.out, "password"));
            CHECK_FALSE(mentions(masked.out, "S3CRET"));
            CHECK_FALSE(mentions(masked.out, "3333"));
            words.emplace_back("--show-secrets");
            CHECK(mentions(rest(words).out, "S3CRET"));
        }
    }
}

TEST_CASE("secrets: a dry run with --show-secrets is exactly what is sent") {
    Peer peer({{read_request(), reply("")}});
    const std::vector<std::string> words{peer.address("/?token=t"), "password=p", "X-Api-Key:k", "-u",
                                         "ada:pw"};
    std::vector<std::string> dry = words;
    dry.insert(dry.end(), {"--dry-run", "--show-secrets"});
    const std::string shown = rest(dry).out;
    CHECK(rest(words).code == 0);
    const auto received = peer.finish().at(0);
    CHECK(shown == received.head + received.body);
}

TEST_CASE("secrets: params of rpc and calls of batch are masked in a dry run") {
    const Outcome call = hail::support::hail(
        {"rpc", "localhost/?token=S3CRET", "login", "user=ada", "password=S3CRET", "--dry-run"});
    CHECK(call.code == 0);
    CHECK(mentions(call.out, R"("password":"***")"));
    CHECK_FALSE(mentions(call.out, "S3CRET"));
    const Outcome calls =
        hail::support::hail({"batch", "localhost/?token=S3CRET", "--dry-run"}, "login password=S3CRET\n");
    CHECK(calls.code == 0);
    CHECK(mentions(calls.out, R"("password":"***")"));
    CHECK_FALSE(mentions(calls.out, "S3CRET"));
}

TEST_CASE("secrets: a body that a redirect takes to another origin is reported with that origin") {
    Peer other({{read_request(), reply("there")}});
    Peer peer({{read_request(),
                send(http_answer("", "Location: http://" + other.address("/b") + "\r\n", "307 There"))}});
    const Outcome outcome = rest({"-L", peer.address("/a"), "a=1"});
    CHECK(outcome.out == "there");
    CHECK(mentions(outcome.err, "warning: redirected to another origin, http://127.0.0.1:" +
                                    std::to_string(other.port()) + "; the body is sent there"));
    CHECK(other.finish().at(0).body == R"({"a":"1"})");
}

TEST_CASE("secrets: a session and a netrc file that others can read are warned about in every command") {
    const TemporaryDirectory folder;
    const std::string session = folder.file("s", "# Netscape HTTP Cookie File\n");
    const std::string netrc = folder.file("netrc", "machine localhost login ann password one\n");
    const std::vector<std::string> files{session, netrc};
    for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
             {"rest", "localhost/"}, {"rpc", "localhost/", "m"}, {"batch", "localhost/", "--method", "m"}}) {
        std::vector<std::string> all = words;
        all.insert(all.end(), {"--session", session, "--netrc-file", netrc, "--dry-run"});
        for (const mode_t mode : {mode_t{0644}, mode_t{0600}}) {
            for (const std::string& file : files) {
                REQUIRE(::chmod(file.c_str(), mode) == 0);
            }
            const std::string told = hail::support::hail(all).err;
            CAPTURE(told);
            for (const std::string& file : files) {
                CHECK(mentions(told, file + " is readable by others; run chmod 600 ") == (mode == 0644));
            }
        }
    }
}

TEST_CASE("secrets: a file without end ends with a message that names the limit") {
    for (const std::vector<std::string>& given : std::vector<std::vector<std::string>>{
             {"--session", "/dev/zero"}, {"--netrc-file", "/dev/zero"}, {"--bearer", "@/dev/zero"}}) {
        std::vector<std::string> words{"localhost/", "--dry-run"};
        words.insert(words.end(), given.begin(), given.end());
        const Outcome outcome = rest(words);
        CAPTURE(given.front());
        CHECK(outcome.code == 66);
        CHECK((mentions(outcome.err, "larger than 64 MiB") || mentions(outcome.err, "longer than 1 MiB")));
    }
    const Outcome certificates = rest({"https://localhost/", "--cacert", "/dev/zero"});
    CHECK(certificates.code == 66);
    CHECK(mentions(certificates.err, "option --cacert: /dev/zero: it is a device"));
}
