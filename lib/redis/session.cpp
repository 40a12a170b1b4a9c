#include "lib/redis/session.h"

#include <array>
#include <cstddef>
#include <utility>

#include "lib/redis/replies.h"

namespace hail::redis {

namespace {

using base::Error;
using base::Exit;

[[noreturn]] void throw_broken(const net::Failure& trouble, const std::string& where) {
    const std::string what = "logging in to " + where + ": " + trouble.why;
    if (trouble.exit == Exit::unreachable) {
        throw Error(trouble.exit, what, trouble.hint);
    }
    throw net::NotReached(Exit::unknown, what, trouble.hint);
}

}  // namespace

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
    if (!options.setting.empty()) {
        commands.push_back({"CONFIG", "GET", std::string(options.setting)});
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

std::string shown_handshake(const net::Address& address, const SessionOptions& options) {
    net::Address masked = address;
    if (masked.password) {
        masked.password = "***";
    }
    std::string bytes;
    for (const auto& command : handshake_commands(masked, options)) {
        bytes += encode(command);
    }
    return bytes;
}

// Keeps the server's answer to each command. Only that to CONFIG GET is an array: [name, value].
class Session::Answers : public TokenSink {
  public:
    enum class Arrays { none, allowed };
    Answers(std::size_t expected, Arrays arrays)
        : missing_(expected), takes_array_(arrays == Arrays::allowed) {}
    void take(const Token& token) override {
        if (token.depth == 1 && token.index == 1 && token.kind == Token::Kind::string) {
            setting = token.text;
        }
        if (token.depth > 0) {
            return;
        }
        if (missing_ == 0 || (token.kind == Token::Kind::array && !takes_array_)) {
            throw Error(Exit::bad_reply, "logging in: the server answered a command that was not sent",
                        "check that this is the port of a Redis server");
        }
        --missing_;
        errors.emplace_back(token.kind == Token::Kind::error ? token.text : std::string_view{});
    }
    bool complete() const { return missing_ == 0; }

    std::vector<std::string> errors;  // one per answer, empty unless it is an error
    std::optional<std::string> setting;

  private:
    std::size_t missing_;
    bool takes_array_;
};

Session::Session(const net::Address& address, const net::ConnectOptions& connect,
                 const SessionOptions& options, const base::Stop& stop)
    : stream_(std::make_unique<net::ByteStream>(address, connect, stop)), tap_(connect.tap) {
    const base::Deadline deadline =
        sooner(base::Deadline::after(connect.connect_timeout), base::Deadline::after(connect.timeout));
    if (!handshake(address, options, deadline, stop)) {
        warnings_.clear();
        stream_ = std::make_unique<net::ByteStream>(address, connect, stop);
        handshake(address, {}, deadline, stop);
    }
}

bool Session::handshake(const net::Address& address, const SessionOptions& options,
                        const base::Deadline& deadline, const base::Stop& stop) {
    const auto commands = handshake_commands(address, options);
    if (commands.empty()) {
        return true;
    }
    for (const auto& command : commands) {
        stream_->out().append(encode(command));
    }
    if (tap_ != nullptr) {
        stream_->show_sent(net::ByteStream::Sent::hidden);  // the password is among it
        tap_->sent(shown_handshake(address, options));
    }
    const std::string where = net::display(address);
    Answers answers(commands.size(),
                    options.setting.empty() ? Answers::Arrays::none : Answers::Arrays::allowed);
    ReplyReader reader(answers);
    std::array<char, 4096> buffer{};
    std::size_t judged = 0;
    while (!answers.complete() || reader.in_reply()) {
        const net::State sent = stream_->flush();
        const net::Received got = stream_->receive(buffer);
        reader.feed({buffer.data(), got.bytes});
        // Answers are judged as they come: a server that is full answers once, for all commands, and closes.
        for (; judged < answers.errors.size(); ++judged) {
            judge(commands[judged].front(), answers.errors[judged], where);
        }
        if (got.state == net::State::ended || got.state == net::State::failed || sent == net::State::failed) {
            if (judged < commands.size() && commands[judged].front() == "CLIENT") {
                return false;
            }
            throw_broken(stream_->trouble(), where);
        }
        await(got.state, deadline, stop, address);
    }
    stream_->show_sent(net::ByteStream::Sent::shown);
    setting_ = std::move(answers.setting);
    return true;
}

// The limits also hold for a server that sends without a pause.
void Session::await(net::State state, const base::Deadline& deadline, const base::Stop& stop,
                    const net::Address& address) {
    const std::string what = "logging in to " + net::display(address);
    const bool stopped =
        state == net::State::blocked ? stream_->wait(deadline, &stop).stopped : stop.raised() != 0;
    if (stopped) {
        throw Error(stop.exit(), what + ": stopped by a signal");
    }
    if (deadline.passed()) {
        const std::string tls = net::tls_hint(address);
        throw net::NotReached(
            Exit::timed_out, what + ": no answer in time",
            "allow more time with --connect-timeout or --timeout" + (tls.empty() ? "" : "; " + tls));
    }
}

void Session::judge(const std::string& command, std::string_view error, const std::string& where) {
    const bool courtesy = command == "CLIENT" || command == "CONFIG";
    if (error.empty() || (courtesy && !turns_away(error))) {
        return;
    }
    const bool needless = error.starts_with("ERR AUTH <password> called without any password");
    if (command == "AUTH" && needless) {
        warnings_.push_back("the server's default user needs no password; the given one is ignored");
        return;
    }
    const bool turned_away = error.starts_with("ERR ") || error.starts_with("DENIED");
    if (command == "PING" && !turned_away) {
        return;  // loading, busy or not allowed: the server is alive
    }
    throw_refusal((command == "SELECT" ? "selecting the database on " : "logging in to ") + where, error);
}

}  // namespace hail::redis
