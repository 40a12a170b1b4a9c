// The body of a call: from items, --data, a file or standard input.
//
// Shape:   a body of up to 1 MiB is read before anything is sent, so that its length is known. A larger one,
//          a form with files, and --chunked input are read while they are sent.
// Throws:  Error(usage) for a body given twice; Error(no_input) for a file that cannot be read.
// Source:  hail-rest(1), BODY.

#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/input/assemble.h"
#include "cli/input/files.h"
#include "cli/output/console.h"
#include "cli/rest/options.h"
#include "lib/base/stop.h"
#include "lib/http/body.h"

namespace hail::cli::rest {

struct Body {
    std::optional<std::string> bytes;
    std::shared_ptr<http::RequestBody> stream;  // instead of bytes: read while it is sent
    std::string stream_source;  // the file that a stream is read from, "-" for stdin; may be empty
    std::string content_type;   // empty: none is sent by default
    std::string boundary = {};  // of a multipart form
};

// The sources of bodies, and the console that reports a possible mistake about standard input.
struct BodyReader {
    input::Files& files;
    const base::Stop& stop;
    output::Console& console;
};

Body gather_body(const RequestOptions& options, const std::string& method, const input::RequestParts& parts,
                 const BodyReader& reader);

// Why a service may not take these bytes for JSON, as a warning; empty if it will.
std::string doubt_about_json(std::string_view bytes);

// A multipart form as the stream of its bytes; its files are opened when they are read.
http::OwnedBody form_body(const std::vector<input::Part>& form, const std::string& boundary,
                          const input::Files& files);

}  // namespace hail::cli::rest
