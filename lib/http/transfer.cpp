#include "lib/http/transfer.h"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstddef>
#include <utility>

#include "lib/base/text.h"
#include "lib/http/body.h"
#include "lib/http/secrets.h"

// While it is under way: what libcurl calls back.

namespace hail::http {

using base::Exit;
using net::set;

namespace {

bool is_event_stream(const ReplyHead& head) {
    const std::string type = base::lower(head.find("Content-Type").value_or(""));
    return base::trim(std::string_view(type).substr(0, type.find(';'))) == "text/event-stream";
}

}  // namespace

std::size_t Transfer::on_header(char* data, std::size_t size, std::size_t count, void* self) {
    auto& transfer = *static_cast<Transfer*>(self);
    try {
        return transfer.take_header({data, size * count}) ? size * count : 0;
    } catch (...) {
        transfer.thrown_ = std::current_exception();
        return 0;
    }
}

std::size_t Transfer::on_read(char* data, std::size_t size, std::size_t count, void* self) {
    auto& transfer = *static_cast<Transfer*>(self);
    try {
        return transfer.give_body({data, size * count});
    } catch (...) {
        transfer.thrown_ = std::current_exception();
        return CURL_READFUNC_ABORT;
    }
}

std::size_t Transfer::on_body(char* data, std::size_t size, std::size_t count, void* self) {
    auto& transfer = *static_cast<Transfer*>(self);
    try {
        return transfer.take_body({data, size * count}) ? size * count : 0;
    } catch (...) {
        transfer.thrown_ = std::current_exception();
        return 0;
    }
}

curl_socket_t Transfer::on_open(void* self, curlsocktype /*purpose*/, curl_sockaddr* address) {
    if (!static_cast<Transfer*>(self)->may_open()) {
        return CURL_SOCKET_BAD;
    }
    const curl_socket_t opened =
        ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
    static_cast<Transfer*>(self)->sockets_.push_back(opened);
    return opened;
}

int Transfer::on_ready(void* self, char* /*remote*/, char* /*local*/, int /*remote_port*/, int local_port) {
    static_cast<Transfer*>(self)->find_socket(local_port);
    return static_cast<Transfer*>(self)->may_send() ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT;
}

int Transfer::on_debug(CURL* /*easy*/, curl_infotype kind, char* data, std::size_t size, void* trace) {
    auto& listener = *static_cast<Trace*>(trace);
    const std::string_view text(data, size);
    if (kind == CURLINFO_TEXT) {
        listener.fact(mask_fact(base::trim(text)));
    } else if (kind == CURLINFO_HEADER_OUT) {
        listener.request_head(mask_secrets(text));
    } else if (kind == CURLINFO_HEADER_IN) {
        listener.reply_line(mask_secrets(text));
    }
    return 0;
}

// libcurl lost the connection to which it had sent the request, and wants to send it once more.
void Transfer::stop_repeat() {
    if (!sent_before_repeat_) {
        // It counts from zero again for the body, so that no part can be told from the whole.
        sent_before_repeat_ = bytes_out() > bytes_before_request_ ? Sent::wholly : Sent::nothing;
    }
}

// Called before each new connection: one that comes after the request went out could only serve to repeat it.
bool Transfer::may_open() {
    if (attempts_ > 0) {
        stop_repeat();
        return false;
    }
    opened_ = true;
    return true;
}

// Called before each sending of the request.
bool Transfer::may_send() {
    if (++attempts_ > 1) {
        stop_repeat();
        return false;
    }
    bytes_before_request_ = bytes_out();
    silence_limit_ = base::Deadline::after(silence_);
    return true;
}

bool Transfer::take_header(std::string_view line) {
    constexpr std::size_t longest_head =
        256 * 1024;  // with every 1xx before it; libcurl's own limit is a little more
    heard_ = true;
    if (head_delivered_) {
        return true;  // a trailer
    }
    head_size_ += line.size();
    if (head_size_ > longest_head) {
        refused_ = Failure{Exit::bad_reply, "the reply's head is too large", {}};
        return false;
    }
    result_.head.add_line(line);
    const bool end = line == "\r\n" || line == "\n";
    if (end && result_.head.status() >= 200) {
        refused_ = framing_fault();
        if (!refused_) {
            head_is_complete();
        }
    }
    return !refused_;
}

void Transfer::head_is_complete() {
    head_delivered_ = true;
    answered_ = true;
    if (stream_limit_ == StreamLimit::none && !has_own_limit_ && timeout_ && is_event_stream(result_.head)) {
        set(easy_.get(), CURLOPT_TIMEOUT_MS, 0);
        has_own_limit_ = true;  // none
    }
    const std::string_view named = result_.head.find("Content-Encoding").value_or("");
    const Coding coding = coding_of(named);
    if (coding == Coding::gzip || coding == Coding::deflate) {
        decoder_ = std::make_unique<Decoder>(coding);
    } else if (coding == Coding::other) {
        // Whoever asked for it by name gets it as it is.
        const Header* const asked = find(job_->request->headers, "Accept-Encoding");
        if (asked == nullptr || base::lower(asked->value).find(base::lower(named)) == std::string::npos) {
            unasked_coding_ = named;
        }
    }
    if (ends_with_connection()) {
        close_notify_.watch(easy_.get());
    }
    job_->receiver->head(result_.head);
}

std::size_t Transfer::give_body(std::span<char> into) {
    const RequestBody::Read got = job_->request->stream->read(into);
    waiting_for_ = got.descriptor;
    if (got.kind == RequestBody::Read::Kind::wait) {
        return CURL_READFUNC_PAUSE;
    }
    given_ += got.count;
    body_ended_ = got.kind == RequestBody::Read::Kind::end || given_ == job_->request->stream->length();
    return got.count;
}

void Transfer::resume() {
    waiting_for_ = -1;  // unless the body says so again
    answered_ = false;
    curl_easy_pause(easy_.get(), CURLPAUSE_CONT);
}

bool Transfer::peer_has_closed() const {
    pollfd end{socket_, POLLRDHUP, 0};
    return ::poll(&end, 1, 0) > 0;
}

// Of two sockets that raced to connect, the one that won.
void Transfer::find_socket(int local_port) {
    socket_ = sockets_.size() == 1 ? sockets_.front() : CURL_SOCKET_BAD;
    for (const curl_socket_t opened : sockets_) {
        sockaddr_in6 name{};  // the port stands at the same place for IPv4
        socklen_t size = sizeof name;
        if (::getsockname(opened, reinterpret_cast<sockaddr*>(&name), &size) == 0 &&
            ntohs(name.sin6_port) == local_port) {
            socket_ = opened;
        }
    }
}

bool Transfer::check_paused() {
    if (waiting_for_ < 0) {
        return true;
    }
    if (answered_) {
        resume();
    } else if (peer_has_closed()) {
        if (peer_closed_) {
            return false;
        }
        peer_closed_ = true;
        resume();
    }
    return true;
}

bool Transfer::take_body(std::string_view bytes) {
    heard_ = true;
    answered_ = true;
    if (!unasked_coding_.empty()) {
        return false;
    }
    if (decoder_) {
        const Decoder::State state = decoder_->feed(bytes, *job_->receiver);
        return state == Decoder::State::going || state == Decoder::State::whole;
    }
    job_->receiver->body(bytes);
    return true;
}

}  // namespace hail::http
