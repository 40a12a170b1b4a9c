// Whole files: read to the end, replaced in one step, locked.
//
// Shape:   functions that return bool leave the reason for false in errno.
// Throws:  functions marked "Throws" throw Error(no_input) "reading WHAT: why".
// Source:  open(2), read(2), rename(2), flock(2), mkostemp(3).

#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "lib/base/deadline.h"
#include "lib/base/owned.h"

namespace hail::base {

// Opens a file for reading; nothing if it does not exist. Throws.
std::optional<Descriptor> open_if_present(const std::string& path, const std::string& what);

// The most that is read of a file that hail keeps in memory, so that /dev/zero does not take all of it.
inline constexpr std::size_t most_read = std::size_t{64} << 20U;

// Reads from a descriptor to the end of its file, or until its writer closes the pipe. Throws, also if that
// is more than most_read.
std::string read_to_end(int descriptor, const std::string& what);

// Reads a whole file; nothing if it does not exist. Throws.
std::optional<std::string> read_file(const std::string& path, const std::string& what);

// Reads the first line of a file or pipe, without its line ending (LF or CR LF) and without a byte order mark
// in front of it. A line of more than 1 MiB is an error. Throws.
std::string read_first_line(const std::string& path, const std::string& what);

// Writes every byte, in as many pieces as it takes.
bool write_all(int descriptor, std::string_view bytes);

// Makes the missing folders of a path; only the owner may enter each of them (mode 0700).
void make_private_folder(const std::string& folder);

// Whether nobody but its owner may read the file. Devices and pipes count as private.
bool is_private(int descriptor);

// The path with "~" or "~/" at its front replaced by the home directory, unless that is unknown (empty).
std::string expand_home(std::string_view path, const std::string& home);

// The folder that contains the file, "." for a bare name.
std::string folder_of(const std::string& path);

// A new file in this folder that has no name, so that nothing is left of it after its descriptor is closed.
Descriptor open_unnamed_file(const std::string& folder);

// A new file with mode 0600 next to the file that it will replace; deleted unless it is renamed.
class TemporaryFile {
  public:
    TemporaryFile() = default;
    explicit TemporaryFile(const std::string& path);  // false if it could not be made
    TemporaryFile(TemporaryFile&& other) noexcept;
    TemporaryFile& operator=(TemporaryFile&& other) noexcept;
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;
    ~TemporaryFile();

    int number() const { return file_.number(); }
    explicit operator bool() const { return static_cast<bool>(file_); }

    bool rename_to(const std::string& path);

  private:
    Descriptor file_;
    std::string name_;  // empty once it is renamed
};

// Replaces the file with a new one that holds these bytes; they are on the disk before the rename.
bool replace_file(const std::string& path, std::string_view bytes);

// Locks without waiting. False: another process holds the lock. True on a file system without locks.
bool lock_now(const Descriptor& file);

// Locks a folder until the descriptor is closed. Gives up waiting, without the lock, after `patience`.
Descriptor lock_folder(const std::string& folder, Milliseconds patience);

// Compares two open files from their beginnings.
bool have_same_bytes(int one, int other);

bool exists(const std::string& path);  // links are not followed

}  // namespace hail::base
