#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/input/files.h"
#include "cli/input/records.h"
#include "lib/pubsub/publish.h"

// The messages that publish sends: its arguments, or else what stdin holds.
//
// Shape:   in the JSON form a line is an object as subscribe --json prints it: payload or payload_base64, and channel
//          or channel_base64, which is used where the channel argument is "-"; other members are left alone.
// Throws:  Error(bad_input) for a line that is no such object, with its number; Error(no_input) if stdin cannot be read.

namespace hail::cli::input {

enum class MessageForm { lines, nul, whole, json };
enum class EmptyMessages { send, skip };

class Messages : public pubsub::MessageSource {
  public:
    // The arguments, if there are any, else stdin.
    Messages(std::vector<std::string> arguments, std::string channel, MessageForm form, EmptyMessages empty);

    Next next(Item& item) override;
    int descriptor() const override { return file_ ? file_->descriptor() : -1; }

    // Where a message stands, for people: "message 2" or "input line 2".
    std::string place(std::uint64_t number) const;

  private:
    Next next_argument(Item& item);
    void read();
    void parse(std::string_view line, Item& item);
    std::string text_member(std::string_view object, const std::string& name, std::uint64_t number) const;

    std::vector<std::string> arguments_;
    std::string channel_;
    MessageForm form_;
    EmptyMessages empty_;
    std::optional<InputFile> file_;
    Records records_;
    std::size_t given_ = 0;
    bool needs_input_ = false;  // there is nothing more before the next read()
    bool ended_ = false;
    std::string json_channel_;
    std::string json_payload_;
};

}  // namespace hail::cli::input
