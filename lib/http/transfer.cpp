#include "lib/http/transfer.h"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "lib/base/text.h"
#include "lib/http/body.h"
#include "lib/http/media_type.h"
#include "lib/http/secrets.h"
#include "lib/net/tried_peer.h"

// The exchange in flight: the functions that libcurl calls back.

namespace hail::http {

using base::Exit;
using net::set;

namespace {

// The limit of a head with every 1xx before it, and of the trailers; libcurl's own limit is a little higher.
constexpr std::size_t longest_head = 256UL * 1024;

// The framing of a chunked body may be as large as a head, and 20 bytes more for each byte of the body: that
// is a chunk of one byte after a size with leading zeros.
constexpr std::size_t longest_framing = longest_head;
constexpr std::size_t most_framing_per_byte = 20;

}  // namespace

std::size_t Transfer::on_header(char* data, std::size_t size, std::size_t count, void* self) {
    auto& transfer = *static_cast<Transfer*>(self);
    try {
        return transfer.take_header({data, size * count}) ? size * count : 0;
    } catch (...) {
        transfer.exchange_.thrown = std::current_exception();
        return 0;
    }
}

std::size_t Transfer::on_read(char* data, std::size_t size, std::size_t count, void* self) {
    auto& transfer = *static_cast<Transfer*>(self);
    try {
        return transfer.give_body({data, size * count});
    } catch (...) {
        transfer.exchange_.thrown = std::current_exception();
        return CURL_READFUNC_ABORT;
    }
}

std::size_t Transfer::on_body(char* data, std::size_t size, std::size_t count, void* self) {
    auto& transfer = *static_cast<Transfer*>(self);
    try {
        return transfer.take_body({data, size * count}) ? size * count : 0;
    } catch (...) {
        transfer.exchange_.thrown = std::current_exception();
        return 0;
    }
}

curl_socket_t Transfer::on_open(void* self, curlsocktype /*purpose*/, curl_sockaddr* address) {
    if (!static_cast<Transfer*>(self)->may_open()) {
        return CURL_SOCKET_BAD;
    }
    static_cast<Transfer*>(self)->exchange_.tried = net::address_text(*address);
    const curl_socket_t opened =
        ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
    static_cast<Transfer*>(self)->exchange_.sockets.push_back(opened);
    return opened;
}

int Transfer::on_ready(void* self, char* /*remote*/, char* /*local*/, int /*remote_port*/, int local_port) {
    static_cast<Transfer*>(self)->find_socket(local_port);
    return static_cast<Transfer*>(self)->may_send() ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT;
}

int Transfer::on_debug(CURL* /*easy*/, curl_infotype kind, char* data, std::size_t size, void* self) {
    auto& transfer = *static_cast<Transfer*>(self);
    if (kind == CURLINFO_DATA_IN) {
        transfer.count_raw(size);
    }
    if (transfer.trace_ == nullptr) {
        return 0;
    }
    Trace& listener = *transfer.trace_;
    const std::string_view text(data, size);
    if (kind == CURLINFO_TEXT) {
        for (const std::string& line : transfer.tls_summary_.take(base::trim(text))) {
            listener.fact(mask_fact(line));
        }
    } else if (kind == CURLINFO_HEADER_OUT) {
        listener.request_head(mask_secrets(text));
    } else if (kind == CURLINFO_HEADER_IN) {
        listener.reply_line(mask_secrets(text));
        transfer.trace_proxy(text);
    }
    return 0;
}

int Transfer::on_progress(void* self, curl_off_t /*whole_in*/, curl_off_t /*in*/, curl_off_t /*whole_out*/,
                          curl_off_t /*out*/) {
    return static_cast<Transfer*>(self)->exchange_.refused ? 1 : 0;
}

// libcurl drops chunk extensions, without a limit; its trace is the only place where they are seen. A
// function that gets the trace cannot end the transfer, but one that is told the progress can.
void Transfer::watch_chunks() {
    exchange_.chunked = true;
    set(easy_.get(), CURLOPT_VERBOSE, 1);
    set(easy_.get(), CURLOPT_NOPROGRESS, 0);
}

void Transfer::forget_chunks() {
    if (exchange_.chunked) {
        set(easy_.get(), CURLOPT_VERBOSE, trace_ != nullptr ? 1 : 0);
        set(easy_.get(), CURLOPT_NOPROGRESS, 1);
        exchange_.chunked = false;
    }
}

// Called before these bytes are taken apart, so that only those before them are judged.
void Transfer::count_raw(std::size_t size) {
    if (!exchange_.chunked) {
        return;
    }
    const std::uint64_t known = exchange_.body_size + exchange_.trailer_size;
    const std::uint64_t framing = exchange_.raw_size - std::min(exchange_.raw_size, known);
    if (framing > longest_framing + most_framing_per_byte * exchange_.body_size && !exchange_.refused) {
        exchange_.refused =
            Failure{Exit::bad_reply, "the chunk extensions in the reply's body are too large", {}};
    }
    exchange_.raw_size += size;
}

// libcurl reads the body of a refused CONNECT and drops it, a byte at a time: here it is still in the socket.
void Transfer::trace_proxy(std::string_view line) {
    constexpr int patience = 200;  // milliseconds, for a body that comes after its head
    const std::string& proxy = connect_.proxy ? *connect_.proxy : connect_.usual_proxies.https;
    if (exchange_.attempts > 0 || exchange_.sockets.empty() || proxy.starts_with("https:")) {
        return;
    }
    exchange_.proxy_head.add_line(line);
    const auto length = base::parse_number(exchange_.proxy_head.find("Content-Length").value_or("1"));
    if (line.find_first_not_of("\r\n") != line.npos || exchange_.proxy_head.status() < 300 || length == 0U) {
        return;
    }
    pollfd body{exchange_.sockets.back(), POLLIN, 0};
    ::poll(&body, 1, patience);
    std::array<char, 4096> text{};
    const ssize_t count = ::recv(body.fd, text.data(), text.size(), MSG_PEEK | MSG_DONTWAIT);
    if (count > 0) {
        trace_->fact("the proxy says: " + std::string(text.data(), static_cast<std::size_t>(count)));
    }
}

// libcurl lost the connection after it had sent the request, and wants to send it again.
void Transfer::stop_repeat() {
    if (!exchange_.sent_before_repeat) {
        // It counts the body from zero again, so a part cannot be told from the whole.
        exchange_.sent_before_repeat =
            bytes_out() > exchange_.bytes_before_request ? Sent::wholly : Sent::nothing;
    }
}

// Called before each new connection: one made after the request was sent could only serve to repeat it.
bool Transfer::may_open() {
    if (exchange_.attempts > 0) {
        stop_repeat();
        return false;
    }
    exchange_.opened = true;
    return true;
}

// Called each time before the request is sent.
bool Transfer::may_send() {
    if (++exchange_.attempts > 1) {
        stop_repeat();
        return false;
    }
    exchange_.bytes_before_request = bytes_out();
    if (exchange_.opened && shape_.url.starts_with("https:")) {
        // One that fails is closed at once, and not when the process ends: only then is an alert in it read.
        set(easy_.get(), CURLOPT_FORBID_REUSE, 1);
        exchange_.unproven = true;
        if (has_body(*exchange_.job->request) && !has_short_body(*exchange_.job->request)) {
            // The alert could come while it is being sent.
            alerts_.wait(easy_.get(), exchange_.socket);
            if (!alerts_.certificate_fault().empty()) {
                return false;
            }
        }
    }
    exchange_.silence_limit = base::Deadline::after(silence_);
    return true;
}

void Transfer::trust_connection() {
    if (exchange_.unproven) {
        set(easy_.get(), CURLOPT_FORBID_REUSE, 0);
        exchange_.unproven = false;
    }
}

bool Transfer::take_header(std::string_view line) {
    exchange_.heard = true;
    trust_connection();
    if (exchange_.head_delivered) {
        return take_trailer(line);
    }
    exchange_.head_size += line.size();
    if (exchange_.head_size > longest_head) {
        exchange_.refused = Failure{Exit::bad_reply, "the reply's head is too large", {}};
        return false;
    }
    auto fault = line_fault(exchange_.result.head, line);
    exchange_.result.head.add_line(line);
    const bool end = line == "\r\n" || line == "\n";
    const bool complete = end && exchange_.result.head.status() >= 200;
    if (complete && !fault) {
        fault = head_fault();
    }
    if (fault) {
        exchange_.refused = Failure{Exit::bad_reply, "the reply breaks HTTP: " + *fault, {}};
    } else if (complete) {
        head_is_complete();
    }
    return !exchange_.refused && !exchange_.enough;
}

bool Transfer::take_trailer(std::string_view line) {
    exchange_.trailer_size += line.size();
    if (exchange_.trailer_size > longest_head) {
        exchange_.refused = Failure{Exit::bad_reply, "the trailers after the reply's body are too large", {}};
        return false;
    }
    if (trace_ != nullptr) {
        trace_->reply_line(mask_secrets(line));
    }
    return true;
}

void Transfer::head_is_complete() {
    exchange_.head_delivered = true;
    exchange_.answered = true;
    if (stream_limit_ == StreamLimit::none && is_event_stream(exchange_.result.head)) {
        set_limit(exchange_.job->until);
    }
    // A body in any other coding is delivered as it is: see undecoded_warning().
    const Coding coding = coding_of(exchange_.result.head);
    if (coding == Coding::gzip || coding == Coding::deflate) {
        exchange_.decoder = std::make_unique<Decoder>(coding);
    }
    if (exchange_.result.head.find("Transfer-Encoding")) {
        watch_chunks();
    }
    exchange_.length = has_no_body() ? std::nullopt : stated_length(exchange_.result.head);
    exchange_.open_end = !has_no_body() && !exchange_.decoder && !exchange_.length;
    if (ends_with_connection()) {
        close_notify_.watch(easy_.get());
    }
    exchange_.job->receiver->head(exchange_.result.head);
    exchange_.enough = !exchange_.job->receiver->wants_more();
}

std::size_t Transfer::give_body(std::span<char> into) {
    const RequestBody::Read got = exchange_.job->request->stream->read(into);
    exchange_.waiting_for = got.descriptor;
    if (got.kind == RequestBody::Read::Kind::wait) {
        return CURL_READFUNC_PAUSE;
    }
    exchange_.given += got.count;
    exchange_.body_ended = got.kind == RequestBody::Read::Kind::end ||
                           exchange_.given == exchange_.job->request->stream->length();
    return got.count;
}

void Transfer::resume() {
    exchange_.waiting_for = -1;  // unless the body says so again
    exchange_.answered = false;
    curl_easy_pause(easy_.get(), CURLPAUSE_CONT);
}

bool Transfer::peer_has_closed() const {
    pollfd end{exchange_.socket, POLLRDHUP, 0};
    return ::poll(&end, 1, 0) > 0;
}

// Finds the socket that won, if two of them raced to connect.
void Transfer::find_socket(int local_port) {
    exchange_.socket = exchange_.sockets.size() == 1 ? exchange_.sockets.front() : CURL_SOCKET_BAD;
    for (const curl_socket_t opened : exchange_.sockets) {
        sockaddr_in6 name{};  // the port has the same offset in sockaddr_in
        socklen_t size = sizeof name;
        if (::getsockname(opened, reinterpret_cast<sockaddr*>(&name), &size) == 0 &&
            ntohs(name.sin6_port) == local_port) {
            exchange_.socket = opened;
        }
    }
}

bool Transfer::check_paused() {
    if (exchange_.waiting_for < 0) {
        return true;
    }
    if (exchange_.answered) {
        resume();
    } else if (peer_has_closed()) {
        if (exchange_.peer_closed) {
            return false;
        }
        exchange_.peer_closed = true;
        resume();
    }
    return true;
}

bool Transfer::take_body(std::string_view bytes) {
    exchange_.heard = true;
    exchange_.answered = true;
    Receiver& receiver = *exchange_.job->receiver;
    bool readable = true;
    exchange_.body_size += bytes.size();
    if (exchange_.decoder) {
        const Decoder::State state = exchange_.decoder->feed(bytes, receiver);
        readable = state == Decoder::State::going || state == Decoder::State::whole;
    } else {
        receiver.body(bytes);
    }
    exchange_.enough = !receiver.wants_more();
    return readable && !exchange_.enough;
}

}  // namespace hail::http
