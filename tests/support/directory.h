#pragma once

#include <string>
#include <string_view>

// A directory that is gone with everything in it at the end of its scope.

namespace hail::support {

class TemporaryDirectory {
  public:
    TemporaryDirectory();
    ~TemporaryDirectory();
    TemporaryDirectory(const TemporaryDirectory&) = delete;
    TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

    const std::string& path() const { return path_; }
    std::string path(std::string_view name) const { return path_ + "/" + std::string(name); }

    // Makes a file and gives its path.
    std::string file(std::string_view name, std::string_view content) const;
    bool has(std::string_view name) const;

  private:
    std::string path_;
};

// A whole file; throws std::runtime_error if there is none.
std::string read_file(const std::string& path);

}  // namespace hail::support
