#include "cli/input/messages.h"

#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/json/scan.h"
#include "lib/json/string.h"

namespace hail::cli::input {

namespace {

using base::Error;
using base::Exit;

Framing framing_of(MessageForm form) {
    switch (form) {
        case MessageForm::nul:
            return Framing::nul;
        case MessageForm::whole:
            return Framing::whole;
        case MessageForm::lines:
        case MessageForm::json:
            break;
    }
    return Framing::lines;
}

[[noreturn]] void reject_line(std::uint64_t number, const std::string& why) {
    throw Error(Exit::bad_input, "reading input line " + std::to_string(number) + ": " + why,
                R"(write each line as an object such as {"channel":"news","payload":"text"})");
}

}  // namespace

Messages::Messages(std::vector<std::string> arguments, std::string channel, MessageForm form,
                   EmptyMessages empty)
    : arguments_(std::move(arguments)),
      channel_(std::move(channel)),
      form_(form),
      empty_(empty),
      records_(framing_of(form)) {
    if (arguments_.empty()) {
        file_ = InputFile::open("-");
    }
}

Messages::Next Messages::next(Item& item) {
    if (!file_) {
        return next_argument(item);
    }
    if (needs_input_) {
        read();
        needs_input_ = false;
    }
    while (const auto record = records_.next()) {
        item = {{.channel = channel_, .payload = *record}, records_.number()};
        if (form_ == MessageForm::json && !record->empty()) {
            parse(records_.number() == 1 ? base::without_byte_order_mark(*record) : *record, item);
            return Next::item;
        }
        if (form_ != MessageForm::json && (!record->empty() || empty_ == EmptyMessages::send)) {
            return Next::item;
        }
    }
    needs_input_ = !ended_;
    return ended_ ? Next::end : Next::wait;
}

Messages::Next Messages::next_argument(Item& item) {
    if (given_ == arguments_.size()) {
        return Next::end;
    }
    ++given_;
    item = {{.channel = channel_, .payload = arguments_[given_ - 1]}, given_};
    return Next::item;
}

std::string Messages::place(std::uint64_t number) const {
    return (file_ ? "input line " : "message ") + std::to_string(number);
}

void Messages::read() {
    const std::string_view bytes = file_->read();
    if (bytes.empty()) {
        ended_ = true;
        records_.finish();
    } else {
        records_.feed(bytes);
    }
}

void Messages::parse(std::string_view line, Item& item) {
    if (const auto problem = json::check(line)) {
        reject_line(item.number, "not JSON at column " + std::to_string(problem->offset + 1) + ": " +
                                     std::string(problem->what));
    }
    if (json::kind(line) != json::Kind::object) {
        reject_line(item.number, "not an object");
    }
    json_payload_ = text_member(line, "payload", item.number);
    item.message.payload = json_payload_;
    if (channel_ == "-") {
        json_channel_ = text_member(line, "channel", item.number);
        item.message.channel = json_channel_;
    }
}

std::string Messages::text_member(std::string_view object, const std::string& name,
                                  std::uint64_t number) const {
    if (const auto value = json::member(object, name)) {
        if (json::kind(*value) != json::Kind::string) {
            reject_line(number, "'" + name + "' is not a string");
        }
        return json::unquote(*value);
    }
    const auto value = json::member(object, name + "_base64");
    if (!value || json::kind(*value) != json::Kind::string) {
        reject_line(number, "'" + name + "' is missing");
    }
    auto bytes = base::base64_decode(json::unquote(*value));
    if (!bytes) {
        reject_line(number, "'" + name + "_base64' is not base64");
    }
    return std::move(*bytes);
}

}  // namespace hail::cli::input
