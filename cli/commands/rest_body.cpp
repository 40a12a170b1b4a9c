#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <utility>

#include "cli/commands/rest.h"
#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/http/compress.h"
#include "lib/http/multipart.h"

// Where the body of a call comes from, and whether it is read whole or while it is sent.

namespace hail::cli::rest {

namespace {

using base::Error;
using base::Exit;

// A body up to this size is read before anything is sent, so that it has a length: many servers want one.
constexpr std::size_t most_in_memory = std::size_t{1} << 20U;

// Somebody gave us data, rather than a terminal, /dev/null or what a loop reads its lines from by accident.
bool stdin_has_data() {
    struct stat status {};
    return ::fstat(STDIN_FILENO, &status) == 0 &&
           (S_ISFIFO(status.st_mode) || S_ISREG(status.st_mode) || S_ISSOCK(status.st_mode));
}

bool makes_body(const input::Item& item) {
    return item.kind == input::ItemKind::text || item.kind == input::ItemKind::json ||
           item.kind == input::ItemKind::file;
}

bool takes_stdin(const input::Item& item) {
    const bool reads = item.source == input::Item::Source::file || item.kind == input::ItemKind::file;
    return reads && item.value == "-";
}

// stdin is read only for '@-', or for a method that wants a body and has no other.
bool wants_stdin(const Options& options, const Words& words, const std::vector<input::Item>& items) {
    const bool writes = words.method == "POST" || words.method == "PUT" || words.method == "PATCH";
    return writes && !options.ignore_stdin && std::none_of(items.begin(), items.end(), makes_body) &&
           std::none_of(items.begin(), items.end(), takes_stdin) && stdin_has_data();
}

// stdin that nobody named: a loop may be reading its own lines from it, or somebody may wait for what never comes.
void announce_stdin(const base::Stop& stop, output::Console& console) {
    struct stat status {};
    ::fstat(STDIN_FILENO, &status);
    const off_t taken = S_ISREG(status.st_mode) ? ::lseek(STDIN_FILENO, 0, SEEK_CUR) : 0;
    if (taken > 0 && taken < status.st_size) {
        console.say("the body is the rest of stdin, of which " + std::to_string(taken) +
                    " B were read before: write </dev/null or -I if that is not meant, @- if it is");
    }
    constexpr int patience = 2000;  // milliseconds
    std::array<pollfd, 2> either{pollfd{STDIN_FILENO, POLLIN, 0}, pollfd{stop.descriptor(), POLLIN, 0}};
    if (console.draws() && ::poll(either.data(), either.size(), patience) == 0) {
        console.say("waiting for a body on stdin: write -I to send none, @- to say that one comes");
    }
}

// The name of the file that is the whole body, if there is one; text of --data that is none goes to the material.
std::optional<std::string> whole_file(const Options& options, input::Files& files, Material& material) {
    const auto item = std::find_if(material.items.begin(), material.items.end(), [](const input::Item& one) {
        return one.kind == input::ItemKind::file && one.key.empty();
    });
    const bool fields = body_mode(options) != input::BodyMode::json;
    const bool from_item = item != material.items.end() && !fields;
    if (options.data && from_item) {
        throw Error(Exit::usage,
                    "the body is given by --data and by '" + base::one_line(item->typed) + "' too",
                    "leave one of them out");
    }
    if (options.data && options.data->starts_with('@')) {
        files.claim(options.data->substr(1));
        return options.data->substr(1);
    }
    material.body = options.data;
    if (from_item) {
        return item->value;  // claimed when the items were loaded
    }
    if (!options.data && wants_stdin(options, material.words, material.items)) {
        files.claim("-");
        return "-";
    }
    return std::nullopt;
}

// What bytes that nobody named look like by their beginning.
std::string type_of_stream(const Options& options, std::string_view beginning) {
    const std::size_t first = beginning.find_first_not_of(" \t\r\n");
    const bool json = first != beginning.npos && (beginning[first] == '{' || beginning[first] == '[');
    return options.json || json ? "application/json" : "application/octet-stream";
}

void take_file(const Options& options, const input::Files& files, const std::string& name, Material& material,
               const base::Stop& stop) {
    const std::string path = files.path(name);
    input::InputFile file = input::InputFile::open(name == "-" ? name : path);
    const bool at_once = name == "-" && options.chunked;
    std::string bytes;
    bool ended = false;
    while (!at_once && !ended && bytes.size() <= most_in_memory) {
        const std::string_view piece = file.read(stop);
        ended = piece.empty();
        bytes += piece;
    }
    if (ended) {
        // An empty stdin that nobody asked for is no body.
        const bool asked = name != "-" || options.data || !material.items.empty();
        material.body = bytes.empty() && !asked ? std::nullopt : std::optional(std::move(bytes));
        return;
    }
    material.stream_source = name == "-" ? name : path;
    material.stream_type = type_of_stream(options, bytes);
    // What was read from a pipe cannot be read again.
    std::vector<http::OwnedBody> pieces;
    pieces.push_back(http::bytes_body(std::move(bytes)));
    pieces.push_back(name == "-" ? http::descriptor_body(STDIN_FILENO, "stdin")
                                 : http::descriptor_body(file.release(), path));
    material.stream = http::chain_body(std::move(pieces));
}

http::OwnedBody content_of(const input::Part& part, const input::Files& files) {
    if (part.path.empty()) {
        return http::bytes_body(part.value);
    }
    return part.path == "-" ? http::descriptor_body(STDIN_FILENO, "stdin")
                            : http::file_body(files.path(part.path));
}

void open_form(const Options& options, const input::Files& files, Material& material) {
    const input::RequestParts form = input::assemble(material.items, body_mode(options));
    if (form.body != input::RequestParts::Body::multipart) {
        return;
    }
    std::vector<http::FormPart> parts;
    for (const input::Part& part : form.parts) {
        const auto file_name = part.path.empty() ? std::nullopt : std::optional(part.upload_name);
        parts.push_back({part.name, file_name, part.media_type, content_of(part, files)});
    }
    const std::string boundary = options.boundary.value_or(http::random_boundary());
    material.stream_type = http::multipart_type(boundary);
    material.stream = http::multipart_body(std::move(parts), boundary);
}

void check(const Options& options) {
    if (options.json && (options.form || options.multipart)) {
        throw Error(Exit::usage, "options --json and --" + std::string(options.form ? "form" : "multipart") +
                                     ": a body is one of them");
    }
    if (options.boundary && body_mode(options) == input::BodyMode::json) {
        throw Error(Exit::usage, "option --boundary: only a form has one",
                    "--multipart makes the fields a form");
    }
}

}  // namespace

void gather_body(const Options& options, input::Files& files, Material& material, const base::Stop& stop,
                 output::Console& console) {
    check(options);
    if (!options.data && wants_stdin(options, material.words, material.items)) {
        announce_stdin(stop, console);
    }
    if (const auto name = whole_file(options, files, material)) {
        take_file(options, files, *name, material, stop);
    }
    if (body_mode(options) != input::BodyMode::json) {
        open_form(options, files, material);
    }
    if (options.compress && material.stream) {
        material.stream = http::compressed_body(std::move(material.stream), *options.compress);
    }
}

}  // namespace hail::cli::rest
