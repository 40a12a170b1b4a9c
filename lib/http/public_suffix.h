// Public suffixes: domains under which anybody can register a name, such as co.uk and github.io. A cookie for
// one of them would go to strangers.
//
// Throws:  nothing.
// Source:  RFC 6265 5.3 step 5; the Public Suffix List built into libpsl, which libcurl loads in any case.

#pragma once

#include <string>

namespace hail::http {

// Takes a domain in lower case. A single label is a public suffix.
bool is_public_suffix(const std::string& domain);

}  // namespace hail::http
