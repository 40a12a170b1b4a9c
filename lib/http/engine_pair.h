// EnginePair: the engines for successive calls. It shows a client certificate only to the origin of the first
// call.
//
// Shape:   one engine for that origin, and another one without the certificate for all others, made when
//          first needed; without a certificate one engine serves all origins. One exchange at a time, which a
//          signal drops.

#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "lib/base/stop.h"
#include "lib/http/engine.h"

namespace hail::http {

class EnginePair {
  public:
    EnginePair(EngineOptions options, base::Stop& stop);

    // For a call that begins at this URL.
    Engine& for_call(std::string_view url);

    // For a call that was redirected to another origin; call for_call() first.
    Engine& without_certificate();

  private:
    EngineOptions options_;
    base::Stop& stop_;
    std::string url_;  // of the first call
    std::unique_ptr<Engine> with_certificate_;
    std::unique_ptr<Engine> without_certificate_;
};

}  // namespace hail::http
