#include "tests/support/aria2.h"

#include <vector>

namespace hail::support {

namespace {

Service::Argv argv(const std::string& secret) {
    return [secret](const Service::Place& place) {
        std::vector<std::string> words{"aria2c",
                                       "--no-conf",
                                       "--quiet",
                                       "--enable-rpc",
                                       "--enable-dht=false",
                                       "--dir=" + place.folder,
                                       "--rpc-listen-port=" + place.port};
        if (!secret.empty()) {
            words.push_back("--rpc-secret=" + secret);
        }
        return words;
    };
}

}  // namespace

Aria2::Aria2(const std::string& secret) : service_(argv(secret)) {}

}  // namespace hail::support
