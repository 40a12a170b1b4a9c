#include "tests/support/process.h"

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <spawn.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>

#include "lib/base/stop.h"
#include "tests/support/system_error.h"

namespace hail::support {

namespace {

std::vector<std::string> environment_of(const Command& command) {
    const char* const path = std::getenv("PATH");
    std::vector<std::string> all{std::string("PATH=") + (path != nullptr ? path : "/usr/bin:/bin"),
                                 "HOME=" + std::filesystem::temp_directory_path().string(), "LC_ALL=C.UTF-8"};
    for (const auto* kept : {"ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"}) {
        if (const char* const value = std::getenv(kept)) {
            all.push_back(std::string(kept) + "=" + value);
        }
    }
    for (const auto& [name, value] : command.environment) {
        all.push_back(name + "=" + value);
    }
    return all;
}

std::vector<char*> pointers(std::vector<std::string>& strings) {
    std::vector<char*> out;
    out.reserve(strings.size() + 1);
    for (auto& string : strings) {
        out.push_back(string.data());
    }
    out.push_back(nullptr);
    return out;
}

struct FileActions {
    FileActions() { ::posix_spawn_file_actions_init(&raw); }
    ~FileActions() { ::posix_spawn_file_actions_destroy(&raw); }
    FileActions(const FileActions&) = delete;
    FileActions& operator=(const FileActions&) = delete;
    posix_spawn_file_actions_t raw{};
};

struct Attributes {
    Attributes() {
        ::posix_spawnattr_init(&raw);
        sigset_t none;
        sigset_t all;
        ::sigemptyset(&none);
        ::sigfillset(&all);
        ::posix_spawnattr_setsigmask(&raw, &none);
        ::posix_spawnattr_setsigdefault(&raw, &all);
        ::posix_spawnattr_setflags(&raw, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSID);
    }
    ~Attributes() { ::posix_spawnattr_destroy(&raw); }
    Attributes(const Attributes&) = delete;
    Attributes& operator=(const Attributes&) = delete;
    posix_spawnattr_t raw{};
};

}  // namespace

void Process::open_pipe(base::Descriptor& mine, base::Descriptor& its, bool i_write) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        throw_system_error("pipe2");
    }
    mine = base::Descriptor(ends.at(i_write ? 1 : 0));
    its = base::Descriptor(ends.at(i_write ? 0 : 1));
}

// A terminal of 80 columns that passes bytes unchanged, so that a test can compare them.
void Process::open_terminal(base::Descriptor& its, bool all) {
    int controller = -1;
    int terminal = -1;
    winsize size{24, 80, 0, 0};
    if (::openpty(&controller, &terminal, nullptr, nullptr, &size) != 0) {
        throw_system_error("openpty");
    }
    out_.descriptor = base::Descriptor(controller);
    its = base::Descriptor(terminal);
    ::fcntl(controller, F_SETFD, FD_CLOEXEC);
    ::fcntl(terminal, F_SETFD, FD_CLOEXEC);
    termios settings{};
    ::tcgetattr(terminal, &settings);
    ::cfmakeraw(&settings);
    ::tcsetattr(terminal, TCSANOW, &settings);
    if (all) {
        input_ = base::Descriptor(::fcntl(controller, F_DUPFD_CLOEXEC, 3));
    }
}

Process::Process(const Command& command) : name_(command.argv.at(0)), limit_(command.limit) {
    using Terminal = Command::Terminal;
    base::Descriptor in;
    base::Descriptor out;
    base::Descriptor err;
    if (command.terminal == Terminal::none) {
        open_pipe(out_.descriptor, out, false);
    } else {
        open_terminal(out, command.terminal == Terminal::all);
    }
    const bool all = command.terminal == Terminal::all;
    if (all) {
        err_.ended = true;
    } else {
        open_pipe(err_.descriptor, err, false);
    }
    if (command.input_file) {
        in = base::Descriptor(::open(command.input_file->c_str(), O_RDONLY | O_CLOEXEC));
        if (!in) {
            throw_system_error(*command.input_file);
        }
    } else if (!all) {
        open_pipe(input_, in, true);
    }
    spawn(command, in ? in.number() : out.number(), out.number(), all ? out.number() : err.number());
    if (!command.input.empty()) {
        write(command.input);
    }
}

void Process::spawn(const Command& command, int in, int out, int err) {
    FileActions actions;
    if (command.terminal == Command::Terminal::all) {
        // The leader of a session takes the first terminal that it opens as its own, /dev/tty.
        ::posix_spawn_file_actions_addopen(&actions.raw, 0, ::ptsname(out_.descriptor.number()), O_RDWR, 0);
    } else {
        ::posix_spawn_file_actions_adddup2(&actions.raw, in, 0);
    }
    ::posix_spawn_file_actions_adddup2(&actions.raw, out, 1);
    ::posix_spawn_file_actions_adddup2(&actions.raw, err, 2);
    if (!command.directory.empty()) {
        ::posix_spawn_file_actions_addchdir_np(&actions.raw, command.directory.c_str());
    }
    const Attributes attributes;
    std::vector<std::string> argv = command.argv;
    std::vector<std::string> environment = environment_of(command);
    errno = ::posix_spawnp(&pid_, name_.c_str(), &actions.raw, &attributes.raw, pointers(argv).data(),
                           pointers(environment).data());
    if (errno != 0) {
        pid_ = -1;
        throw_system_error("starting " + name_);
    }
}

Process::~Process() {
    if (pid_ > 0) {
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }
}

void Process::write(std::string_view bytes) const {
    // A program may end before it has read everything; the test must survive that and report it.
    ::signal(SIGPIPE, SIG_IGN);
    while (!bytes.empty()) {
        const ssize_t count = ::write(input_.number(), bytes.data(), bytes.size());
        if (count < 0) {
            return;
        }
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
}

void Process::signal_twice(int first, int second) const {
    signal(first);
    // The gap is the behaviour itself, so that no event could be waited for.
    ::poll(nullptr, 0, static_cast<int>(base::Stop::shortest_gap.count()) + 50);
    signal(second);
}

void Process::signal(int number) const {
    if (pid_ > 0) {
        ::kill(pid_, number);
    }
}

void Process::take(Stream& stream) {
    std::array<char, 65536> buffer{};
    const ssize_t count = ::read(stream.descriptor.number(), buffer.data(), buffer.size());
    if (count <= 0) {  // the end of a terminal is an error, EIO
        stream.ended = true;
        return;
    }
    stream.pending.append(buffer.data(), static_cast<std::size_t>(count));
}

void Process::read_some(const base::Deadline& deadline) {
    std::array<pollfd, 2> both{pollfd{out_.ended ? -1 : out_.descriptor.number(), POLLIN, 0},
                               pollfd{err_.ended ? -1 : err_.descriptor.number(), POLLIN, 0}};
    const int ready = ::poll(both.data(), both.size(), deadline.poll_milliseconds());
    if (ready == 0) {
        throw std::runtime_error(name_ + " lasted longer than its limit; stdout so far: " + out_.pending +
                                 "; stderr so far: " + err_.pending);
    }
    if (both[0].revents != 0) {
        take(out_);
    }
    if (both[1].revents != 0) {
        take(err_);
    }
}

std::optional<std::string> Process::read_line(Stream& stream) {
    const auto deadline = base::Deadline::after(limit_);
    std::size_t end = stream.pending.find('\n');
    while (end == std::string::npos && !stream.ended) {
        read_some(deadline);
        end = stream.pending.find('\n');
    }
    if (stream.pending.empty()) {
        return std::nullopt;
    }
    const std::string line = stream.pending.substr(0, end);
    stream.pending.erase(0, end == std::string::npos ? end : end + 1);
    return line;
}

std::string Process::read_until(std::string_view text) {
    const auto deadline = base::Deadline::after(limit_);
    std::size_t at = out_.pending.find(text);
    while (at == std::string::npos && !out_.ended) {
        read_some(deadline);
        at = out_.pending.find(text);
    }
    const std::size_t end = at == std::string::npos ? out_.pending.size() : at + text.size();
    std::string taken = out_.pending.substr(0, end);
    out_.pending.erase(0, end);
    return taken;
}

int Process::reap(const base::Deadline& deadline) {
    int status = 0;
    while (::waitpid(pid_, &status, WNOHANG) == 0) {
        if (deadline.passed()) {
            throw std::runtime_error(name_ + " closed its output but did not end within its limit");
        }
        ::poll(nullptr, 0, 1);
    }
    pid_ = -1;
    return status;
}

Outcome Process::wait() {
    const auto deadline = base::Deadline::after(limit_);
    close_input();
    while (!out_.ended || !err_.ended) {
        read_some(deadline);
    }
    const int status = reap(deadline);
    Outcome outcome;
    if (WIFEXITED(status)) {
        outcome.code = WEXITSTATUS(status);
    } else {
        outcome.signal = WTERMSIG(status);
    }
    outcome.out = std::move(out_.pending);
    outcome.err = std::move(err_.pending);
    return outcome;
}

bool mentions(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

Outcome run(const Command& command) {
    // The input is written before the output is read, so it must fit into the pipe.
    constexpr std::size_t pipe_holds = 65536;
    if (command.input.size() > pipe_holds) {
        throw std::runtime_error("run: give more than 64 KiB of input as input_file");
    }
    Process process(command);
    return process.wait();
}

Command hail_command(std::vector<std::string> arguments) {
    Command command;
    command.argv = std::move(arguments);
    command.argv.insert(command.argv.begin(), HAIL_BINARY);
    return command;
}

Outcome hail(std::vector<std::string> arguments, std::string input) {
    Command command = hail_command(std::move(arguments));
    command.input = std::move(input);
    return run(command);
}

}  // namespace hail::support
