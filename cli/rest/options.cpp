#include "cli/rest/options.h"

#include "cli/options/display.h"
#include "cli/options/group.h"

namespace hail::cli::rest {

namespace {

void declare_request(options::Parser& parser, RequestOptions& request) {
    options::Group group(parser, "Request");
    group.text("-X,--method", request.method, "METHOD", "Use this method, whatever the first word is");
    group.list("-H,--header", request.headers, "NAME:VALUE",
               "Send this header; an empty value removes a default header");
    group.flag("-j,--json", request.json,
               "Send the fields as JSON and ask for JSON (the default if there are fields)");
    group.flag("-f,--form", request.form,
               "Send the fields as a form: URL-encoded, or multipart if one of them is a file");
    group.flag("--multipart", request.multipart,
               "Send the fields as a multipart form, with or without files");
    group.text("--boundary", request.boundary, "TEXT",
               "Separate the parts of a multipart form with this boundary");
    group.text_once_or_empty("-d,--data,--raw", request.data, "TEXT",
                             "Send this text as the body, unchanged; @FILE sends a file, @- sends stdin");
    group.choice<http::Coding>("--compress", request.compress,
                               {{"gzip", http::Coding::gzip}, {"deflate", http::Coding::deflate}},
                               "Compress the body", "HAIL_COMPRESS");
    parser.note_if_typed("compress", request.compress_is_typed);
    group.flag("--chunked", request.chunked,
               "Send stdin in chunks as it arrives, instead of first reading up to 1 MiB of it");
    group.flag("-I,--ignore-stdin", request.ignore_stdin,
               "Do not read the body of POST, PUT and PATCH from stdin", "HAIL_IGNORE_STDIN");
}

void declare_reply(options::Parser& parser, ReplyOptions& reply) {
    using Letters = std::optional<std::string>;
    options::Group group(parser, "Reply");
    group.text("-p,--print", reply.print, "PARTS",
               "Print these parts: H and B of the request, h and b of the reply, m metadata (default hb on a "
               "terminal, else b)",
               "HAIL_PRINT");
    group.flag_for("--headers", reply.print, Letters("h"), "Print only the head of the reply");
    group.flag_for("-b,--body", reply.print, Letters("b"), "Print only the body of the reply");
    group.flag_for("-m,--meta", reply.print, Letters("m"), "Print only times and sizes");
    group.flag_for("-i,--include", reply.print, Letters("hb"), "Print the head and the body of the reply");
    group.flag("--no-check-status", reply.no_check_status, "Exit with 0 whatever the status of the reply",
               "HAIL_NO_CHECK_STATUS");
    // After the flag it overrides, which the environment may set.
    group.flag_for("--check-status", reply.no_check_status, false,
                   "Exit with the status of the reply, even with HAIL_NO_CHECK_STATUS (the default)");
}

void declare_views(options::Parser& parser, ViewOptions& views) {
    options::Group group(parser, "Views");
    group.text_once("--pick", views.pick, "PATH",
                    "Print the values at PATH in a JSON reply, one per line: items[][id]");
    group.flag("-r,--raw-output", views.raw, "Print picked strings as text, without quotes");
    group.flag("--sorted", views.sorted, "Sort the members of objects in a JSON reply by name");
    group.flag("--envelope", views.envelope, "Print status, headers, body and times as one JSON object");
    group.text("--headers-to", views.headers_to, "FILE", "Also write the head of the reply to FILE");
    options::declare_max_reply(group, views.max_reply,
                               "Accept replies up to this size if a whole reply is needed");
    group.flag("--curl", views.curl, "Print the call as a curl command line and send nothing");
    group.flag("--show-secrets", views.show_secrets, "Show secrets in the output of --curl and --dry-run");
}

void declare_expectations(options::Parser& parser, ExpectationOptions& expectations) {
    options::Group group(parser, "Expectations");
    group.list("--expect", expectations.expect, "EXPECTATION",
               "Exit with 10 unless this holds: status==200, header:Name==text, a[b]==JSON; also != < <= > "
               ">=");
    group.list("--until", expectations.until, "EXPECTATION", "Repeat the call until this holds");
    group.duration("--every", expectations.every, "Pause between the calls of --until (default 2s)",
                   "HAIL_EVERY");
    group.duration("--deadline", expectations.deadline,
                   "Stop --until after this time, with exit status 10 (default 5m)", "HAIL_DEADLINE");
}

void declare_pages(options::Parser& parser, PageOptions& pages) {
    options::Group group(parser, "Pages");
    group.flag("--paginate", pages.paginate, "Fetch the next page while a Link header names one");
    group.text("--next", pages.next, "PATH",
               "Fetch the next page that the body names: a URL, as in links[next], or a cursor, as in "
               "PARAMETER=meta[cursor]");
    group.text("--page", pages.page, "PARAMETER",
               "Increment this query parameter (default start 1) until a page is empty");
    group.text("--offset", pages.offset, "PARAMETER",
               "Add the number of elements to this query parameter (default start 0) until a page is empty");
    group.text("--items", pages.items, "PATH", "Print the elements of the array at PATH, one per line");
    group.flag("--array", pages.array, "Print the elements of --items as one array");
    group.number("--last-status", pages.last_status,
                 "With --page or --offset: status N (400 to 499) after the first page ends the list", "",
                 {400, 499});
    group.number("--max-pages", pages.most_pages,
                 "Stop after N pages, 0 for no limit (default: fail after 10000)");
}

void declare_redirects(options::Parser& parser, RedirectOptions& redirects) {
    options::Group group(parser, "Redirects and sessions");
    group.flag("-L,--follow", redirects.follow,
               "Follow redirects; secrets are sent only to the origin they were given for", "HAIL_FOLLOW");
    group.number("--max-redirects", redirects.most_redirects, "Follow at most N redirects (default 10)",
                 "HAIL_MAX_REDIRECTS");
    group.text("--idempotency-key", redirects.idempotency_key, "KEY",
               "Send this Idempotency-Key and allow retries of any method; 'auto' generates a key");
    group.text_once("--session", redirects.session, "NAME",
                    "Keep cookies and typed headers for the next call, under this name or in this file",
                    "HAIL_SESSION");
    group.flag("--cache", redirects.cache, "Store GET replies and revalidate them with the server",
               "HAIL_CACHE");
}

void declare_download(options::Parser& parser, DownloadOptions& download) {
    options::Group group(parser, "Download");
    group.flag("-O,--download", download.download,
               "Save the body as a file, named by the server or by --output");
    group.flag("--continue", download.resume, "Resume a partial download");
    group.text("--sha256", download.sha256, "DIGEST", "Save the download only if this is its SHA-256 digest");
}

void declare_http(options::Parser& parser, Options& options) {
    options::Group group(parser, "Connection");
    group.flag("--http2", options.http2,
               "Use HTTP/2: over TLS if the server offers it, over plain HTTP with prior knowledge",
               "HAIL_HTTP2");
    options::declare_authentication(parser, options.connection);
}

void declare_rules(options::Rules& rules) {
    const options::Names pages{"paginate", "next", "page", "offset"};
    rules.exclude({"json"}, {"form", "multipart"});
    rules.at_most_one({"print", "headers", "body", "meta", "include"});
    rules.at_most_one({"envelope", "pick", "sorted", "items"});
    rules.exclude({"envelope", "pick", "items"}, {"print", "headers", "meta", "include"});
    rules.exclude({"check-status"}, {"no-check-status"});
    rules.at_most_one({"curl", "dry-run"});
    rules.at_most_one(pages);
    rules.exclude({"until"}, {"paginate", "next", "page", "offset", "items"});
    rules.exclude({"download", "continue", "sha256"},
                  {"print", "include", "headers", "body", "meta", "pick", "sorted", "envelope", "headers-to",
                   "expect", "until", "paginate", "next", "page", "offset", "items", "cache"});
    rules.needs("boundary", {"multipart", "form"});
    rules.needs("every", {"until"});
    rules.needs("deadline", {"until"});
    rules.needs("last-status", {"page", "offset"});
    rules.needs("max-pages", pages);
    rules.needs("array", {"items"});
    rules.needs("raw-output", {"pick", "items"});
    rules.needs("max-redirects", {"follow"});
    rules.needs("retry-max-time", {"retry", "paginate", "next", "page", "offset"});
    rules.needs("show-secrets", {"curl", "dry-run"});
}

}  // namespace

output::Display Options::console_display() const {
    output::Display result = display;
    if (download.asked()) {
        result.output.clear();
    }
    return result;
}

void declare_options(options::Parser& parser, Options& options) {
    parser.argument("ADDRESS", options.request.first, "The address of the service, after an optional METHOD");
    parser.arguments("ITEM", options.request.rest, "Headers, query parameters and fields of the body");
    declare_request(parser, options.request);
    declare_reply(parser, options.reply);
    declare_views(parser, options.views);
    declare_expectations(parser, options.expectations);
    declare_pages(parser, options.pages);
    declare_redirects(parser, options.redirects);
    declare_download(parser, options.download);
    declare_http(parser, options);
    options::declare_connection(parser, options.connection, options::Peer::http,
                                options::Digits::are_options);
    options::declare_display(parser, options.display);
    declare_rules(parser.rules());
}

}  // namespace hail::cli::rest
