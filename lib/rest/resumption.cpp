#include "lib/rest/resumption.h"

#include <string_view>
#include <utility>

#include "lib/http/content_range.h"

namespace hail::rest {

namespace {

using Kind = Continuation::Kind;

Continuation start_again(std::string why) {
    return {Kind::start_again, 0, std::nullopt, std::move(why)};
}

// A weak tag with the same text counts as the same version.
bool is_other_version(const http::ReplyHead& head, const std::string& validator) {
    if (validator.empty()) {
        return false;
    }
    std::string_view now = head.find(validator.front() == '"' ? "ETag" : "Last-Modified").value_or("");
    now.remove_prefix(now.starts_with("W/") ? 2 : 0);
    return !now.empty() && now != validator;
}

std::string bytes(std::uint64_t count) {
    return std::to_string(count) + (count == 1 ? " byte" : " bytes");
}

Continuation judge_range(const http::ReplyHead& head, const Kept& kept) {
    const auto range = http::parse_content_range(head.find("Content-Range").value_or(""));
    if (!range || !range->span) {
        return start_again("the reply does not say which bytes it has");
    }
    if (head.find("Content-Encoding")) {
        return start_again("the rest came compressed");
    }
    if (kept.whole && range->total && *range->total != *kept.whole) {
        return start_again("the server has " + bytes(*range->total) + " now, not " +
                           std::to_string(*kept.whole));
    }
    if (range->span->first > kept.size || range->span->last < kept.size) {
        return start_again("the reply has bytes " + std::to_string(range->span->first) + " to " +
                           std::to_string(range->span->last) + ", not those from byte " +
                           std::to_string(kept.size) + " on");
    }
    return {Kind::follows, range->span->first, range->total, {}};
}

Continuation judge_nothing_left(const http::ReplyHead& head, const Kept& kept) {
    const auto range = http::parse_content_range(head.find("Content-Range").value_or(""));
    if (!range || !range->total) {
        return start_again("the server has nothing after byte " + std::to_string(kept.size) +
                           " and does not say how many there are");
    }
    if (*range->total != kept.whole.value_or(kept.size) || *range->total != kept.size) {
        return start_again("the server has " + bytes(*range->total) + ", not " +
                           std::to_string(kept.whole.value_or(kept.size)));
    }
    return {Kind::complete, kept.size, kept.size, {}};
}

}  // namespace

void ask_for_rest(http::Request& request, const Kept& kept) {
    ask_for_all(request);
    set_header(request, "Range", "bytes=" + std::to_string(kept.size) + "-");
    if (kept.validator.empty()) {
        return;
    }
    set_header(request, "If-Range", kept.validator);
    if (kept.kind == Kept::Kind::finished) {
        set_header(request, kept.validator.front() == '"' ? "If-None-Match" : "If-Modified-Since",
                   kept.validator);
    }
}

void ask_for_all(http::Request& request) {
    for (const auto* const name : {"Range", "If-Range", "If-None-Match", "If-Modified-Since"}) {
        drop_header(request, name);
    }
}

Continuation continuation(const http::ReplyHead& head, const Kept& kept) {
    const int status = head.status();
    const bool judges = kept.size > 0 && (status == 206 || status == 304 || status == 416);
    if (!judges) {
        return {status >= 200 && status < 300 && status != 206 ? Kind::all : Kind::failure};
    }
    if (is_other_version(head, kept.validator)) {
        return start_again("the file has changed on the server");
    }
    if (status == 416) {
        return judge_nothing_left(head, kept);
    }
    if (kept.kind == Kept::Kind::part) {
        return status == 206 ? judge_range(head, kept) : Continuation{};
    }
    return status == 304 ? Continuation{Kind::complete, kept.size, kept.size, {}}
                         : start_again("the server has more than " + bytes(kept.size));
}

}  // namespace hail::rest
