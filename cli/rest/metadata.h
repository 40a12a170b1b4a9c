#pragma once

#include <string>

#include "lib/http/engine.h"

// What an exchange was like, without what was said in it: --print m.
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
// Shape:   a name, a colon and a value on each line, for eyes and awk alike. The phases follow one another and make up the
//          total: name looks the host up, connect is TCP, tls its handshake, wait goes from there to the first byte of
//          the reply (the request goes out in it), receive to the last one. A phase that did not happen took 0. What is
//          not known is left out. Sizes are those on the wire; names and order are those of --envelope.
// Throws:  nothing.

namespace hail::cli::rest {

enum class Bars { no, yes };

std::string metadata(const http::Result& result, Bars bars);

}  // namespace hail::cli::rest
