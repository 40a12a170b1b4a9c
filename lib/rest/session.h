// What a service is told again in every call of a session: its cookies, and the headers that were typed for
// it.
//
// Shape:   a file of cookies as curl and browsers write them, which they can go on reading: the headers stand
//          in comments, "#hail ORIGIN NAME: VALUE". A header is sent to its origin alone. Only its owner may
//          read the file. Calls that run side by side each add to the file what they learnt: it is locked,
//          read again and replaced.
// Throws:  Error(no_input), Error(bad_input) for a file that cannot be read, Error(output_failed) when it
//          cannot be written, Error(usage) for a name that is none.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lib/base/error.h"
#include "lib/http/cookies.h"
#include "lib/http/message.h"

namespace hail::rest {

// NAME is kept in the folder, anything with a '/' in it is a file.
std::string session_path(const std::string& session, const std::string& folder);

class Session {
  public:
    explicit Session(std::string path);  // "" is a session without a file

    http::CookieJar& cookies() { return cookies_; }

    // What was typed for this URL before.
    std::vector<http::Header> headers(const std::string& url) const;

    // Keeps what was typed now, but for what is about one request alone; a dropped name is forgotten.
    void keep(const std::string& url, const std::vector<http::Header>& typed,
              const std::vector<std::string>& dropped);

    // To be called before anything is sent: a reply may be worth more than the session that cannot be saved.
    // Throws: Error(output_failed) if save() would.
    void expect_to_save() const;

    // Writes the file if anything changed. Returns the failure, which is only one of the things that a call
    // may end with.
    std::optional<base::Error> save();

  private:
    void write();

    struct Line {
        std::string origin;
        http::Header header;

        bool operator==(const Line&) const = default;
    };
    struct Typed {
        std::string origin;
        std::vector<http::Header> headers;
        std::vector<std::string> dropped;
    };

    void read_headers(const std::string& text);
    void apply(const Typed& typed);
    void renew();

    std::string path_;
    http::CookieJar cookies_;
    std::vector<Line> lines_;
    Typed typed_;  // in this call
    bool changed_ = false;
};

}  // namespace hail::rest
