// The login on a fresh connection: start, tune, open.
//
// Shape:   perform() returns what was agreed; the deadline is the connect timeout.
// Throws:  as lib/amqp/session.h says.

#pragma once

#include <string>

#include "lib/amqp/session.h"

namespace hail::amqp {

class Handshake {
  public:
    Handshake(Session& session, const net::Address& address, const net::ConnectOptions& connect,
              const SessionOptions& options, const Target& target, const base::Stop& stop);
    Tune perform();

  private:
    enum class Step { start, login, open };
    struct Login {
        std::string mechanism;
        std::string response;
        std::string shown;  // the response, with the password masked
    };

    Frame await(Method expected);
    void judge(const Frame& frame, Method expected) const;
    [[noreturn]] void throw_closed(const Close& close) const;
    [[noreturn]] void throw_broken() const;
    std::string with_http_hint(std::string hint) const;
    void pause(net::State state);
    bool logs_in_by_certificate() const;
    Login choose_login(std::string_view mechanisms) const;
    void log_in(const Login& login);
    Tune agree(const Tune& offered) const;

    Session& session_;
    const net::Address& address_;
    const net::ConnectOptions& connect_;
    const SessionOptions& options_;
    const Target& target_;
    const base::Stop& stop_;
    const base::Deadline deadline_;
    const std::string what_;
    Step step_ = Step::start;
    bool tells_refusals_ = false;
};

}  // namespace hail::amqp
