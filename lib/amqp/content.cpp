#include "lib/amqp/content.h"

#include "lib/amqp/bytes.h"
#include "lib/base/error.h"

namespace hail::amqp {

namespace {

[[noreturn]] void reject_content(const char* why) {
    throw base::Error(base::Exit::bad_reply, why);
}

}  // namespace

void Content::begin() {
    check_idle();
    due_ = Due::header;
}

void Content::check_idle() const {
    if (!idle()) {
        reject_content("the broker broke off a message in its middle");
    }
}

std::string_view Content::take_header(std::string_view payload) {
    if (due_ != Due::header) {
        reject_content("the broker sent the header of a message that it had not announced");
    }
    std::uint16_t kind = 0;
    std::uint16_t weight = 0;
    if (!take(payload, kind) || !take(payload, weight) || !take(payload, left_) || kind != 60) {
        reject_content("the broker sent a message with a header that does not fit");
    }
    due_ = left_ > 0 ? Due::body : Due::nothing;
    return payload;
}

void Content::take_body(std::string_view payload) {
    if (due_ != Due::body) {
        reject_content("the broker sent the body of a message that it had not announced");
    }
    if (payload.size() > left_) {
        reject_content("the broker sent a message that is longer than it had announced");
    }
    left_ -= payload.size();
    if (left_ == 0) {
        due_ = Due::nothing;
    }
}

}  // namespace hail::amqp
