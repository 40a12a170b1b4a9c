#include "lib/http/call.h"

#include <chrono>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "lib/base/deadline.h"
#include "lib/base/error.h"
#include "lib/base/random.h"
#include "lib/base/text.h"
#include "lib/http/body.h"
#include "lib/http/digest_attempt.h"
#include "lib/http/engine_pair.h"
#include "lib/http/failure.h"
#include "lib/http/resolve.h"

namespace hail::http {

namespace {

constexpr std::uint64_t most_dropped = std::uint64_t{16} << 20U;  // bytes of a reply that is not the answer

}  // namespace

// Sees every reply first and passes on only the answer.
class Client::Call : public JobSource, public Receiver {
  public:
    enum class Body { unsent, sent };

    Call(Client& client, const Request& request, Receiver& receiver, Body body, base::Deadline until)
        : receiver_(receiver),
          options_(client.options_),
          events_(client.events_),
          stop_(client.stop_),
          engines_(*client.engines_),
          engine_(&engines_.for_call(request.url)),
          until_(until),
          body_(body) {
        call_.request = request;
    }

    CallResult run() {
        while (phase_ != Phase::over) {
            running_ = engine_;
            running_->run(*this);
            if (phase_ != Phase::over && stop_.raised() != 0) {
                end_by_signal();
            }
        }
        call_.digest = digest_.end();
        return std::move(call_);
    }

    // --- JobSource ---

    Next next() override {
        if (phase_ == Phase::over || engine_ != running_) {
            return Next::end();
        }
        if (!not_before_.passed() && not_before_.poll_milliseconds() >= 0) {
            return Next::wait(-1, not_before_);
        }
        if (body_ == Body::sent) {
            rewind_body();
        }
        asking_ = body_ == Body::unsent && digest_.asks_first(call_.request);
        body_ = asking_ ? Body::unsent : Body::sent;
        outgoing_ = outgoing_request(asking_ ? question(call_.request) : call_.request);
        intent_ = Intent::answer;
        const bool fresh = phase_ == Phase::repeat || !(is_safe(call_.request.method) || alive_);
        alive_ = false;
        if (std::exchange(begins_attempt_, false)) {
            timeout_ = base::Deadline::after(options_.engine.connect.timeout);
        }
        job_ = {&outgoing_, this, 0, fresh ? ConnectionUse::fresh : ConnectionUse::any, until_, timeout_};
        phase_ = Phase::begun;
        return Next::start(job_);
    }

    void done(Job& /*job*/, const Result& result) override {
        call_.result = result;
        if (result.stale_connection && can_be_sent_again() &&
            (result.sent == Sent::nothing || is_safe(call_.request.method))) {
            phase_ = Phase::repeat;
            return;
        }
        if (result.failure && intent_ != Intent::answer) {
            phase_ = Phase::over;  // cut or stopped while it was being read
            return;
        }
        switch (intent_) {
            case Intent::redirect:
                redirect_to(*result.head.find("Location"));
                break;
            case Intent::use_cached:
                deliver_cached();
                break;
            case Intent::authorize:  // the challenge is known: send the request again
                alive_ = true;
                break;
            case Intent::proceed:
                alive_ = true;
                digest_.opened();
                break;
            case Intent::refetch:
                cached_.mistrusted = true;
                break;
            case Intent::answer:
                if (cached_.writer && !result.failure) {
                    cached_.writer->keep();  // if that fails, the next call asks for it again
                }
                cached_.writer.reset();
                retry_or_end(result);
                break;
            case Intent::retry:
                retry_or_end(result);
                break;
        }
    }

    // --- Receiver ---

    void head(const ReplyHead& head) override {
        if (options_.cookies != nullptr) {
            keep_cookies(*options_.cookies, head, call_.request);
        }
        intent_ = intent_for(head);
        dropped_ = 0;
        if (intent_ == Intent::answer) {
            if (options_.cache != nullptr) {
                cached_.writer = options_.cache->writer(cached_.key, head);
            }
            receiver_.head(head);
        }
    }

    void body(std::string_view bytes) override {
        if (intent_ != Intent::answer) {
            dropped_ += bytes.size();
            if (dropped_ > most_dropped) {
                throw_failure(call_.request,
                              {base::Exit::bad_reply,
                               "the body of a redirect, a challenge or a refusal is larger than 16 MiB",
                               {}});
            }
            return;
        }
        if (cached_.writer) {
            cached_.writer->add(bytes);
        }
        receiver_.body(bytes);
    }

    bool wants_more() const override { return intent_ != Intent::answer || receiver_.wants_more(); }

  private:
    enum class Phase {
        unsent,  // no request was sent
        begun,   // at least one was
        repeat,  // the kept connection was closed: send it again on a new one
        over,
    };

    // How a reply is handled.
    enum class Intent {
        answer,
        redirect,
        retry,
        authorize,  // answer its challenge
        proceed,    // there is none: send the request that was asked about
        use_cached,
        refetch
    };

    // The reply in the cache that the server is asked to confirm.
    struct Cached {
        Request key;  // with its cookies, without the headers of one exchange
        std::optional<CacheEntry> entry;
        std::unique_ptr<CacheWriter> writer;  // of the answer
        bool mistrusted = false;              // the server confirmed another reply: ask for the whole
    };

    Intent intent_for(const ReplyHead& head) {
        const bool points = is_redirect(head.status()) && head.find("Location");
        if (points && options_.redirects == Redirects::follow) {
            return Intent::redirect;
        }
        if (head.status() == 304 && cached_.entry) {
            return validates(head, cached_.entry->head()) ? Intent::use_cached : Intent::refetch;
        }
        if (head.status() == 401 && digest_.accept(head, call_.request, replay())) {
            return Intent::authorize;
        }
        delay_ = delay_after(attempt_of(head, {}, Sent::wholly));
        if (delay_) {
            return Intent::retry;
        }
        return asking_ && head.status() != 401 ? Intent::proceed : Intent::answer;
    }

    Attempt attempt_of(const ReplyHead& head, std::optional<base::Exit> failure, Sent sent) const {
        Attempt attempt;
        attempt.number = call_.attempts;
        attempt.failure = failure;
        attempt.sent = sent;
        attempt.status = head.status();
        if (const auto value = head.find("Retry-After"); head.status() != 0 && value) {
            attempt.retry_after = parse_retry_after(*value, current_time());
        }
        attempt.elapsed = std::chrono::duration_cast<base::Milliseconds>(Clock::now() - begun_);
        return attempt;
    }

    std::optional<base::Milliseconds> delay_after(const Attempt& attempt) const {
        if (options_.retry.retries == 0 && options_.retry.waits == 0) {
            return std::nullopt;
        }
        RetryOptions retry = options_.retry;
        retry.keyed = find(call_.request.headers, "Idempotency-Key") != nullptr;
        const auto delay = retry_delay(retry, call_.request.method, attempt, base::random_number());
        return can_be_sent_again() ? delay : std::nullopt;
    }

    // May be called while the body is still being sent.
    bool can_be_sent_again() const { return !call_.request.stream || call_.request.stream->can_rewind(); }

    Replay replay() const { return can_be_sent_again() ? Replay::possible : Replay::impossible; }

    void rewind_body() const {
        if (call_.request.stream && !call_.request.stream->rewind()) {
            throw base::Error(base::Exit::no_input, call_.request.method + " " + call_.request.url +
                                                        ": the body cannot be read again from the beginning");
        }
    }

    void retry_or_end(const Result& result) {
        const auto failure = result.failure ? std::optional(result.failure->exit) : std::nullopt;
        Attempt attempt = attempt_of(result.head, failure, result.sent);
        attempt.resumes = true;  // tentatively: the receiver has the last word
        const auto delay = result.failure ? delay_after(attempt) : delay_;
        const int left = until_.poll_milliseconds();
        const bool too_long = delay && left >= 0 && delay->count() >= left;
        const bool broke = result.failure && result.head.status() != 0;
        if (!delay || too_long || (result.failure && result.failure->lasts) ||
            (broke && !receiver_.resume(call_.request))) {
            phase_ = Phase::over;
            return;
        }
        events_.retrying(attempt, result, *delay);
        ++call_.attempts;
        begins_attempt_ = true;
        not_before_ = base::Deadline::after(*delay);
    }

    void redirect_to(std::string_view location) {
        const int status = call_.result.head.status();
        if (call_.redirects == options_.most_redirects) {
            throw base::Error(base::Exit::too_many_redirects,
                              call_.request.method + " " + call_.request.url +
                                  ": too many redirects (the limit is " +
                                  std::to_string(options_.most_redirects) + ")",
                              "raise the limit with --max-redirects");
        }
        Redirect next = redirect(call_.request, replay(), status, location);
        Engine* const engine =
            same_origin(call_.request.url, next.request.url) ? engine_ : &engines_.without_certificate();
        if (engine != engine_) {
            next.dropped.emplace_back("the client certificate");
            engine_ = engine;
        }
        digest_.redirected(next.request);
        events_.redirected(next, status);
        ++call_.redirects;
        call_.attempts = 1;
        call_.request = std::move(next.request);
    }

    // The request with the cookies, conditions and Digest answer of this one exchange.
    Request outgoing_request(const Request& request) {
        Request result = request;
        if (options_.cookies != nullptr && options_.cookie_use == CookieUse::send_and_store) {
            add_cookies(result, *options_.cookies);
        }
        cached_.entry.reset();
        if (options_.cache != nullptr) {
            cached_.key = result;
            cached_.entry = cached_.mistrusted ? std::nullopt : options_.cache->find(result);
        }
        if (cached_.entry) {
            const std::vector<Header> asked = conditions(cached_.entry->head());
            result.headers.insert(result.headers.end(), asked.begin(), asked.end());
        }
        digest_.answer(result);
        return result;
    }

    void deliver_cached() {
        phase_ = Phase::over;
        call_.from_cache = true;
        call_.result.head = cached_.entry->refreshed(call_.result.head);
        receiver_.head(call_.result.head);
        if (!cached_.entry->read_body([this](std::string_view bytes) { receiver_.body(bytes); })) {
            call_.result.failure =
                Failure{base::Exit::unknown, "the reply in the cache cannot be read to its end", {}};
        }
    }

    void end_by_signal() {
        const bool unsent = phase_ == Phase::unsent;
        phase_ = Phase::over;
        call_.result.failure = Failure{
            stop_.exit(),
            unsent ? "stopped by a signal, nothing was sent" : "stopped by a signal between two attempts",
            {}};
    }

    using Clock = base::Deadline::Clock;

    Receiver& receiver_;
    const CallOptions& options_;
    CallEvents& events_;
    base::Stop& stop_;
    EnginePair& engines_;
    Engine* engine_;  // for the next exchange
    Engine* running_ = nullptr;
    const base::Deadline until_;
    const Clock::time_point begun_ = Clock::now();
    Phase phase_ = Phase::unsent;
    Body body_;
    CallResult call_;
    bool begins_attempt_ = true;
    std::uint64_t dropped_ = 0;  // bytes of the current reply, which is not the answer
    base::Deadline timeout_;     // of this attempt, with its redirects and challenges

    // The exchange in flight.
    Request outgoing_;
    Job job_;
    Intent intent_ = Intent::answer;
    bool asking_ = false;  // it is to learn of a challenge, without the body
    bool alive_ = false;   // its connection answered just now: what goes out next can be seen to arrive

    DigestAttempt digest_;
    Cached cached_;
    std::optional<base::Milliseconds> delay_;  // before the next attempt
    base::Deadline not_before_;
};

Client::Client(const CallOptions& options, CallEvents& events, base::Stop& stop)
    : options_(options),
      events_(events),
      stop_(stop),
      engines_(std::make_unique<EnginePair>(options.engine, stop)) {}
Client::~Client() = default;

CallResult Client::call(const Request& request, Receiver& receiver, base::Deadline until) {
    const bool again = request.stream && request.stream == last_body_;
    last_body_ = request.stream;
    return Call(*this, request, receiver, again ? Call::Body::sent : Call::Body::unsent, until).run();
}

}  // namespace hail::http
