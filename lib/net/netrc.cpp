#include "lib/net/netrc.h"

#include <algorithm>

#include "lib/base/error.h"
#include "lib/base/file.h"
#include "lib/base/text.h"

namespace hail::net {

namespace {

constexpr std::string_view space = " \t\r\n";

// Takes words off the front of the file.
class WordReader {
  public:
    explicit WordReader(std::string_view text) : rest_(text) {}

    // In place of a keyword, '#' begins a comment; in place of a value, it is part of the value.
    enum class Hash { comments, counts };

    std::optional<std::string> next(Hash hash) {
        skip_space();
        while (hash == Hash::comments && rest_.starts_with('#')) {
            skip(std::min(rest_.find('\n'), rest_.size()));
            skip_space();
        }
        if (rest_.empty()) {
            return std::nullopt;
        }
        return rest_.front() == '"' ? quoted() : bare();
    }

    std::string value(const std::string& keyword) {
        auto word = next(Hash::counts);
        if (!word) {
            reject_line("'" + keyword + "' needs a value");
        }
        return std::move(*word);
    }

    // A macro ends with an empty line.
    void skip_macro() {
        const auto end = rest_.find("\n\n");
        const auto other = rest_.find("\n\r\n");
        skip(std::min({end, other, rest_.size()}));
    }

    [[noreturn]] void reject_line(const std::string& why) const {
        throw base::Error(base::Exit::bad_input, "reading netrc: line " + std::to_string(line_) + ": " + why,
                          "write an entry as: machine HOST login NAME password WORD");
    }

  private:
    void skip(std::size_t count) {
        line_ += std::count(rest_.begin(), rest_.begin() + static_cast<std::ptrdiff_t>(count), '\n');
        rest_.remove_prefix(count);
    }

    void skip_space() { skip(std::min(rest_.find_first_not_of(space), rest_.size())); }

    std::string bare() {
        const std::string_view word = rest_.substr(0, rest_.find_first_of(space));
        skip(word.size());
        return std::string(word);
    }

    static char unescaped(char c) { return c == 'n' ? '\n' : c == 'r' ? '\r' : c == 't' ? '\t' : c; }

    std::string quoted() {
        std::string out;
        std::size_t at = 1;
        for (; at < rest_.size() && rest_[at] != '"' && rest_[at] != '\n'; ++at) {
            const bool escape = rest_[at] == '\\' && at + 1 < rest_.size();
            at += escape ? 1U : 0U;
            out += escape ? unescaped(rest_[at]) : rest_[at];
        }
        if (at >= rest_.size() || rest_[at] != '"') {
            reject_line("the quotes are not closed");
        }
        skip(at + 1);
        return out;
    }

    std::string_view rest_;
    std::ptrdiff_t line_ = 1;
};

struct Entry {
    bool fits_host = false;
    Netrc netrc;
};

bool fits(const Entry& entry, const std::optional<std::string>& login) {
    const bool any = entry.netrc.login || entry.netrc.password;
    return entry.fits_host && any && (!login || entry.netrc.login == login);
}

}  // namespace

std::optional<Netrc> find_netrc(std::string_view text, std::string_view host,
                                const std::optional<std::string>& login) {
    WordReader words(base::without_byte_order_mark(text));
    Entry entry;
    while (const auto word = words.next(WordReader::Hash::comments)) {
        const bool machine = *word == "machine";
        if (machine || *word == "default") {
            if (fits(entry, login)) {
                return std::move(entry.netrc);
            }
            entry = {!machine || base::equal_ignoring_case(words.value(*word), host), {}};
        } else if (*word == "login") {
            entry.netrc.login = words.value(*word);
        } else if (*word == "password") {
            entry.netrc.password = words.value(*word);
        } else if (*word == "account") {
            words.value(*word);
        } else if (*word == "macdef") {
            words.skip_macro();
        } else {
            words.reject_line("expected machine, default, login, password, account or macdef");
        }
    }
    return fits(entry, login) ? std::optional(std::move(entry.netrc)) : std::nullopt;
}

std::optional<NetrcFile> read_netrc(const std::string& path) {
    const auto file = base::open_if_present(path, path);
    if (!file) {
        return std::nullopt;
    }
    return NetrcFile{base::read_to_end(file->number(), path), base::is_private(file->number())};
}

}  // namespace hail::net
