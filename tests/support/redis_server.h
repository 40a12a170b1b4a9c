// A private redis-server on a unix socket and on ports that the kernel chooses; it is ended by its process
// id.
//
// Shape:   ready once constructed. Its files are in its own directory, which is removed with it. It ends with
//          the test.
// Throws:  runtime_error with the server's output.

#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

#include "lib/base/owned.h"
#include "tests/support/certificates.h"

namespace hail::support {

struct RedisOptions {
    std::vector<std::string> arguments{};        // as on redis-server's command line
    std::optional<Certificates> certificates{};  // with a TLS port too; the server's own name is localhost
    bool wrong_name = false;                     // its certificate is for wrong.example
    bool client_certificates = false;            // and clients must show one
};

class RedisServer {
  public:
    explicit RedisServer(RedisOptions options = {});
    RedisServer(const RedisServer&) = delete;
    RedisServer& operator=(const RedisServer&) = delete;
    ~RedisServer();

    std::uint16_t port() const { return port_; }
    std::uint16_t tls_port() const { return tls_port_; }
    std::filesystem::path socket() const { return directory_ / "s"; }
    std::string address() const { return "redis://localhost:" + std::to_string(port_); }
    std::string tls_address() const { return "rediss://localhost:" + std::to_string(tls_port_); }
    std::string socket_address() const { return "unix://" + socket().string(); }
    pid_t pid() const { return process_; }

    // The output of redis-cli for a command, over the unix socket.
    std::string command(std::initializer_list<std::string> words) const;

    std::string publish(const std::string& channel, const std::string& payload) const {
        return command({"PUBLISH", channel, payload});
    }

    // End the server at once, or by SHUTDOWN; it can be started again on the same ports.
    void kill();
    void shut_down();
    void start();

  private:
    bool try_start();
    std::vector<std::string> command_line() const;

    RedisOptions options_;
    std::filesystem::path directory_;
    std::uint16_t port_ = 0;
    std::uint16_t tls_port_ = 0;
    pid_t process_ = -1;
    base::Descriptor log_;
    std::string said_;
};

// The answer of an old server, or of a scripted one, to the question that publish asks first.
inline constexpr const char* unknown_hello = "-ERR unknown command 'HELLO'\r\n";

// A port that was free a moment ago.
std::uint16_t free_port();

}  // namespace hail::support
