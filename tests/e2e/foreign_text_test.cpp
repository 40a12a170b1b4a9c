// Text as it comes from other systems: byte order marks, character sets, names of files, paths at home.

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/support/directory.h"
#include "tests/support/peer.h"
#include "tests/support/process.h"
#include "tests/support/rest.h"

using namespace hail::support;

namespace {

const std::string mark = "\xEF\xBB\xBF";

// What hail prints of a reply.
Outcome shown(const std::string& body, const std::string& type, std::vector<std::string> words) {
    Peer peer({{read_request(), reply(body, "Content-Type: " + type + "\r\n")}});
    words.insert(words.begin(), peer.address());
    return rest(std::move(words));
}

Outcome on_terminal(const std::string& body, const std::string& type) {
    Peer peer({{read_request(), reply(body, "Content-Type: " + type + "\r\n")}});
    return rest_on_terminal({peer.address(), "-b", "--color", "never"});
}

}  // namespace

TEST_CASE("byte order mark: JSON that begins with one is JSON in every view, and unchanged in a pipe") {
    const std::string body = mark + R"({"a":[1]})";
    CHECK(shown(body, "application/json", {}).out == body);
    CHECK(shown(body, "application/json", {"--pick", "a"}).out == "[1]\n");
    CHECK(shown(body, "application/json", {"--expect", "a==[1]"}).code == 0);
    CHECK(shown(body, "application/json", {"--until", "a==[1]"}).code == 0);
    CHECK(shown(body, "application/json", {"--items", "a"}).out == "1\n");
    CHECK(shown(body, "application/json", {"--sorted"}).out == "{\"a\":[1]}\n");
    CHECK(mentions(shown(body, "application/json", {"--envelope"}).out, R"("body":{"a":[1]})"));
    CHECK(shown(body, "application/json", {"--pretty", "format"}).out ==
          "{\n    \"a\": [\n        1\n    ]\n}\n");
    CHECK(on_terminal(mark + "{}", "application/json").out == "{}\n");
    CHECK(on_terminal(mark + "text", "text/plain").out == "text\n");
}

TEST_CASE("byte order mark: one that comes byte by byte is passed over too") {
    Peer peer({{read_request(), send("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n"),
                drip(mark + "[1]", hail::base::Milliseconds(1))}},
              Peer::Others::repeat);
    CHECK(rest({peer.address(), "--pretty", "format"}).out == "[\n    1\n]\n");
    CHECK(rest({peer.address(), "--pick", "[]"}).out == "1\n");
}

TEST_CASE("byte order mark: a quoted reply shows it") {
    const Outcome outcome = shown(mark + "no", "application/json", {"--pick", "a"});
    CHECK(outcome.code == 9);
    CHECK(mentions(outcome.err, "it begins with: \\ufeffno"));
}

TEST_CASE("byte order mark: a value from a file loses it, and a body keeps it with a warning") {
    const TemporaryDirectory folder;
    const std::string json = folder.file("bom.json", mark + "{\"a\":1}");
    const std::string text = folder.file("bom.txt", mark + "t");
    const Outcome values = rest({"h/", "x:=@" + json, "y=@" + text, "X-A:@" + text, "--dry-run"});
    CHECK(mentions(values.out, "\r\nX-A: t\r\n"));
    CHECK(mentions(values.out, R"({"x":{"a":1},"y":"t"})"));
    for (const std::vector<std::string>& given :
         std::vector<std::vector<std::string>>{{"-d", "@" + json}, {"@" + json}}) {
        std::vector<std::string> words{"h/", "--dry-run"};
        words.insert(words.end(), given.begin(), given.end());
        const Outcome body = rest(words);
        CHECK(mentions(body.out, "Content-Type: application/json\r\n"));
        CHECK(body.out.ends_with("\r\n\r\n" + mark + "{\"a\":1}"));
        CHECK(mentions(body.err, "begins with a byte order mark"));
    }
}

TEST_CASE("byte order mark: params of rpc, calls of batch and records of publish may begin with one") {
    const TemporaryDirectory folder;
    const std::string params = folder.file("p", mark + "[1]");
    CHECK(mentions(hail::support::hail({"rpc", "h", "m", "--params", "@" + params, "--dry-run"}).out,
                   R"("params":[1])"));
    for (const std::string calls :
         {"m 1\n", R"({"method":"m","params":[1]})", R"([{"method":"m","params":[1]}])"}) {
        const Outcome outcome = hail::support::hail({"batch", "h", "--dry-run"}, mark + calls);
        CAPTURE(calls);
        CHECK(outcome.code == 0);
        CHECK(mentions(outcome.out, R"("method":"m","params":[1])"));
    }
    const std::string record = R"({"payload":"x"})";
    CHECK(hail::support::hail({"publish", "h", "c", "--json", "--dry-run"}, mark + record + "\n").code == 0);
}

TEST_CASE("character set: a file in UTF-16 that is sent as JSON is warned about") {
    const TemporaryDirectory folder;
    const std::string file = folder.file("u.json", std::string("\xFF\xFE{\0}\0", 6));
    CHECK(mentions(rest({"h/", "@" + file, "--dry-run"}).err, "looks like UTF-16"));
}

TEST_CASE("character set: western text is shown as UTF-8 on a terminal, and unchanged in a pipe") {
    for (const std::string set : {"iso-8859-1", "\"ISO-8859-1\"", "windows-1252", "us-ascii"}) {
        CHECK(on_terminal("caf\xE9 \x80\n", "text/plain; charset=" + set).out == "caf\u00E9 \u20AC\n");
    }
    CHECK(on_terminal("{\"a\":\"\xE9\"}", "application/json;charset=latin1").out ==
          "{\n    \"a\": \"\u00E9\"\n}\n");
    CHECK(shown("caf\xE9", "text/plain; charset=iso-8859-1", {}).out == "caf\xE9");
    CHECK(mentions(on_terminal("\x83\x65", "text/plain; charset=Shift_JIS").out, "the body is in shift_jis"));
}

TEST_CASE("download: the name is found in every shape of Content-Disposition") {
    const TemporaryDirectory folder;
    const std::vector<std::pair<std::string, std::string>> cases{
        {"filename=Heze.7z", "Heze.7z"},
        {"attachment; filename=foo bar.txt; size=3", "foo bar.txt"},
        {"attachment; filename=\"a\xE2\x80\xAE\xE2\x80\x8Bgpj.exe\"", "agpj.exe"}};
    for (const auto& one : cases) {  // not a structured binding, which clang 14 cannot capture
        const std::string& field = one.first;
        const std::string& name = one.second;
        Peer peer({{read_request(), reply("x", "Content-Disposition: " + field + "\r\n")}});
        Command command = hail_command({"rest", "-O", peer.address("/get.php")});
        command.directory = folder.path();
        CAPTURE(field);
        CHECK(run(command).code == 0);
        CHECK(folder.has(name));
    }
}

TEST_CASE("home: a path at home is found in every option that takes a file, and in its variable") {
    const TemporaryDirectory home;
    home.file("f.json", "[1]");
    home.file("token", "t0ken\n");
    const auto at_home = [&](std::vector<std::string> words) {
        Command command = hail_command(std::move(words));
        command.argv.insert(command.argv.begin(),
                            {"/usr/bin/env", "HOME=" + home.path(), "HAIL_SESSION=~/session"});
        return run(command);
    };
    CHECK(at_home({"rest", "h/", "-d", "@~/f.json", "--bearer=@~/token", "-o", "~/out", "--dry-run"}).code ==
          0);
    CHECK(mentions(read_file(home.path("out")), "[1]"));
    CHECK(mentions(at_home({"rest", "h/", "a:=@~/f.json", "--dry-run"}).out, R"({"a":[1]})"));
    CHECK(mentions(at_home({"rpc", "h", "m", "--params", "@~/f.json", "--dry-run"}).out, R"("params":[1])"));
    CHECK(at_home({"batch", "h", "~/f.json", "--method", "m", "--dry-run"}).code == 0);
    CHECK(mentions(at_home({"rest", "https://h/", "--cacert=~/none"}).err, home.path("none")));
    CHECK(mentions(at_home({"rest", "h/", "--netrc-file=~/none", "--dry-run"}).err, home.path("none")));
    Peer peer({{read_request(), reply("", "Set-Cookie: a=b\r\n")}});
    CHECK(at_home({"rest", peer.address(), "--headers-to=~/head"}).code == 0);
    CHECK(home.has("head"));
    CHECK(home.has("session"));
}

TEST_CASE("multipart: a typed type without a boundary gets ours, and one with a boundary decides it") {
    Peer peer({{read_request(), reply("")}}, Peer::Others::repeat);
    CHECK(rest({"-f", peer.address(), "a=1", "Content-Type:multipart/form-data"}).code == 0);
    CHECK(rest({"--multipart", peer.address(), "a=1", "Content-Type:multipart/mixed; boundary=ZZ"}).code ==
          0);
    CHECK(rest({"--multipart", peer.address(), "a=1", "-H", "Content-Type: multipart/form-data", "--boundary",
                "B"})
              .code == 0);
    CHECK(rest({"--multipart", "h", "a=1", "Content-Type:multipart/mixed;boundary=ZZ", "--boundary", "B"})
              .code == 64);
    const auto received = peer.received();
    const std::string type = received.at(0).header("Content-Type");
    CHECK(type.starts_with("multipart/form-data; boundary=hail-"));
    CHECK(received.at(0).body.starts_with("--" + type.substr(type.find('=') + 1) + "\r\n"));
    CHECK(received.at(1).header("Content-Type") == "multipart/mixed; boundary=ZZ");
    CHECK(received.at(1).body.starts_with("--ZZ\r\n"));
    CHECK(received.at(2).header("Content-Type") == "multipart/form-data; boundary=B");
}
