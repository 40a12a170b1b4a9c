#include "cli/rpc/method_cache.h"

#include "cli/options/home.h"
#include "lib/base/digest.h"
#include "lib/base/error.h"
#include "lib/base/file.h"
#include "lib/base/text.h"

namespace hail::cli::rpc {

namespace {

constexpr std::size_t name_length = 32;  // half of the hash: enough to tell addresses apart

}  // namespace

MethodCache::MethodCache(const std::string& service)
    : path_(options::cache_directory() + "/methods/" +
            base::hex_digest(base::Digest::Kind::sha256, service).substr(0, name_length)) {}

std::optional<std::string> MethodCache::read() const {
    return base::read_file(path_, "the names in " + path_);
}

void MethodCache::write(const std::vector<std::string>& names) const {
    try {
        base::make_private_folder(base::folder_of(path_));
    } catch (const base::Error&) {
        return;
    }
    std::string lines;
    for (const std::string& name : names) {
        lines += base::one_line(name) + "\n";
    }
    base::replace_file(path_, lines);
}

}  // namespace hail::cli::rpc
