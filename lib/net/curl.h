// libcurl handles, and the connection options set on them; its errors are in curl_errors.h.
//
// Shape:   an Easy borrows the lists of the Connector that configured it, so the Connector outlives it.
// Throws:  set() and Connector::apply() throw Error(usage) if the loaded libcurl does not support an option.
// Source:  curl_easy_setopt(3).

#pragma once

#include <curl/curl.h>

#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "lib/base/owned.h"
#include "lib/net/connect_options.h"

namespace hail::net {

using Easy = base::Owned<CURL, curl_easy_cleanup>;
using Multi = base::Owned<CURLM, curl_multi_cleanup>;
using List = base::Owned<curl_slist, curl_slist_free_all>;
using Url = base::Owned<CURLU, curl_url_cleanup>;

Easy make_easy();
Multi make_multi();

// Initialises OpenSSL without its configuration file, which libcurl would read at its start: that is a tenth
// of the instructions of a one-shot run. Only for a process that makes no TLS connection, not even to a
// proxy; call it before anything else.
void init_openssl_without_config();

// Sets the character set of the process to UTF-8 if the host name or URL is not ASCII: libcurl hands such a
// name to libidn2, which reads it in the locale's character set, and cron has no locale. Call it before the
// URL is set.
void set_utf8_locale_for(std::string_view url);

// Appends a copy of the line; the list may be empty.
void append(List& list, const std::string& line);

void check(CURLcode code, CURLoption option);

// The one checked setter. libcurl reads numbers as long, whatever their type is here.
template <typename Value>
void set(CURL* easy, CURLoption option, Value value) {
    if constexpr (std::is_integral_v<Value> || std::is_enum_v<Value>) {
        check(curl_easy_setopt(easy, option, static_cast<long>(value)), option);
    } else {
        check(curl_easy_setopt(easy, option, value), option);
    }
}

// Makes every handle of one destination connect as the options say: limits, proxy, names, TLS.
//
// It does not set defaults again, because every handle is new. It sets the time limit for the whole exchange;
// the caller enforces the limit between two bytes, because libcurl counts that one in whole seconds.
class Connector {
  public:
    explicit Connector(const ConnectOptions& options);

    void apply(CURL* easy) const;
    const ConnectOptions& options() const { return options_; }

  private:
    ConnectOptions options_;
    List resolve_;
    List connect_to_;
};

// The libraries as loaded, not as compiled against: "libcurl 7.88.1", "OpenSSL 3.0.17", "zlib 1.2.13", …
std::vector<std::string> library_versions();

}  // namespace hail::net
