// Facts about an exchange, without its content: --print m.
//
//   status: 200
//   version: 1.1
//   remote: 127.0.0.1:8080
//   connection: new
//   name:        0.041 ms  =
//   connect:     0.092 ms  ==
//   tls:         0.000 ms
//   wait:        1.204 ms    ====================
//   receive:     0.310 ms                        =====
//   total:       1.647 ms
//   sent: 98 B
//   head: 38 B
//   body: 4096 B
//
// Shape:   each line has a name, a colon and a value, which both people and awk can read. The phases follow
//          one another and add up to the total: name looks up the host, connect is TCP, tls is its handshake,
//          wait lasts until the first byte of the reply (the request goes out in it), receive until the last
//          byte. A phase that did not happen took 0. Unknown values are left out. Sizes are those on the
//          wire; names and order are those of --envelope.
// Throws:  nothing.

#pragma once

#include <string>

#include "lib/http/engine.h"

namespace hail::cli::rest {

enum class Bars { no, yes };

std::string metadata(const http::Result& result, Bars bars);

}  // namespace hail::cli::rest
