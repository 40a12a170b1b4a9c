#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "lib/base/error.h"
#include "lib/rest/session.h"
#include "tests/fuzz/require.h"

// The file of a session is a browser's cookie file with comments by hail. A session that was read and written
// again reads the same, and a header stays with its origin.

using namespace hail;
using rest::Session;

namespace {

const std::vector<std::string> urls{"http://localhost:8080/x", "https://example.org/", "http://h/"};

bool same(const std::vector<http::Header>& left, const std::vector<http::Header>& right) {
    return left == right;
}

void check_copy(Session& session, const std::string& path) {
    session.keep(urls[0], {{"X-Fuzz", "1"}}, {"X-Dropped"});
    require(session.headers(urls[0]).back() == http::Header{"X-Fuzz", "1"});
    session.save();
    Session copy(path);
    for (const std::string& url : urls) {
        require(same(copy.headers(url), session.headers(url)));
    }
    const http::Time now{std::chrono::seconds(1'790'000'000)};
    require(copy.cookies().write(now) == session.cookies().write(now));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const std::string path =
        (std::filesystem::temp_directory_path() / ("hail-fuzz-session-" + std::to_string(::getpid())))
            .string();
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
    try {
        Session session(path);
        check_copy(session, path);
    } catch (const base::Error& error) {
        require(error.exit() == base::Exit::bad_input);
    }
    std::filesystem::remove(path);
    return 0;
}
