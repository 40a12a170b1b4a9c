// The engines of calls that follow one another: a client certificate is shown to the origin of the first call
// alone.
//
// Shape:   one engine for that origin, another without the certificate for all others, made when first
//          needed; without a certificate it is one for all. An exchange at a time, which a signal drops.

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

    // For one that has left the origin where it began; for_call() came before.
    Engine& without_certificate();

  private:
    EngineOptions options_;
    base::Stop& stop_;
    std::string url_;  // of the first call
    std::unique_ptr<Engine> with_certificate_;
    std::unique_ptr<Engine> without_certificate_;
};

}  // namespace hail::http
