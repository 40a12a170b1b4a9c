#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/commands/rest_policy.h"
#include "cli/commands/rest_show.h"
#include "cli/input/assemble.h"
#include "cli/input/files.h"
#include "cli/input/items.h"
#include "cli/options/connection.h"
#include "cli/options/parser.h"
#include "cli/output/console.h"
#include "lib/base/exit.h"
#include "lib/base/stop.h"
#include "lib/http/body.h"
#include "lib/http/decode.h"
#include "lib/http/message.h"
#include "lib/net/address.h"
#include "lib/net/login_options.h"

// hail rest: one REST call.
//
// Throws:  Error(client_error) and its like for a status that is no success, after the reply was printed.

namespace hail::cli::rest {

struct Options {
    std::string first;              // METHOD or ADDRESS
    std::vector<std::string> rest;  // what follows it
    std::optional<std::string> method;
    std::vector<std::string> headers;  // as typed: "Name:value"
    std::optional<std::string> data;   // TEXT, @FILE
    bool json = false;
    bool form = false;
    bool ignore_stdin = false;
    bool no_check_status = false;
    std::optional<std::string> print;  // letters
    bool multipart = false;
    std::optional<std::string> boundary;
    std::optional<http::Coding> compress;
    bool chunked = false;
    Policy policy;
    Show show;
    options::Connection connection;
    output::Display display;

    // A download writes --output itself.
    bool downloads() const { return policy.download || policy.resume || !policy.sha256.empty(); }
    output::Display console_display() const {
        output::Display result = display;
        if (downloads()) {
            result.output.clear();
        }
        return result;
    }
};

// The arguments by what they are.
struct Words {
    std::string method;  // upper case; empty: by the body
    std::string address;
    std::vector<std::string> items;
};

// The first word is a method if it is a known one, or in capitals with an address behind it.
Words sort_words(const Options& options);
net::Address address_of(const Words& words, const Options& options);

// What a call is made of, beside its options.
struct Material {
    Words words;
    net::Address address;
    std::vector<input::Item> items;   // loaded
    std::optional<std::string> body;  // raw, of --data, a file or stdin
    // Or a body that is read while it is sent, its type, and the file that it comes from if it is one.
    std::shared_ptr<http::RequestBody> stream;
    std::string stream_type;
    std::string stream_source;
    net::LoginOptions credentials;
    std::optional<std::string> idempotency_key;
    std::vector<http::Header> session_headers{};  // give way to what is typed
    std::string warning;                          // about where the credentials come from
};

// The headers among the items and options.
input::HeaderItems typed_headers(const Options& options, const input::RequestParts& parts);
input::BodyMode body_mode(const Options& options);

// Reads the body, or opens it where it is large, a form with files, or a stream; the items are loaded.
// Tells on the console what may be a mistake about stdin.
void gather_body(const Options& options, input::Files& files, Material& material, const base::Stop& stop,
                 output::Console& console);

void declare(options::Parser& parser, Options& options);
http::Request plan(const Options& options, const Material& material);
base::Exit run(const Options& options, output::Console& console, base::Stop& stop);

}  // namespace hail::cli::rest
