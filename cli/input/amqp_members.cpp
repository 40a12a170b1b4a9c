#include "cli/input/amqp_members.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <optional>

#include "lib/amqp/table.h"
#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/json/scan.h"
#include "lib/json/string.h"

namespace hail::cli::input {

namespace {

using pubsub::Field;

// The others are texts of at most 255 bytes.
struct NumberProperty {
    std::string_view name;
    std::uint64_t least = 0;
    std::uint64_t most = 0;
};
constexpr std::array<NumberProperty, 3> number_properties{
    {{"delivery_mode", 1, 2},
     {"priority", 0, 255},
     {"timestamp", 0, std::numeric_limits<std::uint64_t>::max()}}};
constexpr std::string_view encoded_suffix = "_base64";
constexpr std::size_t most_text = 255;

[[noreturn]] void reject_member(const std::string& place, const std::string& why) {
    throw base::Error(base::Exit::bad_input, place + ": " + why,
                      "write properties as subscribe --json prints them");
}

std::string shown_name(std::string_view name) {
    return "'" + base::one_line(name, 40) + "'";
}

bool is_number_of(const NumberProperty& property, std::string_view value) {
    const auto number = base::parse_number(value);
    return number && *number >= property.least && *number <= property.most;
}

}  // namespace

void AmqpMembers::parse(std::string_view object, const std::string& place) {
    texts_.clear();
    properties_.clear();
    headers_.clear();
    const auto properties = json::member(object, "properties");
    if (!properties || json::kind(*properties) == json::Kind::null) {
        return;
    }
    if (json::kind(*properties) != json::Kind::object) {
        reject_member(place, "'properties' is not an object");
    }
    for (json::Members members(*properties); members.next();) {
        if (json::kind(members.value()) == json::Kind::null) {
            continue;
        }
        if (members.key_is("headers")) {
            add_headers(members.value(), place);
        } else if (members.key_is("headers_base64")) {
            add_encoded_headers(members.value(), place);
        } else {
            add_property(json::unquote(members.key()), members.value(), place);
        }
    }
}

void AmqpMembers::add_property(std::string name, std::string_view value, const std::string& place) {
    const std::string typed = name;
    const bool encoded = name.ends_with(encoded_suffix);
    if (encoded) {
        name.resize(name.size() - encoded_suffix.size());
    }
    const auto* const known = std::find(amqp::property_names.begin(), amqp::property_names.end(), name);
    const auto* const number =
        std::find_if(number_properties.begin(), number_properties.end(),
                     [&](const NumberProperty& property) { return property.name == name; });
    const bool is_number = number != number_properties.end();
    if (known == amqp::property_names.end() || (encoded && is_number)) {
        reject_member(place, "RabbitMQ has no property " + shown_name(typed));
    }
    if (is_number) {
        if (!is_number_of(*number, value)) {
            reject_member(place, "the property " + shown_name(typed) + " is not a whole number from " +
                                     std::to_string(number->least) + " to " + std::to_string(number->most));
        }
        properties_.push_back({.name = *known, .value = value, .kind = Field::Kind::json});
        return;
    }
    if (json::kind(value) != json::Kind::string) {
        reject_member(place, "the property " + shown_name(typed) + " is not a string");
    }
    std::optional<std::string> text = json::unquote(value);
    if (encoded) {
        text = base::base64_decode(*text);
    }
    if (!text) {
        reject_member(place, "the property " + shown_name(typed) + " is not base64");
    }
    if (text->size() > most_text) {
        reject_member(place, "the property " + shown_name(typed) + " has more than 255 bytes");
    }
    properties_.push_back({.name = *known, .value = keep(std::move(*text))});
}

void AmqpMembers::add_headers(std::string_view object, const std::string& place) {
    if (json::kind(object) != json::Kind::object) {
        reject_member(place, "'headers' is not an object");
    }
    for (json::Members members(object); members.next();) {
        const std::string_view name = keep(json::unquote(members.key()));
        if (name.size() > most_text) {
            reject_member(place, "the name of the header " + shown_name(name) + " has more than 255 bytes");
        }
        headers_.push_back({.name = name, .value = members.value(), .kind = Field::Kind::json});
    }
}

void AmqpMembers::add_encoded_headers(std::string_view array, const std::string& place) {
    if (json::kind(array) != json::Kind::array) {
        reject_member(place, "'headers_base64' is not an array");
    }
    json::Elements elements(array);
    while (elements.next()) {
        auto name = json::kind(elements.value()) == json::Kind::string
                        ? base::base64_decode(json::unquote(elements.value()))
                        : std::nullopt;
        if (!name || name->size() > most_text || !elements.next()) {
            reject_member(place, "'headers_base64' does not have names in base64 and values by turns");
        }
        headers_.push_back(
            {.name = keep(std::move(*name)), .value = elements.value(), .kind = Field::Kind::json});
    }
}

}  // namespace hail::cli::input
