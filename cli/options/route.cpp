#include "cli/options/route.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/error.h"
#include "lib/base/owned.h"
#include "lib/base/text.h"

namespace hail::cli::options {

namespace {

using base::Error;
using base::Exit;

void check_proxy(std::string_view proxy) {
    static constexpr std::array<std::string_view, 3> schemes{"http", "https", "socks5h"};
    const std::size_t end = proxy.find("://");
    if (end == std::string_view::npos) {
        return;  // a proxy without a scheme is an HTTP proxy
    }
    const std::string scheme = base::lower(proxy.substr(0, end));
    if (std::find(schemes.begin(), schemes.end(), scheme) == schemes.end()) {
        throw Error(Exit::usage, "option --proxy: unsupported proxy scheme '" + base::one_line(scheme) + "'",
                    "use http, https or socks5h");
    }
}

// Split at the colons outside brackets.
std::vector<std::string_view> parts_of(std::string_view text) {
    std::vector<std::string_view> parts;
    std::size_t begin = 0;
    bool bracketed = false;
    for (std::size_t i = 0; i <= text.size(); ++i) {
        if (i == text.size() || (text[i] == ':' && !bracketed)) {
            parts.push_back(text.substr(begin, i - begin));
            begin = i + 1;
        } else if (text[i] == '[' || text[i] == ']') {
            bracketed = text[i] == '[';
        }
    }
    return parts;
}

bool is_port(std::string_view text) {
    const auto number = base::parse_number(text);
    return number && *number > 0 && *number <= 65535;
}

// With or without the brackets of IPv6.
bool is_ip(std::string_view text) {
    const bool brackets = text.size() > 2 && text.front() == '[' && text.back() == ']';
    const std::string bare(brackets ? text.substr(1, text.size() - 2) : text);
    in6_addr ignored{};
    return (!brackets && ::inet_pton(AF_INET, bare.c_str(), &ignored) == 1) ||
           ::inet_pton(AF_INET6, bare.substr(0, bare.find('%')).c_str(), &ignored) == 1;
}

// HOST:PORT:IP[,IP]... An IPv6 address may lack brackets. With a + in front, the entry expires like one from
// DNS.
bool is_resolve(const std::string& text) {
    const auto parts = parts_of(text);
    if (parts.size() < 3 || parts[0].size() <= (text.front() == '+' ? 1U : 0U) || !is_port(parts[1])) {
        return false;
    }
    const std::size_t begin = parts[0].size() + parts[1].size() + 2;
    for (std::size_t at = begin; at <= text.size();) {
        const std::size_t end = std::min(text.find(',', at), text.size());
        if (!is_ip(std::string_view(text).substr(at, end - at))) {
            return false;
        }
        at = end + 1;
    }
    return true;
}

// An empty part stands for any host or port on the left, and for the original one on the right.
bool is_connect_to(const std::string& text) {
    const auto parts = parts_of(text);
    return parts.size() == 4 && (parts[1].empty() || is_port(parts[1])) &&
           (parts[3].empty() || is_port(parts[3]));
}

[[noreturn]] void reject_value(const std::string& option, const std::string& text, const std::string& form,
                               const std::string& example) {
    throw Error(Exit::usage, "option " + option + ": '" + base::one_line(text) + "' is not " + form,
                "write it as " + example);
}

}  // namespace

void check_route(const net::ConnectOptions& connect) {
    check_proxy(connect.proxy.value_or(""));
    for (const std::string& text : connect.resolve) {
        if (!is_resolve(text)) {
            reject_value("--resolve", text, "HOST:PORT:IP", "example.org:443:127.0.0.1");
        }
    }
    for (const std::string& text : connect.connect_to) {
        if (!is_connect_to(text)) {
            reject_value("--connect-to", text, "HOST:PORT:HOST:PORT", "example.org:443:localhost:8443");
        }
    }
}

namespace {

void check_file(const std::string& option, const std::string& path, const std::string& hint = {}) {
    if (path.empty()) {
        return;
    }
    const base::Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    struct stat facts {};
    const bool readable = file && ::fstat(file.number(), &facts) == 0;
    const bool is_folder = readable && S_ISDIR(facts.st_mode);
    const bool is_device = readable && path != "/dev/null" &&
                           (S_ISCHR(facts.st_mode) || S_ISBLK(facts.st_mode));  // it may have no end
    if (!readable || is_folder || is_device) {
        const std::string why = is_folder   ? "it is a directory"
                                : is_device ? "it is a device"
                                            : std::strerror(errno);
        throw Error(Exit::no_input, "option " + option + ": " + base::one_line(path) + ": " + why,
                    is_folder ? hint : "");
    }
}

}  // namespace

void check_files(const net::TlsOptions& tls) {
    if (tls.cert.empty() && !tls.key.empty()) {
        throw Error(Exit::usage, "--key needs --cert", "name the certificate with --cert FILE");
    }
    check_file("--cacert", tls.cacert, "--capath takes a directory");
    check_file("--cert", tls.cert);
    check_file("--key", tls.key);
}

}  // namespace hail::cli::options
