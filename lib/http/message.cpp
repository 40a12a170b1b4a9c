#include "lib/http/message.h"

#include <algorithm>
#include <cstdint>
#include <limits>

#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/base/version.h"
#include "lib/http/body.h"
#include "lib/http/date.h"
#include "lib/http/field.h"
#include "lib/http/json_web_token.h"
#include "lib/http/url.h"

namespace hail::http {

using base::equal_ignoring_case;

namespace {

constexpr std::string_view line_end = "\r\n";

bool is_token(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), is_token_character);
}

void validate(const Header& header, const Request& request) {
    const std::string shown = "header '" + base::one_line(header.name, 60) + "'";
    if (!is_token(header.name)) {
        throw base::Error(base::Exit::usage, shown + ": the name is not valid",
                          "use only letters, digits and '-'; a space or a line end would change the message");
    }
    constexpr std::string_view breaking("\r\n\0", 3);
    if (header.value.find_first_of(breaking) != header.value.npos) {
        throw base::Error(base::Exit::usage, shown + ": its value contains a line end or a NUL",
                          "remove it, because it could begin another header");
    }
    if (equal_ignoring_case(header.name, "Transfer-Encoding")) {
        throw base::Error(base::Exit::usage, shown + ": hail frames the body itself", "leave it out");
    }
    const bool length = equal_ignoring_case(header.name, "Content-Length");
    const auto bytes = body_length(request);
    if (length && (!bytes || header.value != std::to_string(*bytes))) {
        throw base::Error(base::Exit::usage, shown + ": it is not the length of the body", "leave it out");
    }
}

std::string authorization(const Credentials& credentials) {
    if (credentials.kind == Credentials::Kind::bearer) {
        return "Bearer " + credentials.secret;
    }
    if (credentials.kind == Credentials::Kind::json_web_token) {
        return "Bearer " + json_web_token(credentials.secret, current_time().time_since_epoch().count());
    }
    return "Basic " + base::base64(credentials.user + ":" + credentials.secret);
}

}  // namespace

Credentials credentials(const net::LoginOptions& given, const net::Address& address) {
    using net::Authentication;
    if (given.bearer) {
        return {Credentials::Kind::bearer, {}, *given.bearer};
    }
    const bool typed = given.user.has_value();
    const auto& user = typed ? given.user : address.user;
    const auto& password = typed || !address.password ? given.password : address.password;
    if (given.authentication == Authentication::bearer && password) {
        return {Credentials::Kind::bearer, {}, *password};
    }
    if (!user) {
        return {};
    }
    const bool digest = given.authentication == Authentication::digest;
    return {digest ? Credentials::Kind::digest : Credentials::Kind::basic, *user, password.value_or("")};
}

const Header* find(const std::vector<Header>& headers, std::string_view name) {
    const auto found = std::find_if(headers.begin(), headers.end(), [&](const Header& header) {
        return equal_ignoring_case(header.name, name);
    });
    return found == headers.end() ? nullptr : &*found;
}

bool has_body(const Request& request) {
    return request.body || request.stream;
}

std::optional<std::uint64_t> body_length(const Request& request) {
    if (request.stream) {
        return request.stream->length();
    }
    return request.body ? std::optional<std::uint64_t>(request.body->size()) : std::nullopt;
}

void drop_header(Request& request, std::string_view name) {
    std::erase_if(request.headers,
                  [&](const Header& header) { return base::equal_ignoring_case(header.name, name); });
}

void set_header(Request& request, std::string_view name, std::string value) {
    drop_header(request, name);
    request.headers.push_back({std::string(name), std::move(value)});
}

void validate(const Request& request) {
    if (!is_token(request.method)) {
        throw base::Error(base::Exit::usage,
                          "method '" + base::one_line(request.method, 60) + "': not a valid method",
                          "a method is one word, such as GET or PURGE");
    }
    if (request.method == "HEAD" && has_body(request)) {
        throw base::Error(base::Exit::usage, "HEAD with a body: HEAD only asks for the head of a GET reply",
                          "leave the body out, or use another method");
    }
    if (request.url.find_first_of(" \t\r\n") != request.url.npos) {
        throw base::Error(base::Exit::usage,
                          "URL '" + base::one_line(request.url) + "': it contains white space");
    }
    int hosts = 0;
    for (const auto& header : request.headers) {
        validate(header, request);
        hosts += equal_ignoring_case(header.name, "Host") ? 1 : 0;
    }
    if (hosts > 1) {
        throw base::Error(base::Exit::usage, "header 'Host': given twice");
    }
    const Credentials& credentials = request.credentials;
    constexpr std::string_view breaking("\r\n\0", 3);
    if (credentials.kind == Credentials::Kind::bearer &&
        credentials.secret.find_first_of(breaking) != std::string::npos) {
        throw base::Error(base::Exit::usage, "bearer token: it contains a line end or a NUL");
    }
    if (credentials.kind == Credentials::Kind::digest &&
        credentials.user.find_first_of(breaking) != std::string::npos) {
        throw base::Error(base::Exit::usage, "user name: it contains a line end or a NUL");
    }
    if (credentials.kind == Credentials::Kind::basic && credentials.user.find(':') != std::string::npos) {
        throw base::Error(base::Exit::usage, "user name: Basic authentication cannot send a name with a ':'");
    }
}

std::vector<Header> wire_headers(const Request& request) {
    std::vector<Header> lines;
    lines.reserve(request.headers.size() + 3);
    const Header* const host = find(request.headers, "Host");
    lines.push_back(host != nullptr ? *host : Header{"Host", host_header(request.url)});
    for (const auto& header : request.headers) {
        if (&header != host && !equal_ignoring_case(header.name, "Content-Length")) {
            lines.push_back(header);
        }
    }
    const auto kind = request.credentials.kind;
    if (kind != Credentials::Kind::none && kind != Credentials::Kind::digest &&
        find(request.headers, "Authorization") == nullptr) {
        lines.push_back({"Authorization", authorization(request.credentials)});
    }
    if (const auto length = body_length(request)) {
        lines.push_back({"Content-Length", std::to_string(*length)});
    } else if (request.stream) {
        lines.push_back({"Transfer-Encoding", "chunked"});
    }
    return lines;
}

std::string request_head(const Request& request) {
    std::string head = request.method + " " + std::string(request_target(request.url)) + " HTTP/1.1\r\n";
    for (const auto& header : wire_headers(request)) {
        head += header.name + (header.value.empty() ? ":" : ": ") + header.value;
        head += line_end;
    }
    head += line_end;
    return head;
}

std::string user_agent() {
    return "hail/" + std::string(base::version());
}

namespace {

std::string_view without_line_end(std::string_view line) {
    while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) {
        line.remove_suffix(1);
    }
    return line;
}

// Takes one line off the front, without its end.
std::string_view take_line(std::string_view& text) {
    const std::size_t length = std::min(text.find('\n'), text.size() - 1) + 1;
    const std::string_view line = without_line_end(text.substr(0, length));
    text.remove_prefix(length);
    return line;
}

}  // namespace

std::string_view ReplyHead::status_line() const {
    std::string_view text = bytes_;
    return text.empty() ? text : take_line(text);
}

std::string_view ReplyHead::version_of(std::string_view status_line) {
    constexpr std::string_view protocol = "HTTP/";
    if (!status_line.starts_with(protocol)) {
        return {};
    }
    const std::string_view rest = status_line.substr(protocol.size());
    return rest.substr(0, rest.find(' '));
}

std::string_view ReplyHead::reason() const {
    const std::string_view line = status_line();
    const std::size_t status = line.find(' ');
    const std::size_t reason = status == line.npos ? line.npos : line.find(' ', status + 1);
    return reason == line.npos ? std::string_view{} : base::trim(line.substr(reason + 1));
}

ReplyHead::Field ReplyHead::field(std::size_t index) const {
    const Place& place = places_[index];
    return {{bytes_.data() + place.line, place.colon - place.line},
            {bytes_.data() + place.value, place.value_end - place.value}};
}

std::optional<std::string_view> ReplyHead::find(std::string_view name) const {
    for (std::size_t i = 0; i < places_.size(); ++i) {
        const std::size_t size = places_[i].colon - places_[i].line;
        if (size == name.size() && equal_ignoring_case({bytes_.data() + places_[i].line, size}, name)) {
            return field(i).value;
        }
    }
    return std::nullopt;
}

std::vector<ReplyHead::Field> ReplyHead::fields() const {
    std::vector<Field> all;
    all.reserve(places_.size());
    for (std::size_t i = 0; i < places_.size(); ++i) {
        all.push_back(field(i));
    }
    return all;
}

// Notes the place of the field in the last line; one without a colon has none.
void ReplyHead::note_field() {
    const std::string_view line = std::string_view(bytes_).substr(last_line_);
    const std::size_t colon = line.find(':');
    if (last_line_ == 0 || colon == line.npos) {
        return;
    }
    const std::string_view value = base::trim(line.substr(colon + 1));
    const std::size_t begin =
        value.empty() ? bytes_.size() : static_cast<std::size_t>(value.data() - bytes_.data());
    places_.push_back({last_line_, last_line_ + colon, begin, begin + value.size()});
}

void ReplyHead::add_line(std::string_view line) {
    const std::string_view text = without_line_end(line);
    // A block may follow another (103 and then 200), but a field never begins one.
    const bool begins = bytes_.empty() || bytes_.ends_with("\r\n\r\n");
    if (begins && text.starts_with("HTTP/")) {
        clear();
        const std::size_t space = text.find(' ');
        const std::string_view digits =
            space == text.npos ? text.substr(text.size()) : text.substr(space + 1, 3);
        status_ = static_cast<int>(base::parse_number(digits).value_or(0));
    } else if (!text.empty() && (text.front() == ' ' || text.front() == '\t') && bytes_.ends_with(line_end)) {
        bytes_.resize(bytes_.size() - line_end.size());
        if (!places_.empty() && places_.back().line == last_line_) {
            places_.pop_back();
        }
    } else {
        last_line_ = bytes_.size();
    }
    bytes_ += text;
    note_field();
    bytes_ += line_end;
}

void ReplyHead::clear() {
    status_ = 0;
    last_line_ = 0;
    bytes_.clear();
    places_.clear();
}

std::optional<std::uint64_t> stated_length(const ReplyHead& head) {
    if (head.status() == 204 || head.status() == 304) {
        return std::nullopt;
    }
    const std::string_view transfer = base::trim(head.find("Transfer-Encoding").value_or("identity"));
    const bool framed = !equal_ignoring_case(transfer, "identity");
    return framed ? std::nullopt : base::parse_number(head.find("Content-Length").value_or(""));
}

std::optional<std::string> line_fault(const ReplyHead& head, std::string_view line) {
    const std::string_view text = without_line_end(line);
    const std::string_view before = head.bytes();
    const bool begins = before.empty() || before.ends_with("\r\n\r\n");
    if (begins || text.empty()) {
        return std::nullopt;
    }
    constexpr std::string_view blank_bytes = " \t";
    if (blank_bytes.find(text.front()) != blank_bytes.npos) {
        const bool first = std::count(before.begin(), before.end(), '\n') == 1;
        return first ? std::optional<std::string>("the line after its status line begins with white space")
                     : std::nullopt;
    }
    const std::string_view name = text.substr(0, text.find(':'));
    if (name.empty()) {
        return "a header has no name before its colon";
    }
    if (name.size() == text.size() || blank_bytes.find(name.back()) == blank_bytes.npos) {
        return std::nullopt;
    }
    return "there is white space before the colon of '" + base::one_line(base::trim(name), 40) + "'";
}

std::optional<std::string> framing_warning(std::string_view method, const ReplyHead& head) {
    const bool has_body = method != "HEAD" && head.status() != 204 && head.status() != 304;
    const bool both = head.find("Content-Length") && head.find("Transfer-Encoding") && !stated_length(head);
    return has_body && both ? std::optional<std::string>(
                                  "the reply has both Content-Length and Transfer-Encoding; the "
                                  "length is ignored")
                            : std::nullopt;
}

std::optional<std::string> length_fault(const ReplyHead& head) {
    constexpr std::uint64_t most = std::numeric_limits<std::int64_t>::max();  // libcurl's limit
    std::optional<std::uint64_t> known;
    for (std::size_t i = 0; i < head.field_count(); ++i) {
        const ReplyHead::Field field = head.field(i);
        if (!equal_ignoring_case(field.name, "Content-Length")) {
            continue;
        }
        for (std::size_t at = 0; at <= field.value.size();) {
            const std::size_t end = std::min(field.value.find(',', at), field.value.size());
            const std::string_view text = base::trim(field.value.substr(at, end - at));
            const auto length = base::parse_number(text);
            if (!length || *length > most) {
                return "its Content-Length is '" + base::one_line(text, 40) + "', which is not a length";
            }
            if (known && *known != *length) {
                return "its Content-Length is both " + std::to_string(*known) + " and " +
                       std::to_string(*length);
            }
            known = length;
            at = end + 1;
        }
    }
    return std::nullopt;
}

}  // namespace hail::http
