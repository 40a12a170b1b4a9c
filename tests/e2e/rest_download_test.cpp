#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>
#include <string>
#include <vector>

#include "tests/support/directory.h"
#include "tests/support/nginx.h"
#include "tests/support/peer.h"
#include "tests/support/process.h"
#include "tests/support/rest.h"

using namespace hail::support;

namespace {

const std::string tag = "ETag: \"v1\"\r\n";

std::string part(const std::string& body, const std::string& range, const std::string& extra = {}) {
    return "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes " + range + "\r\n" + extra +
           "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

}  // namespace

TEST_CASE("download: the server names the file, and stdout stays empty") {
    const TemporaryDirectory folder;
    Peer peer(
        {{read_request(), reply("bytes", "Content-Disposition: attachment; filename=\"../a b.txt\"\r\n")}});
    const Outcome outcome = rest_in(folder, {"-O", peer.address("/x")});
    CHECK(outcome.code == 0);
    CHECK(outcome.out.empty());
    CHECK(mentions(outcome.err, "saved a b.txt (5 B)"));
    CHECK(read_file(folder.path("a b.txt")) == "bytes");
    CHECK_FALSE(folder.has("a b.txt.part"));
    CHECK_FALSE(folder.has("a b.txt.part.tag"));
    CHECK(peer.finish().at(0).header("Accept-Encoding") == "identity");
}

TEST_CASE("download: a name from the server does not replace a file") {
    const TemporaryDirectory folder;
    folder.file("x.txt", "mine");
    Peer peer({{read_request(), reply("theirs")}});
    CHECK(rest_in(folder, {"-O", peer.address("/x.txt")}).code == 0);
    CHECK(read_file(folder.path("x.txt")) == "mine");
    CHECK(read_file(folder.path("x-1.txt")) == "theirs");
}

TEST_CASE("download: an error reply is printed and not saved") {
    const TemporaryDirectory folder;
    Peer peer({{read_request(), send("HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\nnone")}});
    const Outcome outcome = rest_in(folder, {"-O", peer.address("/x.txt")});
    CHECK(outcome.code == 4);
    CHECK(outcome.out == "none");
    CHECK_FALSE(folder.has("x.txt"));
    CHECK_FALSE(folder.has("x.txt.part"));
}

TEST_CASE("download: a retry resumes where the reply broke off") {
    const TemporaryDirectory folder;
    Peer peer({{read_request(), send("HTTP/1.1 200 OK\r\n" + tag + "Content-Length: 9\r\n\r\n1234"), cut()},
               {read_request(), send(part("56789", "4-8/9", tag))}});
    const Outcome outcome = rest_in(folder, {"-O", peer.address("/x.txt"), "--retry", "1"});
    CHECK(outcome.code == 0);
    CHECK(mentions(outcome.err, "trying again in"));
    CHECK(read_file(folder.path("x.txt")) == "123456789");
    const auto received = peer.finish();
    CHECK(received.at(0).header("Range").empty());
    CHECK(received.at(1).header("Range") == "bytes=4-");
    CHECK(received.at(1).header("If-Range") == "\"v1\"");
}

TEST_CASE("download: a retry restarts without a validator, or if the server sends the whole file") {
    const TemporaryDirectory folder;
    Peer peer({{read_request(), send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabcd"), cut()},
               {read_request(), send("HTTP/1.1 200 OK\r\n" + tag + "Content-Length: 9\r\n\r\nABCDE"), cut()},
               {read_request(), reply("123", "ETag: \"v2\"\r\n")}});
    const Outcome outcome = rest_in(folder, {"-O", peer.address("/x.txt"), "--retry", "2"});
    CHECK(outcome.code == 0);
    CHECK(read_file(folder.path("x.txt")) == "123");
    const auto received = peer.finish();
    CHECK(received.at(1).header("Range").empty());
    CHECK(received.at(2).header("Range") == "bytes=5-");
}

TEST_CASE("download: after the last retry, the partial file is kept for --continue") {
    const TemporaryDirectory folder;
    Peer peer({{read_request(), send("HTTP/1.1 200 OK\r\n" + tag + "Content-Length: 9\r\n\r\n1234"), cut()},
               {read_request(), send("HTTP/1.1 404 Gone\r\nContent-Length: 4\r\n\r\nnone")},
               {read_request(), send(part("56789", "4-8/9", tag))}});
    const Outcome outcome = rest_in(folder, {"-O", peer.address("/x.txt"), "--retry", "1"});
    CHECK(outcome.code == 4);
    CHECK(mentions(outcome.err, "kept 4 B in x.txt.part"));
    CHECK(rest_in(folder, {"--continue", peer.address("/x.txt")}).code == 0);
    CHECK(read_file(folder.path("x.txt")) == "123456789");
}

TEST_CASE("download: a truncated download is kept and resumed") {
    const TemporaryDirectory folder;
    Peer peer({{read_request(), send("HTTP/1.1 200 OK\r\n" + tag + "Content-Length: 10\r\n\r\n01234"), cut()},
               {read_request(), send(part("56789", "5-9/10", tag))}});
    const Outcome first = rest_in(folder, {"-O", peer.address("/x.txt")});
    CHECK(first.code == 8);
    CHECK(mentions(first.err, "kept 5 B in x.txt.part; resume with --continue"));
    CHECK_FALSE(folder.has("x.txt"));
    CHECK(rest_in(folder, {"--continue", peer.address("/x.txt")}).code == 0);
    CHECK(read_file(folder.path("x.txt")) == "0123456789");
    const auto received = peer.finish().at(1);
    CHECK(received.header("Range") == "bytes=5-");
    CHECK(received.header("If-Range") == "\"v1\"");
}

TEST_CASE("download: --continue does not join two URLs with the same name and validator") {
    const TemporaryDirectory folder;
    Peer peer({{read_request(), send("HTTP/1.1 200 OK\r\n" + tag + "Content-Length: 9\r\n\r\n1234"), cut()},
               {read_request(), reply("abcdefghi", tag)}});
    CHECK(rest_in(folder, {"-O", peer.address("/linux/x.txt")}).code == 8);
    const Outcome other = rest_in(folder, {"--continue", peer.address("/mac/x.txt")});
    CHECK(other.code == 0);
    CHECK(mentions(other.err, "x.txt.part came from another URL; restarting"));
    CHECK(read_file(folder.path("x.txt")) == "abcdefghi");
    CHECK(peer.finish().at(1).header("Range").empty());
}

TEST_CASE("download: a dry run shows the request, including its Range") {
    const TemporaryDirectory folder;
    CHECK(mentions(rest_in(folder, {"-O", "http://h/x", "--dry-run"}).out, "Accept-Encoding: identity\r\n"));
    folder.file("x.part", "1234");
    folder.file("x.part.tag", "\"v1\"\n");
    const std::string again = rest_in(folder, {"--continue", "http://h/x", "--dry-run"}).out;
    CHECK(mentions(again, "Range: bytes=4-\r\nIf-Range: \"v1\"\r\n"));
    CHECK(read_file(folder.path("x.part")) == "1234");
}

TEST_CASE("download: HEAD and view options cannot be combined with it") {
    const TemporaryDirectory folder;
    CHECK(rest_in(folder, {"-O", "HEAD", "http://h/x"}).code == 64);
    CHECK(rest_in(folder, {"-O", "http://h/x", "-m"}).code == 64);
}

TEST_CASE("download: --continue restarts if the server sends the whole file") {
    const TemporaryDirectory folder;
    folder.file("x.txt.part", "old");
    folder.file("x.txt.part.tag", "\"v0\"\n");
    Peer peer({{read_request(), reply("new bytes", tag)}});
    const Outcome outcome = rest_in(folder, {"--continue", peer.address("/x.txt")});
    CHECK(outcome.code == 0);
    CHECK(mentions(outcome.err, "restarting"));
    CHECK(read_file(folder.path("x.txt")) == "new bytes");
}

TEST_CASE("download: --continue without a validator does not guess") {
    const TemporaryDirectory folder;
    folder.file("x.txt.part", "old");
    Peer peer({{read_request(), reply("new")}});
    CHECK(rest_in(folder, {"--continue", peer.address("/x.txt")}).code == 0);
    CHECK(peer.finish().at(0).header("Range").empty());
    CHECK(read_file(folder.path("x.txt")) == "new");
}

TEST_CASE("download: --continue trusts Last-Modified only if it is older than its reply") {
    const std::string modified = "Sun, 06 Nov 1994 08:49:37 GMT";
    const std::string head =
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\nLast-Modified: " + modified + "\r\nDate: ";
    const TemporaryDirectory folder;
    Peer peer({{read_request(), send(head + modified + "\r\n\r\n01234"), cut()},
               {read_request(), send(head + "Sun, 06 Nov 1994 08:49:38 GMT\r\n\r\n01234"), cut()},
               {read_request(), send(part("56789", "5-9/10"))}});
    CHECK(rest_in(folder, {"-O", peer.address("/x.txt")}).code == 8);
    CHECK(rest_in(folder, {"--continue", peer.address("/x.txt")}).code == 8);
    CHECK(rest_in(folder, {"--continue", peer.address("/x.txt")}).code == 0);
    CHECK(read_file(folder.path("x.txt")) == "0123456789");
    const auto received = peer.finish();
    CHECK(received.at(1).header("Range").empty());
    CHECK(received.at(2).header("If-Range") == modified);
}

TEST_CASE("download: after a 416 the size is compared with the partial file") {
    const std::string beyond =
        "HTTP/1.1 416 Range Not Satisfiable\r\nContent-Length: 0\r\nContent-Range: bytes */";
    const TemporaryDirectory folder;
    Peer peer({{read_request(), send(beyond + "3\r\n\r\n")},
               {read_request(), send(beyond + "2\r\n\r\n")},
               {read_request(), reply("al")}});
    folder.file("x.txt.part", "all");
    folder.file("x.txt.part.tag", "\"v1\"\n");
    CHECK(rest_in(folder, {"--continue", peer.address("/x.txt")}).code == 0);
    CHECK(read_file(folder.path("x.txt")) == "all");
    folder.file("y.txt.part", "all");
    folder.file("y.txt.part.tag", "\"v1\"\n");
    const Outcome outcome = rest_in(folder, {"--continue", peer.address("/y.txt")});
    CHECK(outcome.code == 0);
    CHECK(mentions(outcome.err, "y.txt: the server has 2 bytes, not 3; restarting"));
    CHECK(read_file(folder.path("y.txt")) == "al");
    CHECK(peer.finish().at(2).header("Range").empty());
}

TEST_CASE("download: a range that ends early is not the whole file") {
    const TemporaryDirectory folder;
    folder.file("x.txt.part", "01234");
    folder.file("x.txt.part.tag", "\"v1\"\n");
    Peer peer({{read_request(), send(part("567", "5-7/10"))}});
    const Outcome outcome = rest_in(folder, {"--continue", peer.address("/x.txt")});
    CHECK(outcome.code == 8);
    CHECK(mentions(outcome.err, "received 8 of 10 bytes"));
    CHECK(read_file(folder.path("x.txt.part")) == "01234567");
}

TEST_CASE("download: a range of unknown total is not the whole file until a 416 confirms it") {
    const TemporaryDirectory folder;
    folder.file("x.txt.part", "01234");
    folder.file("x.txt.part.tag", "\"v1\"\n");
    Peer peer(
        {{read_request(), send(part("567", "5-7/*"))},
         {read_request(), send("HTTP/1.1 416 No\r\nContent-Range: bytes */8\r\nContent-Length: 0\r\n\r\n")}});
    const Outcome outcome = rest_in(folder, {"--continue", peer.address("/x.txt")});
    CHECK(outcome.code == 8);
    CHECK(mentions(outcome.err, "received 8 bytes, and the server does not give the total"));
    CHECK(mentions(outcome.err, "resume with --continue"));
    CHECK_FALSE(folder.has("x.txt"));
    CHECK(rest_in(folder, {"--continue", peer.address("/x.txt")}).code == 0);
    CHECK(peer.finish().at(1).header("Range") == "bytes=8-");
    CHECK(read_file(folder.path("x.txt")) == "01234567");
}

TEST_CASE("download: --continue finds the part even if the server named the file") {
    const std::string named = "Content-Disposition: attachment; filename=\"real one.bin\"\r\n";
    const TemporaryDirectory folder;
    Peer peer(
        {{read_request(), send("HTTP/1.1 200 OK\r\n" + tag + named + "Content-Length: 9\r\n\r\n1234"), cut()},
         {read_request(), send(part("56789", "4-8/9", tag + named))}});
    const Outcome outcome = rest_in(folder, {"-O", peer.address("/x")});
    CHECK(outcome.code == 8);
    CHECK(mentions(outcome.err, "kept 4 B in real one.bin.part; resume with --continue -o 'real one.bin'"));
    CHECK(rest_in(folder, {"--continue", "-o", "real one.bin", peer.address("/x")}).code == 0);
    CHECK(read_file(folder.path("real one.bin")) == "123456789");
}

TEST_CASE("download: without a validator the error does not suggest --continue") {
    const TemporaryDirectory folder;
    Peer peer({{read_request(), send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n1234"), cut()},
               {read_request(), reply("all of it")}});
    const Outcome outcome = rest_in(folder, {"-O", peer.address("/x")});
    CHECK(mentions(outcome.err, "kept 4 B in x.part"));
    CHECK_FALSE(mentions(outcome.err, "--continue"));
    CHECK(rest_in(folder, {"-O", peer.address("/x")}).code ==
          0);  // the part is hail's own, so the download restarts
    CHECK(read_file(folder.path("x")) == "all of it");
    CHECK_FALSE(folder.has("x.part"));
}

TEST_CASE("download: a part that belongs to no download is not overwritten, nor is a link in its place") {
    const TemporaryDirectory folder;
    const std::string precious = folder.file("precious", "precious");
    folder.file("x.part", "mine");
    std::filesystem::create_symlink(precious, folder.path("y.part.tag"));
    Peer peer({{read_request(), reply("bytes", tag)}, {read_request(), reply("bytes", tag)}});
    CHECK(rest_in(folder, {"-O", peer.address("/x")}).code == 0);
    CHECK(read_file(folder.path("x.part")) == "mine");
    CHECK(read_file(folder.path("x-1")) == "bytes");
    CHECK(rest_in(folder, {"-O", peer.address("/y")}).code == 0);
    CHECK(read_file(precious) == "precious");
}

TEST_CASE("download: the file is saved only if its SHA-256 digest matches") {
    const std::string abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    const TemporaryDirectory folder;
    Peer peer({{read_request(), reply("abc")}, {read_request(), reply("abd")}});
    CHECK(rest_in(folder, {"-O", "--sha256", abc, peer.address("/x")}).code == 0);
    const Outcome outcome = rest_in(folder, {"-O", "--sha256", abc, peer.address("/y")});
    CHECK(outcome.code == 9);
    CHECK(mentions(outcome.err, "its SHA-256 is "));
    CHECK_FALSE(folder.has("y"));
    CHECK(rest_in(folder, {"-O", "--sha256", "abc", peer.address("/z")}).code == 64);
}

TEST_CASE("download: -o names the file and replaces it") {
    const TemporaryDirectory folder;
    folder.file("mine", "old");
    Peer peer({{read_request(), reply("new", "Content-Disposition: attachment; filename=theirs\r\n")}});
    CHECK(rest_in(folder, {"-O", "-o", "mine", peer.address("/x")}).code == 0);
    CHECK(read_file(folder.path("mine")) == "new");
    CHECK_FALSE(folder.has("theirs"));
}

TEST_CASE("download: a file that is not regular is not replaced, and nothing is sent") {
    const TemporaryDirectory folder;
    std::filesystem::create_symlink("/dev/null", folder.path("device"));
    std::filesystem::create_directory(folder.path("folder"));
    Peer peer({{read_request(), reply("bytes")}});
    for (const auto* target : {"device", "folder"}) {
        const Outcome outcome = rest_in(folder, {"-O", "-o", target, peer.address("/x")});
        CHECK(outcome.code == 74);
        CHECK(mentions(outcome.err, "it is not a regular file"));
    }
    CHECK(std::filesystem::is_symlink(folder.path("device")));
    CHECK(peer.connections() == 0);
}

TEST_CASE("session: a device is written directly, not replaced") {
    const TemporaryDirectory folder;
    std::filesystem::create_symlink("/dev/null", folder.path("device"));
    Peer peer({{read_request(), reply("ok", "Set-Cookie: a=b\r\n")}});
    CHECK(rest_in(folder, {"--session", folder.path("device"), peer.address("/x")}).out == "ok");
    CHECK(std::filesystem::is_symlink(folder.path("device")));
}

TEST_CASE("download: redirects and retries happen before the file is saved") {
    const TemporaryDirectory folder;
    Peer peer({{read_request(), send("HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Length: 2\r\n\r\nno"),
                read_request(), send("HTTP/1.1 503 Busy\r\nContent-Length: 5\r\n\r\nlater"), read_request(),
                reply("bytes")}});
    CHECK(rest_in(folder, {"-LO", "--retry", "1", peer.address("/a.bin")}).code == 0);
    CHECK(read_file(folder.path("a.bin")) == "bytes");
}

TEST_CASE("session: cookies and typed headers are sent again, only to their origin") {
    const TemporaryDirectory folder;
    const std::string file = folder.path("s.txt");
    Peer peer({{read_request(), reply("", "Set-Cookie: sid=1\r\nSet-Cookie: old=2; Max-Age=900\r\n")},
               {read_request(), reply("")},
               {read_request(), reply("")}});
    Peer other({{read_request(), reply("")}});
    CHECK(rest_in(folder, {"--session", file, peer.address("/a"), "X-Api-Key:k", "X-B:b"}).code == 0);
    struct stat facts {};
    REQUIRE(::stat(file.c_str(), &facts) == 0);
    CHECK((facts.st_mode & 0777) == 0600);
    CHECK(mentions(read_file(file), "127.0.0.1\tFALSE\t/\tFALSE\t0\tsid\t1\n"));
    CHECK(rest_in(folder, {"--session", file, peer.address("/a"), "X-Api-Key:new", "X-B:", "Cookie:mine=3"})
              .code == 0);
    CHECK(rest_in(folder, {"--session", file, peer.address("/b")}).code == 0);
    CHECK(rest_in(folder, {"--session", file, other.address("/b")}).code == 0);
    const auto received = peer.finish();
    CHECK(received.at(1).header("Cookie") == "mine=3; sid=1; old=2");
    CHECK(received.at(1).header("X-Api-Key") == "new");
    CHECK(received.at(1).header("X-B").empty());
    CHECK(received.at(2).header("Cookie") == "sid=1; old=2; mine=3");
    CHECK(received.at(2).header("X-Api-Key") == "new");
    CHECK(received.at(2).header("X-B").empty());
    CHECK(other.finish().at(0).header("X-Api-Key").empty());
}

TEST_CASE("session: a named session is in the state directory, and error replies set cookies too") {
    const TemporaryDirectory folder;
    Peer peer({{read_request(), send("HTTP/1.1 403 No\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n")}});
    Command command = hail_command({"rest", "--session", "mine", peer.address("/")});
    command.environment.emplace_back("XDG_STATE_HOME", folder.path());
    CHECK(run(command).code == 4);
    CHECK(mentions(read_file(folder.path("hail/sessions/mine")), "\ta\tb\n"));
    CHECK(rest_in(folder, {"--session", "..", peer.address("/")}).code == 64);
}

TEST_CASE("session: a browser's cookie file is read, and a dry run shows its cookies") {
    const TemporaryDirectory folder;
    const std::string file = folder.file(
        "cookies.txt", "# Netscape HTTP Cookie File\n#HttpOnly_127.0.0.1\tFALSE\t/\tFALSE\t0\tsid\t7\n");
    const Outcome outcome = rest_in(folder, {"--session", "./cookies.txt", "--dry-run", "127.0.0.1/"});
    CHECK(outcome.code == 0);
    CHECK(mentions(outcome.out, "Cookie: "));
    CHECK(read_file(file).starts_with("# Netscape"));
    folder.file("bad.txt", "no cookie\n");
    const Outcome bad = rest_in(folder, {"--session", "./bad.txt", "127.0.0.1/"});
    CHECK(bad.code == 65);
    CHECK(mentions(bad.err, "./bad.txt: reading cookies: line 1 is not a cookie"));
}

TEST_CASE("download on nginx: a part is resumed, a changed file restarts, a stored reply is revalidated") {
    const Nginx nginx;
    const TemporaryDirectory folder;
    const std::string text = std::string(300'000, 'a') + "end";
    nginx.serve("a.txt", text);
    const std::vector<std::string> there{"localhost/a.txt", "--unix-socket", nginx.plain()};
    const auto call = [&](std::vector<std::string> more) {
        more.insert(more.end(), there.begin(), there.end());
        return rest_in(folder, more);
    };
    const Outcome head = call({"-p", "h"});
    const auto at = head.out.find("ETag: ") + 6;
    const std::string etag = head.out.substr(at, head.out.find('\r', at) - at);
    folder.file("a.txt.part", text.substr(0, 100'000));
    folder.file("a.txt.part.tag", etag + "\n");
    CHECK(call({"--continue"}).code == 0);
    CHECK(read_file(folder.path("a.txt")) == text);
    folder.file("a.txt.part", "something else");
    folder.file("a.txt.part.tag", "\"another\"\n");
    CHECK(mentions(call({"--continue"}).err, "restarting"));
    folder.file("a.txt.part", text);
    folder.file("a.txt.part.tag", etag + "\n");
    CHECK(call({"--continue"}).code == 0);
    CHECK(read_file(folder.path("a.txt")) == text);
    CHECK(call({"--cache"}).out == text);
    const Outcome again = call({"--cache", "-v"});
    CHECK(again.out == text);
    CHECK(mentions(again.err, "304 Not Modified"));
}
