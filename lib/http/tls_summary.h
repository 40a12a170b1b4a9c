// TlsSummary shortens what libcurl tells about a TLS connection: one line about the protocol, one about the
// certificate.
//
// Shape:   each fact is text without a line end, and becomes any number of lines. Facts about anything
//          else, and about what went wrong, pass unchanged. Pure.
// Throws:  nothing.
// Source:  lib/vtls of libcurl 7.88 to 8.14.

#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hail::http {

class TlsSummary {
  public:
    std::vector<std::string> take(std::string_view fact);

  private:
    std::string protocol_;
    std::string subject_;
    std::string issuer_;
    std::string expires_;
    std::string name_;
};

}  // namespace hail::http
