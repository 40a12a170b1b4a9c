#include "cli/input/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "lib/base/error.h"
#include "lib/base/file.h"
#include "lib/base/text.h"

namespace hail::cli::input {

namespace {

constexpr std::size_t piece = std::size_t{256} << 10U;
constexpr std::size_t most_read = std::size_t{256} << 20U;  // of a value, which is held in memory

[[noreturn]] void throw_file_error(const std::string& doing, int number) {
    throw base::Error(base::Exit::no_input, doing + ": " + std::generic_category().message(number));
}

void check_readable(const std::string& path) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0 || ::access(path.c_str(), R_OK) != 0) {
        throw_file_error("opening '" + path + "'", errno);
    }
    if (S_ISDIR(status.st_mode)) {
        throw_file_error("opening '" + path + "'", EISDIR);
    }
}

}  // namespace

bool stdin_has_data() {
    struct stat status {};
    return ::fstat(STDIN_FILENO, &status) == 0 &&
           (S_ISFIFO(status.st_mode) || S_ISREG(status.st_mode) || S_ISSOCK(status.st_mode));
}

InputFile::InputFile(int descriptor, base::Descriptor owned, std::string name)
    : descriptor_(descriptor), owned_(std::move(owned)), name_(std::move(name)) {}

InputFile InputFile::open(const std::string& path) {
    if (path == "-") {
        return {STDIN_FILENO, base::Descriptor(), "stdin"};
    }
    check_readable(path);
    base::Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!file || ::fcntl(file.number(), F_SETFL, 0) != 0) {
        throw_file_error("opening '" + path + "'", errno);
    }
    const int descriptor = file.number();
    return {descriptor, std::move(file), "'" + path + "'"};
}

InputFile InputFile::share(int descriptor, const std::string& path) {
    return {descriptor, base::Descriptor(), path == "-" ? "stdin" : "'" + path + "'"};
}

std::string_view InputFile::read() {
    buffer_.resize(piece);
    while (true) {
        const ssize_t count = ::read(descriptor_, buffer_.data(), buffer_.size());
        if (count >= 0) {
            return std::string_view(buffer_).substr(0, static_cast<std::size_t>(count));
        }
        if (errno != EINTR) {
            throw_file_error("reading " + name_, errno);
        }
    }
}

std::string_view InputFile::read(const base::Stop& stop) {
    if (!stop.wait_readable(descriptor_)) {
        throw base::Error(stop.exit(), "reading " + name_ + ": stopped by a signal, nothing was sent");
    }
    return read();
}

Files Files::forbidden() {
    Files none;
    none.forbidden_ = true;
    return none;
}

std::string Files::path(std::string_view name) const {
    return base::expand_home(name, home_);
}

std::string Files::read(std::string_view name) {
    if (forbidden_) {
        throw base::Error(base::Exit::bad_input, "only the command line can name files",
                          "for a literal '@', write '\\@'");
    }
    if (name == "-") {
        take_stdin();
    }
    return read_claimed(name);
}

std::string Files::read_claimed(std::string_view name) const {
    InputFile file = InputFile::open(path(name));
    std::string all;
    const auto next = [&] { return stop_ == nullptr ? file.read() : file.read(*stop_); };
    for (std::string_view bytes = next(); !bytes.empty(); bytes = next()) {
        all += bytes;
        if (all.size() > most_read) {
            throw base::Error(base::Exit::no_input, "reading " + file.name() + ": it is larger than " +
                                                        base::format_size(most_read));
        }
    }
    return std::string(base::without_byte_order_mark(all));
}

void Files::claim(std::string_view name) {
    if (name == "-") {
        take_stdin();
    } else {
        check_readable(path(name));
    }
}

void Files::take_stdin() {
    if (std::exchange(stdin_taken_, true)) {
        throw base::Error(base::Exit::usage, "reading stdin: it is named twice, but can be read only once",
                          "save one of the inputs to a file");
    }
}

void reject_file_of(const std::string& part, const base::Error& error) {
    throw base::Error(error.exit(), part + ": " + error.what(),
                      error.exit() == base::Exit::no_input
                          ? "a file name follows '@'; for a literal '@', write '\\@'"
                          : error.hint());
}

}  // namespace hail::cli::input
