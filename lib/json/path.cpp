#include "lib/json/path.h"

#include <algorithm>

#include "lib/base/characters.h"
#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/json/bytes.h"

namespace hail::json {

namespace {

bool is_whole_number(std::string_view text) {
    text.remove_prefix(text.starts_with('-') ? 1 : 0);
    return !text.empty() && std::all_of(text.begin(), text.end(), base::is_digit);
}

class PathParser {
  public:
    explicit PathParser(std::string_view text) : text_(text) { parsed_.path.text = text; }

    ParsedPath run() {
        if (root()) {
            while (at_ < text_.size() && segment(Place::inside)) {
            }
        }
        return std::move(parsed_);
    }

  private:
    enum class Place { root, inside };

    bool root() {
        if (!text_.starts_with('[')) {
            const Word word = read_word();
            return at_ < text_.size() && text_[at_] == ']' ? set_problem(at_, at_ + 1, root_expectation())
                                                           : add_key(word, 0, at_);
        }
        return segment(Place::root);
    }

    std::string_view root_expectation() const {
        return at_ == 0 ? "expected a key, a number or '['" : "expected '['";
    }

    bool segment(Place place) {
        const std::size_t begin = at_;
        if (text_[at_] != '[') {
            return set_problem(at_, at_ + 1, "expected '['");
        }
        if (parsed_.path.segments.size() == most_segments) {
            return set_problem(at_, at_ + 1, "more than " + std::to_string(most_segments) + " segments");
        }
        ++at_;
        const std::size_t word_begin = at_;
        const Word word = read_word();
        const bool closed = at_ < text_.size() && text_[at_] == ']';
        const bool empty = at_ == word_begin;
        const bool wrong_root = place == Place::root && !empty && !is_index(word);
        if (wrong_root && (word.escaped || !is_whole_number(word.text))) {
            return set_problem(word_begin, at_, "expected a number or ']'");
        }
        if (!closed) {
            const std::string_view any =
                place == Place::root ? "expected a number or ']'" : "expected a key, a number or ']'";
            return set_problem(at_, at_ + 1, empty ? any : "expected ']'");
        }
        ++at_;
        return empty ? add({Segment::Kind::append, "", 0, begin, at_}) : add_inside(word, word_begin, begin);
    }

    struct Word {
        std::string text;
        bool escaped = false;
    };

    // Reads up to an operator or the end, and resolves escapes.
    Word read_word() {
        Word word;
        const std::size_t begin = at_;
        while (at_ < text_.size() && text_[at_] != '[' && text_[at_] != ']') {
            const std::string_view next = text_.substr(at_ + 1, 1);
            if (text_[at_] == '\\' && (next == "[" || next == "]" || next == "\\")) {
                word.escaped = true;
                ++at_;
            }
            word.text += text_[at_++];
        }
        if (text_.substr(begin, 1) == "\\" && !word.escaped &&
            is_whole_number(std::string_view(word.text).substr(1))) {
            word.escaped = true;
            word.text.erase(0, 1);
        }
        return word;
    }

    static bool is_index(const Word& word) {
        return !word.escaped && std::all_of(word.text.begin(), word.text.end(), base::is_digit);
    }

    bool add_inside(const Word& word, std::size_t word_begin, std::size_t begin) {
        const std::string mend = "for the key \"" + word.text + "\", write [\\" + word.text + "]";
        if (!word.escaped && word.text.starts_with('-') && is_whole_number(word.text)) {
            return set_problem(word_begin, at_ - 1, "an index cannot be negative", mend);
        }
        if (!is_index(word)) {
            return add_key(word, begin, at_);
        }
        const auto index = base::parse_number(word.text);
        if (!index || *index > most_index) {
            return set_problem(word_begin, at_ - 1, "an index is at most " + std::to_string(most_index),
                               mend);
        }
        return add({Segment::Kind::index, "", *index, begin, at_});
    }

    bool add_key(const Word& word, std::size_t begin, std::size_t end) {
        return add({Segment::Kind::key, word.text, 0, begin, end});
    }

    bool add(Segment segment) {
        parsed_.path.segments.push_back(std::move(segment));
        return true;
    }

    bool set_problem(std::size_t begin, std::size_t end, std::string_view what, std::string mend = {}) {
        parsed_.problem = PathProblem{begin, end, std::string(what), std::move(mend)};
        return false;
    }

    std::string_view text_;
    std::size_t at_ = 0;
    ParsedPath parsed_;
};

}  // namespace

ParsedPath parse_path(std::string_view text) {
    return PathParser(text).run();
}

Path require_path(const std::string& what, std::string_view text) {
    ParsedPath parsed = parse_path(text);
    if (parsed.problem) {
        throw base::Error(base::Exit::usage,
                          what + ": path '" + base::one_line(text) + "': " + parsed.problem->what +
                              " at column " + std::to_string(parsed.problem->begin + 1),
                          parsed.problem->mend);
    }
    return std::move(parsed.path);
}

}  // namespace hail::json
