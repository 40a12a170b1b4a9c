// The options of hail rest, one struct for each heading of its help.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/options/connection.h"
#include "cli/options/parser.h"
#include "cli/output/display.h"
#include "lib/base/deadline.h"
#include "lib/http/body_collector.h"
#include "lib/http/compress.h"
#include "lib/net/login_options.h"

namespace hail::cli::rest {

struct RequestOptions {
    std::string first;              // METHOD or ADDRESS
    std::vector<std::string> rest;  // the words after it
    std::optional<std::string> method;
    std::vector<std::string> headers;  // "Name:value", as typed
    std::optional<std::string> data;   // TEXT or @FILE
    bool json = false;
    bool form = false;
    bool multipart = false;
    std::optional<std::string> boundary;
    std::optional<http::Coding> compress;
    bool compress_is_typed = false;  // not from the environment
    bool chunked = false;
    bool ignore_stdin = false;
};

struct ReplyOptions {
    std::optional<std::string> print;  // the letters of --print
    bool no_check_status = false;
};

struct ViewOptions {
    std::optional<std::string> pick;  // a path
    bool raw = false;
    bool sorted = false;
    bool envelope = false;
    std::string headers_to;                           // a file; empty: none
    std::uint64_t max_reply = http::usual_max_reply;  // bytes that are kept for views of whole replies
    bool curl = false;
    bool show_secrets = false;
};

struct ExpectationOptions {
    std::vector<std::string> expect;
    std::vector<std::string> until;
    std::optional<base::Milliseconds> every = base::Milliseconds(2'000);
    std::optional<base::Milliseconds> deadline = base::Milliseconds(300'000);
};

struct PageOptions {
    bool paginate = false;
    std::optional<std::string> next;    // [PARAMETER=]PATH
    std::optional<std::string> page;    // a query parameter
    std::optional<std::string> offset;  // a query parameter
    std::optional<std::string> items;   // a path
    bool array = false;
    std::uint64_t last_status = 0;            // ends the list; 0: none
    std::optional<std::uint64_t> most_pages;  // 0: all of them; nothing: the usual limit

    bool has_next() const { return paginate || next || page || offset; }
};

struct RedirectOptions {  // and sessions
    bool follow = false;
    std::uint64_t most_redirects = 10;
    std::optional<std::string> idempotency_key;  // "auto" generates one
    std::optional<std::string> session;          // a name or a file
    bool cache = false;
};

struct DownloadOptions {
    bool download = false;
    bool resume = false;
    std::string sha256;

    bool asked() const { return download || resume || !sha256.empty(); }
};

struct Options {
    RequestOptions request;
    ReplyOptions reply;
    ViewOptions views;
    ExpectationOptions expectations;
    PageOptions pages;
    RedirectOptions redirects;
    DownloadOptions download;
    bool http2 = false;
    options::Connection connection;
    output::Display display;

    // A download writes --output itself.
    output::Display console_display() const;
};

void declare_options(options::Parser& parser, Options& options);

}  // namespace hail::cli::rest
