// A private RabbitMQ server: the one that all tests of a build share, or one of a test's own.
//
// Shape:   starting takes 6 s at best, and a minute on a loaded machine; so the first test that needs it
//          starts the shared one, and all others wait for it or find it. Tests do not disturb each other,
//          because each uses names of its own: name(), or a RabbitQueue and the like, which is deleted with
//          its object. The shared server ends when no test has used it for two minutes, or with the run of
//          ctest (tests/support/rabbit_keeper.cpp); one of a test's own ends with its object.
//          Users: guest (may do everything), ada (secret; no rights in the vhost dev/one), reader (secret;
//          may only read), crowd (secret; no connections), client (no password: by certificate). Vhosts: /,
//          dev/one, full (no connections). Queues whose names begin with "lim-" refuse the sixth message,
//          and all refuse one of more than 16 MiB. An exchange ex/slash.
// Throws:  std::runtime_error if the server cannot be started, and for an API call that fails. Where the
//          package is missing, the error says so, and ctest takes the test for skipped.

#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "lib/base/owned.h"
#include "tests/support/certificates.h"
#include "tests/support/directory.h"
#include "tests/support/process.h"

namespace hail::support {

class RabbitServer {
  public:
    static bool is_installed();

    enum class Whose { shared, own };
    explicit RabbitServer(Whose whose = Whose::shared);

    std::uint16_t port() const { return port_; }
    std::uint16_t tls_port() const { return tls_port_; }
    std::string address(const std::string& login = "guest:guest") const {
        return "amqp://" + login + "@localhost:" + std::to_string(port_);
    }
    std::string tls_address(const std::string& login = "guest:guest") const {
        return "amqps://" + login + "@localhost:" + std::to_string(tls_port_);
    }
    const Certificates& certificates() const { return certificates_; }
    pid_t pid() const { return process_; }

    // A name for a queue or an exchange that no other test has.
    static std::string name(const std::string& stem);

    // The HTTP API: the body of the reply. The path comes after "/api/".
    std::string api(const std::string& method, const std::string& path, const std::string& body = {}) const;
    void declare_queue(const std::string& queue, const std::string& arguments = "{}") const;
    void delete_queue(const std::string& queue) const;
    void declare_exchange(const std::string& exchange, const std::string& type,
                          const std::string& members = {}) const;
    void bind(const std::string& exchange, const std::string& key, const std::string& queue) const;
    void publish(const std::string& queue, const std::string& payload) const;
    // Takes up to so many messages out of a queue: a JSON array.
    std::string take(const std::string& queue, int count) const;

    // As an operator does, once the list of connections has those of this user.
    void close_connections_of(const std::string& user, const std::string& reason) const;

    // Calls a function of the server, such as "application get_env [rabbit,consumer_timeout]": in a few
    // milliseconds.
    void call(const std::string& function) const;

    // The output of rabbitmqctl, which takes a second of processor time.
    std::string control(std::vector<std::string> words) const;

    // Only for a server of one's own. Ends it, at once or after it has taken leave; starts it again on the
    // same ports, with its durable messages.
    void kill();
    void stop();
    void start();

  private:
    void read_places(const std::string& text);

    std::unique_ptr<TemporaryDirectory> directory_;  // of a server of one's own
    std::unique_ptr<Process> script_;
    base::Descriptor use_;  // locked as long as this test uses the shared server
    std::string folder_;
    std::uint16_t port_ = 0;
    std::uint16_t tls_port_ = 0;
    std::uint16_t management_port_ = 0;
    std::uint16_t distribution_port_ = 0;
    std::uint16_t epmd_port_ = 0;
    pid_t process_ = -1;
    Certificates certificates_;
};

// Something on a server, deleted with the object unless it is gone by then. The object can be used as a name.
class RabbitTemporary {
  public:
    RabbitTemporary(const RabbitTemporary&) = delete;
    RabbitTemporary& operator=(const RabbitTemporary&) = delete;
    const std::string& name() const { return name_; }
    operator const std::string&() const { return name_; }
    friend std::string operator+(const std::string& text, const RabbitTemporary& one) {
        return text + one.name_;
    }
    friend std::string operator+(const RabbitTemporary& one, const std::string& text) {
        return one.name_ + text;
    }

  protected:
    // The kind is as in paths of the API.
    RabbitTemporary(const RabbitServer& server, const std::string& kind, const std::string& stem);
    ~RabbitTemporary();
    const RabbitServer& server() const { return server_; }
    const std::string& path() const { return path_; }

  private:
    const RabbitServer& server_;
    std::string name_;
    std::string path_;
};

// A queue in the vhost /, declared with these arguments, or else by the test.
class RabbitQueue : public RabbitTemporary {
  public:
    static constexpr std::nullopt_t undeclared = std::nullopt;
    RabbitQueue(const RabbitServer& server, const std::string& stem,
                const std::optional<std::string>& arguments = "{}");
};

// An exchange in the vhost /, with more members of its declaration if need be.
class RabbitExchange : public RabbitTemporary {
  public:
    RabbitExchange(const RabbitServer& server, const std::string& stem, const std::string& type,
                   const std::string& members = {});
};

// A vhost with full rights for guest.
class RabbitVhost : public RabbitTemporary {
  public:
    explicit RabbitVhost(const RabbitServer& server);
    std::string address() const { return server().address() + "/" + name(); }
};

// A user with all rights in the vhost /.
class RabbitUser : public RabbitTemporary {
  public:
    explicit RabbitUser(const RabbitServer& server);
    std::string address() const { return server().address(name() + ":secret"); }
    struct Rights {
        std::string configure = ".*";
        std::string write = ".*";
        std::string read = ".*";
    };
    void may(const Rights& rights) const;
    void close_connections(const std::string& reason) const { server().close_connections_of(name(), reason); }
};

// The files with which a server begins; used by the keeper of the shared one.
void prepare_rabbit_folder(const std::string& folder);
inline constexpr const char* rabbit_program = "/usr/lib/rabbitmq/bin/rabbitmq-server";

}  // namespace hail::support
