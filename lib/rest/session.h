// Session keeps the cookies and the typed headers of a service, for every later call.
//
// Shape:   a file of cookies in the format of curl and browsers, which can still read it: the headers are
//          comments, "#hail ORIGIN NAME: VALUE". A header is sent only to its origin. Only its owner may read
//          the file. Concurrent calls all add the cookies and headers they learnt: the file is locked, read
//          again and replaced.
// Throws:  Error(no_input) or Error(bad_input) for a file that cannot be read, Error(output_failed) if it
//          cannot be written, Error(usage) for a name that is not valid.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lib/base/error.h"
#include "lib/http/cookies.h"
#include "lib/http/message.h"

namespace hail::rest {

// The path of a session: NAME is a file in the folder; anything with a '/' is a path already.
std::string session_path(const std::string& session, const std::string& folder);

// Whether the folder of a session is made when it is missing: hail's own is.
enum class Folder { made, must_exist };

class Session {
  public:
    explicit Session(std::string path, Folder folder = Folder::made);  // "" is a session without a file

    http::CookieJar& cookies() { return cookies_; }

    // Whether nobody but its owner could read the file.
    bool is_private() const { return is_private_; }

    // The headers that were typed for the origin of this URL in earlier calls.
    std::vector<http::Header> headers(const std::string& url) const;

    // Keeps the headers typed now, except those about a single request; forgets the dropped names.
    void keep(const std::string& url, const std::vector<http::Header>& typed,
              const std::vector<std::string>& dropped);

    // Call it before anything is sent: the reply may be worth more than a session that cannot be saved.
    // Throws: Error(output_failed) if save() would fail.
    void expect_to_save() const;

    // Writes the file if anything changed. Returns a failure as a value: the call may have failed too.
    std::optional<base::Error> save();

  private:
    void write();
    void make_folder(const std::string& folder) const;

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
    Folder folder_;
    http::CookieJar cookies_;
    std::vector<Line> lines_;
    Typed typed_;  // in this call
    bool changed_ = false;
    bool is_private_ = true;
};

}  // namespace hail::rest
