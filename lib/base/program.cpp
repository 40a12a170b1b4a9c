#include "lib/base/program.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

#include "lib/base/error.h"
#include "lib/base/owned.h"
#include "lib/base/text.h"

namespace hail::base {

namespace {

constexpr std::size_t longest_line = 1024UL * 1024;

// Ends and reaps the program, if nobody else has.
class Child {
  public:
    explicit Child(pid_t number) : number_(number) {}
    ~Child() {
        if (number_ > 0) {
            ::kill(number_, SIGKILL);
            reap();
        }
    }
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    int reap() {
        int status = 0;
        while (::waitpid(number_, &status, 0) < 0 && errno == EINTR) {
        }
        number_ = -1;
        return status;
    }

  private:
    pid_t number_;
};

pid_t spawn(std::vector<std::string>& words, int output, const std::string& what) {
    std::vector<char*> arguments;
    arguments.reserve(words.size() + 1);
    for (std::string& word : words) {
        arguments.push_back(word.data());
    }
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t files;
    ::posix_spawn_file_actions_init(&files);
    ::posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_adddup2(&files, output, STDOUT_FILENO);
    posix_spawnattr_t attributes;
    ::posix_spawnattr_init(&attributes);
    sigset_t ignored_here;
    ::sigemptyset(&ignored_here);
    ::sigaddset(&ignored_here, SIGPIPE);
    ::sigaddset(&ignored_here, SIGXFSZ);
    ::posix_spawnattr_setsigdefault(&attributes, &ignored_here);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
    pid_t number = -1;
    const int code = ::posix_spawnp(&number, arguments[0], &files, &attributes, arguments.data(), environ);
    ::posix_spawnattr_destroy(&attributes);
    ::posix_spawn_file_actions_destroy(&files);
    if (code != 0) {
        throw Error(Exit::no_input, what + std::strerror(code));
    }
    return number;
}

// Reads to the end of the output, so that the program is not ended by a closed pipe.
std::string read_all(int descriptor, const Deadline& deadline, const Stop& stop, const std::string& what) {
    std::string text;
    std::array<char, 4096> piece{};
    std::array<pollfd, 2> both{pollfd{descriptor, POLLIN, 0}, pollfd{stop.descriptor(), POLLIN, 0}};
    while (text.size() <= longest_line) {
        const int found = ::poll(both.data(), both.size(), deadline.poll_milliseconds());
        if (stop.raised() != 0) {
            throw Error(stop.exit(), what + "stopped by a signal");
        }
        if (found <= 0) {
            if (deadline.passed()) {
                throw Error(Exit::no_input, what + "it does not end");
            }
            continue;
        }
        const ssize_t count = ::read(descriptor, piece.data(), piece.size());
        if (count <= 0) {
            return text;
        }
        text.append(piece.data(), static_cast<std::size_t>(count));
    }
    throw Error(Exit::no_input, what + "its output is longer than 1 MiB");
}

}  // namespace

std::string program_line(std::vector<std::string> words, Milliseconds limit, const Stop& stop) {
    const std::string what = "running " + one_line(words.front()) + ": ";
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        throw Error(Exit::system_failed, what + std::strerror(errno));
    }
    const Descriptor output(ends[0]);
    Descriptor its(ends[1]);
    Child child(spawn(words, its.number(), what));
    its = {};
    std::string text = read_all(output.number(), Deadline::after(limit), stop, what);
    const int status = child.reap();
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        throw Error(Exit::no_input, what + (WIFEXITED(status) ? "it ended with exit status " +
                                                                    std::to_string(WEXITSTATUS(status))
                                                              : "a signal ended it"));
    }
    text.resize(std::min(text.size(), text.find('\n')));
    if (text.ends_with('\r')) {
        text.pop_back();
    }
    if (text.empty()) {
        throw Error(Exit::no_input, what + "its first line is empty");
    }
    return text;
}

}  // namespace hail::base
