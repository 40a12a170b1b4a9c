#include "lib/rpc/page_text.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "lib/base/characters.h"
#include "lib/base/text.h"

namespace hail::rpc {

namespace {

constexpr std::size_t most_read = 64 * 1024;  // of a page that may be large

std::string single_blanks(std::string_view text) {
    std::string out;
    for (const char c : base::trim(text)) {
        const bool blank = c == ' ' || c == '\t' || c == '\r' || c == '\n';
        if (!blank) {
            out += c;
        } else if (out.back() != ' ') {
            out += ' ';
        }
    }
    return out;
}

// Walks over a page: text() is the text up to the next tag, tag() is the name in that tag, as in "/title".
class Page {
  public:
    explicit Page(std::string_view text) : text_(text), lower_(base::lower(text)) {}

    bool next() {
        if (at_ >= text_.size()) {
            return false;
        }
        const std::size_t open = std::min(text_.find('<', at_), text_.size());
        words_ = text_.substr(at_, open - at_);
        if (std::string_view(lower_).substr(open).starts_with("<!--")) {
            skip_to("-->", open);
            tag_ = {};
            return true;
        }
        const std::size_t close = std::min(text_.find('>', open), text_.size());
        const std::string_view inside = std::string_view(lower_).substr(std::min(open + 1, text_.size()),
                                                                        close - std::min(open + 1, close));
        tag_ = inside.substr(0, inside.find_first_of(" \t\r\n"));
        at_ = close + 1;
        if (tag_ == "script" || tag_ == "style") {
            skip_to("</" + std::string(tag_), at_);
        }
        return true;
    }

    std::string_view text() const { return words_; }
    std::string_view tag() const { return tag_; }

  private:
    void skip_to(std::string_view end, std::size_t from) {
        const std::size_t found = lower_.find(end, from);
        at_ = found == lower_.npos ? text_.size() : found + (end == "-->" ? end.size() : 0);
    }

    std::string_view text_;
    std::string lower_;
    std::size_t at_ = 0;
    std::string_view words_;
    std::string_view tag_;
};

}  // namespace

bool is_page(std::string_view text) {
    static constexpr std::array<std::string_view, 4> beginnings{"<!doctype html", "<html", "<head", "<body"};
    const std::string start = base::lower(base::trim(text.substr(0, 200)).substr(0, 20));
    return std::any_of(beginnings.begin(), beginnings.end(),
                       [&](std::string_view one) { return start.starts_with(one); });
}

std::string page_text(std::string_view text) {
    std::optional<std::string> first;
    Page page(text.substr(0, most_read));
    while (page.next()) {
        std::string words = single_blanks(page.text());
        if (page.tag() == "/title" && !words.empty()) {
            return words;
        }
        if (!first && !words.empty()) {
            first = std::move(words);
        }
    }
    return first.value_or("");
}

}  // namespace hail::rpc
