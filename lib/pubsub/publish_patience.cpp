#include "lib/pubsub/publish_patience.h"

namespace hail::pubsub {

namespace {

constexpr base::Milliseconds drain_after_signal(2'000);

}  // namespace

void PublishPatience::watch(const State& state) {
    if (state_ == state) {
        return;
    }
    state_ = state;
    if (!stopping_) {
        const auto idle = state.waiting ? limits_.idle : std::nullopt;
        silence_ = base::Deadline::after(state.blocked    ? std::nullopt
                                         : state.draining ? limits_.drain
                                                          : idle);
    }
}

void PublishPatience::stop() {
    stopping_ = true;
    silence_ = base::Deadline::after(drain_after_signal);
}

std::string_view PublishPatience::passed_option() const {
    if (whole_.passed()) {
        return "--timeout";
    }
    if (!silence_.passed() || !state_) {
        return {};
    }
    return state_->draining ? "--drain-timeout" : state_->waiting ? "--idle-timeout" : "";
}

}  // namespace hail::pubsub
