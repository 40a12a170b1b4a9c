#include "lib/amqp/table.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "lib/base/error.h"
#include "tests/support/amqp_frames.h"

using namespace hail;
namespace peer = hail::support::amqp;

namespace {

std::string shown(std::span<const amqp::TableField> fields) {
    std::string text;
    for (const amqp::TableField& field : fields) {
        text += std::string(field.name) + (field.is_json ? ":=" : ":") + std::string(field.value) + "\n";
    }
    return text;
}

std::string read_headers(const std::string& table) {
    amqp::Properties properties;
    const std::string bytes = peer::headers(table);
    properties.read(bytes);
    return shown(properties.headers());
}

std::string value(char kind, const std::string& bytes) {
    return peer::short_text("n") + kind + bytes;
}

// The headers as they are read after they were written.
std::string round_trip(const std::string& json) {
    const std::vector<amqp::TableField> headers{{"h", json, true}};
    amqp::Properties properties;
    const std::string bytes = amqp::properties_text({}, headers);
    properties.read(bytes);
    return shown(properties.headers());
}

std::string nested(char kind, std::size_t depth) {
    std::string inner = kind == 'F' ? value('V', "") : "V";
    for (std::size_t i = 0; i < depth; ++i) {
        inner =
            kind == 'F' ? peer::short_text("") + "F" + peer::long_text(inner) : "A" + peer::long_text(inner);
    }
    return kind == 'F' ? inner : peer::short_text("n") + inner;
}

std::string fault_of(const std::string& properties_bytes) {
    try {
        amqp::Properties properties;
        properties.read(properties_bytes);
    } catch (const base::Error& error) {
        CHECK(error.exit() == base::Exit::bad_reply);
        return error.what();
    }
    return "";
}

}  // namespace

TEST_CASE("amqp tables: every type has its JSON") {
    CHECK(read_headers(value('t', peer::u8(1))) == "n:=true\n");
    CHECK(read_headers(value('b', peer::u8(0x80))) == "n:=-128\n");
    CHECK(read_headers(value('B', peer::u8(0x80))) == "n:=128\n");
    CHECK(read_headers(value('s', peer::u16(0xFFFF))) == "n:=-1\n");
    CHECK(read_headers(value('u', peer::u16(0xFFFF))) == "n:=65535\n");
    CHECK(read_headers(value('I', peer::u32(0xFFFFFFFF))) == "n:=-1\n");
    CHECK(read_headers(value('i', peer::u32(0xFFFFFFFF))) == "n:=4294967295\n");
    CHECK(read_headers(value('l', peer::u64(1ULL << 63U))) == "n:=-9223372036854775808\n");
    CHECK(read_headers(value('L', peer::u64(~0ULL))) == "n:=18446744073709551615\n");
    CHECK(read_headers(value('f', peer::u32(0x3DCCCCCD))) == "n:=0.1\n");
    CHECK(read_headers(value('d', peer::u64(0x4008000000000000))) == "n:=3.0\n");
    CHECK(read_headers(value('d', peer::u64(0x7FF8000000000000))) == "n:={\"float\":\"nan\"}\n");
    CHECK(read_headers(value('d', peer::u64(0xFFF0000000000000))) == "n:={\"float\":\"-inf\"}\n");
    CHECK(read_headers(value('D', peer::u8(2) + peer::u32(125))) == "n:={\"decimal\":\"1.25\"}\n");
    CHECK(read_headers(value('D', peer::u8(3) + peer::u32(5))) == "n:={\"decimal\":\"0.005\"}\n");
    CHECK(read_headers(value('S', peer::long_text("a\"b"))) == "n:a\"b\n");
    CHECK(read_headers(value('x', peer::long_text("\1\2"))) == "n:={\"base64\":\"AQI=\"}\n");
    CHECK(read_headers(value('T', peer::u64(1'767'323'045))) == "n:={\"timestamp\":1767323045}\n");
    CHECK(read_headers(value('V', "")) == "n:=null\n");
    CHECK(read_headers(value('A', peer::long_text("V"
                                                  "S" +
                                                  peer::long_text("\xFF")))) ==
          "n:=[null,{\"base64\":\"/w==\"}]\n");
    CHECK(read_headers(value('F', peer::long_text(value('t', peer::u8(0)) + value('V', "")))) ==
          "n:={\"n\":false,\"n\":null}\n");
}

TEST_CASE("amqp tables: JSON values are the same after they were written and read again") {
    for (const std::string json :
         {"true", "null", "-1", "2147483648", "9223372036854775807", "0.1", "3.0", "1e+30", "[]", "{}",
          R"([1,[2.5,"x"],{"a":{"b":null}}])", R"({"timestamp":12})", R"({"decimal":"0.005"})",
          R"({"base64":"AQI="})", R"({"a":1,"a":2})", R"({"timestamp":12,"more":1})", R"({"decimal":"x"})"}) {
        CHECK(round_trip(json) == "h:=" + json + "\n");
    }
    CHECK(round_trip("\"text\"") == "h:text\n");
    CHECK(round_trip(" [ 1 , 2 ] ") == "h:=[1,2]\n");
}

TEST_CASE("amqp tables: properties come in the order of the protocol, with the types that they have") {
    const std::vector<amqp::TableField> given{
        {"app_id", "hail", false},      {"priority", "9", true},   {"delivery_mode", "2", false},
        {"content_type", "a/b", false}, {"timestamp", "7", true},  {"expiration", "1500", false},
        {"reply_to", "\xFF", false},    {"message_id", "", false}, {"correlation_id", "c", false}};
    const std::vector<amqp::TableField> headers{{"x", "1", false}, {"x", "1", true}};
    amqp::Properties properties;
    const std::string bytes = amqp::properties_text(given, headers);
    properties.read(bytes);
    CHECK(
        shown(properties.properties()) ==
        "content_type:a/b\ndelivery_mode:=2\npriority:=9\ncorrelation_id:c\nreply_to:\xFF\nexpiration:1500\n"
        "message_id:\ntimestamp:=7\napp_id:hail\n");
    CHECK(shown(properties.headers()) == "x:1\nx:=1\n");
    CHECK(properties.property("correlation_id") == "c");
    CHECK_FALSE(properties.property("type"));
}

TEST_CASE("amqp tables: wrong properties and headers are refused with their names") {
    const auto fault = [](amqp::TableField property, amqp::TableField header = {"ok", "", false}) {
        try {
            amqp::properties_text({&property, 1}, {&header, 1});
        } catch (const base::Error& error) {
            CHECK(error.exit() == base::Exit::usage);
            return std::string(error.what());
        }
        return std::string();
    };
    CHECK(fault({"colour", "red", false}) == "property colour: there is no such property");
    CHECK(fault({"priority", "256", true}) == "property priority: '256' is not a number from 0 to 255");
    CHECK(fault({"delivery_mode", "3", true}) == "property delivery_mode: '3' is not a number from 1 to 2");
    CHECK(fault({"expiration", "5s", false}) == "property expiration: '5s' is not a number of milliseconds");
    CHECK(fault({"timestamp", "now", false}) == "property timestamp: 'now' is not a number of seconds");
    CHECK(fault({"type", std::string(256, 't'), false}) == "property type: it is longer than 255 bytes");
    CHECK(fault({"type", std::string(255, 't'), false}).empty());
    const amqp::TableField good{"type", "t", false};
    CHECK(fault(good, {std::string(256, 'n'), "", false}).find("longer than 255 bytes") != std::string::npos);
    CHECK(fault(good, {"h", "{", true}).find("header 'h' is not JSON") == 0);
    CHECK(fault(good, {"h", "1e400", true}) == "header 'h' has the number 1e400, which does not fit");
    const std::string deep = std::string(200, '[') + std::string(200, ']');
    CHECK(fault(good, {"h", deep, true}) == "header 'h' is nested too deeply");
    CHECK(fault(good, {"h", R"([{"float":"nan"}])", true}) == "header 'h' is not a finite number");
    CHECK(fault(good, {"CC", "key", false}) == "header 'CC' is not a list of routing keys");
    CHECK(fault(good, {"BCC", "null", true}) == "header 'BCC' is not a list of routing keys");
    CHECK(fault(good, {"CC", R"(["key"])", true}).empty());
    const std::string large(200'000, 'x');
    CHECK(fault(good, {"h", large, false}).find("larger than 128 KiB") != std::string::npos);
}

TEST_CASE("amqp tables: a typed value that misses its type is refused, and a captured one is a table") {
    for (const char* json : {R"({"decimal":"-1.25"})", R"({"decimal":1.25})", R"([{"base64":"!"}])",
                             R"({"timestamp":-1})", R"({"timestamp":"5"})"}) {
        CAPTURE(json);
        const amqp::TableField header{"h", json, true};
        CHECK_THROWS_AS(amqp::check_typed({&header, 1}), base::Error);
        CHECK_NOTHROW(amqp::properties_text({}, {&header, 1}));
    }
    for (const char* json :
         {R"({"decimal":"1.25"})", R"({"base64":""})", R"({"timestamp":5,"base64":"!"})"}) {
        const amqp::TableField header{"h", json, true};
        CHECK_NOTHROW(amqp::check_typed({&header, 1}));
    }
}

TEST_CASE("amqp tables: deep nesting is refused before it is decoded") {
    CHECK(read_headers(nested('F', 100)).size() > 100);
    CHECK(read_headers(nested('A', 100)).size() > 100);
    for (const char kind : {'F', 'A'}) {
        CHECK(fault_of(peer::headers(nested(kind, 200))) ==
              "the broker sent a message with headers that are nested too deeply");
        CHECK(fault_of(peer::headers(nested(kind, 10'000))) ==
              "the broker sent a message with headers that are nested too deeply");
    }
}

TEST_CASE("amqp tables: bytes that do not fit are refused, whatever they are") {
    CHECK(fault_of(peer::headers(value('q', ""))).find("an unknown type") != std::string::npos);
    CHECK(fault_of("").find("cut short") != std::string::npos);
    CHECK(fault_of(std::string("\xFF\xFF\xFF\xFF", 4)).find("cut short") != std::string::npos);
    const std::vector<amqp::TableField> headers{{"a", R"({"b":[1,"x",{"timestamp":1}]})", true}};
    const std::vector<amqp::TableField> given{{"content_type", "text/plain", false},
                                              {"user_id", "me", false}};
    const std::string bytes = amqp::properties_text(given, headers);
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        CHECK(fault_of(bytes.substr(0, size)) != "");
    }
}
