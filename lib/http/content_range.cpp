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

}  // namespace

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
