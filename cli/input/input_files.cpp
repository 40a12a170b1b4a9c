#include "cli/input/input_files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include "lib/base/error.h"
#include "lib/base/file.h"

namespace hail::cli::input {

namespace {

[[noreturn]] void throw_copy_error(const std::string& name) {
    throw base::Error(base::Exit::output_failed,
                      "copying " + name + " to a temporary file: " + std::generic_category().message(errno),
                      "TMPDIR names the folder of temporary files");
}

base::Descriptor copy_of(InputFile& file, const base::Stop& stop) {
    std::error_code failure;
    const std::filesystem::path folder = std::filesystem::temp_directory_path(failure);
    base::Descriptor copy = base::open_unnamed_file(failure ? "/tmp" : folder.string());
    if (!copy) {
        throw_copy_error(file.name());
    }
    for (std::string_view bytes = file.read(stop); !bytes.empty(); bytes = file.read(stop)) {
        if (!base::write_all(copy.number(), bytes)) {
            throw_copy_error(file.name());
        }
    }
    return copy;
}

}  // namespace

InputFiles::InputFiles(std::vector<std::string> names) : names_(std::move(names)) {
    if (names_.empty()) {
        names_.emplace_back("-");
    }
    Files access;
    for (const std::string& name : names_) {
        access.claim(name);
    }
    kept_.resize(names_.size());
}

std::optional<InputFile> InputFiles::open() {
    if (next_ == names_.size()) {
        return std::nullopt;
    }
    const std::size_t index = next_++;
    return stop_ == nullptr ? InputFile::open(names_[index]) : open_kept(index);
}

std::optional<double> InputFiles::share_read(const std::optional<InputFile>& current) const {
    const std::size_t finished = next_ - (current ? 1 : 0);
    double whole = 0;
    double done = 0;
    for (std::size_t index = 0; index < names_.size(); ++index) {
        const std::string& name = names_[index];
        struct stat file {};
        const bool found = (name == "-" ? ::fstat(STDIN_FILENO, &file) : ::stat(name.c_str(), &file)) == 0;
        if (!found || !S_ISREG(file.st_mode)) {
            return std::nullopt;
        }
        whole += static_cast<double>(file.st_size);
        done += index < finished ? static_cast<double>(file.st_size) : 0;
    }
    if (current) {
        done += static_cast<double>(::lseek(current->descriptor(), 0, SEEK_CUR));
    }
    return whole > 0 ? std::optional(std::min(done / whole, 1.0)) : std::nullopt;
}

InputFile InputFiles::open_kept(std::size_t index) {
    std::optional<Kept>& kept = kept_[index];
    if (kept && kept->copy) {
        ::lseek(kept->copy.number(), 0, SEEK_SET);
        return InputFile::share(kept->copy.number(), names_[index]);
    }
    InputFile file = InputFile::open(names_[index]);
    if (kept) {
        ::lseek(file.descriptor(), kept->begin, SEEK_SET);
        return file;
    }
    const off_t begin = ::lseek(file.descriptor(), 0, SEEK_CUR);
    kept.emplace();
    if (begin >= 0) {
        kept->begin = begin;
        return file;
    }
    kept->copy = copy_of(file, *stop_);
    return open_kept(index);
}

}  // namespace hail::cli::input
