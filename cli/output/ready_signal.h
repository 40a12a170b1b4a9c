// Tells a script that a subscription is established, by writing "ready" to a descriptor that the shell
// opened.
//
// Throws:  the constructor throws Error(usage) for text that is not the number of an open descriptor.

#pragma once

#include <string>

namespace hail::cli::output {

class ReadySignal {
  public:
    // With an empty text, send() does nothing.
    explicit ReadySignal(const std::string& number);

    // Writes once, and then closes the descriptor, so that its reader sees the end of the file.
    void send();

  private:
    int descriptor_ = -1;
};

}  // namespace hail::cli::output
