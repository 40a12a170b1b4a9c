// Latency of two subscribers, from PUBLISH to their stdout, in turn: A B A B ...
//
// Usage:   latency SAMPLES SOCKET COMMAND-A COMMAND-B
// Shape:   a command is one text, split at spaces; A subscribes to the channel a and B to b of the Redis
//          server on the unix SOCKET, and prints payloads. One message is published at a time, and the next
//          one only after it was read. Prints "p50 0.98 p90 1.02 us 41 42": the ratios of A to B, and their
//          medians. Exit 1 if a subscriber ends.
// Source:  https://redis.io/docs/latest/develop/reference/protocol-spec

#include <fcntl.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <sstream>
#include <string>
#include <vector>

namespace {

[[noreturn]] void fail(const std::string& what) {
    std::fprintf(stderr, "latency: %s\n", what.c_str());
    std::exit(1);
}

struct Subscriber {
    pid_t process = 0;
    int output = -1;
    std::string channel;
    std::string read;
    std::vector<double> samples{};  // microseconds
};

Subscriber start(const std::string& text, std::string channel, char** environment) {
    std::istringstream stream(text);
    std::vector<std::string> words;
    for (std::string word; stream >> word;) {
        words.push_back(word);
    }
    std::vector<char*> arguments;
    arguments.reserve(words.size() + 1);
    for (auto& word : words) {
        arguments.push_back(word.data());
    }
    arguments.push_back(nullptr);
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) {
        fail("no pipe");
    }
    posix_spawn_file_actions_t files{};
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_adddup2(&files, ends[1], STDOUT_FILENO);
    pid_t child = 0;
    if (posix_spawnp(&child, arguments[0], &files, nullptr, arguments.data(), environment) != 0) {
        fail("cannot start " + text);
    }
    posix_spawn_file_actions_destroy(&files);
    close(ends[1]);
    return {child, ends[0], std::move(channel), {}};
}

int connect_to(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    const int server = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(server, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
        fail("cannot connect to " + path);
    }
    return server;
}

// Returns the number of receivers.
long publish(int server, const std::string& channel, const std::string& payload) {
    const std::string command = "PUBLISH " + channel + " " + payload + "\r\n";
    if (write(server, command.data(), command.size()) != static_cast<ssize_t>(command.size())) {
        fail("the server is gone");
    }
    std::string reply;
    std::array<char, 64> buffer{};
    while (!reply.ends_with('\n')) {
        const ssize_t count = read(server, buffer.data(), buffer.size());
        if (count <= 0) {
            fail("the server is gone");
        }
        reply.append(buffer.data(), static_cast<std::size_t>(count));
    }
    return std::atol(reply.c_str() + 1);
}

void sample(int server, Subscriber& subscriber, const std::string& payload) {
    std::array<char, 4096> buffer{};
    const auto begin = std::chrono::steady_clock::now();
    if (publish(server, subscriber.channel, payload) != 1) {
        fail("nobody is subscribed to " + subscriber.channel);
    }
    while (subscriber.read.find(payload + "\n") == std::string::npos) {
        const ssize_t count = read(subscriber.output, buffer.data(), buffer.size());
        if (count <= 0) {
            fail("the subscriber to " + subscriber.channel + " ended");
        }
        subscriber.read.append(buffer.data(), static_cast<std::size_t>(count));
    }
    const std::chrono::duration<double, std::micro> passed = std::chrono::steady_clock::now() - begin;
    subscriber.samples.push_back(passed.count());
    subscriber.read.clear();
}

double percentile(std::vector<double> values, std::size_t percent) {
    std::sort(values.begin(), values.end());
    return values[values.size() * percent / 100];
}

}  // namespace

int main(int argc, char** argv, char** environment) {
    if (argc != 5) {
        std::fprintf(stderr, "usage: latency SAMPLES SOCKET COMMAND-A COMMAND-B\n");
        return 64;
    }
    const int samples = std::atoi(argv[1]);
    const int server = connect_to(argv[2]);
    std::array<Subscriber, 2> both{start(argv[3], "a", environment), start(argv[4], "b", environment)};
    for (const Subscriber& subscriber : both) {
        while (publish(server, subscriber.channel, "ready") == 0) {
            usleep(1000);
        }
    }
    for (int i = 0; i < samples; ++i) {
        for (Subscriber& subscriber : both) {
            sample(server, subscriber, "message-" + std::to_string(i));
            usleep(500);  // a low rate: the subscriber sleeps before the next message
        }
    }
    for (const Subscriber& subscriber : both) {
        kill(subscriber.process, SIGKILL);
        waitpid(subscriber.process, nullptr, 0);
    }
    const auto ratio = [&](std::size_t percent) {
        return percentile(both[0].samples, percent) / percentile(both[1].samples, percent);
    };
    std::printf("p50 %.2f p90 %.2f us %.0f %.0f\n", ratio(50), ratio(90), percentile(both[0].samples, 50),
                percentile(both[1].samples, 50));
    return 0;
}
