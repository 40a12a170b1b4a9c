#include "cli/rest/dry_run.h"

#include <vector>

#include "cli/rest/console_sink.h"
#include "cli/rest/curl_line.h"
#include "cli/rest/http_printer.h"
#include "lib/http/cache.h"

namespace hail::cli::rest {

namespace {

CurlBody curl_body(const Inputs& inputs) {
    CurlBody body;
    if (inputs.parts.body != input::RequestParts::Body::multipart) {
        body.file = inputs.body.stream_source;
        return body;
    }
    for (const input::Part& part : inputs.parts.parts) {
        body.parts.push_back({part.name, part.value, part.path, part.upload_name, part.media_type});
    }
    return body;
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
    if (options.curl) {
        const auto secrets = options.show_secrets ? Secrets::shown : Secrets::masked;
        console.write(curl_line(request, curl_body(inputs), connect, secrets) + "\n");
        return;
    }
    HttpPrinter(console, Parts::of("HB")).request(request, HttpPrinter::Sending::never);
}

}  // namespace hail::cli::rest
