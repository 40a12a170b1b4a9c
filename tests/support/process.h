// Runs programs for tests: their input, their output, and a time limit.
//
// Shape:   the environment has only PATH, HOME (the temporary directory), LC_ALL=C.UTF-8 and the given
//          variables, so that no proxy or setting of this machine takes effect. Signals have their default
//          actions.
// Throws:  std::runtime_error if a program cannot be started, or runs longer than its limit and is killed.

#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/base/deadline.h"
#include "lib/base/owned.h"

namespace hail::support {

struct Command {
    std::vector<std::string> argv;
    std::string input{};                      // its stdin, a pipe that is closed behind these bytes
    std::optional<std::string> input_file{};  // or this file, such as /dev/null
    std::vector<std::pair<std::string, std::string>> environment{};  // name, value
    std::string directory{};                                         // where it runs; empty: here
    enum class Terminal {
        none,
        output,
        all
    } terminal = Terminal::none;  // the streams on a pty: stdout, or all three
    base::Milliseconds limit{20'000};
};

struct Outcome {
    int code = -1;   // the exit status, -1 if a signal ended it
    int signal = 0;  // the signal that ended it
    std::string out;
    std::string err;  // empty if all streams are on a terminal: then `out` has both
};

bool mentions(const std::string& text, const std::string& part);

// Runs a program to its end.
Outcome run(const Command& command);

// The binary under test with these arguments.
Outcome hail(std::vector<std::string> arguments, std::string input = {});
Command hail_command(std::vector<std::string> arguments);

// A program that runs beside the test. Its stdin stays open until close_input() or wait().
class Process {
  public:
    explicit Process(const Command& command);  // command.input is written at once: at most a pipe's 64 KiB
    ~Process();                                // kills it
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    pid_t pid() const { return pid_; }
    void write(std::string_view bytes) const;
    void close_input() { input_ = {}; }
    void signal(int number) const;
    // Two signals, the second so late that it counts as one of its own.
    void signal_twice(int first, int second) const;

    // The next line without its newline; empty at the end of file. The time limit is the command's.
    std::optional<std::string> read_line() { return read_line(out_); }
    std::optional<std::string> read_error_line() { return read_line(err_); }

    // The output up to and including this text, for output without a newline. Shorter at the end of file.
    std::string read_until(std::string_view text);

    // Closes stdin, reads the rest of the output and waits for the end. `out` and `err` have the output that
    // read_line() has not returned.
    Outcome wait();

  private:
    struct Stream {
        base::Descriptor descriptor;
        std::string pending;
        bool ended = false;
    };

    static void open_pipe(base::Descriptor& mine, base::Descriptor& its, bool i_write);
    void open_terminal(base::Descriptor& its, bool all);
    void spawn(const Command& command, int in, int out, int err);
    void read_some(const base::Deadline& deadline);
    static void take(Stream& stream);
    std::optional<std::string> read_line(Stream& stream);
    int reap(const base::Deadline& deadline);

    std::string name_;
    base::Milliseconds limit_;
    pid_t pid_ = -1;
    base::Descriptor input_;
    Stream out_;
    Stream err_;
};

}  // namespace hail::support
