// A temporary directory that is removed with its content at the end of its scope.

#pragma once

#include <string>
#include <string_view>

namespace hail::support {

class TemporaryDirectory {
  public:
    TemporaryDirectory();
    ~TemporaryDirectory();
    TemporaryDirectory(const TemporaryDirectory&) = delete;
    TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

    const std::string& path() const { return path_; }
    std::string path(std::string_view name) const { return path_ + "/" + std::string(name); }

    // Makes a file and returns its path.
    std::string file(std::string_view name, std::string_view content) const;
    bool has(std::string_view name) const;

  private:
    std::string path_;
};

// A whole file; throws std::runtime_error if it does not exist.
std::string read_file(const std::string& path);

}  // namespace hail::support
