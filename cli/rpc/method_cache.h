// The names of a service's methods, kept from one --list to the next for completions.
//
// Shape:   a file for each address in hail's cache directory, which only its owner may read: a name a line.
//          The address is in no file's name or text.
// Throws:  read() Error(no_input) for a file that cannot be read; also the errors of cache_directory().

#pragma once

#include <optional>
#include <string>
#include <vector>

namespace hail::cli::rpc {

class MethodCache {
  public:
    // The URL and everything else that tells one service from another.
    explicit MethodCache(const std::string& service);

    std::optional<std::string> read() const;                  // the lines; nothing if none are kept
    void write(const std::vector<std::string>& names) const;  // if that fails, nothing is kept

  private:
    std::string path_;
};

}  // namespace hail::cli::rpc
