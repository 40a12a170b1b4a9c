// Sink receives the progress of a long REST call, and notes for the user.

#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace hail::rest {

class Sink {
  public:
    Sink() = default;
    Sink(const Sink&) = delete;
    Sink& operator=(const Sink&) = delete;
    virtual ~Sink() = default;

    // One line for the user.
    virtual void note(const std::string& text) = 0;

    // The call will be repeated; `why` says what its last reply lacked.
    virtual void waiting(const std::string& why) = 0;

    // A download begins after `before` bytes that are already on the disk; `whole` is the size of the file,
    // if the server gives it.
    virtual void receiving(std::uint64_t before, std::optional<std::uint64_t> whole) = 0;

    // The size of the file so far, `before` included.
    virtual void received(std::uint64_t size) = 0;
};

}  // namespace hail::rest
