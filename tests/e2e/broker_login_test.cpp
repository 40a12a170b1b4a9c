#include <doctest/doctest.h>

#include <fstream>
#include <string>

#include "tests/support/directory.h"
#include "tests/support/process.h"
#include "tests/support/redis_server.h"

using namespace hail::support;

namespace {

RedisServer locked() {
    return RedisServer({.arguments = {"--requirepass", "one"}});
}

void overwrite(const std::string& path, const std::string& text) {
    std::ofstream(path, std::ios::trunc) << text;
}

// A publisher with one accepted message; after that the server wants another password and ends its
// connection.
void change_password(const RedisServer& server, Process& publisher) {
    publisher.write("a\n");
    REQUIRE(publisher.read_line() == "0");
    server.command({"-a", "one", "CONFIG", "SET", "requirepass", "two"});
    server.command({"-a", "two", "CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"});
}

}  // namespace

TEST_CASE("broker login: the password comes from a file, a command or a variable") {
    const RedisServer server = locked();
    const TemporaryDirectory directory;
    const std::string file = directory.file("a password", "one\n");
    const auto publish = [&](std::vector<std::string> words,
                             std::vector<std::pair<std::string, std::string>> environment) {
        words.insert(words.begin(), {"publish", server.address(), "c", "x"});
        Command command = hail_command(words);
        command.environment = std::move(environment);
        return run(command).code;
    };
    CHECK(publish({"--password-file", file}, {{"HAIL_PASSWORD", "wrong"}}) == 0);
    CHECK(publish({"--password-command", "cat '" + file + "'"}, {{"HAIL_PASSWORD", "wrong"}}) == 0);
    CHECK(publish({"--user", "default", "--password-file", file}, {}) == 0);
    CHECK(publish({}, {{"HAIL_PASSWORD_FILE", file}, {"REDISCLI_AUTH", "wrong"}}) == 0);
    CHECK(publish({}, {{"HAIL_PASSWORD_COMMAND", "echo one"}}) == 0);
    CHECK(publish({}, {{"REDISCLI_AUTH", "one"}}) == 0);
    CHECK(publish({}, {{"HAIL_PASSWORD", "one"}, {"REDISCLI_AUTH", "wrong"}}) == 0);
    CHECK(publish({}, {{"HAIL_PASSWORD", "wrong"}, {"REDISCLI_AUTH", "one"}}) == 1);
}

TEST_CASE("broker login: --password-command gets no stdin, runs without a shell, and must succeed") {
    const RedisServer server = locked();
    const Outcome sent = hail::support::hail(
        {"publish", server.address(), "c", "--receivers", "--password-command", "sh -c 'cat; echo one'"},
        "x\ny\n");
    CHECK(sent.code == 0);
    CHECK(sent.out == "0\n0\n");
    const auto failing = [&](const std::string& command) {
        return hail::support::hail({"publish", server.address(), "c", "x", "--password-command", command});
    };
    CHECK(failing("echo one; exit 0").code == 1);  // the password is "one; exit 0"
    const Outcome failed = failing("sh -c 'echo one; exit 3'");
    CHECK(failed.code == 66);
    CHECK(mentions(failed.err, "running sh: exit 3"));
    CHECK(failing("no-such-program-here").code == 66);
    CHECK(failing("true").code == 66);
    CHECK(failing("sh -c 'echo").code == 64);
    CHECK(hail::support::hail({"publish", server.address(), "c", "x", "--user", "default:one",
                               "--password-file", "/dev/null"})
              .code == 64);
}

TEST_CASE("broker login: a password file is read again for a new connection") {
    const RedisServer server = locked();
    const TemporaryDirectory directory;
    const std::string file = directory.file("password", "one\n");
    for (const std::vector<std::string>& words :
         std::vector<std::vector<std::string>>{{"--password-file", file}, {"--user", "default:@" + file}}) {
        server.command({"-a", "two", "CONFIG", "SET", "requirepass", "one"});
        overwrite(file, "one\n");
        std::vector<std::string> all{"publish", server.address(), "c", "--receivers"};
        all.insert(all.end(), words.begin(), words.end());
        Process publisher(hail_command(all));
        change_password(server, publisher);
        overwrite(file, "two\n");
        publisher.write("b\n");
        CHECK(publisher.read_line() == "0");
        CHECK(publisher.wait().code == 0);
    }
}

TEST_CASE("broker login: a refused login on a new connection is tried once more with a newer password") {
    const RedisServer server = locked();
    const TemporaryDirectory directory;
    const std::string count = directory.file("count", "");
    // The first two runs print the old password, the third one the new password.
    const std::string script = directory.file(
        "script", "echo x >> " + count + "; [ $(wc -l < " + count + ") -gt 2 ] && echo two || echo one\n");
    Process publisher(hail_command(
        {"publish", server.address(), "c", "--receivers", "--password-command", "sh " + script}));
    change_password(server, publisher);
    publisher.write("b\n");
    CHECK(publisher.read_line() == "0");
    CHECK(publisher.wait().code == 0);
    CHECK(read_file(count) == "x\nx\nx\n");
}

TEST_CASE("broker login: a login that stays refused ends the run, and the message was not sent") {
    const RedisServer server = locked();
    const TemporaryDirectory directory;
    const std::string file = directory.file("password", "one\n");
    Process publisher(
        hail_command({"publish", server.address(), "c", "--receivers", "--password-file", file}));
    change_password(server, publisher);
    publisher.write("b\n");
    const Outcome end = publisher.wait();
    CHECK(end.code == 1);
    CHECK(mentions(end.err, "WRONGPASS"));
    CHECK_FALSE(mentions(end.err, "one"));
}
