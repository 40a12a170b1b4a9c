#include "tests/support/rabbit_server.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "lib/base/deadline.h"
#include "tests/support/system_error.h"

namespace hail::support {

namespace {

constexpr base::Milliseconds start_limit(240'000);
constexpr base::Milliseconds list_limit(60'000);

constexpr const char* definitions = R"({
"users": [
    {"name": "guest", "password": "guest", "tags": "administrator"},
    {"name": "ada", "password": "secret", "tags": ""},
    {"name": "reader", "password": "secret", "tags": ""},
    {"name": "crowd", "password": "secret", "tags": "", "limits": {"max-connections": 0}},
    {"name": "client", "password_hash": "", "tags": ""}],
"vhosts": [{"name": "/"}, {"name": "dev/one"}, {"name": "full"}],
"permissions": [
    {"user": "guest", "vhost": "/", "configure": ".*", "write": ".*", "read": ".*"},
    {"user": "guest", "vhost": "dev/one", "configure": ".*", "write": ".*", "read": ".*"},
    {"user": "guest", "vhost": "full", "configure": ".*", "write": ".*", "read": ".*"},
    {"user": "ada", "vhost": "/", "configure": ".*", "write": ".*", "read": ".*"},
    {"user": "crowd", "vhost": "/", "configure": ".*", "write": ".*", "read": ".*"},
    {"user": "client", "vhost": "/", "configure": ".*", "write": ".*", "read": ".*"},
    {"user": "reader", "vhost": "/", "configure": "^$", "write": "^$", "read": ".*"}],
"parameters": [
    {"component": "vhost-limits", "vhost": "full", "name": "limits", "value": {"max-connections": 0}}],
"policies": [
    {"vhost": "/", "name": "limited", "pattern": "^lim-", "apply-to": "queues", "priority": 1,
     "definition": {"max-length": 5, "overflow": "reject-publish"}}],
"queues": [], "bindings": [],
"exchanges": [
    {"name": "ex/slash", "vhost": "/", "type": "direct", "durable": true, "auto_delete": false,
     "internal": false, "arguments": {}}]
})";

// For a path of the API. The names of tests have few characters that need it.
std::string encoded(const std::string& text) {
    std::string result;
    for (const char c : text) {
        result += c == '/' ? "%2F" : c == '%' ? "%25" : c == ' ' ? "%20" : std::string(1, c);
    }
    return result;
}

base::Descriptor open_file(const std::string& path) {
    base::Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (!file) {
        throw_system_error(path);
    }
    return file;
}

void lock(const base::Descriptor& file, int how) {
    while (::flock(file.number(), how) != 0) {
        if (errno != EINTR) {
            throw_system_error("flock");
        }
    }
}

// One test after the other, so that a keeper that is there has removed the places of the one before it.
void start_keeper(const std::string& folder) {
    const base::Descriptor start = open_file(folder + "/start");
    lock(start, LOCK_EX);
    const Outcome outcome = run({.argv = {HAIL_RABBIT_KEEPER, folder, "start"}});
    if (outcome.code != 0) {
        throw std::runtime_error("starting the keeper of RabbitMQ: " + outcome.err);
    }
}

std::string wait_for_file(const std::string& path, const std::function<bool()>& may_come) {
    const base::Deadline deadline = base::Deadline::after(start_limit);
    while (!deadline.passed()) {
        if (std::filesystem::exists(path)) {
            return read_file(path);
        }
        if (!may_come()) {
            break;
        }
        std::this_thread::sleep_for(
            base::Milliseconds(20));  // nothing announces it to those who did not start it
    }
    throw std::runtime_error("rabbitmq-server does not start");
}

}  // namespace

void prepare_rabbit_folder(const std::string& folder) {
    make_certificates(folder);
    std::ofstream(folder + "/definitions.json") << definitions;
    // Lists of connections are up to date at once, and a message that is too large is not large.
    std::ofstream(folder + "/more.conf")
        << "collect_statistics_interval = 100\nmax_message_size = 16777216\n";
}

bool RabbitServer::is_installed() {
    return ::access(rabbit_program, X_OK) == 0;
}

RabbitServer::RabbitServer(Whose whose) {
    if (!is_installed()) {
        throw std::runtime_error("rabbitmq-server is not installed");
    }
    if (whose == Whose::own) {
        directory_ = std::make_unique<TemporaryDirectory>();
        folder_ = directory_->path();
        prepare_rabbit_folder(folder_);
        start();
        return;
    }
    const std::string places = HAIL_RABBIT_FOLDER;
    std::filesystem::create_directories(places);
    use_ = open_file(places + "/use");
    lock(use_, LOCK_SH);
    ::futimens(use_.number(), nullptr);
    start_keeper(places);
    read_places(wait_for_file(places + "/ready", [] { return true; }));
}

void RabbitServer::read_places(const std::string& text) {
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        const std::size_t equals = line.find('=');
        const std::string name = line.substr(0, equals);
        const std::string value = line.substr(equals + 1);
        const auto number = [&] { return static_cast<std::uint16_t>(std::stoul(value)); };
        if (name == "failed") {
            throw std::runtime_error("rabbitmq-server does not start: " + value);
        }
        if (name == "folder") {
            folder_ = value;
        } else if (name == "server") {
            process_ = std::stoi(value);
        } else if (name == "amqp") {
            port_ = number();
        } else if (name == "amqps") {
            tls_port_ = number();
        } else if (name == "management") {
            management_port_ = number();
        } else if (name == "distribution") {
            distribution_port_ = number();
        } else if (name == "epmd_port") {
            epmd_port_ = number();
        }
    }
    certificates_ = certificates_in(folder_);
}

std::string RabbitServer::name(const std::string& stem) {
    static int count = 0;
    return stem + "-" + std::to_string(::getpid()) + "-" + std::to_string(++count);
}

std::string RabbitServer::api(const std::string& method, const std::string& path,
                              const std::string& body) const {
    std::vector<std::string> words{"curl",        "-sS",
                                   "-u",          "guest:guest",
                                   "-X",          method,
                                   "-w",          "\n%{http_code}",
                                   "-H",          "Content-Type: application/json",
                                   "--path-as-is"};
    if (!body.empty()) {
        words.insert(words.end(), {"--data-binary", "@-"});
    }
    words.push_back("http://127.0.0.1:" + std::to_string(management_port_) + "/api/" + path);
    const Outcome outcome = run({.argv = words, .input = body, .limit = base::Milliseconds(60'000)});
    const std::size_t end = outcome.out.rfind('\n');
    if (outcome.code != 0 || end == std::string::npos || outcome.out[end + 1] != '2') {
        throw std::runtime_error(method + " " + path + ": " + outcome.out + outcome.err);
    }
    return outcome.out.substr(0, end);
}

void RabbitServer::declare_queue(const std::string& queue, const std::string& arguments) const {
    api("PUT", "queues/%2F/" + encoded(queue), R"({"durable":true,"arguments":)" + arguments + "}");
}

void RabbitServer::delete_queue(const std::string& queue) const {
    api("DELETE", "queues/%2F/" + encoded(queue));
}

void RabbitServer::declare_exchange(const std::string& exchange, const std::string& type,
                                    const std::string& members) const {
    api("PUT", "exchanges/%2F/" + encoded(exchange),
        R"({"durable":true,"type":")" + type + "\"" + (members.empty() ? "" : "," + members) + "}");
}

void RabbitServer::bind(const std::string& exchange, const std::string& key, const std::string& queue) const {
    api("POST", "bindings/%2F/e/" + encoded(exchange) + "/q/" + encoded(queue),
        R"({"routing_key":")" + key + R"(","arguments":{}})");
}

void RabbitServer::publish(const std::string& queue, const std::string& payload) const {
    api("POST", "exchanges/%2F/amq.default/publish",
        R"({"properties":{"delivery_mode":2},"routing_key":")" + queue + R"(","payload":")" + payload +
            R"(","payload_encoding":"string"})");
}

std::string RabbitServer::take(const std::string& queue, int count) const {
    return api(
        "POST", "queues/%2F/" + encoded(queue) + "/get",
        R"({"count":)" + std::to_string(count) + R"(,"ackmode":"ack_requeue_false","encoding":"auto"})");
}

void RabbitServer::close_connections_of(const std::string& user, const std::string& reason) const {
    const base::Deadline deadline = base::Deadline::after(list_limit);
    while (api("GET", "connections/username/" + user) == "[]") {
        if (deadline.passed()) {
            throw std::runtime_error("no connection of " + user);
        }
    }
    run({.argv = {"curl", "-sS", "-u", "guest:guest", "-X", "DELETE", "-H", "X-Reason: " + reason,
                  "http://127.0.0.1:" + std::to_string(management_port_) + "/api/connections/username/" +
                      user},
         .limit = list_limit});
}

void RabbitServer::call(const std::string& function) const {
    const Outcome outcome = run({.argv = {"erl_call", "-c", read_file(folder_ + "/.erlang.cookie"), "-sname",
                                          "test@localhost", "-a", function},
                                 .environment = {{"ERL_EPMD_PORT", std::to_string(epmd_port_)}}});
    if (outcome.code != 0) {
        throw std::runtime_error("erl_call " + function + ": " + outcome.out + outcome.err);
    }
}

std::string RabbitServer::control(std::vector<std::string> words) const {
    words.insert(words.begin(), {"/usr/lib/rabbitmq/bin/rabbitmqctl", "-q"});
    const Outcome outcome = run({.argv = words,
                                 .environment = {{"HOME", folder_},
                                                 {"RABBITMQ_NODENAME", "test@localhost"},
                                                 {"RABBITMQ_DIST_PORT", std::to_string(distribution_port_)},
                                                 {"ERL_EPMD_PORT", std::to_string(epmd_port_)},
                                                 {"RABBITMQ_CONF_ENV_FILE", "/dev/null"}},
                                 .limit = base::Milliseconds(120'000)});
    if (outcome.code != 0) {
        throw std::runtime_error("rabbitmqctl: " + outcome.out + outcome.err);
    }
    return outcome.out;
}

void RabbitServer::start() {
    std::filesystem::remove(folder_ + "/ready");
    script_ = std::make_unique<Process>(
        Command{.argv = {"sh", HAIL_TEST_SUPPORT "/rabbit.sh", folder_}, .limit = start_limit});
    const auto runs = [&] { return ::kill(script_->pid(), 0) == 0; };
    read_places("folder=" + folder_ + "\n" + wait_for_file(folder_ + "/ready", runs));
}

void RabbitServer::kill() {
    ::kill(process_, SIGKILL);
    script_->wait();
    script_.reset();
}

void RabbitServer::stop() {
    script_->signal(SIGTERM);
    script_->wait();
    script_.reset();
}

RabbitTemporary::RabbitTemporary(const RabbitServer& server, const std::string& kind, const std::string& stem)
    : server_(server), name_(RabbitServer::name(stem)), path_(kind + "/" + encoded(name_)) {}

RabbitTemporary::~RabbitTemporary() {
    try {
        server_.api("DELETE", path_);
    } catch (const std::exception&) {  // a test that deleted it, or a server that is gone
    }
}

RabbitQueue::RabbitQueue(const RabbitServer& server, const std::string& stem,
                         const std::optional<std::string>& arguments)
    : RabbitTemporary(server, "queues/%2F", stem) {
    if (arguments) {
        server.declare_queue(name(), *arguments);
    }
}

RabbitExchange::RabbitExchange(const RabbitServer& server, const std::string& stem, const std::string& type,
                               const std::string& members)
    : RabbitTemporary(server, "exchanges/%2F", stem) {
    server.declare_exchange(name(), type, members);
}

RabbitVhost::RabbitVhost(const RabbitServer& server) : RabbitTemporary(server, "vhosts", "vhost") {
    server.api("PUT", path());
    server.api("PUT", "permissions/" + name() + "/guest", R"({"configure":".*","write":".*","read":".*"})");
}

RabbitUser::RabbitUser(const RabbitServer& server) : RabbitTemporary(server, "users", "user") {
    server.api("PUT", path(), R"({"password":"secret","tags":""})");
    may({});
}

void RabbitUser::may(const Rights& rights) const {
    server().api("PUT", "permissions/%2F/" + name(),
                 R"({"configure":")" + rights.configure + R"(","write":")" + rights.write + R"(","read":")" +
                     rights.read + "\"}");
}

}  // namespace hail::support
