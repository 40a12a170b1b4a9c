#pragma once

#include <string>

// Tells a script that a subscription stands: "ready" on a descriptor that the shell opened.
//
// Throws:  the constructor Error(usage) for what is not the number of an open descriptor.

namespace hail::cli::output {

class ReadySignal {
  public:
    // An empty text is none: then send() does nothing.
    explicit ReadySignal(const std::string& number);

    // Once. The descriptor is closed behind it, so that whoever reads it to its end is not kept waiting.
    void send();

  private:
    int descriptor_ = -1;
};

}  // namespace hail::cli::output
