#pragma once

#include <string>

#include "lib/base/owned.h"

// What the name of a file to be written stands for.
//
// Throws:  nothing, unless said.

namespace hail::cli::output {

// The file that a link leads to, else the path itself: the file is replaced, never the link.
std::string target_of(const std::string& path);

// A device, a pipe or a folder: there, but nothing that can be replaced by a file.
bool is_special(const std::string& path);

// N of /dev/fd/N and its like, of which /dev/stdout and /dev/stderr are two; -1 for any other path. To open such a name
// would truncate the file behind it and write from its beginning, over what the others that write to it have written.
int descriptor_named(const std::string& path);

// Opens the file anew, or a copy of the descriptor that the path names.
// Throws: Error(output_failed).
enum class Begin { anew, behind };  // behind: what is there stays
base::Descriptor open_to_write(const std::string& path, Begin begin = Begin::anew);

}  // namespace hail::cli::output
