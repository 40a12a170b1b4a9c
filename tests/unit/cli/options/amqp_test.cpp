#include <doctest/doctest.h>

#include <string>

#include "cli/options/amqp.h"
#include "lib/base/error.h"

using namespace hail;
using cli::options::parse_header;

TEST_CASE("rabbitmq options: a header is a text, or JSON after :=") {
    const auto text = parse_header("-H", "x-run: 7 ");
    CHECK(text.name == "x-run");
    CHECK(text.value == "7");
    CHECK(text.kind == pubsub::Field::Kind::bytes);
    const auto number = parse_header("-H", "x-run:=[1.10,{\"a\":null}]");
    CHECK(number.value == "[1.10,{\"a\":null}]");
    CHECK(number.kind == pubsub::Field::Kind::json);
    CHECK(parse_header("-H", R"(a\:b:c:d)").name == "a:b");
    CHECK(parse_header("-H", R"(a\:b:c:d)").value == "c:d");
    CHECK(parse_header("-H", R"(a\b:)").name == R"(a\b)");
    CHECK(parse_header("-H", "empty:").value.empty());
    CHECK(parse_header("-H", std::string(255, 'n') + ":v").name.size() == 255);
}

TEST_CASE("rabbitmq options: a header without a name, a colon or valid JSON is refused") {
    for (const std::string& wrong :
         {std::string(""), std::string("name"), std::string(":value"), std::string(":=1"), std::string("n:="),
          std::string("n:=tomorrow"), std::string("n:={"), std::string(R"(a\:b)"),
          std::string(256, 'n') + ":v"}) {
        CAPTURE(wrong);
        CHECK_THROWS_AS(parse_header("-H", wrong), base::Error);
    }
    CHECK_THROWS_WITH_AS(parse_header("-H", "n:=tomorrow"),
                         "option -H: 'n:=tomorrow' is not JSON at column 4: expected a value", base::Error);
}

TEST_CASE("rabbitmq options: properties are named as subscribe names them") {
    cli::options::AmqpWriting options;
    options.content_type = "text/plain";
    options.priority = 9;
    options.expiration = base::Milliseconds(1'500);
    options.timestamp = "1767323045";
    options.message_id = "m-1";
    const pubsub::AmqpPublishing plan = options.plan();
    std::string text;
    for (const pubsub::OwnedField& property : plan.properties) {
        const bool json = property.kind == pubsub::Field::Kind::json;
        text += property.name + (json ? "=" : ":") + property.value + " ";
    }
    CHECK(text == "content_type:text/plain message_id:m-1 priority=9 expiration:1500 timestamp=1767323045 ");
    CHECK_FALSE(plan.declare);
    CHECK_FALSE(plan.timestamp_now);
    options.timestamp = "now";
    options.message_id = "auto";
    CHECK(options.plan().timestamp_now);
    CHECK(options.plan().message_ids == pubsub::AmqpPublishing::MessageIds::automatic);
}

TEST_CASE("rabbitmq options: values that the protocol cannot carry are refused") {
    cli::options::AmqpWriting options;
    options.type = std::string(255, 't');
    CHECK_NOTHROW(options.plan());
    options.type = std::string(256, 't');
    CHECK_THROWS_WITH_AS(options.plan(), "option --type: the value has 256 bytes", base::Error);
    options.type.reset();
    for (const char* wrong : {"yesterday", "-1", "1.5", ""}) {
        options.timestamp = wrong;
        CHECK_THROWS_AS(options.plan(), base::Error);
    }
}

TEST_CASE("rabbitmq options: programs are given as many messages as run at once") {
    cli::options::AmqpReading options;
    CHECK(options.plan(0).prefetch == 1'000);
    CHECK(options.plan(1).prefetch == 1);
    CHECK(options.plan(4).prefetch == 4);
    options.prefetch = 0;
    CHECK(options.plan(4).prefetch == 0);
}

TEST_CASE("rabbitmq options: the queue of --queue-name expires an hour after its last reader") {
    cli::options::AmqpReading options;
    options.queue_name = "tap";
    CHECK(options.plan(0).bound.expires == base::Milliseconds(3'600'000));
    options.expires = base::Milliseconds(5'000);
    CHECK(options.plan(0).bound.expires == base::Milliseconds(5'000));
    options.expires.reset();
    options.link.arguments = {"x-expires:=5000"};
    CHECK_FALSE(options.plan(0).bound.expires);
    CHECK_FALSE(options.plan(0).declare);
    options.link.declare = true;
    CHECK(options.plan(0).declare);
}
