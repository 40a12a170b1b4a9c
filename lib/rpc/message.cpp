#include "lib/rpc/message.h"

#include <array>
#include <charconv>

#include "lib/json/scan.h"
#include "lib/json/string.h"
#include "lib/rpc/members.h"

namespace hail::rpc {

namespace {

constexpr std::string_view version_member = R"("jsonrpc":"2.0")";

void append_number(std::string& out, std::uint32_t number) {
    std::array<char, 12> digits{};
    const auto [end, problem] = std::to_chars(digits.data(), digits.data() + digits.size(), number);
    static_cast<void>(problem);  // 12 bytes hold every 32-bit number
    out.append(digits.data(), end);
}

bool may_be_id(std::string_view id) {
    return id.empty() || (id.front() != '[' && id.front() != '{' && id.front() != 't' && id.front() != 'f');
}

// The reason why these members are not a request; empty if they are one.
std::string_view problem_of(const MessageMembers& members) {
    if (members.id_twice) {
        return "it has two members named \"id\"";
    }
    if (members.twice) {
        return "it has the same member twice";
    }
    if (members.method.empty()) {
        return "it has no member \"method\"";
    }
    if (!is_string(members.method)) {
        return "its \"method\" is not a string";
    }
    if (!members.params.empty() && members.params.front() != '[' && members.params.front() != '{') {
        return "its \"params\" is neither an array nor an object; leave it out if there are no params";
    }
    if (!may_be_id(members.id)) {
        return "its \"id\" is not a number, a string or null";
    }
    return {};
}

}  // namespace

std::string write_request(const Call& call) {
    std::string text = "{";
    text += version_member;
    if (!call.id.empty()) {
        text += ",\"id\":";
        text += call.id;
    }
    text += ",\"method\":";
    json::append_quoted(text, call.method);
    if (!call.params.empty()) {
        text += ",\"params\":";
        text += call.params;
    }
    if (!call.members.empty()) {
        text += ',';
        text += call.members.substr(1, call.members.size() - 2);
    }
    text += '}';
    return text;
}

RequestReading read_request(std::string_view value, const json::Outline& outline) {
    RequestReading reading;
    if (!value.starts_with('{')) {
        reading.problem =
            "a request must be an object, not " + std::string(json::name_with_article(json::kind(value)));
        return reading;
    }
    const MessageMembers members = read_members(value, outline);
    if (const std::string_view problem = problem_of(members); !problem.empty()) {
        reading.problem = problem;
    }
    reading.request = {.text = members.whole,
                       .id = members.id,
                       .method = members.method,
                       .has_version = !members.version.empty()};
    return reading;
}

RequestReading read_request(std::string_view text) {
    json::Outline outline;
    static_cast<void>(json::check(text, json::Encoding::any, outline));
    return read_request(json::trim(text), outline);
}

void append_request(std::string& out, const Request& request, std::uint32_t wire_id) {
    std::string_view rest = request.text;
    if (!request.has_version) {
        out += '{';
        out += version_member;
        out += ',';  // a request has at least its method
        rest.remove_prefix(1);
    }
    if (request.is_notification()) {
        out += rest;
        return;
    }
    const auto before = static_cast<std::size_t>(request.id.data() - rest.data());
    out += rest.substr(0, before);
    append_number(out, wire_id);
    out += rest.substr(before + request.id.size());
}

}  // namespace hail::rpc
