// A message as subscribe prints it.
//
// Shape:   payload: its bytes and a terminator. json: one object with time (RFC 3339, UTC, microseconds),
//          channel, pattern if the message matched one, and payload. A value that is not UTF-8 becomes
//          channel_base64, pattern_base64 or payload_base64, so that the object is always valid JSON.

#pragma once

#include <ctime>
#include <string>

#include "lib/pubsub/message.h"

namespace hail::cli::output {

enum class MessageForm { payload, json };

class MessageFormat {
  public:
    // `end` is a newline or a NUL.
    MessageFormat(MessageForm form, char end) : form_(form), end_(end) {}

    void append(std::string& out, const pubsub::Message& message);

  private:
    void append_time(std::string& out);

    MessageForm form_;
    char end_;
    std::time_t second_ = -1;  // the second of second_text_, which many messages share
    std::string second_text_;
};

}  // namespace hail::cli::output
