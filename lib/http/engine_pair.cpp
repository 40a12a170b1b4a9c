#include "lib/http/engine_pair.h"

#include <utility>

#include "lib/http/resolve.h"

namespace hail::http {

EnginePair::EnginePair(EngineOptions options, base::Stop& stop) : options_(std::move(options)), stop_(stop) {
    options_.parallel = 1;
    options_.on_stop = OnStop::drop;
}

Engine& EnginePair::for_call(std::string_view url) {
    if (!with_certificate_) {
        url_ = url;
        with_certificate_ = std::make_unique<Engine>(options_, stop_);
    }
    const bool shown = options_.connect.tls.cert.empty() || same_origin(url_, url);
    return shown ? *with_certificate_ : without_certificate();
}

Engine& EnginePair::without_certificate() {
    if (options_.connect.tls.cert.empty()) {
        return *with_certificate_;
    }
    if (!without_certificate_) {
        EngineOptions bare = options_;
        bare.connect.tls.cert.clear();
        bare.connect.tls.key.clear();
        bare.connect.tls.key_password.clear();
        without_certificate_ = std::make_unique<Engine>(bare, stop_);
    }
    return *without_certificate_;
}

}  // namespace hail::http
