#include "lib/net/byte_stream.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

#include "lib/base/error.h"
#include "lib/net/host.h"
#include "lib/net/tried_peer.h"

namespace hail::net {

namespace {

// The pitfalls of CURLOPT_CONNECT_ONLY, and the place that deals with each:
//  1 ALPN would make a TLS front end speak HTTP/2 on the stream: configure() switches it off.
//  2 libcurl would use http_proxy, without a tunnel: configure() always sets the proxy, and always tunnels.
//  3 libcurl does not know redis:// or amqp://: url_for() writes http(s)://, never with a user or password.
//  4 A blocked TLS write must be repeated with the same bytes: OutBlocks, and retried_piece_ in flush().
//  5 Bytes may wait inside the TLS library while poll(2) sleeps: wait() does not sleep until receive() has
//    returned blocked.
//  6 TLS 1.3 reports a missing client certificate only at the first read, and libcurl puts it badly: lost().
//  7 A handle connects once and is never reset: the class has no function for that.
//  8 A multi handle could prune the connection: curl_easy_perform() has its own, kept with the easy handle.
//  9 curl_easy_upkeep() does nothing here: TCP keep-alive in configure(), TCP_USER_TIMEOUT in connect(), and
//    PING in lib/pubsub.
// 10 CURLOPT_TIMEOUT ends with the connect: the callers of wait() have deadlines.
// 11 Verbose mode would print a line for every read: it is on only while connecting, for a tap.
// 12 A read of 0 bytes without an error is the end. Connector sets NOSIGNAL, and the process ignores SIGPIPE.
// 13 The send buffer grows: OutBlocks moves nothing, and publishers stop filling it at a bound.
// 14 Loading libcurl costs 4 ms: only the static build avoids that.

constexpr std::size_t tls_record = 16UL * 1024;  // part of a larger piece could be sent unnoticed

// By then, a server that is only busy has answered the window probes.
constexpr int dead_peer_milliseconds = 120'000;

std::string url_for(const Address& address) {
    const std::string scheme = is_tls(address.scheme) ? "https://" : "http://";
    if (!address.unix_socket.empty()) {
        return scheme + "localhost";
    }
    return scheme + bracketed(address.host) + ":" + std::to_string(address.port);
}

// Beginnings of the lines of libcurl about TLS that are worth showing.
constexpr std::array<std::string_view, 5> tls_facts{
    "SSL connection using", "subject:", "issuer:", "expire date:", "SSL certificate verify"};

int stop_if_raised(void* stop, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return static_cast<const base::Stop*>(stop)->raised() != 0 ? 1 : 0;
}

}  // namespace

Ready wait_without_stream(const base::Deadline& deadline, const base::Stop* stop, std::span<pollfd> others) {
    std::vector<pollfd> polled(others.begin(), others.end());
    polled.push_back({stop != nullptr ? stop->descriptor() : -1, POLLIN, 0});
    const int found = ::poll(polled.data(), polled.size(), deadline.poll_milliseconds());
    Ready ready;
    for (std::size_t i = 0; i < others.size(); ++i) {
        others[i].revents = found > 0 ? polled[i].revents : short{0};
        ready.others = ready.others || others[i].revents != 0;
    }
    ready.stopped = stop != nullptr && stop->raised() != 0;
    return ready;
}

std::string tls_hint(const Address& address) {
    const bool plain = !is_tls(address.scheme) && address.unix_socket.empty();
    return plain ? "if the server expects TLS, use " + std::string(name(address.scheme)) + "s://" : "";
}

ByteStream::ByteStream(const Address& address, const ConnectOptions& options, const base::Stop& stop)
    : connector_(options), easy_(make_easy()), tls_(is_tls(address.scheme)) {
    configure(address, stop);
    connect(address, stop);
}

void ByteStream::configure(const Address& address, const base::Stop& stop) {
    CURL* const easy = easy_.get();
    connector_.apply(easy);
    silent_hint_ = tls_hint(address);
    set(easy, CURLOPT_ERRORBUFFER, error_.data());
    set(easy, CURLOPT_CONNECT_ONLY, 1);
    set_utf8_locale_for(address.host);
    set(easy, CURLOPT_URL, url_for(address).c_str());
    set(easy, CURLOPT_SSL_ENABLE_ALPN, 0);
    set(easy, CURLOPT_PROXY, connector_.options().proxy.value_or("").c_str());
    set(easy, CURLOPT_HTTPPROXYTUNNEL, 1);
    if (!address.unix_socket.empty()) {
        set(easy, CURLOPT_UNIX_SOCKET_PATH, address.unix_socket.c_str());
    }
    set(easy, CURLOPT_TCP_KEEPALIVE, 1);
    set(easy, CURLOPT_TCP_KEEPIDLE, 30);
    set(easy, CURLOPT_TCP_KEEPINTVL, 10);
    set(easy, CURLOPT_OPENSOCKETFUNCTION, &ByteStream::on_open);
    set(easy, CURLOPT_OPENSOCKETDATA, static_cast<void*>(this));
    if (tls_) {
        alerts_.watch(easy);
    }
    if (connector_.options().tap != nullptr) {
        set(easy, CURLOPT_VERBOSE, 1);
        set(easy, CURLOPT_DEBUGFUNCTION, &ByteStream::on_debug);
        set(easy, CURLOPT_DEBUGDATA, static_cast<void*>(this));
    }
    set(easy, CURLOPT_NOPROGRESS, 0);
    set(easy, CURLOPT_XFERINFOFUNCTION, &stop_if_raised);
    set(easy, CURLOPT_XFERINFODATA, const_cast<base::Stop*>(&stop));  // read only, but libcurl takes void*
}

int ByteStream::on_debug(CURL*, curl_infotype type, char* text, std::size_t size, void* self) {
    std::string_view line(text, size);
    line.remove_prefix(std::min(line.find_first_not_of(" *"), size));
    line = line.substr(0, line.find_last_not_of("\r\n") + 1);
    const bool shown = std::any_of(tls_facts.begin(), tls_facts.end(),
                                   [&](std::string_view fact) { return line.starts_with(fact); });
    if (type == CURLINFO_TEXT && shown) {
        static_cast<ByteStream*>(self)->connector_.options().tap->fact(line);
    }
    return 0;
}

curl_socket_t ByteStream::on_open(void* self, curlsocktype /*purpose*/, curl_sockaddr* address) {
    static_cast<ByteStream*>(self)->tried_ = address_text(*address);
    return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

CurlError ByteStream::error_of(CURLcode code) const {
    CurlError error{.code = code, .detail = error_.data()};
    long os_error = 0;
    curl_easy_getinfo(easy_.get(), CURLINFO_OS_ERRNO, &os_error);
    error.os_error = static_cast<int>(os_error);
    error.cacert = connector_.options().tls.cacert;
    error.tls_min = connector_.options().tls.min_version != TlsVersion::any;
    error.certificate_names = alerts_.certificate_names();
    return error;
}

void ByteStream::connect(const Address& address, const base::Stop& stop) {
    const std::string what = "connecting to " + display(address) + ": ";
    if (stop.raised() != 0) {
        throw base::Error(stop.exit(), what + "stopped, nothing was sent");
    }
    // A signal ends libcurl's poll(2), and the callback then ends the transfer.
    const CURLcode code = curl_easy_perform(easy_.get());
    if (code == CURLE_ABORTED_BY_CALLBACK) {
        throw base::Error(stop.exit(), what + "stopped, nothing was sent");
    }
    if (code != CURLE_OK) {
        CurlError error = error_of(code);
        curl_easy_getinfo(easy_.get(), CURLINFO_HTTP_CONNECTCODE, &error.connect_status);
        curl_easy_getinfo(easy_.get(), CURLINFO_PROXYAUTH_AVAIL, &error.proxy_logins);
        error.unix_socket =
            address.unix_socket.empty() ? connector_.options().unix_socket : address.unix_socket;
        const TriedPeer peer =
            tried_peer(tried_, proxy_for(connector_.options(), tls_), address.host, address.port);
        (peer.is_proxy ? error.proxy : error.peer) = peer.name;
        const std::string_view refused = alerts_.certificate_fault();
        Failure failure = refused.empty() ? explain(error) : certificate_refused(refused);
        if (code == CURLE_OPERATION_TIMEDOUT && tls_) {
            failure.hint = "a port without TLS stays silent like this: try the scheme without the s";
        }
        if ((failure.exit == base::Exit::unreachable && !failure.lasts) || code == CURLE_OPERATION_TIMEDOUT) {
            throw NotReached(failure.exit, what + failure.why, failure.hint);
        }
        throw base::Error(failure.exit, what + failure.why, failure.hint);
    }
    curl_easy_getinfo(easy_.get(), CURLINFO_ACTIVESOCKET, &socket_);
    if (WireTap* const tap = connector_.options().tap; tap != nullptr) {
        set(easy_.get(), CURLOPT_VERBOSE, 0);
        tap->fact("connected to " + (tried_.empty() ? display(address) : tried_));
    }
    // Fails on a unix socket, which does not need it.
    static_cast<void>(::setsockopt(descriptor(), IPPROTO_TCP, TCP_USER_TIMEOUT, &dead_peer_milliseconds,
                                   sizeof dead_peer_milliseconds));
}

State ByteStream::flush() {
    while (out_.pending() > 0) {
        const std::string_view front = out_.front();
        std::size_t size = retried_piece_ != 0 ? retried_piece_ : front.size();
        if (tls_) {
            size = std::min(size, tls_record);
        }
        std::size_t sent = 0;
        const CURLcode code = curl_easy_send(easy_.get(), front.data(), size, &sent);
        if (code == CURLE_AGAIN) {
            retried_piece_ = tls_ ? size : 0;
            return State::blocked;
        }
        if (code != CURLE_OK) {
            return lost(State::failed, code);
        }
        retried_piece_ = 0;
        if (connector_.options().tap != nullptr && shows_sent_) {
            connector_.options().tap->sent(front.substr(0, sent));
        }
        out_.consume(sent);
        if (!tls_ && sent < size) {
            return State::blocked;  // a socket that took only a part is full
        }
    }
    return State::open;
}

Received ByteStream::receive(std::span<char> into) {
    std::size_t bytes = 0;
    const CURLcode code = curl_easy_recv(easy_.get(), into.data(), into.size(), &bytes);
    if (code == CURLE_AGAIN) {
        drained_ = true;
        return {State::blocked, 0};
    }
    if (code != CURLE_OK) {
        return {lost(State::failed, code), 0};
    }
    if (bytes == 0) {
        return {lost(State::ended, code), 0};
    }
    used_ = true;
    if (connector_.options().tap != nullptr) {
        connector_.options().tap->received({into.data(), bytes});
    }
    // Without TLS there is no buffer between this one and the kernel's: a short read has emptied the latter.
    drained_ = !tls_ && bytes < into.size();
    return {State::open, bytes};
}

State ByteStream::lost(State state, CURLcode code) {
    drained_ = false;  // the next receive() reports it again
    if (tls_ && state == State::failed) {
        alerts_.look(easy_.get());
    }
    if (const std::string_view fault = alerts_.certificate_fault(); !fault.empty()) {
        trouble_ = certificate_refused(fault);
        return state;
    }
    if (tls_ && !used_) {
        trouble_ = {
            base::Exit::unreachable,
            "the server closed the connection after the TLS handshake: it may want a client certificate",
            "give one that it accepts with --cert FILE and --key FILE"};
        return state;
    }
    if (state == State::ended) {
        trouble_ = {base::Exit::unknown, "the server closed the connection", {}};
    } else {
        CurlError error = error_of(code);
        error.stage = Stage::waiting;
        trouble_ = explain(error);
    }
    if (!used_ && trouble_.hint.empty()) {
        trouble_.hint = silent_hint_;
    }
    return state;
}

Ready ByteStream::wait(const base::Deadline& deadline, const base::Stop* stop, std::span<pollfd> others) {
    // Both directions after a blocked send: TLS may have to read before it can write.
    const bool sending = out_.pending() > 0;
    polled_.assign({{descriptor(), static_cast<short>(sending ? POLLIN | POLLOUT : POLLIN), 0},
                    {stop != nullptr ? stop->descriptor() : -1, POLLIN, 0}});
    polled_.insert(polled_.end(), others.begin(), others.end());
    const int limit = drained_ ? deadline.poll_milliseconds() : 0;
    const int found = ::poll(polled_.data(), polled_.size(), limit);
    Ready ready;
    for (std::size_t i = 0; i < others.size(); ++i) {
        others[i].revents = found > 0 ? polled_[i + 2].revents : short{0};
        ready.others = ready.others || others[i].revents != 0;
    }
    if (found > 0 && (polled_[0].revents & ~POLLOUT) != 0) {
        drained_ = false;
    }
    ready.stream = !drained_ || (found > 0 && polled_[0].revents != 0);
    ready.stopped = stop != nullptr && stop->raised() != 0;
    return ready;
}

}  // namespace hail::net
