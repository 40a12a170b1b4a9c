#include "lib/http/content_range.h"

#include "lib/base/text.h"

namespace hail::http {

namespace {

std::optional<ContentRange::Span> parse_span(std::string_view text) {
    const auto dash = text.find('-');
    const auto first = base::parse_number(text.substr(0, dash));
    const auto last = dash == text.npos ? std::nullopt : base::parse_number(text.substr(dash + 1));
    return first && last && *first <= *last ? std::optional(ContentRange::Span{*first, *last}) : std::nullopt;
}

// "bytes=5-9", "bytes=5-" or "bytes=-5": both numbers as typed. None for several ranges and for other units.
struct AskedRange {
    std::optional<std::uint64_t> first;
    std::optional<std::uint64_t> last;
};

std::optional<AskedRange> parse_range(std::string_view value) {
    constexpr std::string_view unit = "bytes=";
    const auto dash = value.find('-');
    if (!base::equal_ignoring_case(value.substr(0, unit.size()), unit) || dash == value.npos ||
        value.find(',') != value.npos) {
        return std::nullopt;
    }
    return AskedRange{base::parse_number(base::trim(value.substr(unit.size(), dash - unit.size()))),
                      base::parse_number(base::trim(value.substr(dash + 1)))};
}

bool lies_in(const ContentRange& range, const AskedRange& asked) {
    const ContentRange::Span span = *range.span;
    if (asked.first) {
        return span.first == *asked.first && (!asked.last || span.last <= *asked.last);
    }
    // The last bytes of the whole.
    const std::uint64_t length = asked.last.value_or(0);
    return !range.total || (span.last + 1 == *range.total && span.last - span.first < length);
}

bool has_several_parts(const ReplyHead& head) {
    const std::string type = base::lower(head.find("Content-Type").value_or(""));
    return type.starts_with("multipart/byteranges");
}

}  // namespace

std::optional<std::string> range_fault(const Request& request, const ReplyHead& head) {
    if (head.status() != 206) {
        return std::nullopt;
    }
    const Header* const asked = find(request.headers, "Range");
    if (asked == nullptr) {
        return "no part was asked for";
    }
    const std::string value(head.find("Content-Range").value_or(""));
    const auto wanted = parse_range(asked->value);
    if (!wanted) {
        const bool named = !value.empty() || has_several_parts(head);
        return named ? std::nullopt : std::optional<std::string>("it does not say which part came");
    }
    const auto range = parse_content_range(value);
    if (!range || !range->span) {
        return value.empty() ? "it does not say which part came"
                             : "its Content-Range is '" + base::one_line(value, 60) + "', which is not valid";
    }
    if (!lies_in(*range, *wanted)) {
        return "the part is '" + base::one_line(value, 60) + "', and '" + base::one_line(asked->value, 60) +
               "' was asked for";
    }
    const auto length = stated_length(head);
    const std::uint64_t size = range->span->last - range->span->first + 1;
    if (length && *length != size && request.method != "HEAD") {
        return "its Content-Range is '" + base::one_line(value, 60) + "', and its length " +
               std::to_string(*length);
    }
    return std::nullopt;
}

bool covers_the_whole(const ReplyHead& head) {
    const auto range = parse_content_range(head.find("Content-Range").value_or(""));
    return range && range->span && range->total && range->span->first == 0 &&
           range->span->last + 1 == *range->total;
}

std::optional<ContentRange> parse_content_range(std::string_view value) {
    constexpr std::string_view unit = "bytes";
    if (!base::equal_ignoring_case(value.substr(0, unit.size()), unit) ||
        value.substr(unit.size()).substr(0, 1) != " ") {
        return std::nullopt;
    }
    const std::string_view text = base::trim(value.substr(unit.size()));
    const auto slash = text.find('/');
    if (slash == text.npos) {
        return std::nullopt;
    }
    const std::string_view span = text.substr(0, slash);
    const std::string_view total = text.substr(slash + 1);
    const ContentRange range{parse_span(span), base::parse_number(total)};
    const bool fits = (range.span || span == "*") && (range.total || total == "*") &&
                      (range.span || range.total) &&
                      (!range.span || !range.total || range.span->last < *range.total);
    return fits ? std::optional(range) : std::nullopt;
}

}  // namespace hail::http
