#include "lib/batch/challenges.h"

namespace hail::batch {

namespace {

constexpr std::string_view session_header = "X-Transmission-Session-Id";

}  // namespace

Challenges::Challenges(const http::Request& model)
    : model_(model), has_digest_(model.credentials.kind == http::Credentials::Kind::digest) {}

void Challenges::prepare(PostSlot& slot) {
    slot.asked_for_session = false;
    if (has_digest_) {
        digest_.next_request();
    }
    if (has_digest_ || session_) {
        write_headers(slot.request);
    }
}

bool Challenges::answer(PostSlot& slot, const http::Result& result) {
    const int status = result.head.status();
    if (result.failure || (status != 401 && status != 409)) {
        return false;
    }
    if (status == 409) {
        return answer_session(slot, result.head);
    }
    if (!has_digest_) {
        return false;
    }
    http::Request asked = slot.request;
    asked.headers = model_.headers;  // without the answer to an earlier challenge
    if (!digest_.accept(result.head, asked, http::Replay::possible)) {
        return false;
    }
    write_headers(slot.request);
    return true;
}

bool Challenges::answer_session(PostSlot& slot, const http::ReplyHead& head) {
    const auto given = head.find(session_header);
    const http::Header* const sent = http::find(slot.request.headers, session_header);
    if (!given || slot.asked_for_session || (sent != nullptr && sent->value == *given)) {
        return false;
    }
    slot.asked_for_session = true;
    session_ = *given;
    write_headers(slot.request);
    return true;
}

void Challenges::write_headers(http::Request& request) {
    request.headers = model_.headers;
    if (session_) {
        http::set_header(request, session_header, *session_);
    }
    if (has_digest_) {
        digest_.answer(request);
    }
}

}  // namespace hail::batch
