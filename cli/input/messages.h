#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/input/files.h"
#include "cli/input/records.h"

// The messages that publish sends: its arguments, or else what stdin holds.
//
// Shape:   next() never waits: when it has nothing, the input is at its end or wants read(). Views hold until the next call.
//          In the JSON form a line is an object as subscribe --json prints it: payload or payload_base64, and channel
//          or channel_base64, which is used where the channel argument is "-"; other members are left alone.
// Throws:  Error(bad_input) for a line that is no such object, with its number; Error(no_input) if stdin cannot be read.

namespace hail::cli::input {

enum class MessageForm { lines, nul, whole, json };
enum class EmptyMessages { send, skip };

struct OutgoingMessage {
    std::string_view channel;
    std::string_view payload;
    std::uint64_t number = 0;  // of the argument or of the input line, from 1
};

class Messages {
  public:
    // The arguments, if there are any, else stdin.
    Messages(std::vector<std::string> arguments, std::string channel, MessageForm form, EmptyMessages empty);

    std::optional<OutgoingMessage> next();
    void read();

    bool wants_input() const { return file_ && !ended_; }
    bool from_arguments() const { return !file_; }
    int descriptor() const { return file_ ? file_->descriptor() : -1; }

  private:
    OutgoingMessage parse(std::string_view line, std::uint64_t number);
    std::string text_member(std::string_view object, const std::string& name, std::uint64_t number) const;

    std::vector<std::string> arguments_;
    std::string channel_;
    MessageForm form_;
    EmptyMessages empty_;
    std::optional<InputFile> file_;
    Records records_;
    std::size_t given_ = 0;
    bool ended_ = false;
    std::string json_channel_;
    std::string json_payload_;
};

}  // namespace hail::cli::input
