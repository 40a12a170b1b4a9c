#include "cli/rest/dry_run.h"

#include <utility>
#include <vector>

#include "cli/input/files.h"
#include "cli/options/home.h"
#include "cli/output/masked_body.h"
#include "cli/rest/body.h"
#include "cli/rest/console_sink.h"
#include "cli/rest/curl_line.h"
#include "cli/rest/http_printer.h"
#include "lib/base/text.h"
#include "lib/http/cache.h"
#include "lib/http/secrets.h"

namespace hail::cli::rest {

namespace {

CurlBody curl_body(const Inputs& inputs) {
    CurlBody body;
    if (inputs.parts.body != input::RequestParts::Body::multipart) {
        body.file = inputs.body.stream_source;
        return body;
    }
    for (const input::Part& part : inputs.parts.parts) {
        body.parts.push_back(
            {part.name, part.value, options::at_home(part.path), part.upload_name, part.media_type});
    }
    return body;
}

// A compressed body stays as it is: nobody can read it.
http::Request with_masked_body(const http::Request& request, const Inputs& inputs) {
    http::Request masked = request;
    if (masked.body) {
        masked.body = output::masked_body(request);
        return masked;
    }
    const bool is_form = inputs.parts.body == input::RequestParts::Body::multipart;
    if (!is_form || http::find(request.headers, "Content-Encoding") != nullptr) {
        return masked;
    }
    std::vector<input::Part> parts = inputs.parts.parts;
    for (input::Part& part : parts) {
        if (part.path.empty() && !part.value.empty() && http::is_secret_field(part.name)) {
            part.value = "***";
        }
    }
    masked.stream = form_body(parts, inputs.body.boundary, input::Files(options::home_directory()));
    return masked;
}

}  // namespace

void complete(http::Request& request, const http::CallOptions& call,
              const hail::rest::DownloadOptions* download, output::Console& console) {
    if (call.cookies != nullptr && call.cookie_use == http::CookieUse::send_and_store) {
        http::add_cookies(request, *call.cookies);
    }
    if (download != nullptr) {
        ConsoleSink sink(console);
        HttpPrinter nowhere(console, {});
        hail::rest::Download(sink, *download, nowhere).prepare(request);
    } else if (const auto kept = call.cache != nullptr ? call.cache->find(request) : std::nullopt) {
        const std::vector<http::Header> asked = http::conditions(kept->head());
        request.headers.insert(request.headers.end(), asked.begin(), asked.end());
    }
}

void print_unsent(const http::Request& request, const ViewOptions& options, const Inputs& inputs,
                  const net::ConnectOptions& connect, output::Console& console) {
    const auto secrets = options.show_secrets ? Secrets::shown : Secrets::masked;
    if (options.curl) {
        const std::string line = curl_line(request, curl_body(inputs), connect, secrets) + "\n";
        console.write(console.to_terminal() ? base::printable(line) : line);
        return;
    }
    HttpPrinter(console, Parts::of("H")).request(request, HttpPrinter::Sending::never, secrets);
    HttpPrinter(console, Parts::of("B"))
        .request(options.show_secrets ? request : with_masked_body(request, inputs),
                 HttpPrinter::Sending::never);
}

}  // namespace hail::cli::rest
