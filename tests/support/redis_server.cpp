#include "tests/support/redis_server.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <system_error>

namespace hail::support {

namespace {

constexpr int most_tries = 10;  // another process may take the port between asking and using it

std::filesystem::path make_directory() {
    std::string pattern = (std::filesystem::temp_directory_path() / "hail-redis-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) {
        throw std::system_error(errno, std::generic_category(), pattern);
    }
    return pattern;
}

[[noreturn]] void become(const std::vector<std::string>& words, int output) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::dup2(output, STDOUT_FILENO);
    ::dup2(output, STDERR_FILENO);
    std::vector<char*> arguments;
    arguments.reserve(words.size() + 1);
    for (const auto& word : words) {
        arguments.push_back(const_cast<char*>(word.c_str()));  // execvp(3) does not write to them
    }
    arguments.push_back(nullptr);
    ::execvp(arguments[0], arguments.data());
    ::_exit(127);
}

pid_t spawn(const std::vector<std::string>& words, base::Descriptor& output) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        throw std::system_error(errno, std::generic_category(), "pipe2");
    }
    output = base::Descriptor(ends[0]);
    const base::Descriptor input(ends[1]);
    const pid_t process = ::fork();
    if (process == 0) {
        become(words, input.number());
    }
    if (process < 0) {
        throw std::system_error(errno, std::generic_category(), "fork");
    }
    return process;
}

// Reads until the text has come or the other end is closed.
bool read_until(int descriptor, std::string_view text, std::string& said) {
    std::array<char, 4096> buffer{};
    while (text.empty() || said.find(text) == said.npos) {
        const auto got = ::read(descriptor, buffer.data(), buffer.size());
        if (got <= 0) {
            return text.empty();
        }
        said.append(buffer.data(), static_cast<std::size_t>(got));
    }
    return true;
}

}  // namespace

std::uint16_t free_port() {
    const base::Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);  // as the socket interface requires
    if (::bind(socket.number(), generic, size) != 0 || ::getsockname(socket.number(), generic, &size) != 0) {
        throw std::system_error(errno, std::generic_category(), "bind");
    }
    return ntohs(address.sin_port);
}

RedisServer::RedisServer(RedisOptions options) : options_(std::move(options)), directory_(make_directory()) {
    std::signal(SIGPIPE, SIG_IGN);
    for (int i = 0; i < most_tries; ++i) {
        port_ = free_port();
        tls_port_ = options_.certificates ? free_port() : std::uint16_t{0};
        if (port_ != tls_port_ && try_start()) {
            return;
        }
    }
    throw std::runtime_error("redis-server: " + said_);
}

RedisServer::~RedisServer() {
    kill();
    std::error_code ignored;
    std::filesystem::remove_all(directory_, ignored);
}

std::vector<std::string> RedisServer::command_line() const {
    std::vector<std::string> words{"redis-server",
                                   "--port",
                                   std::to_string(port_),
                                   "--bind",
                                   "127.0.0.1 -::1",
                                   "--unixsocket",
                                   socket().string(),
                                   "--save",
                                   "",
                                   "--appendonly",
                                   "no",
                                   "--dir",
                                   directory_.string(),
                                   "--daemonize",
                                   "no"};
    if (options_.certificates) {
        const Certificates& made = *options_.certificates;
        const auto add = [&](const char* name, const std::string& value) {
            words.emplace_back(name);
            words.push_back(value);
        };
        add("--tls-port", std::to_string(tls_port_));
        add("--tls-cert-file", (options_.wrong_name ? made.wrong_name : made.server).string());
        add("--tls-key-file", (options_.wrong_name ? made.wrong_name_key : made.server_key).string());
        add("--tls-ca-cert-file", made.ca.string());
        add("--tls-auth-clients", options_.client_certificates ? "yes" : "no");
    }
    words.insert(words.end(), options_.arguments.begin(), options_.arguments.end());
    return words;
}

bool RedisServer::try_start() {
    said_.clear();
    process_ = spawn(command_line(), log_);
    if (read_until(log_.number(), "eady to accept connections", said_)) {
        return true;
    }
    kill();
    return false;
}

void RedisServer::start() {
    if (!try_start()) {
        throw std::runtime_error("redis-server: " + said_);
    }
}

void RedisServer::kill() {
    if (process_ > 0) {
        ::kill(process_, SIGKILL);
        ::waitpid(process_, nullptr, 0);
        process_ = -1;
    }
}

void RedisServer::shut_down() {
    command({"SHUTDOWN", "NOSAVE"});
    ::waitpid(process_, nullptr, 0);
    process_ = -1;
}

std::string RedisServer::command(std::initializer_list<std::string> words) const {
    std::vector<std::string> all{"redis-cli", "-s", socket().string()};
    all.insert(all.end(), words);
    base::Descriptor output;
    const pid_t process = spawn(all, output);
    std::string said;
    read_until(output.number(), "", said);
    ::waitpid(process, nullptr, 0);
    return said;
}

}  // namespace hail::support
