// HTTP messages as they are on the wire: requests, and the heads of replies.
//
// Shape:   header names keep the case in which they were typed, repeated names are repeated lines; a value
//          has no white space around it and may be empty. The only headers added here are Host, Authorization
//          (from the credentials), Content-Length and Transfer-Encoding: no Accept, no User-Agent, no
//          Content-Type.
// Throws:  validate() Error(usage) for anything that would break the message's framing.
// Source:  RFC 9110, RFC 9112.

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/net/address.h"
#include "lib/net/login_options.h"

namespace hail::http {

class RequestBody;

struct Header {
    std::string name;
    std::string value;

    bool operator==(const Header&) const = default;
};

// Sent as an Authorization header, unless the request already has one: a typed header wins.
struct Credentials {
    enum class Kind {
        none,
        basic,
        digest,  // answers a challenge: see call.h
        bearer,
        json_web_token,  // signed for each request: see json_web_token.h
    };
    Kind kind = Kind::none;
    std::string user;    // basic, digest
    std::string secret;  // its password, the token, or the bytes that sign tokens

    bool operator==(const Credentials&) const = default;
};

// Given credentials take precedence over those in the address; a password from the environment completes
// either.
Credentials credentials(const net::LoginOptions& given, const net::Address& address);

struct Request {
    std::string method = "GET";
    std::string url;  // absolute, http or https, percent-encoded, without user and password: see url.h
    std::vector<Header> headers{};
    Credentials credentials{};
    std::optional<std::string> body{};  // an empty body is sent as Content-Length: 0
    std::shared_ptr<RequestBody>
        stream{};  // instead of body: read while it is sent; rewind() it to send it again
};

bool has_body(const Request& request);

// None: there is no body, or its length is unknown until its end (Transfer-Encoding: chunked).
std::optional<std::uint64_t> body_length(const Request& request);

// The first header of that name, case ignored; null if there is none.
const Header* find(const std::vector<Header>& headers, std::string_view name);

// Removes every header of that name, case ignored.
void drop_header(Request& request, std::string_view name);

// Replaces every header of that name by this one.
void set_header(Request& request, std::string_view name, std::string value);

// Rejects a request that cannot be sent as intended: a method or name that is not a token, CR, LF or NUL in a
// value, two Host lines, or a framing header (Transfer-Encoding, or a Content-Length other than the body's),
// because hail writes those itself.
void validate(const Request& request);

// Every header line in wire order: Host, the request's own, Authorization, Content-Length or
// Transfer-Encoding.
std::vector<Header> wire_headers(const Request& request);

// The exact bytes of the head as sent to a server over HTTP/1.1 (a plain HTTP proxy gets the whole URL as the
// target), with the empty line at its end. Shows secrets: see secrets.h.
std::string request_head(const Request& request);

// "hail/0.1.0", for callers that want to send it.
std::string user_agent();

// The head of a reply, kept as the bytes received. Each line is parsed once, when it comes.
class ReplyHead {
  public:
    struct Field {
        std::string_view name;
        std::string_view value;
    };

    int status() const { return status_; }
    std::string_view version() const { return version_of(status_line()); }  // "1.1", "2"
    std::string_view reason() const;                                        // may be empty
    std::string_view bytes() const { return bytes_; }                       // with the empty line at its end

    std::optional<std::string_view> find(
        std::string_view name) const;  // the first of that name, case ignored
    std::size_t field_count() const { return places_.size(); }
    Field field(std::size_t index) const;
    std::vector<Field> fields() const;

    // Takes a line as read from the wire: a status line begins a new head, a folded line continues the
    // previous one.
    void add_line(std::string_view line);
    void clear();

  private:
    // Places in bytes_, so that a copy of the head needs no other memory than its own.
    struct Place {
        std::size_t line = 0;  // its begin
        std::size_t colon = 0;
        std::size_t value = 0;  // without the white space around it
        std::size_t value_end = 0;
    };

    static std::string_view version_of(std::string_view status_line);
    std::string_view status_line() const;
    void note_field();

    int status_ = 0;
    std::size_t last_line_ = 0;  // the begin of the line added last
    std::string bytes_;
    std::vector<Place> places_;  // of the fields
};

// The length of the body that a head states; none if it says nothing, if a transfer coding frames the body,
// or if a reply with this status never has a body. Source: RFC 9112 6.3.
std::optional<std::uint64_t> stated_length(const ReplyHead& head);

// Says why a line that is about to be added to a head is not valid, as the end of "the reply breaks HTTP: ".
// Source: RFC 9112 2.2 (white space before the first field), 5.1 (white space before the colon).
std::optional<std::string> line_fault(const ReplyHead& head, std::string_view line);

// Says why the length in a head is not valid, as the end of "the reply breaks HTTP: "; none for one length,
// or the same length repeated. Source: RFC 9112 6.3.
std::optional<std::string> length_fault(const ReplyHead& head);

// The warning about a head that says both how long the body is and that it comes in chunks: the chunks count,
// but another program on the way may have counted the length. Source: RFC 9112 6.3, item 3.
std::optional<std::string> framing_warning(std::string_view method, const ReplyHead& head);

// Receives a reply as it arrives. An exception from a receiver ends the engine's run.
class Receiver {
  public:
    Receiver() = default;
    Receiver(const Receiver&) = delete;
    Receiver& operator=(const Receiver&) = delete;
    virtual ~Receiver() = default;

    virtual void head(const ReplyHead& head) = 0;   // once, the final head: never of 1xx or a proxy
    virtual void body(std::string_view bytes) = 0;  // decoded, in pieces of any size

    // Asked after each piece: false ends the exchange at once, as a success, and closes its connection.
    virtual bool wants_more() const { return true; }

    // Called after a truncated reply, and only if a retry is allowed: whether another head and body may
    // follow. It may change the request, to ask only for the rest.
    virtual bool resume(Request& /*request*/) { return false; }
};

// Shows the user what goes over the wire; secrets are masked already.
class Trace {
  public:
    Trace() = default;
    Trace(const Trace&) = delete;
    Trace& operator=(const Trace&) = delete;
    virtual ~Trace() = default;

    virtual void fact(std::string_view line) = 0;          // about the connection, without a line end
    virtual void request_head(std::string_view head) = 0;  // as sent
    virtual void reply_line(std::string_view line) = 0;  // every block: 1xx, a proxy's, the reply's, trailers
};

}  // namespace hail::http
