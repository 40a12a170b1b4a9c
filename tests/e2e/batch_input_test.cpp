#include <doctest/doctest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "tests/support/directory.h"
#include "tests/support/peer.h"
#include "tests/support/process.h"

using namespace hail::support;

namespace {

using Words = std::vector<std::string>;

Outcome batch(const std::string& address, const std::string& input, const Words& more = {}) {
    Words arguments{"batch", address};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return hail::support::hail(arguments, input);
}

// The bodies that would be sent.
std::string planned(const std::string& input, Words more = {}) {
    more.emplace_back("--dry-run");
    const Outcome outcome = batch("127.0.0.1:1", input, more);
    std::string bodies;
    for (std::size_t at = 0; at < outcome.out.size(); at = outcome.out.find('\n', at) + 1) {
        const bool body = outcome.out[at] == '[' || outcome.out[at] == '{';
        bodies += body ? outcome.out.substr(at, outcome.out.find('\n', at) + 1 - at) : "";
    }
    return bodies;
}

std::string call(int id, const std::string& method, const std::string& params) {
    return R"({"jsonrpc":"2.0","id":)" + std::to_string(id) + R"(,"method":")" + method + R"(","params":)" +
           params + "}";
}

std::string ok(int id) {
    return R"({"jsonrpc":"2.0","id":)" + std::to_string(id) + R"(,"result":true})";
}

const std::string mark = "\xEF\xBB\xBF";

}  // namespace

TEST_CASE("batch input: every form gives the same calls, after a byte order mark, too") {
    const std::string one = call(1, "add", "[1,2]");
    const std::string two = call(2, "add", "[3,\"x\"]");
    const std::string expected = "[" + one + "," + two + "]\n";
    struct Case {
        std::string input;
        Words options;
    };
    const std::vector<Case> cases{
        {one + "\n" + two + "\n", {}},
        {one + two, {}},
        {" \r\n\n [" + one + " ,\n" + two + "]", {}},
        {"add 1 2\r\n\nadd 3 x\n", {}},
        {"\n\n[1,2]\n[3,\"x\"]\n", {"--method", "add"}},
        {"1 2\n3 x\n", {"--method", "add"}},
        {"a,b\n1,2\n3,\"\"\"x\"\"\"\n",
         {"--csv", "-", "--method", "add", "--params", R"(["{a:json}","{b:json}"])"}},
    };
    for (const Case& form : cases) {
        CAPTURE(form.input);
        CHECK(planned(form.input, form.options) == expected);
        CHECK(planned(mark + form.input, form.options) == expected);
    }
}

TEST_CASE("batch input: bad records are named with file, line and column, and the others are sent") {
    const TemporaryDirectory directory;
    const std::string file = directory.file("calls.ndjson",
                                            "\n{\"method\":\"a\",\"id\":1}\n"
                                            "  {\"id\":2}\n"
                                            "[3]\n"
                                            "{\"method\" \"b\",\"id\":4}\n"
                                            "{\"method\":\"a\",\"id\":5}\n");
    Peer peer({{read_request(), reply("[" + ok(1) + "," + ok(2) + "]")}});
    const Outcome outcome = batch(peer.address(), "", {file});
    const auto bad = [&file](const std::string& i, const std::string& what) {
        return "{\"i\":" + i + ",\"outcome\":\"not-sent\",\"why\":\"'" + file + "', " + what + "\"}\n";
    };
    CHECK(outcome.out == "{\"i\":0,\"id\":1,\"result\":true}\n" +
                             bad("1", "line 3, column 3: it has no member \\\"method\\\"") +
                             bad("2", "line 4, column 1: a request must be an object, not an array") +
                             bad("3", "line 5, column 11: expected ':'") +
                             "{\"i\":4,\"id\":5,\"result\":true}\n");
    CHECK(outcome.err.find("hail: bad record: '" + file + "', line 5, column 11: expected ':'\n") !=
          std::string::npos);
    CHECK(outcome.err.ends_with("hail: 5 calls: 2 ok, 3 not sent, 3 of them bad records; 1 POST\n"));
    CHECK(outcome.code == 65);
}

TEST_CASE("batch input: lines that are skipped after a fault are a bad record, too") {
    const Outcome outcome = batch(
        "127.0.0.1:1", "{\"method\" \"a\"}\n  {\"method\":\"b\"}\n7\n{\"method\":\"c\"}\n", {"--dry-run"});
    CHECK(outcome.err ==
          "hail: bad record: stdin, line 1, column 11: expected ':'\n"
          "hail: bad record: stdin, line 2, column 1: the lines up to 3 are skipped: after a fault, reading "
          "resumes at a line that begins with '{'\n");
    CHECK(outcome.out.ends_with("{\"jsonrpc\":\"2.0\",\"method\":\"c\"}\n"));
    CHECK(outcome.code == 65);
}

TEST_CASE("batch input: bad records outrank an error of the service, and not an unknown outcome") {
    const std::string input = "{\"method\":\"a\",\"id\":1}\n{}\n";
    const std::string error = R"({"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"x"}})";
    Peer peer({{read_request(), reply(error)}, {read_request(), reply("<html>")}});
    CHECK(batch(peer.address(), input).code == 65);
    CHECK(batch(peer.address(), input).code != 65);
}

TEST_CASE("batch input: after a fault in an array, the rest of that file is not read, but other files are") {
    const TemporaryDirectory directory;
    const std::string broken = directory.file(
        "broken.json", "[{\"method\":\"a\",\"id\":1},\n{\"method\":oops},{\"method\":\"a\",\"id\":3}]\n");
    const std::string whole = directory.file("whole.json", "[{\"method\":\"a\",\"id\":4}]");
    Peer peer({{read_request(), reply("[" + ok(1) + "," + ok(2) + "]")}});
    const Outcome outcome = batch(peer.address(), "", {broken, whole});
    CHECK(outcome.out ==
          "{\"i\":0,\"id\":1,\"result\":true}\n{\"i\":1,\"outcome\":\"not-sent\",\"why\":\"'" + broken +
              "', line 2, column 11: expected a value; the rest of the array cannot be read\"}\n"
              "{\"i\":2,\"id\":4,\"result\":true}\n");
    CHECK(outcome.err.find("hail: the rest of '" + broken + "' was not read\n") != std::string::npos);
    CHECK(outcome.code == 65);
}

TEST_CASE("batch input: a line that begins like JSON or a comment is not a method") {
    for (const auto* line : {"# a comment", "{\"method\":\"echo\",\"id\":1}", "[1]", "\"echo\""}) {
        CAPTURE(line);
        const Outcome outcome = batch("127.0.0.1:1", "# first\n" + std::string(line) + "\n");
        CHECK(outcome.err.find(std::string("stdin, line 2, column 1: a method cannot begin with '") + *line +
                               "'; --from json reads the input as JSON\n") != std::string::npos);
        CHECK(outcome.code == 65);
    }
    CHECK(planned("\"a\" {\"b\":1}\n", {"--method", "m"}) == call(1, "m", R"(["a",{"b":1}])") + "\n");
}

TEST_CASE("batch input: ids come back byte for byte, whatever they are, and also twice the same") {
    const std::vector<std::string> ids{
        "1.50", "\"\\u0041\"", "null", "1e3", "7", "7", "123456789012345678901234567890"};
    std::string input;
    std::string replies;
    std::string expected;
    for (std::size_t i = 0; i < ids.size(); ++i) {
        input += "{\"id\": " + ids[i] + " ,\"method\":\"m\"}\n";
        replies += (i == 0 ? "[" : ",") + ok(static_cast<int>(i) + 1);
        expected += "{\"i\":" + std::to_string(i) + ",\"id\":" + ids[i] + ",\"result\":true}\n";
    }
    Peer peer({{read_request(), reply(replies + "]")}});
    CHECK(batch(peer.address(), input).out == expected);
}

TEST_CASE("batch input: calls without an id are counted, and --add-ids gives them one") {
    const std::string input = "{\"method\":\"a\"}\n{\"id\":\"x\",\"method\":\"b\"}\n{ \"method\":\"c\"}\n";
    Peer peer({{read_request(), reply("[" + ok(1) + "]")},
               {read_request(), reply("[" + ok(1) + "," + ok(2) + "," + ok(3) + "]")}});
    const Outcome without = batch(peer.address(), input);
    CHECK(without.out == "{\"i\":1,\"id\":\"x\",\"result\":true}\n");
    CHECK(without.err ==
          "hail: 3 calls: 3 ok; 1 POST; 2 notifications, which get no reply; --add-ids asks for replies\n");
    const Outcome with = batch(peer.address(), input, {"--add-ids"});
    CHECK(with.out ==
          "{\"i\":0,\"id\":0,\"result\":true}\n{\"i\":1,\"id\":\"x\",\"result\":true}\n"
          "{\"i\":2,\"id\":2,\"result\":true}\n");
    CHECK(with.err == "hail: 3 calls: 3 ok; 1 POST\n");
    CHECK(peer.finish().at(1).body ==
          R"([{"jsonrpc":"2.0","id":1,"method":"a"},{"jsonrpc":"2.0","id":2,"method":"b"},)"
          R"({"jsonrpc":"2.0","id":3, "method":"c"}])");
}

TEST_CASE("batch input: --strict-input sends nothing if any record is bad, from a file or a pipe") {
    const TemporaryDirectory directory;
    const std::string input = "{\"method\":\"a\",\"id\":1}\n{\"id\":2}\n";
    const std::string file = directory.file("calls", input);
    for (const Outcome& outcome :
         {batch("127.0.0.1:1", "", {file, "--strict-input"}), batch("127.0.0.1:1", input, {"--strict-input"}),
          batch("127.0.0.1:1", input, {"--strict-input", "--dry-run"})}) {
        CHECK(outcome.out.empty());
        CHECK(outcome.err.find("line 2, column 1: it has no member \"method\"\n") != std::string::npos);
        CHECK(outcome.err.ends_with(
            "hail: checking the input: 1 record is not valid\n      nothing was sent\n"));
        CHECK(outcome.code == 65);
    }
}

TEST_CASE("batch input: --strict-input sends a good input once, from a file, a pipe and a redirected file") {
    const TemporaryDirectory directory;
    const std::string input = "{\"method\":\"a\",\"id\":1}\n{\"method\":\"a\",\"id\":2}\n";
    const std::string file = directory.file("calls", input);
    const std::string expected =
        R"([{"jsonrpc":"2.0","method":"a","id":1},{"jsonrpc":"2.0","method":"a","id":2}])"
        "\n";
    CHECK(planned("", {file, "--strict-input"}) == expected);
    CHECK(planned(input, {"--strict-input"}) == expected);
    CHECK(planned(input, {"-", file, "--strict-input", "--chunk", "2"}) ==
          expected + R"([{"jsonrpc":"2.0","method":"a","id":3},{"jsonrpc":"2.0","method":"a","id":4}])"
                     "\n");
    Command command = hail_command({"batch", "127.0.0.1:1", "--strict-input", "--dry-run"});
    command.input_file = file;
    CHECK(run(command).out.ends_with(expected));
}

TEST_CASE("batch input: --strict-input leaves no file, and says why it cannot copy a pipe") {
    const TemporaryDirectory directory;
    Command command = hail_command({"batch", "127.0.0.1:1", "--strict-input", "--dry-run"});
    command.input = "{\"method\":\"a\",\"id\":1}\n";
    command.environment = {{"TMPDIR", directory.path()}};
    CHECK(run(command).code == 0);
    CHECK(std::filesystem::is_empty(directory.path()));
    command.environment = {{"TMPDIR", "/proc"}};
    const Outcome outcome = run(command);
    CHECK(outcome.err.find("copying stdin to a temporary file: ") != std::string::npos);
    CHECK(outcome.code == 74);
}

TEST_CASE("batch input: a table fills in the params by the names of its columns") {
    const TemporaryDirectory directory;
    const std::string file = directory.file(
        "users.csv", mark + "id,address,n\r\n1,\"0xAB, \"\"q\"\"\",5\r\n2,\"two\nlines\",null\r\n");
    CHECK(planned("", {"--csv", file, "--method", "m", "--params",
                       R"(["{address}","{n:json}",{"k":"{{}}{id}"}])"}) ==
          "[" + call(1, "m", R"(["0xAB, \"q\"",5,{"k":"{}1"}])") + "," +
              call(2, "m", R"(["two\nlines",null,{"k":"{}2"}])") + "]\n");
}

TEST_CASE("batch input: a bad record of a table is named, and the others are sent") {
    const Outcome outcome =
        batch("127.0.0.1:1", "a,n\n1,2\n3\n4,x\n5\"\n6,7\n",
              {"--csv", "-", "--method", "m", "--params", R"(["{a}","{n:json}"])", "--dry-run"});
    CHECK(outcome.out.ends_with("[" + call(1, "m", R"(["1",2])") + "," + call(2, "m", R"(["6",7])") + "]\n"));
    CHECK(outcome.err ==
          "hail: bad record: stdin, line 3, column 1: the record has 1 fields, but the table has 2 columns\n"
          "hail: bad record: stdin, line 4, column 1: column 'n' is not JSON: 'x'; {n} passes it as text\n"
          "hail: bad record: stdin, line 5, column 2: a quote inside a field that does not begin with one\n");
    CHECK(outcome.code == 65);
}

TEST_CASE("batch input: a table without a column that is needed is refused before anything is sent") {
    const Words options{"--csv", "-", "--method", "m", "--params", R"(["{adress}"])"};
    const Outcome outcome = batch("127.0.0.1:1", "id,address\n1,2\n", options);
    CHECK(outcome.err ==
          "hail: reading stdin, line 1, column 1: the table has no column 'adress'; its columns are id, "
          "address\n"
          "      nothing was sent\n");
    CHECK(outcome.code == 65);
    CHECK(batch("127.0.0.1:1", "", options).code == 65);
    CHECK(batch("127.0.0.1:1", "\"id\n", options).code == 65);
}

TEST_CASE("batch input: options that do not go together are refused") {
    for (const Words& options :
         {Words{"--params", "[1]"}, Words{"--csv", "-"}, Words{"--csv", "-", "--method", "m"},
          Words{"--csv", "-", "--params", "[\"{a}\"]"},
          Words{"--csv", "-", "--method", "m", "--params", "[\"{a}\"]", "/dev/null"},
          Words{"--csv", "-", "--method", "m", "--params", "[\"{a}\"]", "--from", "json"},
          Words{"--csv", "-", "--method", "m", "--params", "[1]"},
          Words{"--csv", "-", "--method", "m", "--params", "\"{a}\""},
          Words{"--csv", "-", "--method", "m", "--params", "@-"}}) {
        CAPTURE(options.back());
        CHECK(batch("127.0.0.1:1", "a\n1\n", options).code == 64);
    }
}
