#include "cli/rest/body.h"

#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/http/compress.h"
#include "lib/http/multipart.h"
#include "lib/http/url.h"
#include "lib/json/scan.h"

namespace hail::cli::rest {

namespace {

using base::Error;
using base::Exit;
using BodyKind = input::RequestParts::Body;

// Many servers want to know the length of a body, so a body of up to this size is read first.
constexpr std::size_t most_in_memory = std::size_t{1} << 20U;

constexpr std::string_view form_type = "application/x-www-form-urlencoded; charset=utf-8";

// True if the method expects a body and no other body is given.
bool expects_stdin(const RequestOptions& options, const std::string& method,
                   const input::RequestParts& parts) {
    const bool writes = method == "POST" || method == "PUT" || method == "PATCH";
    return writes && !options.data && !options.ignore_stdin && parts.body == BodyKind::none;
}

bool wants_stdin(const RequestOptions& options, const std::string& method, const input::RequestParts& parts,
                 const input::Files& files) {
    return expects_stdin(options, method, parts) && !files.took_stdin() && input::stdin_has_data();
}

// Warns that stdin is read although no option asked for it: it may be the input of a shell loop, or stay
// silent forever.
void announce_stdin(const BodyReader& reader) {
    struct stat status {};
    ::fstat(STDIN_FILENO, &status);
    const off_t taken = S_ISREG(status.st_mode) ? ::lseek(STDIN_FILENO, 0, SEEK_CUR) : 0;
    if (taken > 0 && taken < status.st_size) {
        reader.console.say("sending the rest of stdin as the body; " + std::to_string(taken) +
                           " B of it have already been read; use -I or </dev/null to send no body, or @- to "
                           "send the rest without this warning");
    }
    constexpr int patience = 2000;  // milliseconds
    std::array<pollfd, 2> either{pollfd{STDIN_FILENO, POLLIN, 0},
                                 pollfd{reader.stop.descriptor(), POLLIN, 0}};
    if (reader.console.draws() && ::poll(either.data(), either.size(), patience) == 0) {
        reader.console.say(
            "waiting for a body on stdin; use -I to send no body, or @- to wait without this warning");
    }
}

// The name of the file that is the whole body, if there is one.
std::optional<std::string> whole_file(const RequestOptions& options, const std::string& method,
                                      const input::RequestParts& parts, const BodyReader& reader) {
    if (parts.body == BodyKind::file) {
        return parts.file;  // claimed when the items were loaded
    }
    if (options.data && options.data->starts_with('@')) {
        reader.files.claim(options.data->substr(1));
        return options.data->substr(1);
    }
    if (wants_stdin(options, method, parts, reader.files)) {
        announce_stdin(reader);
        reader.files.claim("-");
        return "-";
    }
    return std::nullopt;
}

bool looks_like_json(std::string_view beginning) {
    beginning = base::without_byte_order_mark(beginning);
    const std::size_t first = beginning.find_first_not_of(" \t\r\n");
    return first != beginning.npos && (beginning[first] == '{' || beginning[first] == '[');
}

std::string type_of_stream(const RequestOptions& options, std::string_view beginning) {
    if (options.form) {
        return std::string(form_type);
    }
    return options.json || looks_like_json(beginning) ? "application/json" : "application/octet-stream";
}

// As in HTTPie, text on the command line counts as JSON.
std::string type_of_bytes(const RequestOptions& options, const std::string& bytes) {
    if (options.form) {
        return std::string(form_type);
    }
    const bool typed = options.data && !options.data->starts_with('@');
    if (typed || options.json || json::is_json(base::without_byte_order_mark(bytes))) {
        return "application/json";
    }
    return base::is_utf8(bytes) ? "text/plain; charset=utf-8" : "application/octet-stream";
}

Body read_file(const RequestOptions& options, const std::string& name, const BodyReader& reader) {
    const std::string path = name == "-" ? name : reader.files.path(name);
    input::InputFile file = input::InputFile::open(path);
    const bool at_once = name == "-" && options.chunked;
    std::string bytes;
    bool ended = false;
    while (!at_once && !ended && bytes.size() <= most_in_memory) {
        const std::string_view piece = file.read(reader.stop);
        ended = piece.empty();
        bytes += piece;
    }
    if (ended) {
        std::string type = type_of_bytes(options, bytes);
        return {std::move(bytes), nullptr, "", std::move(type)};
    }
    std::string type = type_of_stream(options, bytes);
    // The bytes that came from a pipe cannot be read again.
    std::vector<http::OwnedBody> pieces;
    pieces.push_back(http::bytes_body(std::move(bytes)));
    pieces.push_back(name == "-" ? http::descriptor_body(STDIN_FILENO, "stdin")
                                 : http::descriptor_body(file.release(), path));
    return {std::nullopt, http::chain_body(std::move(pieces)), path, std::move(type)};
}

http::OwnedBody content_of(const input::Part& part, const input::Files& files) {
    if (part.path.empty()) {
        return http::bytes_body(part.value);
    }
    return part.path == "-" ? http::descriptor_body(STDIN_FILENO, "stdin")
                            : http::file_body(files.path(part.path));
}

Body open_form(const RequestOptions& options, const std::vector<input::Part>& form,
               const input::Files& files) {
    const std::string boundary = options.boundary.value_or(http::random_boundary());
    std::string type = http::multipart_type(boundary);
    return {std::nullopt, form_body(form, boundary, files), "", std::move(type), boundary};
}

Body raw_body(const RequestOptions& options, const std::string& method, const input::RequestParts& parts,
              const BodyReader& reader) {
    const auto name = whole_file(options, method, parts, reader);
    if (!name) {
        return options.data ? Body{options.data, nullptr, "", type_of_bytes(options, *options.data)} : Body{};
    }
    Body body = read_file(options, *name, reader);
    const bool asked = options.data || parts.body == BodyKind::file;
    if (!asked && body.bytes && body.bytes->empty()) {
        return {};  // nobody asked for stdin, and it is empty
    }
    if (parts.body == BodyKind::file) {
        body.content_type = parts.file_media_type;
    }
    return body;
}

Body make_body(const RequestOptions& options, const std::string& method, const input::RequestParts& parts,
               const BodyReader& reader) {
    if (options.data && parts.body != BodyKind::none) {
        throw Error(Exit::usage, "the body is given by --data and by items", "use only one of them");
    }
    switch (parts.body) {
        case BodyKind::json:
            return {parts.json, nullptr, "", "application/json"};
        case BodyKind::form:
            return {http::form_encode(parts.form), nullptr, "", std::string(form_type)};
        case BodyKind::multipart:
            return open_form(options, parts.parts, reader.files);
        case BodyKind::file:
        case BodyKind::none:
            break;
    }
    return raw_body(options, method, parts, reader);
}

}  // namespace

http::OwnedBody form_body(const std::vector<input::Part>& form, const std::string& boundary,
                          const input::Files& files) {
    std::vector<http::FormPart> parts;
    for (const input::Part& part : form) {
        const auto file_name = part.path.empty() ? std::nullopt : std::optional(part.upload_name);
        parts.push_back({part.name, file_name, part.media_type, content_of(part, files)});
    }
    return http::multipart_body(std::move(parts), boundary);
}

std::string doubt_about_json(std::string_view bytes) {
    const std::string_view text = base::without_byte_order_mark(bytes);
    if (json::is_json(text)) {
        return text.size() == bytes.size()
                   ? ""
                   : "the body is sent as application/json but begins with a byte order "
                     "mark, which JSON must not have; some services refuse it";
    }
    const std::string_view first = bytes.substr(0, 2);
    constexpr std::array<std::string_view, 4> marks{"\xFF\xFE", "\xFE\xFF", std::string_view("{\0", 2),
                                                    std::string_view("[\0", 2)};
    if (std::find(marks.begin(), marks.end(), first) != marks.end()) {
        return "the body is sent as application/json but looks like UTF-16; convert it with iconv -f UTF-16 "
               "-t "
               "UTF-8";
    }
    return "the body is sent as application/json but is not valid JSON; use -f or Content-Type:text/plain";
}

Body gather_body(const RequestOptions& options, const std::string& method, const input::RequestParts& parts,
                 const BodyReader& reader) {
    Body body = make_body(options, method, parts, reader);
    const bool streams_stdin =
        body.stream && (body.stream_source == "-" || parts.body == BodyKind::multipart);
    if (options.chunked && !streams_stdin && !expects_stdin(options, method, parts)) {
        throw Error(Exit::usage, "--chunked sends stdin as it arrives, but stdin is not the body",
                    "leave out --chunked");
    }
    if (options.compress && body.stream) {
        body.stream = http::compressed_body(std::move(body.stream), *options.compress);
    }
    return body;
}

}  // namespace hail::cli::rest
