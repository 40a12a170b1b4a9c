#include "lib/http/date.h"

#include <algorithm>
#include <array>

#include "lib/base/characters.h"
#include "lib/base/text.h"

namespace hail::http {

namespace {

constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<std::string_view, 7> weekdays{"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                   "Thursday", "Friday", "Saturday"};

struct Parts {
    int year = -1;
    unsigned month = 0;  // from 1
    unsigned day = 0;
    int hour = -1;
    int minute = -1;
    int second = -1;
};

std::optional<Time> time_of(const Parts& parts) {
    const std::chrono::year_month_day date{std::chrono::year(parts.year), std::chrono::month(parts.month),
                                           std::chrono::day(parts.day)};
    if (parts.year < 1601 || parts.year > 9999 || !date.ok() || parts.hour < 0 || parts.hour > 23 ||
        parts.minute < 0 || parts.minute > 59 || parts.second < 0 || parts.second > 60) {
        return std::nullopt;
    }
    return std::chrono::sys_days(date) + std::chrono::hours(parts.hour) + std::chrono::minutes(parts.minute) +
           std::chrono::seconds(std::min(parts.second, 59));
}

int year_of(Time time) {
    return static_cast<int>(std::chrono::year_month_day(std::chrono::floor<std::chrono::days>(time)).year());
}

// Reads parts from the front; after one mismatch nothing matches any more.
class Reader {
  public:
    explicit Reader(std::string_view text) : rest_(text) {}

    bool whole() const { return fits_ && rest_.empty(); }

    void literal(std::string_view text) {
        fits_ = fits_ && rest_.starts_with(text);
        rest_.remove_prefix(fits_ ? text.size() : 0);
    }

    int digits(std::size_t count) {
        const auto number = base::parse_number(rest_.substr(0, count));
        fits_ = fits_ && rest_.size() >= count && number.has_value();
        rest_.remove_prefix(fits_ ? count : 0);
        return fits_ ? static_cast<int>(*number) : -1;
    }

    // asctime's day: " 6" or "16".
    int padded_day() {
        if (rest_.starts_with(' ')) {
            rest_.remove_prefix(1);
            return digits(1);
        }
        return digits(2);
    }

    unsigned month() {
        const auto found = std::find(months.begin(), months.end(), rest_.substr(0, 3));
        fits_ = fits_ && found != months.end();
        rest_.remove_prefix(fits_ ? 3 : 0);
        return fits_ ? static_cast<unsigned>(found - months.begin()) + 1 : 0;
    }

    void clock(Parts& parts) {
        parts.hour = digits(2);
        literal(":");
        parts.minute = digits(2);
        literal(":");
        parts.second = digits(2);
    }

  private:
    std::string_view rest_;
    bool fits_ = true;
};

std::optional<Time> parse_fixdate(std::string_view text) {
    Reader reader(text);
    Parts parts;
    parts.day = static_cast<unsigned>(reader.digits(2));
    reader.literal(" ");
    parts.month = reader.month();
    reader.literal(" ");
    parts.year = reader.digits(4);
    reader.literal(" ");
    reader.clock(parts);
    reader.literal(" GMT");
    return reader.whole() ? time_of(parts) : std::nullopt;
}

std::optional<Time> parse_rfc850(std::string_view text, Time now) {
    Reader reader(text);
    Parts parts;
    parts.day = static_cast<unsigned>(reader.digits(2));
    reader.literal("-");
    parts.month = reader.month();
    reader.literal("-");
    parts.year = reader.digits(2);
    reader.literal(" ");
    reader.clock(parts);
    reader.literal(" GMT");
    if (!reader.whole()) {
        return std::nullopt;
    }
    const int latest = year_of(now) + 50;
    parts.year += latest / 100 * 100;
    parts.year -= parts.year > latest ? 100 : 0;
    return time_of(parts);
}

std::optional<Time> parse_asctime(std::string_view text) {
    Reader reader(text);
    Parts parts;
    parts.month = reader.month();
    reader.literal(" ");
    parts.day = static_cast<unsigned>(reader.padded_day());
    reader.literal(" ");
    reader.clock(parts);
    reader.literal(" ");
    parts.year = reader.digits(4);
    return reader.whole() ? time_of(parts) : std::nullopt;
}

// The number at the front of the text, of `least` to `most` digits; -1 if there is none.
int leading_number(std::string_view text, std::size_t least, std::size_t most) {
    const auto end =
        static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), base::is_digit) - text.begin());
    return end < least || end > most ? -1 : static_cast<int>(*base::parse_number(text.substr(0, end)));
}

bool take_clock(std::string_view token, Parts& parts) {
    const auto first = token.find(':');
    const auto second = first == token.npos ? first : token.find(':', first + 1);
    if (second == token.npos) {
        return false;
    }
    const std::string_view hour = token.substr(0, first);
    const std::string_view minute = token.substr(first + 1, second - first - 1);
    if (hour.size() > 2 || minute.size() > 2 || !base::parse_number(hour) || !base::parse_number(minute)) {
        return false;
    }
    parts.hour = static_cast<int>(*base::parse_number(hour));
    parts.minute = static_cast<int>(*base::parse_number(minute));
    parts.second = leading_number(token.substr(second + 1), 1, 2);
    return parts.second >= 0;
}

bool take_month(std::string_view token, Parts& parts) {
    const auto found = std::find_if(months.begin(), months.end(), [&](std::string_view name) {
        return base::equal_ignoring_case(name, token.substr(0, 3));
    });
    parts.month = found == months.end() ? 0 : static_cast<unsigned>(found - months.begin()) + 1;
    return parts.month != 0;
}

// A token counts as the first of time, day, month and year that is still missing and that it fits.
void take_cookie_token(std::string_view token, Parts& parts) {
    if (parts.second < 0 && take_clock(token, parts)) {
        return;
    }
    const int day = leading_number(token, 1, 2);
    if (parts.day == 0 && day > 0) {
        parts.day = static_cast<unsigned>(day);
        return;
    }
    if (parts.month == 0 && take_month(token, parts)) {
        return;
    }
    const int year = leading_number(token, 2, 4);
    if (parts.year < 0 && year >= 0) {
        parts.year = year + (year >= 70 && year <= 99 ? 1900 : year < 70 ? 2000 : 0);
    }
}

bool is_delimiter(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte == 0x09 || (byte >= 0x20 && byte <= 0x2F) || (byte >= 0x3B && byte <= 0x40) ||
           (byte >= 0x5B && byte <= 0x60) || (byte >= 0x7B && byte <= 0x7E);
}

}  // namespace

Time current_time() {
    return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

std::optional<Time> parse_date(std::string_view text, Time now) {
    const auto name = std::find_if(weekdays.begin(), weekdays.end(),
                                   [&](std::string_view day) { return text.starts_with(day.substr(0, 3)); });
    if (name == weekdays.end()) {
        return std::nullopt;
    }
    text.remove_prefix(text.starts_with(*name) ? name->size() : 3);
    if (text.starts_with(", ")) {
        text.remove_prefix(2);
        const auto fixdate = parse_fixdate(text);
        return fixdate ? fixdate : parse_rfc850(text, now);
    }
    text.remove_prefix(text.starts_with(' ') ? 1 : 0);
    return parse_asctime(text);
}

std::optional<Time> parse_cookie_date(std::string_view text) {
    Parts parts;
    while (!text.empty()) {
        const auto end =
            static_cast<std::size_t>(std::find_if(text.begin(), text.end(), is_delimiter) - text.begin());
        take_cookie_token(text.substr(0, end), parts);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return time_of(parts);
}

}  // namespace hail::http
