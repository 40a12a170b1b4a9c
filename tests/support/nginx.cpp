#include "tests/support/nginx.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <filesystem>
#include <stdexcept>

#include "lib/base/deadline.h"
#include "lib/base/owned.h"

namespace hail::support {

namespace {

constexpr auto configuration = R"(
daemon off;
master_process off;
pid DIR/nginx.pid;
error_log DIR/error.log;
events {}
http {
    access_log off;
    client_body_temp_path DIR/body;
    proxy_temp_path DIR/proxy;
    fastcgi_temp_path DIR/fastcgi;
    uwsgi_temp_path DIR/uwsgi;
    scgi_temp_path DIR/scgi;
    types { application/json json; text/plain txt; }
    root DIR/www;
    ssl_certificate SERVER;
    ssl_certificate_key KEY;
    server { listen unix:DIR/plain.sock; include DIR/locations; }
    server { listen unix:DIR/tls.sock ssl http2; include DIR/locations; }
    server {
        listen unix:DIR/mutual.sock ssl;
        ssl_verify_client on;
        ssl_client_certificate AUTHORITY;
        include DIR/locations;
    }
}
)";

constexpr auto locations = R"(
location = /say { default_type text/plain; return 200 "$request_method $server_protocol $request_uri\n"; }
location /zip/ { alias DIR/www/; gzip on; gzip_min_length 1; gzip_types application/json; }
)";

std::string replaced(std::string text, const std::string& name, const std::string& value) {
    for (std::size_t at = text.find(name); at != std::string::npos; at = text.find(name, at + value.size())) {
        text.replace(at, name.size(), value);
    }
    return text;
}

bool answers(const std::string& path) {
    const base::Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(static_cast<char*>(address.sun_path), sizeof address.sun_path - 1);
    return ::connect(socket.number(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

}  // namespace

Nginx::Nginx() : certificates_(support::make_certificates(directory_.path())), process_(command()) {
    const auto deadline = base::Deadline::after(base::Milliseconds(10'000));
    while (!answers(mutual_tls())) {
        if (deadline.passed()) {
            throw std::runtime_error("nginx does not come up: " + read_file(directory_.path("error.log")));
        }
        ::poll(nullptr, 0, 2);
    }
}

Command Nginx::command() const {
    std::filesystem::create_directory(directory_.path("www"));
    std::string text = replaced(configuration, "DIR", directory_.path());
    text = replaced(text, "SERVER", certificates_.server);
    text = replaced(text, "KEY", certificates_.server_key);
    text = replaced(text, "AUTHORITY", certificates_.ca);
    directory_.file("locations", replaced(locations, "DIR", directory_.path()));
    const std::string file = directory_.file("nginx.conf", text);
    // Debian keeps it in a directory that is not in an ordinary PATH.
    const std::string debian = "/usr/sbin/nginx";
    const std::string program = std::filesystem::exists(debian) ? debian : "nginx";
    Command command;
    command.argv = {program, "-p", directory_.path(), "-e", directory_.path("error.log"), "-c", file};
    return command;
}

void Nginx::serve(const std::string& name, const std::string& content) const {
    directory_.file("www/" + name, content);
}

}  // namespace hail::support
