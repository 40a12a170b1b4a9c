#include "lib/redis/session.h"

#include <array>
#include <cstddef>

#include "lib/base/text.h"

namespace hail::redis {

namespace {

using base::Error;
using base::Exit;

struct Advice {
    std::string_view beginning;
    std::string_view hint;
};

constexpr std::array<Advice, 11> advices{
    {{"WRONGPASS", "check the user name and the password"},
     {"NOAUTH", "give a user and password with --user NAME:@FILE, or set HAIL_PASSWORD for the default user"},
     {"ERR Client sent AUTH", "this server has no passwords: leave the password out"},
     {"ERR AUTH <password> called without",
      "the default user has no password: leave the password out, or name a user"},
     {"ERR wrong number of arguments for 'auth'", "this server has no user names: give only the password"},
     {"NOPERM",
      "the user lacks this permission: check ACL GETUSER; ACL SETUSER adds commands as +publish and "
      "channels as &name"},
     {"ERR max number of clients", "try again later, or raise maxclients on the server"},
     {"ERR invalid DB index", "databases are numbered from 0"},
     {"ERR DB index is out of range", "choose a lower number: the server's setting 'databases' limits it"},
     {"LOADING", "the server is loading its data: try again in a moment"},
     {"DENIED", "the server is in protected mode: set a password on it, or connect from its own machine"}}};

Error broken(const net::Failure& trouble, const std::string& where) {
    const bool unreachable = trouble.exit == Exit::unreachable;
    return {unreachable ? trouble.exit : Exit::unknown, "logging in to " + where + ": " + trouble.why,
            unreachable ? trouble.hint : "if the server expects TLS, use rediss://"};
}

}  // namespace

Error refusal(const std::string& what, std::string_view reply) {
    std::string hint;
    for (const auto& advice : advices) {
        if (reply.starts_with(advice.beginning)) {
            hint = advice.hint;
            break;
        }
    }
    return {Exit::refused, what + ": " + base::one_line(reply), hint};
}

std::vector<std::vector<std::string>> handshake_commands(const net::Address& address,
                                                         const SessionOptions& options) {
    std::vector<std::vector<std::string>> commands;
    if (address.password) {
        commands.push_back({"AUTH"});
        if (address.user && !address.user->empty()) {
            commands.back().push_back(*address.user);
        }
        commands.back().push_back(*address.password);
    }
    if (const auto database = net::redis_database(address); database != 0) {
        commands.push_back({"SELECT", std::to_string(database)});
    }
    if (!options.client_name.empty()) {
        commands.push_back({"CLIENT", "SETNAME", std::string(options.client_name)});
    }
    // After the handshake of TLS 1.3 a server may still refuse the client's certificate; any answer shows
    // that it did not.
    if (commands.empty() && net::is_tls(address.scheme)) {
        commands.push_back({"PING"});
    }
    return commands;
}

// Keeps the server's answer to each command; every answer here is a single piece.
class Session::Answers : public TokenSink {
  public:
    explicit Answers(std::size_t expected) : missing_(expected) {}
    void take(const Token& token) override {
        if (missing_ == 0 || token.kind == Token::Kind::array) {
            throw Error(Exit::bad_reply, "logging in: the server answered a command that was not sent",
                        "check that this is the port of a Redis server");
        }
        --missing_;
        errors.emplace_back(token.kind == Token::Kind::error ? token.text : std::string_view{});
    }
    bool complete() const { return missing_ == 0; }

    std::vector<std::string> errors;  // one per answer, empty unless it is an error

  private:
    std::size_t missing_;
};

Session::Session(const net::Address& address, const net::ConnectOptions& connect,
                 const SessionOptions& options, const base::Stop& stop)
    : stream_(address, connect, stop) {
    handshake(address, options,
              sooner(base::Deadline::after(connect.connect_timeout), base::Deadline::after(connect.timeout)),
              stop);
}

void Session::handshake(const net::Address& address, const SessionOptions& options,
                        const base::Deadline& deadline, const base::Stop& stop) {
    const auto commands = handshake_commands(address, options);
    if (commands.empty()) {
        return;
    }
    for (const auto& command : commands) {
        stream_.out().append(encode(command));
    }
    const std::string where = net::display(address);
    Answers answers(commands.size());
    ReplyReader reader(answers);
    std::array<char, 4096> buffer{};
    std::size_t judged = 0;
    while (!answers.complete()) {
        const net::State sent = stream_.flush();
        const net::Received got = stream_.receive(buffer);
        reader.feed({buffer.data(), got.bytes});
        // Answers are judged as they come: a server that is full answers once, for all commands, and closes.
        for (; judged < answers.errors.size(); ++judged) {
            judge(commands[judged].front(), answers.errors[judged], where);
        }
        if (got.state == net::State::ended || got.state == net::State::failed || sent == net::State::failed) {
            throw broken(stream_.trouble(), where);
        }
        if (got.state == net::State::blocked) {
            await(deadline, stop, where);
        }
    }
}

void Session::await(const base::Deadline& deadline, const base::Stop& stop, const std::string& where) {
    if (stream_.wait(deadline, &stop).stopped) {
        throw Error(stop.exit(), "logging in to " + where + ": stopped by a signal");
    }
    if (deadline.passed()) {
        throw Error(Exit::timed_out, "logging in to " + where + ": no answer in time",
                    "allow more time with --connect-timeout or --timeout; if the server expects TLS, "
                    "use rediss://");
    }
}

void Session::judge(const std::string& command, std::string_view error, const std::string& where) {
    if (error.empty()) {
        return;
    }
    const bool needless = error.starts_with("ERR AUTH <password> called without any password");
    if (command == "AUTH" && needless) {
        warnings_.push_back("the server's default user needs no password; the given one is ignored");
        return;
    }
    const bool forbidden = error.starts_with("NOPERM") || error.starts_with("ERR unknown");
    if (command == "CLIENT" && forbidden) {
        return;
    }
    const bool turned_away = error.starts_with("ERR ") || error.starts_with("DENIED");
    if (command == "PING" && !turned_away) {
        return;  // loading, busy or not allowed: the server is alive
    }
    throw refusal((command == "SELECT" ? "selecting the database on " : "logging in to ") + where, error);
}

}  // namespace hail::redis
