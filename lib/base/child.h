// A program that runs beside this process, started without a shell.
//
// Shape:   its stdin is a pipe that receives the given bytes and is closed; its stdout is ours, or a pipe
//          whose bytes are kept up to a limit; its stderr is ours. Signals have their default actions there.
//          Nothing blocks: add_polls() says what to wait for, advance() moves what can be moved.
// Throws:  the constructor throws Error(no_input) for a program that cannot be found or executed, and
//          Error(system_failed) if it cannot be started.
// Source:  posix_spawn(3), pidfd_open(2).

#pragma once

#include <poll.h>
#include <sys/types.h>

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lib/base/owned.h"

namespace hail::base {

struct ChildOptions {
    std::vector<std::string> words;                                  // the program and its arguments
    std::vector<std::pair<std::string, std::string>> environment{};  // beside ours: name, value
    std::string input{};
    std::optional<std::size_t> keep_output{};  // so many bytes of stdout are kept; none: stdout is ours
    std::string withheld{};  // variables of ours that begin with this are not passed on; empty: all are
};

class Child {
  public:
    explicit Child(ChildOptions options);
    ~Child();  // kills it if it still runs
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    void add_polls(std::vector<pollfd>& polls) const;
    void advance();

    // The status of wait(2), once it has ended and its output was read to the end.
    std::optional<int> ended() const { return output_ ? std::nullopt : status_; }

    const std::string& output() const { return kept_; }
    bool output_too_large() const { return too_large_; }

  private:
    void spawn(int input, int output);
    void feed();
    void read_output();
    void reap();

    ChildOptions options_;
    std::size_t fed_ = 0;
    std::string kept_;
    bool too_large_ = false;
    pid_t pid_ = -1;
    Descriptor exit_;  // readable when the program has ended
    Descriptor input_;
    Descriptor output_;
    std::optional<int> status_;
};

// "exit 3", "ended by SIGTERM".
std::string describe_status(int status);

}  // namespace hail::base
