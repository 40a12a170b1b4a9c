#include "lib/amqp/handshake.h"

#include <algorithm>
#include <chrono>

#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/net/failure.h"

namespace hail::amqp {

namespace {

using base::Deadline;
using base::Error;
using base::Exit;

constexpr std::string_view usual_user = "guest";  // and password, of a fresh RabbitMQ

bool has_word(std::string_view words, std::string_view word) {
    while (!words.empty()) {
        if (base::take_until(words, ' ') == word) {
            return true;
        }
    }
    return false;
}

std::string plain_response(const net::Address& address, bool masked) {
    const std::string user = address.user.value_or(std::string(usual_user));
    const bool usual = !address.password && user == usual_user;
    const std::string password = usual ? std::string(usual_user) : address.password.value_or("");
    return std::string(1, '\0') + user + '\0' + (masked ? "***" : password);
}

bool is_external(const SessionOptions& options, const Target& target, const net::Address& address,
                 const net::ConnectOptions& connect) {
    const Auth auth = options.auth == Auth::automatic ? target.auth : options.auth;
    return auth == Auth::external ||
           (auth == Auth::automatic && !connect.tls.cert.empty() && !address.user && !address.password);
}

std::uint16_t agreed_heartbeat(std::uint16_t offered, std::optional<std::uint16_t> wanted) {
    if (!wanted || *wanted == 0) {
        return wanted.value_or(offered);
    }
    return offered == 0 ? *wanted : std::min(offered, *wanted);
}

}  // namespace

Handshake::Handshake(Session& session, const net::Address& address, const net::ConnectOptions& connect,
                     const SessionOptions& options, const Target& target, const base::Stop& stop)
    : session_(session),
      address_(address),
      connect_(connect),
      options_(options),
      target_(target),
      stop_(stop),
      deadline_(sooner(Deadline::after(connect.connect_timeout), Deadline::after(connect.timeout))),
      what_("logging in to " + net::display(address)) {}

Tune Handshake::perform() {
    net::OutBlocks& out = session_.stream().out();
    out.append(protocol_header);
    const Start start = read_start(await(Method::connection_start).payload);
    tells_refusals_ = start.tells_refusals;
    log_in(choose_login(start.mechanisms));
    step_ = Step::login;
    const Tune tune = agree(read_tune(await(Method::connection_tune).payload));
    session_.frames_.set_frame_max(tune.frame_max);
    step_ = Step::open;
    session_.stream().show_sent(net::ByteStream::Sent::shown);
    out.append(tune_ok(tune));
    out.append(open(target_.virtual_host));
    await(Method::connection_open_ok);
    return tune;
}

bool Handshake::logs_in_by_certificate() const {
    return is_external(options_, target_, address_, connect_);
}

Handshake::Login Handshake::choose_login(std::string_view mechanisms) const {
    const bool external = logs_in_by_certificate();
    const std::string mechanism = external ? "EXTERNAL" : "PLAIN";
    // A server that lacks it would only be silent, and then end the connection.
    if (!has_word(mechanisms, mechanism)) {
        throw Error(Exit::refused,
                    what_ + ": the server does not offer the login " + mechanism + ", only " +
                        base::one_line(mechanisms, 100),
                    external ? "give a user and a password, or enable rabbitmq_auth_mechanism_ssl there"
                             : "see --auth");
    }
    if (external) {
        return {mechanism, "", ""};
    }
    return {mechanism, plain_response(address_, false), plain_response(address_, true)};
}

void Handshake::log_in(const Login& login) {
    const std::string name = options_.name.substr(0, longest_name);
    if (connect_.tap != nullptr) {
        session_.stream().show_sent(net::ByteStream::Sent::hidden);
        connect_.tap->sent(start_ok({login.mechanism, login.shown, name}));
    }
    session_.stream().out().append(start_ok({login.mechanism, login.response, name}));
}

Tune Handshake::agree(const Tune& offered) const {
    if (offered.frame_max != 0 && offered.frame_max < least_frame_max) {
        throw Error(Exit::bad_reply, what_ + ": the server wants frames of at most " +
                                         std::to_string(offered.frame_max) + " bytes, less than AMQP allows");
    }
    const auto lower = [](auto given, auto ours) {
        return given == 0 ? ours : ours == 0 ? given : std::min(given, ours);
    };
    std::optional<std::uint16_t> heartbeat = target_.heartbeat;
    if (options_.heartbeat) {
        const auto seconds = std::chrono::ceil<std::chrono::seconds>(*options_.heartbeat).count();
        heartbeat = static_cast<std::uint16_t>(std::clamp<std::int64_t>(seconds, 0, 65'535));
    }
    return {.channel_max = lower(offered.channel_max, target_.channel_max),
            .frame_max = lower(lower(offered.frame_max, static_cast<std::uint32_t>(usual_frame_max)),
                               target_.frame_max),
            .heartbeat = agreed_heartbeat(offered.heartbeat, heartbeat)};
}

Frame Handshake::await(Method expected) {
    Frame frame;
    for (;;) {
        session_.stream().flush();
        // The frames that came before the connection ended may say why it did.
        const net::State state = session_.receive();
        while (session_.frames_.next(frame)) {
            if (frame.type != FrameType::heartbeat) {
                judge(frame, expected);
                return frame;
            }
        }
        if (state == net::State::ended || state == net::State::failed) {
            throw_broken();
        }
        pause(state);
    }
}

void Handshake::judge(const Frame& frame, Method expected) const {
    if (frame.type != FrameType::method || frame.channel != 0) {
        throw Error(Exit::bad_reply, what_ + ": the server sent a frame that does not fit the login");
    }
    const Method method = method_of(frame.payload);
    if (method == Method::connection_close) {
        throw_closed(read_close(frame.payload));
    }
    if (method == Method::connection_secure) {
        throw Error(Exit::bad_reply, what_ + ": the server asks a question that only other logins have");
    }
    if (method != expected) {
        throw Error(Exit::bad_reply, what_ + ": the server sent " + method_name(method) + " instead of " +
                                         method_name(expected));
    }
}

void Handshake::throw_closed(const Close& close) const {
    session_.stream().out().append(plain_method(0, Method::connection_close_ok));
    session_.stream().flush();
    const std::string words = words_of({close.code, std::string(close.text), close.method});
    if (close.code == 403) {
        if (logs_in_by_certificate()) {
            throw net::LoginRefused(Exit::refused, what_ + ": " + words,
                                    "give a certificate with --cert whose name is a user of the server");
        }
        const bool far = address_.user.value_or(std::string(usual_user)) == usual_user;
        throw net::LoginRefused(
            Exit::refused, what_ + ": " + words,
            far ? "check the user and the password; RabbitMQ lets guest in only from its own machine"
                : "check the user and the password");
    }
    // The server is going down or not ready.
    if (close.code == 320) {
        throw net::NotReached(Exit::unreachable, what_ + ": " + words);
    }
    const std::string hint =
        close.code == 530 ? "check the virtual host after the / of the address, and its rights and limits"
                          : "";
    throw Error(Exit::refused, what_ + ": " + words, hint);
}

void Handshake::throw_broken() const {
    const net::Failure& trouble = session_.stream().trouble();
    if (trouble.exit == Exit::unreachable) {
        throw Error(trouble.exit, what_ + ": " + trouble.why, trouble.hint);
    }
    if (step_ == Step::login && !tells_refusals_) {
        throw Error(Exit::unreachable, what_ + ": closed during login: wrong user or password?",
                    trouble.hint);
    }
    throw net::NotReached(Exit::unreachable, what_ + ": " + trouble.why, with_http_hint(trouble.hint));
}

// The management of RabbitMQ waits for a whole request, and then closes in silence.
std::string Handshake::with_http_hint(std::string hint) const {
    if (step_ == Step::start && !net::tls_hint(address_).empty()) {
        hint += hint.empty() ? "" : "; ";
        hint += "an HTTP server, such as the management on port 15672, does not answer either";
    }
    return hint;
}

// The limits also hold for a server that sends without an end.
void Handshake::pause(net::State state) {
    const bool stopped = state == net::State::blocked ? session_.stream().wait(deadline_, &stop_).stopped
                                                      : stop_.raised() != 0;
    if (stopped) {
        throw Error(stop_.exit(), what_ + ": stopped by a signal");
    }
    if (deadline_.passed()) {
        const std::string tls = net::tls_hint(address_);
        const std::string hint =
            "allow more time with --connect-timeout or --timeout" + (tls.empty() ? "" : "; " + tls);
        throw net::NotReached(Exit::timed_out, what_ + ": no answer in time", with_http_hint(hint));
    }
}

std::string shown_handshake(const net::Address& address, const net::ConnectOptions& connect,
                            const SessionOptions& options) {
    const Target target = target_of(address);
    const bool external = is_external(options, target, address, connect);
    return std::string(protocol_header) +
           start_ok({external ? "EXTERNAL" : "PLAIN", external ? "" : plain_response(address, true),
                     options.name.substr(0, longest_name)}) +
           open(target.virtual_host);
}

}  // namespace hail::amqp
