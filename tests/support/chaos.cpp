#include "tests/support/chaos.h"

#include <algorithm>
#include <cstdlib>

#include "tests/support/proxy.h"

namespace hail::support::chaos {

namespace {

constexpr const char* variable = "HAIL_CHAOS_MESSAGES";
constexpr std::size_t size = 120;  // of a message on the wire, about

}  // namespace

Number messages() {
    const char* const given = std::getenv(variable);
    return given != nullptr ? std::stoul(given) : 10'000;
}

bool tells() {
    return std::getenv(variable) != nullptr;
}

base::Milliseconds limit() {
    return base::Milliseconds(240'000 + static_cast<long>(messages() / 5));
}

std::vector<Script> damaged(std::uint16_t port, Connection::Way way, std::size_t connections,
                            std::size_t seed) {
    using Kind = Damage::Kind;
    const std::vector<Kind> ends{Kind::cut, Kind::reset, Kind::stall};
    std::vector<Script> scripts;
    for (std::size_t i = 0; i < connections; ++i) {
        const std::size_t share = messages() * size / connections;
        const std::size_t first = 300 + share / 3 * ((i + seed) % 3);  // the login and the subscription pass
        scripts.push_back(damaged_tunnel(
            port,
            {{Kind::delay, {way, first}}, {ends[(i + seed) % ends.size()], {way, share / 2 + i * 13}}}));
    }
    scripts.push_back(damaged_tunnel(port));
    return scripts;
}

Number part_of(const std::string& summary, const std::string& name) {
    const std::size_t at = summary.find(name + " ");
    return at == std::string::npos ? 0 : std::stoul(summary.substr(at + name.size() + 1));
}

std::string summary_of(const Outcome& end) {
    return end.err.substr(std::min(end.err.size(), end.err.rfind("hail: read ")));
}

Process start_publisher(std::vector<std::string> words) {
    words.insert(words.begin(), "publish");
    words.insert(words.end(), {"--wait-server", "240s", "--window", "100", "--idle-timeout", "30s"});
    Command command = hail_command(words);
    command.limit = limit();
    return Process(command);
}

std::string lines(Number first, Number last) {
    const std::string padding = " " + std::string(80, 'x') + ".\n";
    std::string text;
    for (Number number = first; number <= last; ++number) {
        text += std::to_string(number) + padding;
    }
    return text;
}

void Feed::give(Number count) {
    give_up_to(given_ + count);
}

void Feed::give_up_to(Number last) {
    const Number end = std::min(last, messages());
    if (end > given_) {
        const std::string text = lines(given_ + 1, end);
        for (const Process* publisher : publishers_) {
            publisher->write(text);
        }
        given_ = end;
    }
}

void Feed::end() {
    for (Process* publisher : publishers_) {
        publisher->close_input();
    }
}

void feed(Process& publisher, RedisServer& server, const std::function<void()>& before_part) {
    Feed lines({&publisher});
    const std::string tcp = "127.0.0.1:" + std::to_string(server.port());
    for (Number part = 0; part < 10; ++part) {
        before_part();
        lines.give_up_to(messages() * (part + 1) / 10);
        switch (part) {
            case 0:
            case 5:
                server.command({"CLIENT", "KILL", "TYPE", "normal", "LADDR", tcp});
                break;
            case 1:
            case 6:
                server.command({"CLIENT", "KILL", "TYPE", "pubsub", "LADDR", tcp});
                break;
            case 2:
            case 7:
                server.command({"CLIENT", "PAUSE", "50", part == 2 ? "ALL" : "WRITE"});
                break;
            case 3:
                server.shut_down();
                server.start();
                break;
            case 8:
                server.kill();
                server.start();
                break;
            default:
                break;
        }
    }
    lines.end();
}

}  // namespace hail::support::chaos
