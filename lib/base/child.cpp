#include "lib/base/child.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <string_view>

#include "lib/base/error.h"
#include "lib/base/text.h"

namespace hail::base {

namespace {

[[noreturn]] void fail(const std::string& doing, int problem) {
    throw Error(Exit::system_failed, doing + ": " + std::strerror(problem));
}

struct Pipe {
    Descriptor read;
    Descriptor write;
};

Pipe make_pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        fail("making a pipe", errno);
    }
    return {Descriptor(ends[0]), Descriptor(ends[1])};
}

// Only our end: the program may expect a pipe that blocks.
void make_ours(const Descriptor& end) {
    ::fcntl(end.number(), F_SETFL, O_NONBLOCK);
}

std::vector<char*> pointers(std::vector<std::string>& words) {
    std::vector<char*> result;
    result.reserve(words.size() + 1);
    for (std::string& word : words) {
        result.push_back(word.data());
    }
    result.push_back(nullptr);
    return result;
}

std::vector<std::string> environment_with(const std::vector<std::pair<std::string, std::string>>& more,
                                          std::string_view withheld) {
    std::vector<std::string> all;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string_view text(*entry);
        const bool replaced = std::any_of(more.begin(), more.end(), [&](const auto& one) {
            return text.substr(0, text.find('=')) == one.first;
        });
        if (!replaced && (withheld.empty() || !text.starts_with(withheld))) {
            all.emplace_back(text);
        }
    }
    for (const auto& [name, value] : more) {
        all.push_back(name + "=" + value);
    }
    return all;
}

class Attributes {
  public:
    Attributes() {
        ::posix_spawnattr_init(&attributes_);
        sigset_t ignored_here;
        ::sigemptyset(&ignored_here);
        for (const int signal : {SIGPIPE, SIGXFSZ, SIGINT, SIGTERM, SIGHUP}) {
            ::sigaddset(&ignored_here, signal);
        }
        ::posix_spawnattr_setsigdefault(&attributes_, &ignored_here);
        ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGDEF);
        ::posix_spawn_file_actions_init(&actions_);
    }
    ~Attributes() {
        ::posix_spawnattr_destroy(&attributes_);
        ::posix_spawn_file_actions_destroy(&actions_);
    }
    Attributes(const Attributes&) = delete;
    Attributes& operator=(const Attributes&) = delete;

    void move(int from, int to) { ::posix_spawn_file_actions_adddup2(&actions_, from, to); }
    const posix_spawnattr_t* attributes() const { return &attributes_; }
    const posix_spawn_file_actions_t* actions() const { return &actions_; }

  private:
    posix_spawnattr_t attributes_{};
    posix_spawn_file_actions_t actions_{};
};

}  // namespace

Child::Child(ChildOptions options) : options_(std::move(options)) {
    Pipe input = make_pipe();
    Pipe output = options_.keep_output ? make_pipe() : Pipe{};
    spawn(input.read.number(), output.write ? output.write.number() : STDOUT_FILENO);
    input_ = std::move(input.write);
    make_ours(input_);
    if (output.read) {
        output_ = std::move(output.read);
        make_ours(output_);
    }
    // By its number: the header of glibc 2.36 does not declare pidfd_open() for C++.
    exit_ = Descriptor(static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0)));
    if (!exit_) {
        fail("watching " + one_line(options_.words.front()), errno);
    }
    feed();
}

void Child::spawn(int input, int output) {
    Attributes attributes;
    attributes.move(input, STDIN_FILENO);
    attributes.move(output, STDOUT_FILENO);
    std::vector<std::string> environment = environment_with(options_.environment, options_.withheld);
    const int problem =
        ::posix_spawnp(&pid_, options_.words.front().c_str(), attributes.actions(), attributes.attributes(),
                       pointers(options_.words).data(), pointers(environment).data());
    if (problem != 0) {
        pid_ = -1;
        const bool cannot = problem == ENOENT || problem == EACCES || problem == ENOEXEC;
        throw Error(cannot ? Exit::no_input : Exit::system_failed,
                    "starting " + one_line(options_.words.front()) + ": " + std::strerror(problem));
    }
}

Child::~Child() {
    if (pid_ > 0 && !status_) {
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }
}

void Child::add_polls(std::vector<pollfd>& polls) const {
    if (!status_) {
        polls.push_back({exit_.number(), POLLIN, 0});
    }
    if (input_) {
        polls.push_back({input_.number(), POLLOUT, 0});
    }
    if (output_) {
        polls.push_back({output_.number(), POLLIN, 0});
    }
}

void Child::advance() {
    feed();
    read_output();
    reap();
}

// A program that does not want its input closes it: that is its own affair.
void Child::feed() {
    while (input_) {
        if (fed_ == options_.input.size()) {
            input_ = {};
            options_.input = {};
            return;
        }
        const ssize_t count =
            ::write(input_.number(), options_.input.data() + fed_, options_.input.size() - fed_);
        if (count > 0) {
            fed_ += static_cast<std::size_t>(count);
        } else if (errno == EAGAIN) {
            return;
        } else if (errno != EINTR) {
            input_ = {};
        }
    }
}

void Child::read_output() {
    std::array<char, 16384> buffer{};
    while (output_) {
        const ssize_t count = ::read(output_.number(), buffer.data(), buffer.size());
        if (count > 0) {
            const std::size_t room = *options_.keep_output - kept_.size();
            kept_.append(buffer.data(), std::min(room, static_cast<std::size_t>(count)));
            too_large_ = too_large_ || static_cast<std::size_t>(count) > room;
        } else if (count < 0 && errno == EAGAIN) {
            // A program of its own may hold the pipe open after the one that we wait for has ended.
            if (status_) {
                output_ = {};
            }
            return;
        } else if (count == 0 || errno != EINTR) {
            output_ = {};
        }
    }
}

void Child::reap() {
    int status = 0;
    if (!status_ && ::waitpid(pid_, &status, WNOHANG) == pid_) {
        status_ = status;
        read_output();
    }
}

std::string describe_status(int status) {
    if (WIFSIGNALED(status)) {
        const char* const name = ::sigabbrev_np(WTERMSIG(status));
        return "ended by " +
               (name == nullptr ? "signal " + std::to_string(WTERMSIG(status)) : "SIG" + std::string(name));
    }
    return "exit " + std::to_string(WEXITSTATUS(status));
}

}  // namespace hail::base
