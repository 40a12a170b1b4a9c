#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "cli/output/amqp_message.h"
#include "cli/output/message.h"
#include "lib/json/scan.h"

using namespace hail;
using pubsub::Field;

namespace {

std::string json_of(const pubsub::Message& message) {
    cli::output::MessageFormat format(cli::output::MessageForm::json, '\n');
    std::string line;
    format.append(line, message);
    CHECK(json::is_json(line));
    return line.substr(line.find(",\"channel\"") + 1);  // without the time
}

const std::vector<Field> typed_headers{{"x-run", "7"},
                                       {"n", "7", Field::Kind::json},
                                       {"raw", "\xff"},
                                       {"n", "[1,{\"base64\":\"/w==\"}]", Field::Kind::json}};

}  // namespace

TEST_CASE("rabbitmq message: members come in the order of the manual, and only those that are set") {
    const std::vector<Field> properties{{"content_type", "text/plain"},
                                        {"delivery_mode", "2", Field::Kind::json},
                                        {"priority", "0", Field::Kind::json},
                                        {"app_id", "\xff"}};
    CHECK(json_of({.channel = "logs/app",
                   .payload = "hi",
                   .fields = typed_headers,
                   .properties = properties,
                   .exchange = "logs",
                   .routing_key = "app",
                   .queue = "tap",
                   .offset = 0,
                   .redelivered = true}) ==
          R"("channel":"logs/app","exchange":"logs","routing_key":"app","queue":"tap","redelivered":true,)"
          R"("offset":0,"properties":{"content_type":"text/plain","headers":{"x-run":"7","n":7,)"
          R"("raw":{"base64":"/w=="},"n":[1,{"base64":"/w=="}]},"delivery_mode":2,"priority":0,)"
          R"("app_id_base64":"/w=="},"payload":"hi"})"
          "\n");
    CHECK(json_of({.channel = "jobs", .payload = "", .exchange = "", .routing_key = "jobs"}) ==
          "\"channel\":\"jobs\",\"exchange\":\"\",\"routing_key\":\"jobs\",\"payload\":\"\"}\n");
}

TEST_CASE("rabbitmq message: headers stand alone, and their names may be any bytes") {
    const std::vector<Field> headers{{"\xfe", "a"}, {"n", "1.10", Field::Kind::json}};
    CHECK(json_of({.channel = "q", .fields = headers, .exchange = "", .routing_key = "q"}) ==
          R"("channel":"q","exchange":"","routing_key":"q",)"
          R"("properties":{"headers_base64":["/g==","a","bg==",1.10]},"payload":""})"
          "\n");
}

TEST_CASE("rabbitmq message: any bytes in every member are valid JSON") {
    for (int byte = 0; byte < 256; ++byte) {
        const std::string one(1, static_cast<char>(byte));
        const std::vector<Field> fields{{one, one}};
        const std::vector<Field> properties{{"type", one}};
        static_cast<void>(json_of({.channel = one,
                                   .payload = one,
                                   .fields = fields,
                                   .properties = properties,
                                   .exchange = one,
                                   .routing_key = one,
                                   .queue = one}));
    }
}

TEST_CASE("rabbitmq message: a template names its parts, headers and properties") {
    using cli::output::template_of;
    cli::output::MessageFormat format(
        cli::output::MessageForm::by_template, '\n',
        template_of("{exchange}|{routing_key}|{queue}|{redelivered}|{offset}|{header:x-run}|{header:n}|"
                    "{header:none}|{property:type}|{property:content_type}|{id}"));
    const std::vector<Field> properties{{"message_id", "m-1"}, {"type", "t:1"}};
    std::string out;
    format.append(out, {.channel = "e/k",
                        .payload = "p",
                        .fields = typed_headers,
                        .properties = properties,
                        .exchange = "e",
                        .routing_key = "k",
                        .redelivered = true});
    CHECK(out == "e|k||true||7|7||t:1||m-1\n");
    for (const char* wrong : {"{header}", "{header:}", "{property:", "{channel:x}", "{header:NAME", "{:}"}) {
        CAPTURE(wrong);
        CHECK_THROWS(template_of(wrong));
    }
}

TEST_CASE("rabbitmq message: properties are decoded only for a form that shows them") {
    using cli::output::MessageForm;
    using cli::output::MessageFormat;
    const auto by_template = [](const char* text) {
        return MessageFormat(MessageForm::by_template, '\n', cli::output::template_of(text));
    };
    CHECK(MessageFormat(MessageForm::json, '\n').shows_properties());
    CHECK_FALSE(MessageFormat(MessageForm::payload, '\n').shows_properties());
    CHECK_FALSE(by_template("{routing_key} {payload}").shows_properties());
    CHECK(by_template("{header:x}").shows_properties());
    CHECK(by_template("{id}").shows_properties());
}

TEST_CASE("rabbitmq message: the name of a variable has only safe characters") {
    using cli::output::variable_of;
    CHECK(variable_of("x-death") == "x_death");
    CHECK(variable_of("Trace_1") == "Trace_1");
    for (const char* unsafe : {"", "a=b", "a b", "a.b", "a\n", "\xc3\xa4"}) {
        CHECK_FALSE(variable_of(unsafe));
    }
}
