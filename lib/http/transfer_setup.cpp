#include "lib/http/transfer.h"

#include <algorithm>
#include <utility>

#include "lib/base/text.h"
#include "lib/http/body.h"

// The exchange before it starts: the options that libcurl gets.

namespace hail::http {

using net::set;

namespace {

constexpr std::size_t short_body = 64UL * 1024;

// No libcurl asks with "Expect: 100-continue" before it sends such a body.
constexpr std::size_t tiny_body = 1024;

// Without TLS, HTTP/2 cannot be negotiated: the server must already support it.
long curl_version_of(Version version, std::string_view url) {
    if (version == Version::v2) {
        return url.starts_with("https:") ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE;
    }
    return CURL_HTTP_VERSION_1_1;
}

}  // namespace

Transfer::Transfer(const EngineOptions& options, const net::Connector& connector)
    : easy_(net::make_easy()),
      connect_(connector.options()),
      http_proxy_(connect_.http_proxy),
      version_(options.version),
      stream_limit_(options.stream_limit),
      measured_(options.measured),
      trace_(options.trace),
      silence_(options.connect.idle_timeout),
      timeout_(options.connect.timeout) {
    connector.apply(easy_.get());
    set_once(options);
}

void Transfer::set_once(const EngineOptions& options) {
    CURL* const easy = easy_.get();
    set(easy, CURLOPT_PRIVATE, static_cast<void*>(this));
    set(easy, CURLOPT_ERRORBUFFER, exchange_.error.data());
    set(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    set(easy, CURLOPT_PATH_AS_IS, 1);
    set(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1);
    set(easy, CURLOPT_BUFFERSIZE, 64 * 1024);  // a quarter less kernel time than with 16 KiB
    set(easy, CURLOPT_TCP_KEEPALIVE, 1);
    set(easy, CURLOPT_MAXAGE_CONN,
        4);  // servers close idle connections after 5 s or more; sending on an older one is a gamble
    set(easy, CURLOPT_HEADERFUNCTION, &Transfer::on_header);
    set(easy, CURLOPT_HEADERDATA, static_cast<void*>(this));
    set(easy, CURLOPT_WRITEFUNCTION, &Transfer::on_body);
    set(easy, CURLOPT_WRITEDATA, static_cast<void*>(this));
    set(easy, CURLOPT_OPENSOCKETFUNCTION, &Transfer::on_open);
    set(easy, CURLOPT_OPENSOCKETDATA, static_cast<void*>(this));
    set(easy, CURLOPT_PREREQFUNCTION, &Transfer::on_ready);
    set(easy, CURLOPT_PREREQDATA, static_cast<void*>(this));
    alerts_.watch(easy);
    set(easy, CURLOPT_XFERINFOFUNCTION, &Transfer::on_progress);
    set(easy, CURLOPT_XFERINFODATA, static_cast<void*>(this));
    set(easy, CURLOPT_DEBUGFUNCTION, &Transfer::on_debug);
    set(easy, CURLOPT_DEBUGDATA, static_cast<void*>(this));
    set(easy, CURLOPT_VERBOSE, options.trace != nullptr ? 1 : 0);
}

namespace {

bool is_chunked(const Request& request) {
    return request.stream && !request.stream->length();
}

bool is_tiny(const Request& request) {
    return request.body && request.body->size() <= tiny_body;
}

}  // namespace

bool Transfer::has_short_body(const Request& request) {
    return request.body && request.body->size() <= short_body;
}

bool Transfer::has_shape(const Request& request) const {
    const bool signed_anew = request.credentials.kind == Credentials::Kind::json_web_token;
    return shape_.set && !signed_anew && shape_.has_body == has_body(request) &&
           shape_.tiny == is_tiny(request) && shape_.chunked == is_chunked(request) &&
           shape_.url == request.url && shape_.method == request.method &&
           shape_.headers == request.headers && shape_.credentials == request.credentials;
}

// Parsed once: given only the text, libcurl would take it apart and put it together again for every job. A
// URL that it cannot parse stays text, and libcurl then reports it.
void Transfer::shape_url(const std::string& url) {
    set(easy_.get(), CURLOPT_CURLU, static_cast<CURLU*>(nullptr));
    set(easy_.get(), CURLOPT_URL, url.c_str());
    if (!http_proxy_.empty()) {
        const bool plain = url.starts_with("http://");
        set(easy_.get(), CURLOPT_PROXY, plain ? http_proxy_.c_str() : nullptr);
        if (plain && trace_ != nullptr) {
            trace_->fact("HTTP_PROXY names the proxy, since http_proxy does not");
        }
    }
    url_.reset(curl_url());
    const bool readable =
        url_ && curl_url_set(url_.get(), CURLUPART_URL, url.c_str(), CURLU_PATH_AS_IS) == CURLUE_OK;
    if (readable) {
        set(easy_.get(), CURLOPT_CURLU, url_.get());
    }
}

void Transfer::shape_method(const Request& request) {
    CURL* const easy = easy_.get();
    set(easy, CURLOPT_NOBODY, 0);
    set(easy, CURLOPT_HTTPGET, 1);
    const bool head = request.method == "HEAD";  // without a body: validate() made sure of that
    if (has_body(request)) {
        set(easy, CURLOPT_POST, 1);
    } else if (head) {
        set(easy, CURLOPT_NOBODY, 1);
    }
    const bool natural = head || request.method == (has_body(request) ? "POST" : "GET");
    set(easy, CURLOPT_CUSTOMREQUEST, natural ? nullptr : request.method.c_str());
}

void Transfer::shape(const Request& request) {
    net::set_utf8_locale_for(request.url);
    net::List lines;
    const auto add = [&](const Header& header) {
        // "Name;" makes libcurl send an empty value; "Name:" would remove the header.
        net::append(lines, header.value.empty() ? header.name + ";" : header.name + ": " + header.value);
    };
    const bool own_host = find(request.headers, "Host") != nullptr;
    for (const auto& header : wire_headers(request)) {
        // libcurl writes these itself: HTTP/2 lacks some of them, but the exchange may fall back to HTTP/1.1.
        const bool libcurls = header.name == "Content-Length" || (header.name == "Host" && !own_host) ||
                              (header.name == "Transfer-Encoding" && version_ == Version::v2);
        if (!libcurls) {
            add(header);
        }
    }
    for (const auto* name : {"Accept", "Content-Type", "Expect"}) {
        const bool wanted = name != std::string_view("Expect") || !is_tiny(request);
        if (wanted && find(request.headers, name) == nullptr) {
            net::append(lines, std::string(name) + ":");  // so that libcurl adds none of its own
        }
    }
    shape_.set = false;
    shape_url(request.url);
    set(easy_.get(), CURLOPT_HTTP_VERSION, curl_version_of(version_, request.url));
    set(easy_.get(), CURLOPT_HTTPHEADER, lines.get());
    headers_ = std::move(lines);
    shape_method(request);
    shape_ = {request.method,    request.url,      request.headers,     request.credentials,
              has_body(request), is_tiny(request), is_chunked(request), true};
}

// libcurl stops sending, and closes the connection, if an error status comes before it has noticed the end of
// the body: with 8.x even after a body without a byte. A short body is always sent whole, because the answer
// to a challenge may have to go out on the same connection.
void Transfer::set_body(const Request& request) {
    CURL* const easy = easy_.get();
    set_number(CURLOPT_KEEP_SENDING_ON_ERROR, numbers_.keep_sending, has_short_body(request) ? 1 : 0);
    if (request.stream) {
        set(easy, CURLOPT_POSTFIELDS, nullptr);
        const auto length = request.stream->length();
        set(easy, CURLOPT_POSTFIELDSIZE_LARGE, length ? static_cast<curl_off_t>(*length) : curl_off_t{-1});
        set(easy, CURLOPT_READFUNCTION, &Transfer::on_read);
        set(easy, CURLOPT_READDATA, static_cast<void*>(this));
    } else if (request.body) {
        // libcurl reads the caller's bytes in place.
        set(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body->size()));
        set(easy, CURLOPT_POSTFIELDS, request.body->data());
    }
}

// Bulk work gives the same numbers again and again.
void Transfer::set_number(CURLoption option, long& known, long value) {
    if (known != value) {
        set(easy_.get(), option, value);
        known = value;
    }
}

void Transfer::limit_time(const Job& job) {
    const bool has_timeout = job.timeout.poll_milliseconds() >= 0;
    set_limit(sooner(job.until, has_timeout ? job.timeout : base::Deadline::after(timeout_)));
}

void Transfer::set_limit(const base::Deadline& limit) {
    const int left = limit.poll_milliseconds();
    // To libcurl 0 means no limit.
    set_number(CURLOPT_TIMEOUT_MS, numbers_.milliseconds, left < 0 ? 0 : std::max(1, left));
}

void Transfer::begin(Job& job) {
    const Request& request = *job.request;
    if (!has_shape(request)) {
        shape(request);
    }
    set_body(request);
    limit_time(job);
    set_number(CURLOPT_FRESH_CONNECT, numbers_.fresh_connect, job.connection == ConnectionUse::fresh ? 1 : 0);
    trust_connection();
    forget_chunks();
    ReplyHead head = std::move(exchange_.result.head);  // to reuse its memory
    head.clear();
    exchange_ = {};
    exchange_.job = &job;
    exchange_.result.head = std::move(head);
    close_notify_.forget();
    alerts_.forget();
}

}  // namespace hail::http
