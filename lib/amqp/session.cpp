#include "lib/amqp/session.h"

#include <algorithm>
#include <exception>

#include "lib/amqp/handshake.h"
#include "lib/base/error.h"
#include "lib/base/text.h"

namespace hail::amqp {

namespace {

using base::Deadline;
using base::Milliseconds;

constexpr Milliseconds longest_farewell(2'000);  // a busy server may take long

}  // namespace

Session::Session(const net::Address& address, const net::ConnectOptions& connect,
                 const SessionOptions& options, const base::Stop& stop)
    : where_(net::display(address)), frames_(where_) {
    const Target target = target_of(address);
    net::ConnectOptions limited = connect;
    if (target.connect_timeout) {
        limited.connect_timeout = target.connect_timeout;
    }
    stream_ = std::make_unique<net::ByteStream>(address, limited, stop);
    Handshake handshake(*this, address, limited, options, target, stop);
    tuned_ = handshake.perform();
    heartbeat_ = std::chrono::seconds(tuned_.heartbeat);
    last_received_ = last_sent_ = Clock::now();
    sent_ = stream_->out().consumed();
}

net::State Session::receive() {
    const net::Received got = stream_->receive(frames_.room());
    if (got.bytes > 0) {
        frames_.filled(got.bytes);
        last_received_ = Clock::now();
    }
    return got.state;
}

bool Session::next(Frame& frame) {
    while (!closed_ && !close_confirmed_ && frames_.next(frame)) {
        if (frame.channel != 0) {
            return true;
        }
        take_connection_frame(frame);
    }
    return false;
}

void Session::take_connection_frame(const Frame& frame) {
    if (frame.type == FrameType::heartbeat) {
        return;
    }
    const auto method = frame.type == FrameType::method ? method_of(frame.payload) : Method{};
    switch (method) {
        case Method::connection_close: {
            const Close close = read_close(frame.payload);
            closed_ = {close.code, std::string(close.text), close.method};
            stream_->out().append(plain_method(0, Method::connection_close_ok));
            stream_->flush();
            return;
        }
        case Method::connection_close_ok:
            close_confirmed_ = close_sent_;
            if (close_confirmed_) {
                return;
            }
            break;
        case Method::connection_blocked:
            blocked_ = base::one_line(read_blocked(frame.payload));
            return;
        case Method::connection_unblocked:
            blocked_.reset();
            return;
        default:
            break;
    }
    const std::string what = frame.type == FrameType::method ? method_name(method) : "content";
    throw base::Error(base::Exit::bad_reply,
                      "receiving from " + where_ + ": " + what + " for the connection, which does not fit");
}

void Session::close() {
    if (!close_sent_ && !closed_) {
        close_sent_ = true;
        stream_->out().append(amqp::close(200, "hail is done"));
        stream_->flush();
    }
}

void Session::leave(const base::Stop& stop) noexcept try {
    close();
    const Deadline enough = Deadline::after(longest_farewell);
    while (!closed_ && !close_confirmed_ && !stop.urgent() && !enough.passed()) {
        stream_->flush();
        const net::State got = receive();
        for (Frame frame; next(frame);) {
        }
        if (got == net::State::ended || got == net::State::failed) {
            return;
        }
        if (got == net::State::blocked && !close_confirmed_) {
            stream_->wait(enough, nullptr, {});
        }
    }
} catch (const std::exception&) {
    return;
}

Deadline Session::tend() {
    if (heartbeat_.count() == 0) {
        return {};
    }
    const auto now = Clock::now();
    const std::size_t sent = stream_->out().consumed();
    if (sent != sent_) {
        sent_ = sent;
        last_sent_ = now;
    }
    const Milliseconds interval = heartbeat_ / 2;
    const auto due = std::chrono::duration_cast<Milliseconds>(last_sent_ + interval - now);
    if (due.count() > 0) {
        return Deadline::after(due);
    }
    // Bytes that wait are as good as a heartbeat, once they can be sent.
    if (stream_->out().pending() == 0) {
        stream_->out().append(heartbeat_frame);
    }
    stream_->flush();
    last_sent_ = now;
    sent_ = stream_->out().consumed();
    return Deadline::after(interval);
}

bool Session::silent() const {
    return heartbeat_.count() > 0 && Clock::now() - last_received_ >= 2 * heartbeat_;
}

net::Ready Session::wait(const Deadline& deadline, const base::Stop* stop, std::span<pollfd> others) {
    Deadline until = sooner(deadline, tend());
    if (heartbeat_.count() > 0) {
        const auto left = std::chrono::ceil<Milliseconds>(last_received_ + 2 * heartbeat_ - Clock::now());
        until = sooner(until, Deadline::after(std::max(left, Milliseconds(0))));
    }
    return stream_->wait(until, stop, others);
}

std::string words_of(const Closed& closed) {
    return std::to_string(closed.code) + " " + base::one_line(closed.text, 300);
}

}  // namespace hail::amqp
