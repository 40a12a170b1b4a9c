#include "cli/options/broker.h"

#include <memory>
#include <optional>
#include <utility>

#include "cli/options/environment.h"
#include "cli/options/home.h"
#include "cli/options/login.h"
#include "lib/base/error.h"
#include "lib/base/file.h"
#include "lib/base/program.h"
#include "lib/base/shell.h"
#include "lib/base/text.h"
#include "lib/net/curl.h"

namespace hail::cli::options {

namespace {

using base::Error;
using base::Exit;

constexpr base::Milliseconds command_limit(30'000);

std::string from_file(const std::string& file) {
    const std::string path = at_home(file);
    return base::read_first_line(path, "the password in " + path);
}

std::string from_command(const std::string& command, const base::Stop& stop) {
    const auto words = base::shell_words(command);
    if (!words || words->empty()) {
        throw Error(Exit::usage,
                    "option --password-command: '" + base::one_line(command) + "' is not a command",
                    "write a program and its arguments, quoted as for a shell");
    }
    return base::program_line(*words, command_limit, stop);
}

// The login of a connection: read again for each.
class BrokerLogin {
  public:
    BrokerLogin(net::Address address, const Connection& connection, Ask ask, const base::Stop& stop)
        : address_(std::move(address)), connection_(connection), ask_(std::move(ask)), stop_(stop) {
        const Connection::Typed& typed = connection_.typed;
        if ((typed.password_file || typed.password_command) && typed.user &&
            split_user(*connection_.user).second) {
            throw Error(Exit::usage,
                        std::string(typed.password_file ? "--password-file" : "--password-command") +
                            " cannot be combined with a password in --user",
                        "write --user NAME");
        }
    }

    net::Address read() {
        const auto typed = typed_password();
        const Ask known = [&](const std::string& question) {
            return typed ? typed : fallback_or_asked(question);
        };
        const net::LoginOptions given = login(connection_, address_, known).credentials;
        net::Address result = address_;
        if (given.user) {
            result.user = given.user;
        }
        if (given.user || (given.password && !result.password)) {
            result.password = given.password;
        }
        if (typed) {
            result.password = typed;
        } else if (!result.password) {
            result.password = fallback();
        }
        return result;
    }

    bool can_change() const {
        const auto source = connection_.user ? split_user(*connection_.user).second : std::nullopt;
        return !connection_.password_file.empty() || !connection_.password_command.empty() ||
               source.value_or("").starts_with("@");
    }

  private:
    std::optional<std::string> typed_password() const {
        if (connection_.typed.password_file) {
            return from_file(connection_.password_file);
        }
        if (connection_.typed.password_command) {
            return from_command(connection_.password_command, stop_);
        }
        return std::nullopt;
    }

    std::optional<std::string> fallback() const {
        if (!connection_.password_file.empty()) {
            return from_file(connection_.password_file);
        }
        if (!connection_.password_command.empty()) {
            return from_command(connection_.password_command, stop_);
        }
        const std::string redis_cli = environment("REDISCLI_AUTH");
        return redis_cli.empty() ? std::nullopt : std::optional(redis_cli);
    }

    // The person is asked only once.
    std::optional<std::string> fallback_or_asked(const std::string& question) {
        if (auto found = fallback()) {
            return found;
        }
        if (!asked_) {
            asked_ = ask_(question);
        }
        return asked_;
    }

    net::Address address_;
    Connection connection_;
    Ask ask_;
    const base::Stop& stop_;
    std::optional<std::string> asked_;
};

}  // namespace

pubsub::Broker broker(const std::string& address, const Connection& connection, const Ask& ask,
                      const base::Stop& stop) {
    const net::AddressRules rules{.family = net::AddressRules::Family::broker,
                                  .default_scheme = connection.default_scheme};
    pubsub::Broker result{net::parse_address(address, rules),
                          connect_options(connection),
                          {connection.retries, connection.retry_time, connection.wait_server},
                          {}};
    const auto login = std::make_shared<BrokerLogin>(result.address, connection, ask, stop);
    result.address = login->read();
    if (login->can_change()) {
        result.renew = [login] { return login->read(); };
    }
    if (!result.connect.proxy) {
        for (const char* name : {"all_proxy", "ALL_PROXY"}) {
            if (std::string value = environment(name); !value.empty() && !result.connect.proxy) {
                result.connect.proxy = std::move(value);
            }
        }
    }
    if (!net::is_tls(result.address.scheme) && result.connect.proxy.value_or("").empty()) {
        net::init_openssl_without_config();
    }
    return result;
}

}  // namespace hail::cli::options
