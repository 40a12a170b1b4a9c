// The path of an output: a file that is replaced, or a device, a pipe or an open descriptor that is written
// in place.
//
// Throws:  nothing, unless said.
// Source:  realpath(3), proc(5) for /dev/fd and /proc/self/fd.

#pragma once

#include <string>

#include "lib/base/owned.h"

namespace hail::base {

// Follows links to the file itself, so that the file is replaced and never the link; keeps other paths.
std::string resolve_links(const std::string& path);

// True for an existing device, pipe or folder, which no file may replace.
bool is_special(const std::string& path);

// N for /dev/fd/N and its synonyms such as /dev/stdout and /dev/stderr; -1 for every other path. Opening such
// a name again would truncate the file it stands for, and overwrite the output of other processes.
int named_descriptor(const std::string& path);

// The absolute path of the file that opening this path makes or opens, however it is spelled; "" for "".
std::string opened_file(const std::string& path);

// True if two outputs would be written to one file, or one of them to the part of the other. Devices, pipes
// and open descriptors can take both.
bool write_the_same_file(const std::string& one, const std::string& other);

// True for special files and for names of open descriptors: data goes there without a temporary file.
bool is_written_in_place(const std::string& path);

// Throws: Error(output_failed) if no file can be made next to this one.
void require_writable_folder(const std::string& path);

// Throws: Error(output_failed) "DOING PATH: the reason in errno".
[[noreturn]] void throw_output_error(const std::string& doing, const std::string& path);

// Opens the file for writing, or copies the descriptor that the path names.
// Throws: Error(output_failed).
enum class WriteMode { truncate, append };
Descriptor open_for_writing(const std::string& path, WriteMode mode = WriteMode::truncate);

}  // namespace hail::base
