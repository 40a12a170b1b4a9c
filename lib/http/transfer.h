// Transfer: one libcurl handle of the engine, and the exchange on it. It is reused, for one job at a time.
//
// Shape:   after begin() the handle belongs to a multi handle until finish() or abandon(). The headers are
//          set again only if they differ from the last job's: bulk work sends the same headers with other
//          bodies.
// Threads: none; libcurl calls back inside curl_multi_perform.

#pragma once

#include <curl/curl.h>

#include <array>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/http/decode.h"
#include "lib/http/engine.h"
#include "lib/http/message.h"
#include "lib/http/tls_summary.h"
#include "lib/net/alert_watch.h"
#include "lib/net/close_notify.h"
#include "lib/net/curl.h"
#include "lib/net/curl_errors.h"

namespace hail::http {

class Transfer {
  public:
    Transfer(const EngineOptions& options, const net::Connector& connector);
    Transfer(const Transfer&) = delete;
    Transfer& operator=(const Transfer&) = delete;

    void begin(Job& job);

    // Ends an exchange that libcurl has finished. Rethrows the receiver's exception.
    const Result& finish(CURLcode code);

    // Ends an exchange that libcurl has not finished, for this reason.
    const Result& abandon(Failure why);

    // The time after which silence is a failure; never, unless the options limit the silence between two
    // bytes.
    base::Deadline silence_limit();

    // The descriptor that the body is waiting for, -1 if it is not waiting.
    int waiting_for() const { return exchange_.waiting_for; }
    // Continues a body that was waiting, because its descriptor is readable.
    void resume();
    // Call this after each transfer of bytes, because libcurl does not watch the peer while a body waits. It
    // continues the body once if a final reply has begun, since the rest may no longer be wanted, or if the
    // peer has closed the connection. False: the peer has closed it, and continuing had no effect.
    bool check_paused();

    CURL* handle() const { return easy_.get(); }
    Job* job() const { return exchange_.job; }
    net::Stage stage() const;

  private:
    // The request that the handle's headers were made from.
    struct Shape {
        std::string method;
        std::string url;
        std::vector<Header> headers;
        Credentials credentials;
        bool has_body = false;
        bool tiny = false;  // the body
        bool chunked = false;
        bool set = false;
    };

    // Numbers that the handle was given last, from libcurl's defaults on.
    struct Numbers {
        long keep_sending = 0;
        long milliseconds = -1;
        long fresh_connect = 0;
    };

    // The state of one exchange; begin() replaces all of it.
    struct Exchange {
        Job* job = nullptr;
        Result result;
        std::array<char, CURL_ERROR_SIZE> error{};
        std::exception_ptr thrown;

        // The request.
        int attempts = 0;                        // how often libcurl was about to send the request
        std::optional<Sent> sent_before_repeat;  // set when libcurl wanted to send it again
        std::uint64_t bytes_before_request = 0;  // used by a proxy's CONNECT
        std::uint64_t given = 0;                 // bytes of a streamed body that libcurl has taken
        bool body_ended = false;
        int waiting_for = -1;  // the descriptor that the body is waiting for

        // The connection.
        ReplyHead proxy_head;                    // of its answer to CONNECT, for the trace
        std::string tried;                       // the address of the last try to connect
        std::vector<curl_socket_t> sockets;      // for a streamed body
        curl_socket_t socket = CURL_SOCKET_BAD;  // the one in use; unknown for a kept connection
        bool unproven = false;                   // opened, and nothing has come over it
        bool opened = false;                     // a new one, rather than a kept one
        bool peer_closed = false;

        // The reply.
        std::unique_ptr<Decoder> decoder;
        std::optional<Failure> refused;  // what was wrong with the head
        std::size_t head_size = 0;       // with every 1xx before it
        std::size_t trailer_size = 0;    // of the lines after the last chunk
        std::uint64_t raw_size = 0;      // of a chunked body, with its chunk sizes, extensions and trailers
        std::uint64_t body_size = 0;     // without them
        std::optional<std::uint64_t> length;  // that the head states
        bool open_end = false;                // neither a length nor a coding marks the end of the body
        bool chunked = false;
        bool head_delivered = false;
        bool enough = false;    // the receiver wants no more of it
        bool answered = false;  // part of a final reply has arrived since the body was last resumed

        // The silence between two bytes.
        bool heard = false;  // bytes arrived since the limit was last set
        base::Deadline silence_limit;
        std::uint64_t last_bytes_out = 0;
    };

    static std::size_t on_header(char* data, std::size_t size, std::size_t count, void* self);
    static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* self);
    static curl_socket_t on_open(void* self, curlsocktype purpose, curl_sockaddr* address);
    static std::size_t on_read(char* data, std::size_t size, std::size_t count, void* self);
    static int on_ready(void* self, char* remote, char* local, int remote_port, int local_port);
    static int on_progress(void* self, curl_off_t whole_in, curl_off_t in, curl_off_t whole_out,
                           curl_off_t out);
    static int on_debug(CURL* easy, curl_infotype kind, char* data, std::size_t size, void* self);

    void set_once(const EngineOptions& options);
    void shape(const Request& request);
    void shape_url(const std::string& url);
    void shape_method(const Request& request);
    static bool has_short_body(const Request& request);
    bool has_shape(const Request& request) const;

    bool take_header(std::string_view line);
    bool take_body(std::string_view bytes);
    std::size_t give_body(std::span<char> into);
    void set_body(const Request& request);
    void limit_time(const Job& job);
    void set_number(CURLoption option, long& known, long value);
    void set_limit(const base::Deadline& limit);
    void note_lost_connection(CURLcode code);
    bool is_body_out() const;
    bool peer_has_closed() const;
    void find_socket(int local_port);
    void trace_proxy(std::string_view line);
    bool may_open();
    bool may_send();
    void trust_connection();
    void stop_repeat();
    bool take_trailer(std::string_view line);
    void watch_chunks();
    void forget_chunks();
    void count_raw(std::size_t size);
    void head_is_complete();

    std::uint64_t bytes_out() const;
    Sent sent(bool reply_came) const;
    void measure();
    void measure_route();
    bool is_successful() const;
    std::optional<Failure> judge(CURLcode code) const;
    bool certificate_refused() const;
    Failure explain(CURLcode code) const;
    std::optional<Failure> judge_reply() const;
    bool has_no_body() const;
    bool reply_has_begun() const;
    bool ends_with_connection() const;
    std::optional<std::string> head_fault() const;
    Failure cut_reply() const;

    net::List headers_;  // outlives the handle that borrows it, as does the URL
    net::Url url_;
    net::CloseNotify close_notify_;
    net::AlertWatch alerts_;
    net::Easy easy_;
    const net::ConnectOptions& connect_;  // the connector's
    const std::string& http_proxy_;
    const Version version_;
    const StreamLimit stream_limit_;
    const Measured measured_;
    Trace* const trace_;
    TlsSummary tls_summary_;  // for the trace
    const std::optional<base::Milliseconds> silence_;
    const std::optional<base::Milliseconds> timeout_;
    Shape shape_;
    Numbers numbers_;
    Exchange exchange_;
};

}  // namespace hail::http
