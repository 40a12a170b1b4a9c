#include "lib/pubsub/subscribe_patience.h"

#include <string>

#include "lib/base/error.h"
#include "lib/pubsub/subscriber.h"

namespace hail::pubsub {

namespace {

using base::Deadline;
using base::Error;
using base::Exit;

Error late(const std::string& why, const std::string& hint = {}) {
    return {Exit::timed_out, "waiting for messages: " + why, hint};
}

}  // namespace

Deadline SubscribePatience::attempt() const {
    return began_ ? next() : sooner(whole_, Deadline::after(limits_.duration));
}

void SubscribePatience::opened() {
    confirm_by_ = sooner(sooner(Deadline::after(limits_.confirmation), whole_),
                         began_ ? end_ : Deadline::after(limits_.duration));
}

void SubscribePatience::confirmed() {
    confirm_by_ = {};
    if (!began_) {
        began_ = true;
        end_ = Deadline::after(limits_.duration);
        first_ = Deadline::after(limits_.first);
        silence_ = Deadline::after(limits_.idle);
    }
}

void SubscribePatience::lost() {
    confirm_by_ = {};
}

void SubscribePatience::received(std::uint64_t all) {
    received_ = all;
    first_ = {};
    silence_ = Deadline::after(limits_.idle);
}

Deadline SubscribePatience::next() const {
    return sooner(sooner(sooner(end_, whole_), sooner(first_, silence_)), confirm_by_);
}

// The one whose limit comes first.
const char* SubscribePatience::option_for_confirmation() const {
    if (whole_.passed()) {
        return "--timeout";
    }
    const bool shorter =
        limits_.duration && (!limits_.confirmation || *limits_.duration < *limits_.confirmation);
    return shorter ? "--for" : "--connect-timeout";
}

void SubscribePatience::check() const {
    if (!began_ && confirm_by_.passed()) {
        throw Error(Exit::timed_out, "subscribing: the broker has not confirmed every subscription in time",
                    std::string("allow more with ") + option_for_confirmation());
    }
    if (began_ && confirm_by_.passed() && !whole_.passed()) {
        throw ConnectionLost(Exit::unknown, "subscribing again: no confirmation in time");
    }
    if (end_.passed() && limits_.count > 0) {
        throw late(std::to_string(received_) + " of " + std::to_string(limits_.count) +
                   " arrived within --for");
    }
    if (whole_.passed()) {
        throw late("the time limit passed", "allow more time with --timeout");
    }
    if (first_.passed()) {
        throw late("none arrived within --first-within");
    }
    if (silence_.passed()) {
        throw late("none arrived within --idle-timeout");
    }
}

}  // namespace hail::pubsub
