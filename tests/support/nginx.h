// A private nginx: three servers on unix sockets, so that it needs no port and meets no other nginx.
//
// Shape:   all serve the files under www/; /say answers "METHOD PROTOCOL URI" as text, /zip/ serves the same
//          files compressed; www/ is empty at first. mutual_tls demands a client certificate of the same
//          authority.
// Throws:  std::runtime_error if nginx does not start; the reason is in error.log of the directory.

#pragma once

#include <string>

#include "tests/support/certificates.h"
#include "tests/support/directory.h"
#include "tests/support/process.h"

namespace hail::support {

class Nginx {
  public:
    Nginx();

    std::string plain() const { return directory_.path("plain.sock"); }
    std::string tls() const { return directory_.path("tls.sock"); }
    std::string mutual_tls() const { return directory_.path("mutual.sock"); }
    const support::Certificates& certificates() const { return certificates_; }

    void serve(const std::string& name, const std::string& content) const;

  private:
    Command command() const;

    TemporaryDirectory directory_;
    support::Certificates certificates_;
    Process process_;
};

}  // namespace hail::support
