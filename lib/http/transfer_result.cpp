#include "lib/http/transfer.h"

#include <algorithm>
#include <utility>

#include "lib/base/text.h"

// What came of an exchange: how much of the request left, how long each step took, and whether the reply is whole.

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
    const Request& request = *job_->request;
    const bool ended = !request.stream || body_ended_;
    return ended && number_of(easy_.get(), CURLINFO_SIZE_UPLOAD_T) >= body_length(request).value_or(given_);
}

Sent Transfer::sent(bool reply_came) const {
    if (attempts_ == 0 || (!reply_came && bytes_out() <= bytes_before_request_)) {
        return Sent::nothing;
    }
    if (!is_body_out()) {
        return Sent::partly;
    }
    const std::uint64_t length = body_length(*job_->request).value_or(given_);
    const bool whole_head = length > 0 || reply_came ||
                            bytes_out() - bytes_before_request_ >= request_head(*job_->request).size();
    return whole_head ? Sent::wholly : Sent::partly;
}

Stage Transfer::stage() const {
    if (!result_.head.bytes().empty()) {
        return Stage::reading;
    }
    switch (sent_before_repeat_.value_or(sent(false))) {
        case Sent::nothing:
            return attempts_ == 0 ? Stage::connecting : Stage::sending;
        case Sent::partly:
            return Stage::sending;
        case Sent::wholly:
            break;
    }
    return Stage::waiting;
}

void Transfer::measure() {
    CURL* const easy = easy_.get();
    result_.sent = sent_before_repeat_.value_or(sent(!result_.head.bytes().empty()));
    result_.timings = {
        time_of(easy, CURLINFO_NAMELOOKUP_TIME_T),    time_of(easy, CURLINFO_CONNECT_TIME_T),
        time_of(easy, CURLINFO_APPCONNECT_TIME_T),    time_of(easy, CURLINFO_PRETRANSFER_TIME_T),
        time_of(easy, CURLINFO_STARTTRANSFER_TIME_T), time_of(easy, CURLINFO_TOTAL_TIME_T)};
    const std::uint64_t out = bytes_out();
    result_.request_bytes = out - std::min(out, bytes_before_request_);
    result_.reply_head_bytes = static_cast<std::uint64_t>(std::max(0L, long_of(easy, CURLINFO_HEADER_SIZE)));
    result_.reply_body_bytes = number_of(easy, CURLINFO_SIZE_DOWNLOAD_T);
    result_.reused_connection = attempts_ > 0 && !opened_;
    result_.stale_connection = sent_before_repeat_.has_value();
    const char* ip = nullptr;
    curl_easy_getinfo(easy, CURLINFO_PRIMARY_IP, &ip);
    const std::string_view address = ip == nullptr ? "" : ip;
    result_.remote.clear();
    if (!address.empty()) {
        const bool v6 = address.find(':') != address.npos;
        result_.remote.append(v6 ? "[" : "").append(address).append(v6 ? "]:" : ":");
        result_.remote += std::to_string(long_of(easy, CURLINFO_PRIMARY_PORT));
    }
}

bool Transfer::has_no_body() const {
    const int status = result_.head.status();
    return job_->request->method == "HEAD" || status == 204 || status == 304;
}

// Neither a length nor the end of a coding says where the body ends.
bool Transfer::has_open_end() const {
    return !has_no_body() && !decoder_ && !result_.head.find("Content-Length");
}

// libcurl takes the last of several lengths, the beginning of one that is no number, and none for one that is too large.
std::optional<Failure> Transfer::framing_fault() const {
    if (has_no_body() || result_.head.find("Transfer-Encoding")) {
        return std::nullopt;
    }
    const auto fault = length_fault(result_.head);
    return fault ? std::optional(Failure{Exit::bad_reply, "the reply breaks HTTP: " + *fault, {}})
                 : std::nullopt;
}

// Source: RFC 9112 6.3.
bool Transfer::ends_with_connection() const {
    return has_open_end() && result_.head.version() != "2" && !result_.head.find("Transfer-Encoding");
}

// How much of it came, where libcurl says how much did not.
Failure Transfer::cut_reply() const {
    const std::uint64_t came = number_of(easy_.get(), CURLINFO_SIZE_DOWNLOAD_T);
    const auto length = base::parse_number(result_.head.find("Content-Length").value_or(""));
    if (length && came < *length) {
        return {
            Exit::unknown,
            "the reply was cut: " + std::to_string(came) + " of " + std::to_string(*length) + " bytes came",
            {}};
    }
    return net::explain({CURLE_PARTIAL_FILE, error_.data(), stage(), 0, 0});
}

std::optional<Failure> Transfer::judge_reply() const {
    if (!head_delivered_ && result_.head.status() == 101) {
        return Failure{
            Exit::bad_reply, "the server switched to another protocol, which was not asked for", {}};
    }
    if (!head_delivered_) {
        return Failure{Exit::unknown, "the reply was cut in its head", {}};
    }
    if (decoder_ && decoder_->state() == Decoder::State::going) {
        return Failure{Exit::unknown, "the reply was cut: its compressed body has no end", {}};
    }
    if (close_notify_.missing()) {
        return Failure{Exit::unknown,
                       "the reply was cut: it has no length, and TLS broke off before its close_notify",
                       {}};
    }
    if (has_open_end() && result_.head.version() == "2" && !tells_streams_ends()) {
        return Failure{
            Exit::unknown,
            "whether the reply is whole is not known: it has no length, and this libcurl takes an HTTP/2 "
            "stream that is reset for one that ends",
            "leave --http2 out, or use libcurl 8.0.0 or later"};
    }
    return std::nullopt;
}

std::optional<Failure> Transfer::judge(CURLcode code) const {
    if (code == CURLE_OK) {
        return judge_reply();
    }
    if (sent_before_repeat_) {
        const bool out = *sent_before_repeat_ != Sent::nothing;
        return Failure{
            out ? Exit::unknown : Exit::unreachable,
            out ? "the kept connection was closed without an answer, the request was not sent again"
                : "the kept connection was closed before the request was sent",
            {}};
    }
    if (refused_) {
        return refused_;
    }
    if (!unasked_coding_.empty()) {
        return Failure{
            Exit::bad_reply,
            "the reply is encoded as '" + base::one_line(unasked_coding_, 40) + "', which was not asked for",
            "Accept-Encoding:identity asks for a plain one"};
    }
    if (decoder_ && decoder_->state() == Decoder::State::corrupt) {
        return Failure{Exit::bad_reply, "the compressed body is damaged",
                       "Accept-Encoding:identity asks for a plain one"};
    }
    if (decoder_ && decoder_->state() == Decoder::State::trailing) {
        return Failure{Exit::bad_reply, "bytes follow the end of the compressed body", {}};
    }
    if (code == CURLE_PARTIAL_FILE) {
        return cut_reply();
    }
    return net::explain({code, error_.data(), stage(),
                         static_cast<int>(long_of(easy_.get(), CURLINFO_OS_ERRNO)),
                         long_of(easy_.get(), CURLINFO_HTTP_CONNECTCODE), unix_socket_});
}

const Result& Transfer::finish(CURLcode code) {
    if (thrown_) {
        std::rethrow_exception(std::exchange(thrown_, nullptr));
    }
    result_.failure = judge(code);
    const bool assumed = version_ == Version::v2 && !job_->request->url.starts_with("https:");
    if (result_.failure && assumed && attempts_ > 0 && result_.head.bytes().empty() &&
        result_.failure->hint.empty()) {
        result_.failure->hint = "perhaps the server speaks no HTTP/2 without TLS: leave --http2 out";
    }
    measure();
    return result_;
}

const Result& Transfer::abandon(Failure why) {
    result_.failure = std::move(why);
    measure();
    return result_;
}

base::Deadline Transfer::silence_limit() {
    if (attempts_ == 0 || !silence_) {
        return {};
    }
    // A body that is still going out is not silence, nor is the wait for more of it.
    const std::uint64_t out = bytes_out();
    if (heard_ || out != last_bytes_out_ || waiting_for_ >= 0) {
        heard_ = false;
        last_bytes_out_ = out;
        silence_limit_ = base::Deadline::after(silence_);
    }
    return silence_limit_;
}

}  // namespace hail::http
