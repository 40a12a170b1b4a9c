#include "tests/support/rabbit_chaos.h"

#include <algorithm>
#include <csignal>
#include <random>
#include <stdexcept>
#include <utility>

#include "tests/support/proxy.h"

namespace hail::support::chaos {

namespace {

std::vector<Script> damaged_logins(std::uint16_t port) {
    std::vector<Script> scripts;
    for (const std::size_t bytes : {4U, 100U, 400U, 450U, 480U}) {
        scripts.push_back(damaged_tunnel(port, {{Damage::Kind::cut, {Connection::Way::to_server, bytes}}}));
    }
    for (Script& script : damaged(port, Connection::Way::to_server, 10 + messages() / 10'000)) {
        scripts.push_back(std::move(script));
    }
    return scripts;
}

std::string address_of(const Peer& proxy) {
    return "amqp://ada:secret@" + proxy.address("");
}

Command subscriber(const Peer& proxy, const std::string& queue, std::vector<std::string> options) {
    options.insert(options.begin(), {"subscribe", address_of(proxy), queue, "--wait-server", "240s"});
    Command command = hail_command(std::move(options));
    command.limit = limit();
    return command;
}

void add_line(Consumption& consumption, const std::string& line) {
    const std::string text = line.substr(line.find(' ') + 1);
    const Number number = std::stoul(text);
    if (text + "\n" != lines(number, number)) {
        consumption.odd.push_back(line);
    }
    Consumption::Copies& copies = consumption.seen[number];
    copies.unmarked += line.starts_with("false ") ? 1U : 0U;
    ++copies.all;
}

void add(Consumption& all, Consumption one) {
    for (const auto& [number, copies] : one.seen) {
        all.seen[number].unmarked += copies.unmarked;
        all.seen[number].all += copies.all;
    }
    all.kills += one.kills;
    all.odd.insert(all.odd.end(), one.odd.begin(), one.odd.end());
}

}  // namespace

RabbitPublisher::RabbitPublisher(const RabbitServer& server, const std::string& channel,
                                 const std::string& on_lost)
    : proxy_(damaged_logins(server.port()), Peer::Others::repeat),
      process_(start_publisher({address_of(proxy_), channel, "--on-lost", on_lost})) {}

std::size_t Consumption::repeated() const {
    return static_cast<std::size_t>(
        std::count_if(seen.begin(), seen.end(), [](const auto& one) { return one.second.all > 1; }));
}

std::size_t Consumption::repeated_unmarked() const {
    return static_cast<std::size_t>(
        std::count_if(seen.begin(), seen.end(), [](const auto& one) { return one.second.unmarked > 1; }));
}

std::string Consumption::text() const {
    return std::to_string(seen.size()) + " different messages came, " + std::to_string(repeated()) +
           " more than once, " + std::to_string(repeated_unmarked()) + " more than once unmarked, " +
           std::to_string(kills) + " consumers were killed";
}

RabbitConsumers::RabbitConsumers(const RabbitServer& server, std::string queue)
    : server_(server),
      queue_(std::move(queue)),
      proxy_(damaged(server.port(), Connection::Way::to_client, 6 + messages() / 10'000),
             Peer::Others::repeat) {
    for (const unsigned seed : {1U, 2U}) {
        both_.push_back(std::async(std::launch::async, [this, seed] { return consume(seed); }));
    }
}

Consumption RabbitConsumers::consume(unsigned seed) const {
    std::mt19937 random(seed);
    std::uniform_int_distribution<Number> lifetime(1, std::min<Number>(messages() / 4, 3'000));
    const Command command = subscriber(
        proxy_, queue_, {"--format", "{redelivered} {payload}", "--prefetch", "200", "--idle-timeout", "1s"});
    Consumption result;
    for (bool more = true; more;) {
        const Number enough = lifetime(random);
        Process process(command);
        Number count = 0;
        for (auto line = process.read_line(); line; line = process.read_line()) {
            if (line->ends_with('.')) {  // the last one of a killed process may be cut
                add_line(result, *line);
            }
            if (++count == enough) {
                process.signal(SIGKILL);
            }
        }
        const Outcome end = process.wait();
        const bool killed = end.signal == SIGKILL;
        result.kills += killed ? 1U : 0U;
        if (!killed && end.code != 2) {
            result.odd.push_back(end.err);
        }
        more = killed || !published_;
    }
    return result;
}

Consumption RabbitConsumers::finish() {
    published_ = true;
    Consumption all;
    for (auto& one : both_) {
        add(all, one.get());
    }
    // A second without a message may also mean that the machine is busy.
    while (!delete_if_empty()) {
        add(all, consume(3));
    }
    return all;
}

bool RabbitConsumers::delete_if_empty() const {
    try {
        server_.api("DELETE", "queues/%2F/" + queue_ + "?if-empty=true");
        return true;
    } catch (const std::runtime_error&) {
        return false;
    }
}

RabbitStreamReader::RabbitStreamReader(const RabbitServer& server, const std::string& queue)
    : proxy_(damaged(server.port(), Connection::Way::to_client, 10 + messages() / 10'000, 1),
             Peer::Others::repeat),
      process_(subscriber(proxy_, queue, {"--offset", "first", "--format", "{offset} {payload}"})),
      text_(std::async(std::launch::async, [this] { return read(); })) {}

// A test that fails does not come to finish().
RabbitStreamReader::~RabbitStreamReader() {
    if (text_.valid()) {
        process_.signal(SIGKILL);
    }
}

std::string RabbitStreamReader::read() {
    std::string text;
    while (const auto line = process_.read_line()) {
        text += *line + "\n";
        if (line->ends_with(" end")) {
            return text;
        }
    }
    return text + process_.wait().err;
}

}  // namespace hail::support::chaos
