#include "lib/rpc/reply.h"

#include <array>
#include <charconv>

#include "lib/base/characters.h"
#include "lib/base/event_stream.h"
#include "lib/base/text.h"
#include "lib/json/scan.h"
#include "lib/json/string.h"
#include "lib/rpc/event_reply.h"
#include "lib/rpc/page_text.h"

namespace hail::rpc {

namespace {

struct QuirkInfo {
    Quirk quirk;
    std::string_view name;
    std::string_view description;
};

constexpr std::array<QuirkInfo, 16> quirk_table{{
    {Quirk::byte_order_mark, "byte_order_mark", "it begins with a byte order mark"},
    {Quirk::event_stream, "event_stream", "it is wrapped in an event stream"},
    {Quirk::version_1, "version_1", "it has the form of JSON-RPC 1.x"},
    {Quirk::no_version, "no_version", "it has no member \"jsonrpc\""},
    {Quirk::other_version, "other_version", "its member \"jsonrpc\" is not \"2.0\""},
    {Quirk::null_error, "null_error", "it has a result and also an error, which is null"},
    {Quirk::null_result, "null_result", "it has an error and also a result, which is null"},
    {Quirk::result_and_error, "result_and_error", "it has both a result and an error; the error counts"},
    {Quirk::id_as_string, "id_as_string", "its id is a string although a number was sent, or vice versa"},
    {Quirk::id_number_form, "id_number_form", "its id is the same number written differently"},
    {Quirk::id_null, "id_null", "its id is null"},
    {Quirk::id_missing, "id_missing", "it has no id"},
    {Quirk::error_not_object, "error_not_object", "its error is not an object"},
    {Quirk::error_incomplete, "error_incomplete", "its error has no integer code or no message text"},
    {Quirk::member_twice, "member_twice", "it has the same member twice; the last one counts"},
    {Quirk::in_array, "in_array", "it is in an array, although one call was sent alone"},
}};

const QuirkInfo& info(Quirk quirk) {
    for (const QuirkInfo& entry : quirk_table) {
        if (entry.quirk == quirk) {
            return entry;
        }
    }
    return quirk_table.front();
}

bool is_number(std::string_view value) {
    return !value.empty() && (value.front() == '-' || base::is_digit(value.front()));
}

std::string_view inside(std::string_view string) {
    return string.substr(1, string.size() - 2);
}

std::optional<double> to_double(std::string_view number) {
    double value = 0;
    const auto [end, problem] = std::from_chars(number.data(), number.data() + number.size(), value);
    const bool whole = problem == std::errc() && end == number.data() + number.size();
    return whole ? std::optional(value) : std::nullopt;
}

std::optional<std::int64_t> to_integer(std::string_view number) {
    std::int64_t value = 0;
    const auto [end, problem] = std::from_chars(number.data(), number.data() + number.size(), value);
    const bool whole = problem == std::errc() && end == number.data() + number.size();
    return whole ? std::optional(value) : std::nullopt;
}

}  // namespace

std::vector<Quirk> Quirks::list() const {
    std::vector<Quirk> quirks;
    for (const QuirkInfo& entry : quirk_table) {
        if (has(entry.quirk)) {
            quirks.push_back(entry.quirk);
        }
    }
    return quirks;
}

Quirks Quirks::breaches() const {
    Quirks others = *this;
    others.bits_ &= ~static_cast<std::uint32_t>(Quirk::event_stream);
    return others;
}

std::string_view name(Quirk quirk) {
    return info(quirk).name;
}

std::string_view description(Quirk quirk) {
    return info(quirk).description;
}

bool deserves_warning(Quirk quirk) {
    return quirk != Quirk::version_1 && quirk != Quirk::event_stream;
}

Quirks quirks_of_form(const MessageMembers& members) {
    Quirks quirks;
    if (members.twice) {
        quirks.add(Quirk::member_twice);
    }
    const bool both = !members.result.empty() && !members.error.empty();
    if (both && members.version.empty() && (is_nothing(members.error) || is_nothing(members.result))) {
        quirks.add(Quirk::version_1);
        return quirks;
    }
    if (members.version.empty()) {
        quirks.add(Quirk::no_version);
    } else if (members.version != "\"2.0\"") {
        quirks.add(Quirk::other_version);
    }
    if (both) {
        quirks.add(is_nothing(members.error)    ? Quirk::null_error
                   : is_nothing(members.result) ? Quirk::null_result
                                                : Quirk::result_and_error);
    }
    return quirks;
}

std::int64_t ErrorObject::number() const {
    return to_integer(code).value_or(0);
}

std::string ErrorObject::text() const {
    return is_string(message) ? json::unquote(message) : std::string(whole);
}

ErrorObject read_error(std::string_view value, Quirks& quirks) {
    ErrorObject error;
    std::string_view other;
    error.whole = value;
    if (value.empty() || value.front() != '{') {
        quirks.add(Quirk::error_not_object);
        error.message = is_string(value) ? value : std::string_view();
        return error;
    }
    json::Members members(value);
    while (members.next()) {
        std::string_view& place = members.key_is("code")      ? error.code
                                  : members.key_is("message") ? error.message
                                  : members.key_is("data")    ? error.data
                                                              : other;
        place = members.value();
    }
    if (!to_integer(error.code)) {
        quirks.add(Quirk::error_incomplete);
        error.code = error.code == "null" ? std::string_view() : error.code;
    }
    if (!is_string(error.message)) {
        quirks.add(Quirk::error_incomplete);
        error.message = {};
    }
    return error;
}

std::string one_line(const ErrorObject& error) {
    constexpr std::size_t longest_code = 60;
    constexpr std::size_t longest_message = 400;
    constexpr std::size_t longest_data = 200;
    std::string line = error.code.empty() ? "error" : "error " + base::one_line(error.code, longest_code);
    line += ": ";
    line += base::one_line(error.text(), longest_message);
    if (!is_nothing(error.data)) {
        line += " (data: ";
        line += base::one_line(error.data, longest_data);
        line += ')';
    }
    return line;
}

IdMatch match_id(std::string_view sent, std::string_view came) {
    if (sent == came) {
        return IdMatch::exact;
    }
    if (is_string(sent) && is_string(came)) {
        return json::unquote(sent) == json::unquote(came) ? IdMatch::exact : IdMatch::none;
    }
    if (is_string(sent) || is_string(came)) {
        const std::string_view number = is_string(sent) ? came : sent;
        const std::string_view string = is_string(sent) ? sent : came;
        return is_number(number) && inside(string) == number ? IdMatch::as_string : IdMatch::none;
    }
    // Compared as doubles, because servers that change an id turn it into one.
    const auto a = is_number(sent) ? to_double(sent) : std::nullopt;
    const auto b = is_number(came) ? to_double(came) : std::nullopt;
    return a && b && *a == *b ? IdMatch::number_form : IdMatch::none;
}

namespace {

// Checks the id of the reply; false if the reply is to another request.
bool accept_id(const MessageMembers& members, std::string_view id, bool is_error, Quirks& quirks) {
    const bool to_notification = id.empty();
    if (members.id.empty()) {
        if (!to_notification) {
            quirks.add(Quirk::id_missing);
        }
        return true;
    }
    switch (match_id(id, members.id)) {
        case IdMatch::exact:
            return true;
        case IdMatch::as_string:
            quirks.add(Quirk::id_as_string);
            return true;
        case IdMatch::number_form:
            quirks.add(Quirk::id_number_form);
            return true;
        case IdMatch::none:
            break;
    }
    if (!is_nothing(members.id)) {
        return false;
    }
    // The specification requires null if the request could not be read.
    Quirks ignored;
    const std::int64_t code = is_error ? read_error(members.error, ignored).number() : 0;
    if (!to_notification && code != -32700 && code != -32600) {
        quirks.add(Quirk::id_null);
    }
    return true;
}

Reply problem(std::string text) {
    Reply reply;
    reply.problem = std::move(text);
    return reply;
}

Reply from_members(const MessageMembers& members, std::string_view id, Quirks quirks) {
    Reply reply;
    reply.whole = members.whole;
    reply.quirks = quirks_of_form(members);
    reply.quirks.add(quirks);
    const bool has_error = !is_nothing(members.error);
    if (!has_error && (members.result.empty() || !members.method.empty())) {
        reply.problem = "the reply has neither a result nor an error";
        return reply;
    }
    if (!accept_id(members, id, has_error, reply.quirks)) {
        reply.problem = "the reply is to another request: its id is " + base::one_line(members.id, 60) +
                        (id.empty() ? ", but a notification has none" : ", not " + base::one_line(id, 60));
        return reply;
    }
    reply.kind = has_error ? Reply::Kind::error : Reply::Kind::result;
    reply.result = has_error ? std::string_view() : members.result;
    if (has_error) {
        reply.error = read_error(members.error, reply.quirks);
    }
    return reply;
}

// The object that is the only element of an array.
std::optional<std::string_view> only_element(std::string_view value) {
    if (json::kind(value) != json::Kind::array) {
        return std::nullopt;
    }
    json::Elements elements(value);
    if (!elements.next() || json::kind(elements.value()) != json::Kind::object) {
        return std::nullopt;
    }
    const std::string_view only = elements.value();
    return elements.next() ? std::nullopt : std::optional(only);
}

std::string why_not_json(std::string_view value, const json::Problem& wrong) {
    if (is_page(value)) {
        const std::string words = page_text(value);
        return "the reply is an HTML page, not JSON" +
               (words.empty() ? "" : ": '" + base::one_line(words, 120) + "'");
    }
    const std::string where = wrong.offset > 0 ? " (" + json::describe(value, wrong) + ")" : "";
    return "the reply is not JSON" + where + ": '" + base::one_line(value, 80) + "'";
}

Reply from_text(std::string_view text, std::string_view id, Quirks quirks) {
    const std::string_view value = json::trim(text);
    if (value.empty()) {
        Reply reply = problem("the reply is empty");
        reply.empty = true;
        return reply;
    }
    if (const auto wrong = json::check(value, json::Encoding::any)) {
        return problem(why_not_json(value, *wrong));
    }
    if (const auto only = only_element(value)) {
        quirks.add(Quirk::in_array);
        return from_members(read_members(*only), id, quirks);
    }
    if (json::kind(value) != json::Kind::object) {
        return problem("the reply is not an object: '" + base::one_line(value, 80) + "'");
    }
    return from_members(read_members(value), id, quirks);
}

}  // namespace

Reply read_message(std::string_view text, std::string_view id) {
    return from_text(text, id, {});
}

Reply read_reply(std::string_view text, std::string_view id) {
    Quirks quirks;
    if (text.starts_with(base::byte_order_mark)) {
        quirks.add(Quirk::byte_order_mark);
        text.remove_prefix(base::byte_order_mark.size());
    }
    if (!base::is_event_stream(text)) {
        return from_text(text, id, quirks);
    }
    EventReply events(id);
    events.feed(text);
    Reply reply = events.finish();
    reply.quirks.add(quirks);
    reply.others = events.take_others();
    return reply;
}

}  // namespace hail::rpc
