#include "cli/signals.h"

#include <csignal>

namespace hail::cli {

namespace {

base::Stop* the_stop = nullptr;

void on_signal(int signal) {
    the_stop->raise(signal);
}

void handle(int signal, void (*handler)(int)) {
    struct sigaction action {};
    action.sa_handler = handler;
    // No SA_RESTART: a blocking read or connect must return.
    ::sigaction(signal, &action, nullptr);
}

}  // namespace

base::Stop& stop_on_signals() {
    static base::Stop stop;
    if (the_stop == nullptr) {
        the_stop = &stop;
        handle(SIGINT, on_signal);
        handle(SIGTERM, on_signal);
        if (::signal(SIGHUP, SIG_IGN) != SIG_IGN) {  // nohup(1) ignores it for us
            handle(SIGHUP, on_signal);
        }
        handle(SIGPIPE, SIG_IGN);
        handle(SIGXFSZ, SIG_IGN);  // the write that is too large fails with EFBIG
    }
    return stop;
}

base::Stop* installed_stop() noexcept {
    return the_stop;
}

}  // namespace hail::cli
