#include "lib/http/transfer.h"

#include <algorithm>
#include <utility>

#include "lib/base/text.h"
#include "lib/net/curl_errors.h"

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

}  // namespace

// ------------------------------------------------------------------------------------------------

bool tells_streams_ends() {
    constexpr unsigned first_that_does = 0x080000;
    return net::curl_version_number() >= first_that_does;
}

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

Stage Transfer::stage() const {
    if (!exchange_.result.head.bytes().empty()) {
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
    result.sent = exchange_.sent_before_repeat.value_or(sent(!result.head.bytes().empty()));
    result.timings = {
        time_of(easy, CURLINFO_NAMELOOKUP_TIME_T),    time_of(easy, CURLINFO_CONNECT_TIME_T),
        time_of(easy, CURLINFO_APPCONNECT_TIME_T),    time_of(easy, CURLINFO_PRETRANSFER_TIME_T),
        time_of(easy, CURLINFO_STARTTRANSFER_TIME_T), time_of(easy, CURLINFO_TOTAL_TIME_T)};
    const std::uint64_t out = bytes_out();
    result.request_bytes = out - std::min(out, exchange_.bytes_before_request);
    result.reply_head_bytes = static_cast<std::uint64_t>(std::max(0L, long_of(easy, CURLINFO_HEADER_SIZE)));
    result.reply_body_bytes = number_of(easy, CURLINFO_SIZE_DOWNLOAD_T);
    result.reused_connection = exchange_.attempts > 0 && !exchange_.opened;
    result.stale_connection = exchange_.sent_before_repeat.has_value();
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

// True if neither a length nor a coding marks the end of the body.
bool Transfer::has_open_end() const {
    return !has_no_body() && !exchange_.decoder && !exchange_.result.head.find("Content-Length");
}

// libcurl uses the last of several lengths, the leading digits of a malformed one, and no length if it is too
// large.
std::optional<Failure> Transfer::framing_fault() const {
    if (has_no_body() || exchange_.result.head.find("Transfer-Encoding")) {
        return std::nullopt;
    }
    const auto fault = length_fault(exchange_.result.head);
    return fault ? std::optional(Failure{Exit::bad_reply, "the reply breaks HTTP: " + *fault, {}})
                 : std::nullopt;
}

// Source: RFC 9112 6.3.
bool Transfer::ends_with_connection() const {
    return has_open_end() && exchange_.result.head.version() != "2" &&
           !exchange_.result.head.find("Transfer-Encoding");
}

// Says how many bytes arrived; libcurl says how many did not.
Failure Transfer::cut_reply() const {
    const std::uint64_t came = number_of(easy_.get(), CURLINFO_SIZE_DOWNLOAD_T);
    const auto length = base::parse_number(exchange_.result.head.find("Content-Length").value_or(""));
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
    if (close_notify_.missing()) {
        return Failure{
            Exit::unknown, "the reply was cut: it has no length, and TLS ended without a close_notify", {}};
    }
    if (has_open_end() && exchange_.result.head.version() == "2" && !tells_streams_ends()) {
        return Failure{
            Exit::unknown,
            "the reply may be incomplete: it has no length, and this libcurl does not notice when an HTTP/2 "
            "stream is reset",
            "leave --http2 out, or use libcurl 8.0.0 or later"};
    }
    return std::nullopt;
}

std::optional<Failure> Transfer::judge(CURLcode code) const {
    if (code == CURLE_OK) {
        return judge_reply();
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
    if (!exchange_.unasked_coding.empty()) {
        return Failure{Exit::bad_reply,
                       "the reply has the encoding '" + base::one_line(exchange_.unasked_coding, 40) +
                           "', which was not requested",
                       "retry with Accept-Encoding:identity"};
    }
    if (exchange_.decoder && exchange_.decoder->state() == Decoder::State::corrupt) {
        return Failure{Exit::bad_reply, "the compressed body is damaged",
                       "retry with Accept-Encoding:identity"};
    }
    if (exchange_.decoder && exchange_.decoder->state() == Decoder::State::trailing) {
        return Failure{Exit::bad_reply, "bytes follow the end of the compressed body", {}};
    }
    if (code == CURLE_PARTIAL_FILE) {
        return cut_reply();
    }
    return net::explain({code, exchange_.error.data(), stage(),
                         static_cast<int>(long_of(easy_.get(), CURLINFO_OS_ERRNO)),
                         long_of(easy_.get(), CURLINFO_HTTP_CONNECTCODE), unix_socket_});
}

const Result& Transfer::finish(CURLcode code) {
    if (exchange_.thrown) {
        std::rethrow_exception(std::exchange(exchange_.thrown, nullptr));
    }
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
