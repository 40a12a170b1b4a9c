#include <algorithm>
#include <random>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include "lib/base/text.h"

#include "tests/e2e/rabbit/shared_rabbit.h"
#include "tests/support/chaos.h"

// What subscribe --json prints, publish --json publishes: a queue moves with all its properties.

using namespace hail::support;

namespace {

// Random lines for publish --json.
class Lines {
  public:
    explicit Lines(unsigned seed) : random_(seed) {}

    std::string next() {
        std::string line = "{\"payload_base64\":\"" + hail::base::base64(bytes(200)) + "\"";
        if (below(4) > 0) {
            line += ",\"properties\":{" + properties() + "}";
        }
        return line + "}\n";
    }

  private:
    using Members = std::vector<std::string>;

    std::size_t below(std::size_t end) {
        return std::uniform_int_distribution<std::size_t>(0, end - 1)(random_);
    }

    std::string bytes(std::size_t most) {
        std::string result(below(most + 1), '\0');
        for (char& c : result) {
            c = static_cast<char>(below(256));
        }
        return result;
    }

    std::string word() {
        static const std::vector<std::string> words{"",       "a",       "text/plain", "\xc3\xbc\xe2\x82\xac",
                                                    "a\\\"b", "\\u0000", "\\n",        std::string(255, 'w')};
        return words[below(words.size())];
    }

    std::string value(int depth) {
        static const std::vector<std::string> fixed{"true",
                                                    "false",
                                                    "null",
                                                    "0",
                                                    "-1",
                                                    "2147483647",
                                                    "2147483648",
                                                    "-9223372036854775808",
                                                    "9223372036854775807",
                                                    "0.5",
                                                    "-1e+300",
                                                    "{\"timestamp\":1767323045}",
                                                    "{\"decimal\":\"1.25\"}"};
        switch (below(depth > 2 ? 3 : 5)) {
            case 0:
                return fixed[below(fixed.size())];
            case 1:
                return "\"" + word() + "\"";
            case 2:
                return "{\"base64\":\"" + hail::base::base64(bytes(20)) + "\"}";
            case 3:
                return "[" + values(depth, "") + "]";
            default:
                return "{" + values(depth, "k") + "}";
        }
    }

    // With a name, members.
    std::string values(int depth, const std::string& name) {
        std::string result;
        const std::size_t count = below(4);
        for (std::size_t i = 0; i < count; ++i) {
            result += (i == 0 ? "" : ",") + (name.empty() ? "" : "\"" + name + std::to_string(i) + "\":") +
                      value(depth + 1);
        }
        return result;
    }

    std::string properties() {
        Members members;
        const auto text = [&](const char* name) {
            if (below(3) == 0) {
                members.push_back("\"" + std::string(name) + "\":\"" + word() + "\"");
            }
        };
        text("content_type");
        text("content_encoding");
        if (below(2) == 0) {
            members.push_back("\"headers\":{" + values(0, "x-") + "}");
        }
        if (below(3) == 0) {
            members.push_back("\"delivery_mode\":" + std::to_string(1 + below(2)));
        }
        if (below(3) == 0) {
            members.push_back("\"priority\":" + std::to_string(below(256)));
        }
        text("correlation_id");
        text("message_id");
        if (below(3) == 0) {
            members.push_back("\"timestamp\":" + std::to_string(below(1UL << 40U)));
        }
        text("type");
        text("app_id");
        return hail::base::join(members, ",");
    }

    std::mt19937 random_;
};

// Without what differs from delivery to delivery.
std::string comparable(const std::string& captured) {
    std::string text = std::regex_replace(captured, std::regex("\"time\":\"[^\"]*\","), "");
    return std::regex_replace(text, std::regex("\"redelivered\":true,"), "");
}

std::string capture(const RabbitServer& server, const std::string& queue, std::size_t count) {
    return rabbit_hail({"subscribe", server.address(), queue, "--json", "--count", std::to_string(count)})
        .out;
}

}  // namespace

TEST_CASE("rabbit replay: random properties, header types and bytes are the same after capture and replay") {
    const RabbitServer server;
    const std::size_t count = chaos::messages() / 5;
    Lines lines(20260102);
    std::string input;
    for (std::size_t i = 0; i < count; ++i) {
        input += lines.next();
    }
    const RabbitQueue queue(server, "replay");
    const Outcome sent = rabbit_hail({"publish", server.address(), queue, "--json"}, input);
    CHECK_MESSAGE(sent.code == 0, sent.err);
    const std::string first = capture(server, queue, count);
    const Outcome replayed = rabbit_hail({"publish", server.address(), "-", "--json"}, first);
    CHECK_MESSAGE(replayed.code == 0, replayed.err);
    const std::string second = capture(server, queue, count);
    CHECK(std::count(first.begin(), first.end(), '\n') == count);
    const bool equal = comparable(first) == comparable(second);
    CHECK(equal);
}

TEST_CASE("rabbit replay: the properties that were captured are those that were published") {
    const RabbitServer server;
    const RabbitQueue queue(server, "exact");
    // RabbitMQ 4 sorts the headers by their names.
    const std::string members =
        R"("properties":{"content_type":"a","content_encoding":"b","headers":{"at":{"timestamp":1767323045},)"
        R"("d":0.5,"l":9223372036854775807,"list":[1,"a",{"k":{}}],"money":{"decimal":"1.25"},)"
        R"("n":7,"none":null,"t":"x","x":{"base64":"/w=="},"yes":true},)"
        R"("delivery_mode":1,"priority":0,"correlation_id":"c","reply_to":"r","expiration":"3600000",)"
        R"("message_id":"m",)"
        R"("timestamp":1767323045,"type":"t","app_id":"h","cluster_id":"i"},"payload":"p")";
    CHECK(rabbit_hail({"publish", server.address(), queue, "--json"}, "{" + members + "}\n").code == 0);
    const std::string got = capture(server, queue, 1);
    CHECK_MESSAGE(mentions(got, members), got);
}

TEST_CASE("rabbit replay: a pipe of both commands moves a queue") {
    const RabbitServer server;
    const RabbitQueue from(server, "from");
    const RabbitQueue to(server, "to");
    CHECK(
        rabbit_hail({"publish", server.address(), from, "-H", "n:=7", "--priority", "3"}, "1\n2\n3\n").code ==
        0);
    const std::string script =
        "\"$0\" subscribe \"$1\" \"$2\" --json --count 3 | \"$0\" publish \"$1\" \"$3\" --json";
    const Command hail = hail_command({});
    const Outcome moved = run({.argv = {"sh", "-c", script, hail.argv.front(), server.address(), from, to},
                               .limit = hail::base::Milliseconds(120'000)});
    CHECK_MESSAGE(moved.code == 0, moved.err);
    CHECK(server.take(from, 5) == "[]");
    const std::string got = capture(server, to, 3);
    for (const char* payload : {"1", "2", "3"}) {
        CHECK_MESSAGE(mentions(got, R"("headers":{"n":7},"delivery_mode":2,"priority":3},"payload":")" +
                                        std::string(payload) + "\""),
                      got);
    }
}
