#include "lib/http/engine.h"

#include <curl/curl.h>
#include <poll.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "lib/base/error.h"
#include "lib/http/transfer.h"
#include "lib/net/curl.h"
#include "lib/net/curl_errors.h"

namespace hail::http {

namespace {

void check(CURLMcode code) {
    if (code != CURLM_OK) {
        throw base::Error(base::Exit::unknown,
                          std::string("transferring data: ") + curl_multi_strerror(code));
    }
}

// Checked after each wait, because libcurl does not report the end of a pipe.
bool is_readable(int descriptor) {
    pollfd readable{descriptor, POLLIN, 0};
    return ::poll(&readable, 1, 0) != 0;
}

std::string_view stopped_at(net::Stage stage) {
    switch (stage) {
        case net::Stage::connecting:
            return "stopped by a signal, nothing was sent";
        case net::Stage::sending:
        case net::Stage::waiting:
            break;
        case net::Stage::reading:
            return "stopped by a signal in the middle of the reply";
    }
    return "stopped by a signal after hail began to send the request";
}

}  // namespace

class Engine::Loop {
  public:
    Loop(const EngineOptions& options, base::Stop& stop)
        : options_(options), stop_(stop), connector_(options.connect), multi_(net::make_multi()) {
        options_.parallel = std::max(1U, options_.parallel);
        curl_multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS, static_cast<long>(options_.parallel));
        transfers_.reserve(options_.parallel);
        active_.reserve(options_.parallel);
    }
    ~Loop() { detach_all(); }
    Loop(const Loop&) = delete;
    Loop& operator=(const Loop&) = delete;

    void run(JobSource& source) {
        source_ = &source;
        more_ = true;
        asleep_ = false;
        try {
            while (turn()) {
            }
        } catch (...) {
            detach_all();  // the source may be gone once this is caught
            throw;
        }
    }

  private:
    // One turn of the loop: take jobs, move bytes, deliver results, wait. False at the end.
    bool turn() {
        if (stop_.raised() != 0) {
            more_ = false;
            if (stop_.urgent() || options_.on_stop == OnStop::drop) {
                drop_all();
            }
        }
        take_jobs();
        if (active_.empty() && !more_) {
            return false;
        }
        int running = 0;
        check(curl_multi_perform(multi_.get(), &running));
        const bool some_done = deliver_finished();
        const bool some_dropped = drop_if_peer_closed() || drop_silent();
        if (!some_done && !some_dropped) {
            wait();
        }
        return true;
    }

    void take_jobs() {
        asleep_ = asleep_ && !next_.until.passed();
        while (more_ && !asleep_ && active_.size() < options_.parallel) {
            next_ = source_->next();
            switch (next_.kind) {
                case Next::Kind::start:
                    start(*next_.job);
                    break;
                case Next::Kind::wait:
                    asleep_ = true;
                    break;
                case Next::Kind::end:
                    more_ = false;
                    break;
            }
        }
    }

    void start(Job& job) {
        if (idle_.empty()) {
            transfers_.push_back(std::make_unique<Transfer>(options_, connector_));
            idle_.push_back(transfers_.back().get());
        }
        Transfer* const transfer = idle_.back();
        transfer->begin(job);
        check(curl_multi_add_handle(multi_.get(), transfer->handle()));
        idle_.pop_back();
        active_.push_back(transfer);
        if (job.request->stream) {
            streaming_.push_back(transfer);
        }
    }

    // Takes a transfer out of the multi, ready for another job.
    void detach(Transfer& transfer) {
        curl_multi_remove_handle(multi_.get(), transfer.handle());
        std::iter_swap(std::find(active_.begin(), active_.end(), &transfer), active_.end() - 1);
        active_.pop_back();
        std::erase(streaming_, &transfer);
        idle_.push_back(&transfer);
    }

    void detach_all() {
        while (!active_.empty()) {
            detach(*active_.back());
        }
    }

    bool deliver_finished() {
        bool any = false;
        int left = 0;
        while (const CURLMsg* const message = curl_multi_info_read(multi_.get(), &left)) {
            void* owner = nullptr;
            curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &owner);
            auto& transfer = *static_cast<Transfer*>(owner);
            const CURLcode code = message->data.result;  // detach() invalidates the message
            detach(transfer);
            const Result& result = transfer.finish(code);
            asleep_ = false;
            any = true;
            source_->done(*transfer.job(), result);
        }
        return any;
    }

    void drop(Transfer& transfer, Failure why) {
        const Result& result = transfer.abandon(std::move(why));
        detach(transfer);
        asleep_ = false;
        source_->done(*transfer.job(), result);
    }

    void drop_all() {
        while (!active_.empty()) {
            Transfer& transfer = *active_.back();
            drop(transfer, {stop_.exit(), std::string(stopped_at(transfer.stage())), {}});
        }
    }

    // Drops a transfer that waits for more of its body although the peer has closed the connection.
    bool drop_if_peer_closed() {
        for (Transfer* const transfer : streaming_) {
            if (!transfer->check_paused()) {
                drop(*transfer, net::explain({CURLE_SEND_ERROR, {}, transfer->stage(), 0, 0}));
                return true;
            }
        }
        return false;
    }

    // Drops transfers that were silent for longer than the options allow.
    bool drop_silent() {
        if (!options_.connect.idle_timeout) {
            return false;
        }
        bool any = false;
        quiet_until_ = {};
        for (std::size_t i = active_.size(); i-- > 0;) {
            Transfer& transfer = *active_[i];
            const base::Deadline limit = transfer.silence_limit();
            if (limit.passed()) {
                Failure why = net::explain({CURLE_OPERATION_TIMEDOUT, {}, transfer.stage(), 0, 0});
                why.hint = "allow longer silences with --idle-timeout";
                drop(transfer, std::move(why));
                any = true;
            } else {
                quiet_until_ = sooner(quiet_until_, limit);
            }
        }
        return any;
    }

    void wait() {
        others_.clear();
        // Once the stop is raised, its descriptor stays readable; the time limit below then notices a second
        // signal.
        const bool draining = stop_.raised() != 0;
        if (!draining) {
            listen_to(stop_.descriptor());
        }
        const bool listen = asleep_ && next_.descriptor >= 0;
        if (listen) {
            listen_to(next_.descriptor);
        }
        for (const Transfer* const transfer : streaming_) {
            if (transfer->waiting_for() >= 0) {
                listen_to(transfer->waiting_for());
            }
        }
        const base::Deadline until =
            sooner(source_->tick(), asleep_ ? sooner(quiet_until_, next_.until) : quiet_until_);
        const int limit = until.poll_milliseconds();
        const int most = draining ? 100 : 60'000;
        check(curl_multi_poll(multi_.get(), others_.data(), static_cast<unsigned>(others_.size()),
                              limit < 0 ? most : std::min(limit, most), nullptr));
        asleep_ = asleep_ && !(listen && is_readable(next_.descriptor));
        for (Transfer* const transfer : streaming_) {
            if (transfer->waiting_for() >= 0 && is_readable(transfer->waiting_for())) {
                transfer->resume();
            }
        }
    }

    void listen_to(int descriptor) {
        curl_waitfd other{};
        other.fd = descriptor;
        other.events = CURL_WAIT_POLLIN;
        others_.push_back(other);
    }

    EngineOptions options_;
    base::Stop& stop_;
    net::Connector connector_;
    net::Multi multi_;                                  // outlives the handles in it
    std::vector<std::unique_ptr<Transfer>> transfers_;  // made when first needed
    std::vector<Transfer*> idle_;
    std::vector<Transfer*> active_;
    std::vector<Transfer*> streaming_;  // those in flight that read their body while sending it
    std::vector<curl_waitfd> others_;   // descriptors that are not libcurl's
    JobSource* source_ = nullptr;
    Next next_;  // why it is asleep
    base::Deadline quiet_until_;
    bool more_ = true;
    bool asleep_ = false;  // JobSource said to wait
};

Engine::Engine(const EngineOptions& options, base::Stop& stop)
    : loop_(std::make_unique<Loop>(options, stop)) {}
Engine::~Engine() = default;

void Engine::run(JobSource& source) {
    loop_->run(source);
}

}  // namespace hail::http
