#include "cli/output/console.h"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "cli/output/json_object.h"
#include "lib/base/text.h"
#include "lib/http/secrets.h"

namespace hail::cli::output {

namespace {

using base::Error;
using base::Exit;

constexpr std::size_t most_buffered = 64 * 1024;
constexpr std::size_t most_drawn = 79;  // characters; a line that wraps cannot be drawn over

bool is_set(const char* name) {
    const char* value = std::getenv(name);
    return value != nullptr && *value != '\0';
}

bool is_colour_forced() {
    const char* force = std::getenv("CLICOLOR_FORCE");
    return force != nullptr && *force != '\0' && std::strcmp(force, "0") != 0;
}

bool wants_colours(Color color, bool terminal) {
    if (color != Color::automatic || is_colour_forced()) {
        return color != Color::never;
    }
    const char* kind = std::getenv("TERM");
    const bool dumb = kind != nullptr && std::strcmp(kind, "dumb") == 0;
    return terminal && !dumb && !is_set("NO_COLOR");
}

// Calls write(2) once, and waits for a descriptor that does not block. Returns an errno, 0 for progress.
int write_some(int descriptor, std::string_view& data) {
    const ssize_t count = ::write(descriptor, data.data(), data.size());
    if (count >= 0) {
        data.remove_prefix(static_cast<std::size_t>(count));
        return 0;
    }
    if (errno == EAGAIN) {
        pollfd writable{descriptor, POLLOUT, 0};
        ::poll(&writable, 1, -1);
        return 0;
    }
    return errno == EINTR ? 0 : errno;
}

// Waits until the descriptor takes some bytes; false if a second signal comes first, which may be between the
// check and the wait.
bool wait_for_room(int descriptor, const base::Stop& stop) {
    constexpr int pause = 100;  // milliseconds
    pollfd room{descriptor, POLLOUT, 0};
    while (::poll(&room, 1, stop.urgent() ? 0 : pause) <= 0) {
        if (stop.urgent()) {
            return false;
        }
    }
    return true;
}

}  // namespace

Console::Console(const Display& display)
    : output_(display.output, display.opening),
      error_format_(display.error_format),
      verbose_(display.traces()),
      quiet_(display.is_quiet()),
      error_terminal_(::isatty(STDERR_FILENO) == 1),
      draws_(!quiet_ && error_terminal_) {
    terminal_ = ::isatty(output_.number()) == 1;
    // --color always colours a pipe too; an environment variable, which is set once and for all, does not.
    const bool asked = output_.is_stdout() && display.color == Color::always;
    const Pretty pretty = display.pretty.value_or(terminal_ || asked ? Pretty::all : Pretty::none);
    indents_ = pretty != Pretty::none;
    const Color unless_asked =
        display.pretty == Pretty::all && display.color == Color::automatic ? Color::always : display.color;
    colours_ = pretty == Pretty::all && wants_colours(unless_asked, terminal_);
}

Console::~Console() {
    erase();
}

// Data and messages on one terminal: a message begins on its own line.
void Console::end_line() {
    if (terminal_ && error_terminal_ && std::exchange(in_line_, false)) {
        write_error("\n", stop_);
        line_ended_ = true;
    }
}

void Console::write(std::string_view data) {
    if (std::exchange(line_ended_, false) && data == "\n") {
        return;
    }
    constexpr std::string_view reset = "\x1b[0m";
    const std::string_view shown = data.substr(0, data.size() - (data.ends_with(reset) ? reset.size() : 0));
    in_line_ = shown.empty() ? in_line_ : shown.back() != '\n';
    if (buffer_.size() + data.size() > most_buffered) {
        flush();
        if (data.size() >= most_buffered) {
            write_through(data);
            return;
        }
    }
    buffer_ += data;
    if (terminal_) {
        flush();
    }
}

void Console::flush() {
    write_through(buffer_);
    buffer_.clear();
}

void Console::write_through(std::string_view data) {
    while (!data.empty()) {
        std::string_view piece = data;
        // After the first signal, buffered data is still written.
        if (stop_ != nullptr && stop_->raised() != 0) {
            if (!wait_for_room(output_.number(), *stop_)) {
                throw Error(stop_->exit(), "writing " + output_.name() +
                                               ": stopped by a second signal, the rest is not written");
            }
            piece = data.substr(0, PIPE_BUF);  // does not block if there is any room
        }
        const std::size_t size = piece.size();
        const int problem = write_some(output_.number(), piece);
        if (problem != 0) {
            fail(problem);
        }
        data.remove_prefix(size - piece.size());
        output_.mark_written();
    }
}

void Console::fail(int problem) const {
    if (problem == EPIPE && output_.is_stdout()) {
        throw OutputClosed{};
    }
    throw Error(Exit::output_failed, "writing " + output_.name() + ": " + std::strerror(problem));
}

std::size_t Console::write_ready(std::string_view data) {
    if (!outlet_) {
        outlet_ = std::make_unique<Outlet>(output_.number());
    }
    const Outlet::Written written = outlet_->write(data);
    if (written.problem != 0) {
        fail(written.problem);
    }
    if (written.bytes > 0) {
        in_line_ = data[written.bytes - 1] != '\n';
        output_.mark_written();
    }
    return written.bytes;
}

void Console::await(int descriptor) {
    flush();
    if (stop_ == nullptr) {
        pollfd readable{descriptor, POLLIN, 0};
        ::poll(&readable, 1, -1);
    } else if (!stop_->wait_readable(descriptor)) {
        throw Error(stop_->exit(), "reading stdin: stopped by a signal, nothing was sent");
    }
}

void Console::finish() {
    flush();
    output_.finish();
}

void Console::keep_part() {
    flush();
    say_kept();
}

void Console::say_kept() {
    const std::string part = output_.keep_part();
    if (!part.empty()) {
        say("the output so far was kept in " + base::one_line(part));
    }
}

void Console::report(const Error& failure) {
    erase();
    end_line();
    write_error(failure_text(failure, error_format_), stop_);
}

void Console::say(std::string_view line) {
    erase();
    if (!quiet_) {
        insist(line);
    }
}

void Console::insist(std::string_view line) {
    erase();
    end_line();
    write_error("hail: " + base::printable(http::mask_urls(line)) + "\n", stop_);
}

void Console::warn(std::string_view line) {
    say("warning: " + std::string(line));
}

void Console::trace(std::string_view text) {
    if (verbose_) {
        erase();
        end_line();
        write_error(text, stop_);
    }
}

void Console::draw(std::string_view line) {
    if (draws_) {
        constexpr std::string_view erase_line = "\r\x1b[K";
        write_error(std::string(erase_line) + base::one_line(line, most_drawn), stop_);
        drawn_ = true;
    }
}

void Console::erase() {
    if (drawn_) {
        write_error("\r\x1b[K", stop_);
        drawn_ = false;
    }
}

std::string failure_text(const Error& error, ErrorFormat format) {
    const std::string message = base::printable(http::mask_urls(error.what()));
    const std::string advice = base::printable(http::mask_urls(error.hint()));
    if (format == ErrorFormat::text) {
        const std::string hint = advice.empty() ? "" : "\n      " + advice;
        return "hail: " + message + hint + "\n";
    }
    JsonObject object;
    object.text("error", base::name(error.exit()));
    object.number("exit", static_cast<std::uint64_t>(error.exit()));
    object.text("message", message);
    if (!advice.empty()) {
        object.text("hint", advice);
    }
    return object.str() + "\n";
}

void write_error(std::string_view text, const base::Stop* stop) {
    int problem = 0;
    while (!text.empty() && problem == 0 && (stop == nullptr || wait_for_room(STDERR_FILENO, *stop))) {
        std::string_view piece = text.substr(0, PIPE_BUF);  // does not block if there is any room
        const std::size_t size = piece.size();
        problem = write_some(STDERR_FILENO, piece);
        text.remove_prefix(size - piece.size());
    }
}

}  // namespace hail::cli::output
