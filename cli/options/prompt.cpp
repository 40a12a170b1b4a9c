#include "cli/options/prompt.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <utility>

#include "lib/base/error.h"
#include "lib/base/file.h"
#include "lib/base/owned.h"
#include "lib/base/text.h"

namespace hail::cli::options {

namespace {

// Holds back the signals that would end or stop the process at once, and tells when one came.
class HeldSignals {
  public:
    HeldSignals() {
        sigset_t held;
        ::sigemptyset(&held);
        for (const int signal : {SIGQUIT, SIGTSTP}) {
            ::sigaddset(&held, signal);
        }
        ::sigprocmask(SIG_BLOCK, &held, &before_);
        descriptor_ = base::Descriptor(::signalfd(-1, &held, SFD_CLOEXEC | SFD_NONBLOCK));
    }
    ~HeldSignals() { ::sigprocmask(SIG_SETMASK, &before_, nullptr); }
    HeldSignals(const HeldSignals&) = delete;
    HeldSignals& operator=(const HeldSignals&) = delete;

    int descriptor() const { return descriptor_.number(); }

  private:
    sigset_t before_{};
    base::Descriptor descriptor_;
};

class EchoOff {
  public:
    explicit EchoOff(int terminal) : terminal_(terminal), known_(::tcgetattr(terminal, &before_) == 0) {
        termios silent = before_;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        if (known_) {
            ::tcsetattr(terminal_, TCSAFLUSH, &silent);
        }
    }
    ~EchoOff() {
        if (known_) {
            ::tcsetattr(terminal_, TCSAFLUSH, &before_);
        }
    }
    EchoOff(const EchoOff&) = delete;
    EchoOff& operator=(const EchoOff&) = delete;

  private:
    int terminal_;
    termios before_{};
    bool known_;
};

enum class End { line, no_line, signal, stop };

// Reads up to the end of a line, which is not part of the answer.
End read_line(int terminal, int signals, const base::Stop& stop, std::string& line) {
    std::array<pollfd, 3> all{pollfd{terminal, POLLIN, 0}, pollfd{signals, POLLIN, 0},
                              pollfd{stop.descriptor(), POLLIN, 0}};
    while (true) {
        if (stop.raised() != 0) {
            return End::stop;
        }
        if (::poll(all.data(), all.size(), -1) < 0) {
            continue;
        }
        if (all[1].revents != 0) {
            return End::signal;
        }
        if (all[0].revents == 0) {
            continue;
        }
        std::array<char, 1024> piece{};
        const ssize_t count = ::read(terminal, piece.data(), piece.size());
        if (count <= 0) {
            return End::no_line;
        }
        line.append(piece.data(), static_cast<std::size_t>(count));
        if (const auto end = line.find_first_of("\r\n"); end != line.npos) {
            line.resize(end);
            return End::line;
        }
    }
}

End ask_once(int terminal, const std::string& question, const base::Stop& stop, std::string& answer) {
    const HeldSignals signals;
    const EchoOff silence(terminal);
    answer.clear();
    base::write_all(terminal, base::printable(question) + ": ");
    const End end = read_line(terminal, signals.descriptor(), stop, answer);
    base::write_all(terminal, "\n");
    return end;
}

std::optional<std::string> ask(const std::string& question, const base::Stop& stop) {
    const base::Descriptor terminal(::open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC));
    if (!terminal || ::tcgetpgrp(terminal.number()) != ::getpgrp()) {
        return std::nullopt;
    }
    std::string answer;
    End end = End::signal;
    while (end == End::signal) {  // stopped and continued: the question has scrolled away
        end = ask_once(terminal.number(), question, stop, answer);
    }
    if (end == End::stop) {
        throw base::Error(stop.exit(), "asking for a password: stopped by a signal, nothing was sent");
    }
    return end == End::line ? std::optional(std::move(answer)) : std::nullopt;
}

}  // namespace

Ask ask_on_terminal(const base::Stop& stop) {
    return [&stop](const std::string& question) { return ask(question, stop); };
}

}  // namespace hail::cli::options
