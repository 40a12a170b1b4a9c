#include "lib/http/engine_pair.h"

#include <utility>

#include "lib/http/resolve.h"

namespace hail::http {

EnginePair::EnginePair(EngineOptions options, base::Stop& stop) : options_(std::move(options)), stop_(stop) {
    options_.parallel = 1;
    options_.on_stop = OnStop::drop;
}

Engine& EnginePair::for_call(std::string_view url) {
    if (!first_) {
        url_ = url;
        first_ = std::make_unique<Engine>(options_, stop_);
    }
    const bool shown = options_.connect.tls.cert.empty() || same_origin(url_, url);
    return shown ? *first_ : without_certificate();
}

Engine& EnginePair::without_certificate() {
    if (options_.connect.tls.cert.empty()) {
        return *first_;
    }
    if (!bare_) {
        EngineOptions bare = options_;
        bare.connect.tls.cert.clear();
        bare.connect.tls.key.clear();
        bare_ = std::make_unique<Engine>(bare, stop_);
    }
    return *bare_;
}

}  // namespace hail::http
