#include "lib/http/transfer.h"

#include <algorithm>
#include <utility>

#include "lib/base/text.h"
#include "lib/net/curl_errors.h"
#include "lib/net/tried_peer.h"

// The outcome of an exchange: how much of the request was sent, how long each step took, and whether the
// reply is complete.

namespace hail::http {

using base::Exit;
using net::Stage;

namespace {

std::uint64_t number_of(CURL* easy, CURLINFO what) {
    curl_off_t value = 0;
    curl_easy_getinfo(easy, what, &value);
    return value > 0 ? static_cast<std::uint64_t>(value) : 0;
}

long long_of(CURL* easy, CURLINFO what) {
    long value = 0;
    curl_easy_getinfo(easy, what, &value);
    return value;
}

Timings::Microseconds time_of(CURL* easy, CURLINFO what) {
    return Timings::Microseconds(number_of(easy, what));
}

std::string part_of(CURLU* url, CURLUPart part, unsigned flags) {
    char* text = nullptr;
    const bool known = curl_url_get(url, part, &text, flags) == CURLUE_OK;
    std::string result = known ? text : "";
    curl_free(text);
    return result;
}

net::TriedPeer peer_of(std::string_view tried, const std::string& proxy, CURLU* url) {
    std::string host = part_of(url, CURLUPART_HOST, 0);
    if (host.starts_with('[')) {
        host = host.substr(1, host.size() - 2);
    }
    const auto port = base::parse_number(part_of(url, CURLUPART_PORT, CURLU_DEFAULT_PORT)).value_or(0);
    return net::tried_peer(tried, proxy, host, static_cast<std::uint16_t>(port));
}

}  // namespace

// ------------------------------------------------------------------------------------------------

// Head and body together, as far as libcurl handed them to the system.
std::uint64_t Transfer::bytes_out() const {
    const auto head = static_cast<std::uint64_t>(std::max(0L, long_of(easy_.get(), CURLINFO_REQUEST_SIZE)));
    const std::uint64_t body = number_of(easy_.get(), CURLINFO_SIZE_UPLOAD_T);
    // A small body goes out with the head and counts in both, a large one only in the latter.
    return head >= body ? head : head + body;
}

bool Transfer::is_body_out() const {
    const Request& request = *exchange_.job->request;
    const bool ended = !request.stream || exchange_.body_ended;
    return ended &&
           number_of(easy_.get(), CURLINFO_SIZE_UPLOAD_T) >= body_length(request).value_or(exchange_.given);
}

Sent Transfer::sent(bool reply_came) const {
    if (exchange_.attempts == 0 || (!reply_came && bytes_out() <= exchange_.bytes_before_request)) {
        return Sent::nothing;
    }
    if (!is_body_out()) {
        return Sent::partly;
    }
    const std::uint64_t length = body_length(*exchange_.job->request).value_or(exchange_.given);
    const bool whole_head =
        length > 0 || reply_came ||
        bytes_out() - exchange_.bytes_before_request >= request_head(*exchange_.job->request).size();
    return whole_head ? Sent::wholly : Sent::partly;
}

// A 1xx is not yet the reply: the server may only have asked for the body.
bool Transfer::reply_has_begun() const {
    const int status = exchange_.result.head.status();
    return !exchange_.result.head.bytes().empty() && (status < 100 || status > 199);
}

Stage Transfer::stage() const {
    if (reply_has_begun()) {
        return Stage::reading;
    }
    switch (exchange_.sent_before_repeat.value_or(sent(false))) {
        case Sent::nothing:
            return exchange_.attempts == 0 ? Stage::connecting : Stage::sending;
        case Sent::partly:
            return Stage::sending;
        case Sent::wholly:
            break;
    }
    return Stage::waiting;
}

void Transfer::measure() {
    CURL* const easy = easy_.get();
    Result& result = exchange_.result;
    result.sent = certificate_refused()
                      ? Sent::nothing
                      : exchange_.sent_before_repeat.value_or(sent(!result.head.bytes().empty()));
    const std::uint64_t out = bytes_out();
    result.request_bytes = out - std::min(out, exchange_.bytes_before_request);
    result.reply_head_bytes = static_cast<std::uint64_t>(std::max(0L, long_of(easy, CURLINFO_HEADER_SIZE)));
    result.reply_body_bytes = number_of(easy, CURLINFO_SIZE_DOWNLOAD_T);
    result.reused_connection = exchange_.attempts > 0 && !exchange_.opened;
    result.stale_connection = exchange_.sent_before_repeat.has_value();
    if (measured_ == Measured::all || !is_successful()) {
        measure_route();
    }
}

bool Transfer::is_successful() const {
    const int status = exchange_.result.head.status();
    return !exchange_.result.failure && status >= 200 && status < 300;
}

// The timings, and the address of the peer.
void Transfer::measure_route() {
    CURL* const easy = easy_.get();
    Result& result = exchange_.result;
    result.timings = {
        time_of(easy, CURLINFO_NAMELOOKUP_TIME_T),    time_of(easy, CURLINFO_CONNECT_TIME_T),
        time_of(easy, CURLINFO_APPCONNECT_TIME_T),    time_of(easy, CURLINFO_PRETRANSFER_TIME_T),
        time_of(easy, CURLINFO_STARTTRANSFER_TIME_T), time_of(easy, CURLINFO_TOTAL_TIME_T)};
    const char* ip = nullptr;
    curl_easy_getinfo(easy, CURLINFO_PRIMARY_IP, &ip);
    const std::string_view address = ip == nullptr ? "" : ip;
    if (!address.empty()) {
        const bool v6 = address.find(':') != address.npos;
        result.remote.append(v6 ? "[" : "").append(address).append(v6 ? "]:" : ":");
        result.remote += std::to_string(long_of(easy, CURLINFO_PRIMARY_PORT));
    }
}

bool Transfer::has_no_body() const {
    const int status = exchange_.result.head.status();
    return exchange_.job->request->method == "HEAD" || status == 204 || status == 304;
}

// libcurl uses the last of several lengths, the leading digits of a malformed one, and no length if it is too
// large; some versions believe a status line of HTTP/2 on a connection that does not speak it.
std::optional<std::string> Transfer::head_fault() const {
    const ReplyHead& head = exchange_.result.head;
    if (version_ != Version::v2 && head.version().starts_with('2')) {
        return "its status line says HTTP/" + base::one_line(head.version(), 20) +
               " on a connection that speaks HTTP/1.1";
    }
    if (has_no_body() || head.find("Transfer-Encoding")) {
        return std::nullopt;
    }
    return length_fault(head);
}

// Source: RFC 9112 6.3.
bool Transfer::ends_with_connection() const {
    return exchange_.open_end && exchange_.result.head.version() != "2" &&
           !exchange_.result.head.find("Transfer-Encoding");
}

// Says how many bytes arrived; libcurl says how many did not.
Failure Transfer::cut_reply() const {
    const std::uint64_t came = number_of(easy_.get(), CURLINFO_SIZE_DOWNLOAD_T);
    const auto length = stated_length(exchange_.result.head);
    if (length && came < *length) {
        return {
            Exit::unknown,
            "the reply was cut: " + std::to_string(came) + " of " + std::to_string(*length) + " bytes came",
            {}};
    }
    return net::explain({CURLE_PARTIAL_FILE, exchange_.error.data(), stage(), 0, 0});
}

std::optional<Failure> Transfer::judge_reply() const {
    if (!exchange_.head_delivered && exchange_.result.head.status() == 101) {
        return Failure{Exit::bad_reply, "the server switched to another protocol without being asked", {}};
    }
    if (!exchange_.head_delivered) {
        return Failure{Exit::unknown, "the reply was cut: its head is incomplete", {}};
    }
    if (exchange_.decoder && exchange_.decoder->state() == Decoder::State::going) {
        return Failure{Exit::unknown, "the reply was cut: its compressed body is incomplete", {}};
    }
    // libcurl does not count the length if "Transfer-Encoding: identity" stands beside it.
    if (exchange_.length && number_of(easy_.get(), CURLINFO_SIZE_DOWNLOAD_T) < *exchange_.length) {
        return cut_reply();
    }
    if (close_notify_.missing()) {
        return Failure{
            Exit::unknown, "the reply was cut: it has no length, and TLS ended without a close_notify", {}};
    }
    if (exchange_.open_end && exchange_.result.head.version() == "2") {
        return Failure{
            Exit::unknown,
            "the reply may be incomplete: it has no length, and libcurl does not always notice when an "
            "HTTP/2 stream is reset",
            "leave --http2 out"};
    }
    return std::nullopt;
}

// By an alert, which a server sends instead of looking at the request.
bool Transfer::certificate_refused() const {
    return exchange_.result.head.bytes().empty() && !alerts_.certificate_fault().empty();
}

Failure Transfer::explain(CURLcode code) const {
    net::CurlError error{code,
                         exchange_.error.data(),
                         stage(),
                         static_cast<int>(long_of(easy_.get(), CURLINFO_OS_ERRNO)),
                         long_of(easy_.get(), CURLINFO_HTTP_CONNECTCODE),
                         connect_.unix_socket};
    error.request_is_out = exchange_.attempts > 0 && is_body_out();
    error.proxy_logins = long_of(easy_.get(), CURLINFO_PROXYAUTH_AVAIL);
    error.cacert = connect_.tls.cacert;
    error.tls_min = connect_.tls.min_version != net::TlsVersion::any;
    error.certificate_names = alerts_.certificate_names();
    const std::string proxy = net::proxy_for(connect_, shape_.url.starts_with("https:"));
    const net::TriedPeer peer = peer_of(exchange_.tried, proxy, url_.get());
    (peer.is_proxy ? error.proxy : error.peer) = peer.name;
    return net::explain(error);
}

std::optional<Failure> Transfer::judge(CURLcode code) const {
    if (code == CURLE_OK) {
        return judge_reply();
    }
    if (exchange_.enough) {
        return std::nullopt;
    }
    if (certificate_refused()) {
        return net::certificate_refused(alerts_.certificate_fault());
    }
    if (exchange_.sent_before_repeat) {
        const bool out = *exchange_.sent_before_repeat != Sent::nothing;
        return Failure{
            out ? Exit::unknown : Exit::unreachable,
            out ? "the kept connection was closed without an answer; the request was not sent again"
                : "the kept connection was closed before the request was sent",
            {}};
    }
    if (exchange_.refused) {
        return exchange_.refused;
    }
    if (exchange_.decoder && exchange_.decoder->state() == Decoder::State::corrupt) {
        const bool plain_was_asked = asks_for_identity_alone(*exchange_.job->request);
        return Failure{Exit::bad_reply, "the compressed body is damaged",
                       plain_was_asked ? "" : "retry with Accept-Encoding:identity"};
    }
    if (exchange_.decoder && exchange_.decoder->state() == Decoder::State::trailing) {
        return Failure{Exit::bad_reply, "bytes follow the end of the compressed body", {}};
    }
    if (code == CURLE_PARTIAL_FILE) {
        return cut_reply();
    }
    return explain(code);
}

// A kept connection that died before anything of the reply came. libcurl counts those of a handle over all of
// its transfers, and no longer asks for another connection after the fifth.
void Transfer::note_lost_connection(CURLcode code) {
    const bool lost = code == CURLE_SEND_ERROR || code == CURLE_RECV_ERROR;
    if (lost && exchange_.attempts == 1 && !exchange_.opened && exchange_.result.head.bytes().empty()) {
        stop_repeat();
    }
}

const Result& Transfer::finish(CURLcode code) {
    if (exchange_.thrown) {
        std::rethrow_exception(std::exchange(exchange_.thrown, nullptr));
    }
    note_lost_connection(code);
    exchange_.result.failure = judge(code);
    const bool assumed = version_ == Version::v2 && !exchange_.job->request->url.starts_with("https:");
    if (exchange_.result.failure && assumed && exchange_.attempts > 0 &&
        exchange_.result.head.bytes().empty() && exchange_.result.failure->hint.empty()) {
        exchange_.result.failure->hint = "the server may not support HTTP/2 without TLS: leave --http2 out";
    }
    measure();
    return exchange_.result;
}

const Result& Transfer::abandon(Failure why) {
    exchange_.result.failure = std::move(why);
    measure();
    return exchange_.result;
}

base::Deadline Transfer::silence_limit() {
    if (exchange_.attempts == 0 || !silence_) {
        return {};
    }
    // Sending a body is not silence, nor is waiting for more of it.
    const std::uint64_t out = bytes_out();
    if (exchange_.heard || out != exchange_.last_bytes_out || exchange_.waiting_for >= 0) {
        exchange_.heard = false;
        exchange_.last_bytes_out = out;
        exchange_.silence_limit = base::Deadline::after(silence_);
    }
    return exchange_.silence_limit;
}

}  // namespace hail::http
