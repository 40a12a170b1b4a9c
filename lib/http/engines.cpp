#include "lib/http/engines.h"

#include <utility>

#include "lib/http/resolve.h"

namespace hail::http {

Engines::Engines(EngineOptions options, base::Stop& stop) : options_(std::move(options)), stop_(stop) {
    options_.parallel = 1;
    options_.on_stop = OnStop::drop;
}

Engine& Engines::begin(std::string_view url) {
    if (!first_) {
        url_ = url;
        first_ = std::make_unique<Engine>(options_, stop_);
    }
    const bool shown = options_.connect.tls.cert.empty() || same_origin(url_, url);
    return shown ? *first_ : others();
}

Engine& Engines::others() {
    if (options_.connect.tls.cert.empty()) {
        return *first_;
    }
    if (!others_) {
        EngineOptions bare = options_;
        bare.connect.tls.cert.clear();
        bare.connect.tls.key.clear();
        others_ = std::make_unique<Engine>(bare, stop_);
    }
    return *others_;
}

}  // namespace hail::http
