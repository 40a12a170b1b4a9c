#pragma once

#include <ctime>
#include <string>

#include "lib/pubsub/message.h"

// A message as subscribe prints it.
//
// Shape:   payload: its bytes and an end. json: one object with time (RFC 3339, UTC, microseconds), channel, pattern if it
//          came by one, and payload; what is not UTF-8 becomes channel_base64, pattern_base64 or payload_base64,
//          so that it is always valid JSON.

namespace hail::cli::output {

enum class MessageForm { payload, json };

class MessageFormat {
  public:
    // The end is a newline or a NUL.
    MessageFormat(MessageForm form, char end) : form_(form), end_(end) {}

    void append(std::string& out, const pubsub::Message& message);

  private:
    void append_time(std::string& out);

    MessageForm form_;
    char end_;
    std::time_t second_ = -1;  // that of the text, which is the same for many messages
    std::string second_text_;
};

}  // namespace hail::cli::output
