#include <doctest/doctest.h>

#include <span>
#include <string>
#include <vector>

#include "cli/input/amqp_members.h"
#include "cli/output/message.h"
#include "lib/base/error.h"
#include "lib/json/scan.h"

using namespace hail;
using pubsub::Field;

namespace {

// name=JSON or name:text, separated by spaces.
std::string shown(std::span<const Field> fields) {
    std::string text;
    for (const Field& field : fields) {
        text += std::string(field.name) + (field.kind == Field::Kind::json ? "=" : ":") +
                std::string(field.value) + " ";
    }
    return text;
}

std::string fault_of(const std::string& properties) {
    cli::input::AmqpMembers members;
    const std::string line = "{\"properties\":" + properties + "}";
    REQUIRE(json::is_json(line));
    try {
        members.parse(line, "input line 3");
    } catch (const base::Error& error) {
        CHECK(error.exit() == base::Exit::bad_input);
        return error.what();
    }
    return "accepted";
}

}  // namespace

TEST_CASE("rabbitmq members: properties and headers are read as subscribe prints them") {
    cli::input::AmqpMembers members;
    const std::string line =
        R"({"properties":{"content_type":"a\/b","headers":{"x\u002drun":"7","n":1.10,"n":{"base64":"/w=="}},)"
        R"("delivery_mode":2,"timestamp":18446744073709551615,"type_base64":"/w==","app_id":null}})";
    members.parse(line, "input line 1");
    CHECK(shown(members.properties()) ==
          "content_type:a/b delivery_mode=2 timestamp=18446744073709551615 type:\xff ");
    CHECK(shown(members.headers()) == "x-run=\"7\" n=1.10 n={\"base64\":\"/w==\"} ");
    members.parse("{}", "input line 2");
    CHECK(members.properties().empty());
    CHECK(members.headers().empty());
    members.parse(R"({"properties":{"headers_base64":["/g==","a"]}})", "input line 3");
    CHECK(shown(members.headers()) == "\xfe=\"a\" ");
}

TEST_CASE("rabbitmq members: a property that does not fit is refused with its line") {
    CHECK(fault_of("[]") == "input line 3: 'properties' is not an object");
    CHECK(fault_of(R"({"contentType":"x"})") == "input line 3: RabbitMQ has no property 'contentType'");
    CHECK(fault_of(R"({"priority_base64":"x"})") ==
          "input line 3: RabbitMQ has no property 'priority_base64'");
    for (const char* wrong : {"256", "-1", "1.0", "\"1\"", "true", "[]"}) {
        CAPTURE(wrong);
        CHECK(fault_of(R"({"priority":)" + std::string(wrong) + "}") ==
              "input line 3: the property 'priority' is not a whole number from 0 to 255");
    }
    CHECK(fault_of(R"({"delivery_mode":3})") ==
          "input line 3: the property 'delivery_mode' is not a whole number from 1 to 2");
    CHECK(fault_of(R"({"expiration":5000})") == "input line 3: the property 'expiration' is not a string");
    CHECK(fault_of(R"({"type_base64":"?"})") == "input line 3: the property 'type_base64' is not base64");
    CHECK(fault_of(R"({"type":")" + std::string(256, 't') + "\"}") ==
          "input line 3: the property 'type' has more than 255 bytes");
    CHECK(fault_of(R"({"headers":[]})") == "input line 3: 'headers' is not an object");
    for (const char* wrong : {"{}", "[\"/w==\"]", "[\"?\",1]", "[1,1]"}) {
        CAPTURE(wrong);
        CHECK(fault_of(R"({"headers_base64":)" + std::string(wrong) + "}").starts_with("input line 3: "));
    }
}

TEST_CASE("rabbitmq members: reading again what was printed gives the same message") {
    const std::vector<Field> headers{{"a b", "{\"timestamp\":1}", Field::Kind::json},
                                     {"", "\"\\u0000\"", Field::Kind::json}};
    const std::vector<Field> properties{
        {"content_encoding", "\xff"}, {"priority", "9", Field::Kind::json}, {"expiration", "1500"}};
    const pubsub::Message message{
        .channel = "q", .fields = headers, .properties = properties, .exchange = "", .routing_key = "q"};
    cli::output::MessageFormat format(cli::output::MessageForm::json, '\n');
    std::string line;
    format.append(line, message);
    cli::input::AmqpMembers members;
    members.parse(line, "input line 1");
    CHECK(shown(members.headers()) == shown(headers));
    CHECK(shown(members.properties()) == shown(properties));
}
