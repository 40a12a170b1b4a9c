// The messages that publish sends: its arguments, or else the content of stdin.
//
// Shape:   in the JSON form each line is an object as subscribe --json prints it. It has payload or
//          payload_base64, and channel or channel_base64, which is used if the channel argument is "-"; an
//          entry of a stream has fields or fields_base64 and perhaps no payload, and an id; for RabbitMQ, it
//          may have properties (amqp_members.h). Other members are ignored.
// Throws:  Error(bad_input), with the line's number, for a line that is not such an object; Error(no_input)
//          if stdin cannot be read.

#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/input/amqp_members.h"
#include "cli/input/files.h"
#include "cli/input/records.h"
#include "lib/pubsub/publish.h"

namespace hail::cli::input {

enum class MessageForm { lines, nul, whole, json };
enum class EmptyMessages { send, skip };
enum class MessageMembers { of_redis, of_rabbitmq };  // beside channel and payload

class Messages : public pubsub::MessageSource {
  public:
    // The arguments if there are any, otherwise stdin.
    Messages(std::vector<std::string> arguments, std::string channel, MessageForm form, EmptyMessages empty,
             MessageMembers members);

    // A regular file that is one message is given in pieces, which need no memory: all have the number 1,
    // the first one has the size of all, and all but the last say that more follows.
    void give_pieces();

    Next next(Item& item) override;
    int descriptor() const override { return file_ ? file_->descriptor() : -1; }

    // The position of a message, for diagnostics: "message 2" or "input line 2".
    std::string place(std::uint64_t number) const;

    bool is_alone() const;  // there is only one message

    bool reads_terminal() const;
    // The share of stdin that was read, from 0 to 1; nothing if its size is unknown.
    std::optional<double> share_read() const;

  private:
    Next next_argument(Item& item);
    Next next_piece(Item& item);
    void read();
    void parse(std::string_view line, Item& item);
    void parse_fields(std::string_view object, std::uint64_t number);
    void parse_entry(std::string_view line, Item& item);
    std::string text_member(std::string_view object, const std::string& name, std::uint64_t number) const;

    std::vector<std::string> arguments_;
    std::string channel_;
    MessageForm form_;
    EmptyMessages empty_;
    MessageMembers members_;
    std::optional<InputFile> file_;
    Records records_;
    std::size_t given_ = 0;
    bool needs_input_ = false;  // nothing is left until the next read()
    bool ended_ = false;
    std::uint64_t read_ = 0;                // bytes
    std::optional<std::uint64_t> whole_{};  // so many bytes are given in pieces
    std::string json_channel_;
    std::string json_payload_;
    std::string json_id_;
    std::deque<std::string> json_texts_;  // of the fields
    std::vector<pubsub::Field> json_fields_;
    AmqpMembers amqp_;
};

}  // namespace hail::cli::input
