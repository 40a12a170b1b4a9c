#include "lib/rpc/result_stream.h"

#include <algorithm>

#include "lib/json/scan.h"

namespace hail::rpc {

namespace {

bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

}  // namespace

void ResultStream::feed(std::string_view bytes) {
    while (!bytes.empty()) {
        if (!in_result_) {
            take(bytes.front());
            bytes.remove_prefix(in_result_ ? 0 : 1);  // the first byte of a result belongs to it
            continue;
        }
        const std::size_t length = result_length(bytes);
        take_result(bytes.substr(0, length));
        bytes.remove_prefix(length);
        if (ended_) {
            end_result();
        }
    }
}

// Takes a byte outside of a result, unless a result begins with it.
void ResultStream::take(char c) {
    if (in_string_) {
        text_ += c;
        if (place_ == Place::in_key) {
            key_ += c;
        }
        in_string_ = escaped_ || c != '"';
        escaped_ = !escaped_ && c == '\\';
        if (!in_string_ && place_ == Place::in_key) {
            place_ = Place::colon;
        }
        return;
    }
    if (place_ == Place::before_value && !is_space(c)) {
        place_ = Place::in_value;
        twice_ = twice_ || (passed_on_ && is_result());
        in_result_ = is_result() && (c == '"' || c == '{' || c == '[');
        if (in_result_) {
            return;
        }
    }
    text_ += c;
    take_structure(c);
}

void ResultStream::take_structure(char c) {
    if (c == '"') {
        in_string_ = true;
        if (place_ == Place::key && depth_ == 1) {
            place_ = Place::in_key;
            key_ = c;
        }
    } else if (c == '{' || c == '[') {
        ++depth_;
        place_ = place_ == Place::before && c == '{' ? Place::key : place_;
    } else if (c == '}' || c == ']') {
        depth_ -= depth_ > 0 ? 1U : 0U;
        place_ = depth_ == 0 ? Place::after : place_;
    } else if (c == ':' && depth_ == 1 && place_ == Place::colon) {
        place_ = Place::before_value;
    } else if (c == ',' && depth_ == 1) {
        place_ = Place::key;
    }
}

bool ResultStream::is_result() const {
    return depth_ == 1 && json::is_json(key_) && json::equals(key_, "result");
}

// The number of bytes that belong to the result; ended_ tells whether it ends there. While it is read, the
// depth is its own.
std::size_t ResultStream::result_length(std::string_view bytes) {
    std::size_t& depth = depth_;
    for (std::size_t at = 0; at < bytes.size(); ++at) {
        const char c = bytes[at];
        if (in_string_) {
            in_string_ = escaped_ || c != '"';
            escaped_ = !escaped_ && c == '\\';
            ended_ = !in_string_ && depth == 1;
        } else if (c == '"') {
            in_string_ = true;
        } else if (c == '{' || c == '[') {
            ++depth;
        } else if (c == '}' || c == ']') {
            --depth;
            ended_ = depth <= 1;
        }
        if (ended_) {
            return at + 1;
        }
    }
    return bytes.size();
}

void ResultStream::take_result(std::string_view bytes) {
    if (passes_on_) {
        pass_on(bytes);
    } else if (!passed_on_) {
        held_ += bytes;
        if (held_.size() > hold_) {
            passes_on_ = passed_on_ = true;
            pass_on(held_);
            held_.clear();
        }
    }
}

void ResultStream::pass_on(std::string_view bytes) {
    dropped_.clear();
    checker_.feed(bytes, dropped_);
    sink_(bytes);
}

void ResultStream::end_result() {
    in_result_ = false;
    ended_ = false;
    depth_ = 1;
    broken_ = broken_ || (passes_on_ && !checker_.complete());
    passes_on_ = false;
    text_ += passed_on_ ? "0" : held_;
    held_.clear();
}

std::string ResultStream::finish() {
    if (in_result_) {
        text_ += held_;
    }
    return twice_ ? "it has two results" : broken_ ? "its result is not valid JSON" : "";
}

}  // namespace hail::rpc
