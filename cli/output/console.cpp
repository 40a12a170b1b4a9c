#include "cli/output/console.h"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "cli/output/json_object.h"
#include "lib/base/output_path.h"
#include "lib/base/part_file.h"
#include "lib/base/text.h"
#include "lib/http/secrets.h"

namespace hail::cli::output {

namespace {

using base::Error;
using base::Exit;

constexpr std::size_t block = 64 * 1024;
constexpr std::size_t most_drawn = 79;  // a line that wraps cannot be drawn over

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

// One write(2) that may take less; waits where the descriptor does not block. Returns an errno, 0 for
// progress.
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

}  // namespace

Console::Console(const Display& display)
    : output_(STDOUT_FILENO),
      error_format_(display.error_format),
      verbose_(display.verbose),
      quiet_(display.quiet),
      draws_(!display.quiet && ::isatty(STDERR_FILENO) == 1) {
    const bool to_stdout = display.output == "-" || base::named_descriptor(display.output) == STDOUT_FILENO;
    if (!display.output.empty() && !to_stdout) {
        open_file(display.output);
    }
    terminal_ = ::isatty(output_) == 1;
    // Asked for by name, colours reach a pipe too; a variable that is set once and for all leaves its bytes alone.
    const bool asked = !file_ && display.color == Color::always;
    const Pretty pretty = display.pretty.value_or(terminal_ || asked ? Pretty::all : Pretty::none);
    indents_ = pretty != Pretty::none;
    const Color unless_asked =
        display.pretty == Pretty::all && display.color == Color::automatic ? Color::always : display.color;
    colours_ = pretty == Pretty::all && wants_colours(unless_asked, terminal_);
}

Console::~Console() {
    erase();
    if (file_ && !written_ && opened_ != path_) {
        ::unlink(opened_.c_str());
    }
}

void Console::open_file(const std::string& path) {
    const bool as_it_is = base::is_written_in_place(path);
    path_ = as_it_is ? path : base::resolve_links(path);
    opened_ = as_it_is ? path : base::part_of(path_);
    file_ = as_it_is ? base::open_for_writing(opened_) : base::open_part(path_);
    if (!as_it_is && ::ftruncate(file_.number(), 0) != 0) {
        throw Error(Exit::output_failed, "writing " + opened_ + ": " + std::strerror(errno));
    }
    output_ = file_.number();
}

void Console::write(std::string_view data) {
    if (buffer_.size() + data.size() > block) {
        flush();
        if (data.size() >= block) {
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
        if (stop_ != nullptr && stop_->raised() != 0) {
            wait_for_room();
            piece = data.substr(0, PIPE_BUF);  // fits where there is room, so that it does not block
        }
        const std::size_t size = piece.size();
        const int problem = write_some(output_, piece);
        if (problem == EPIPE && !file_) {
            throw OutputClosed{};
        }
        if (problem != 0) {
            throw Error(Exit::output_failed, "writing " + output_name() + ": " + std::strerror(problem));
        }
        data.remove_prefix(size - piece.size());
        written_ = true;
    }
}

// The first signal lets what is there be written. The second one may come between the question and the waiting.
void Console::wait_for_room() const {
    constexpr int a_moment = 100;  // milliseconds
    pollfd room{output_, POLLOUT, 0};
    while (::poll(&room, 1, stop_->urgent() ? 0 : a_moment) <= 0) {
        if (stop_->urgent()) {
            throw Error(stop_->exit(),
                        "writing " + output_name() + ": stopped by a second signal, the rest is not written");
        }
    }
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
    if (!file_) {
        return;
    }
    written_ = true;  // an empty file is an answer too
    if (opened_ != path_ && std::rename(opened_.c_str(), path_.c_str()) != 0) {
        throw Error(Exit::output_failed,
                    "renaming " + opened_ + " to " + path_ + ": " + std::strerror(errno));
    }
}

void Console::report(const Error& failure) {
    erase();
    write_error(failure_text(failure, error_format_));
}

void Console::say(std::string_view line) {
    erase();
    if (!quiet_) {
        write_error("hail: " + base::printable(http::mask_urls(line)) + "\n");
    }
}

void Console::warn(std::string_view line) {
    say("warning: " + std::string(line));
}

void Console::trace(std::string_view text) {
    if (verbose_) {
        erase();
        write_error(text);
    }
}

void Console::draw(std::string_view line) {
    if (draws_) {
        constexpr std::string_view erase_line = "\r\x1b[K";
        write_error(std::string(erase_line) + base::one_line(line, most_drawn));
        drawn_ = true;
    }
}

void Console::erase() {
    if (drawn_) {
        write_error("\r\x1b[K");
        drawn_ = false;
    }
}

std::string failure_text(const Error& error, ErrorFormat format) {
    const std::string message = http::mask_urls(error.what());
    const std::string advice = http::mask_urls(error.hint());
    if (format == ErrorFormat::text) {
        const std::string hint = advice.empty() ? "" : "\n      " + base::printable(advice);
        return "hail: " + base::printable(message) + hint + "\n";
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

void write_error(std::string_view text) {
    while (!text.empty() && write_some(STDERR_FILENO, text) == 0) {
    }
}

}  // namespace hail::cli::output
