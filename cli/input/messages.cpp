#include "cli/input/messages.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

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

// A gap, or messages that are missing, as subscribe --json --events prints them among the messages.
bool is_event(std::string_view line) {
    const bool named = line.starts_with(R"({"event":"gap",)") || line.starts_with(R"({"event":"missing",)");
    return named && !json::check(line) && !json::member(line, "payload") &&
           !json::member(line, "payload_base64");
}

}  // namespace

Messages::Messages(std::vector<std::string> arguments, std::string channel, MessageForm form,
                   EmptyMessages empty, MessageMembers members)
    : arguments_(std::move(arguments)),
      channel_(std::move(channel)),
      form_(form),
      empty_(empty),
      members_(members),
      records_(framing_of(form)) {
    if (arguments_.empty()) {
        file_ = InputFile::open("-");
    }
}

Messages::Next Messages::next(Item& item) {
    if (!file_) {
        return next_argument(item);
    }
    if (whole_) {
        return next_piece(item);
    }
    if (needs_input_) {
        read();
        needs_input_ = false;
    }
    while (const auto record = records_.next()) {
        item = {{.channel = channel_, .payload = *record}, records_.number()};
        if (form_ == MessageForm::json && !record->empty() && !is_event(*record)) {
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

void Messages::give_pieces() {
    struct stat file {};
    const bool regular = file_ && ::fstat(file_->descriptor(), &file) == 0 && S_ISREG(file.st_mode);
    const off_t at = regular ? ::lseek(file_->descriptor(), 0, SEEK_CUR) : -1;
    if (form_ == MessageForm::whole && at >= 0 && file.st_size > at) {
        whole_ = static_cast<std::uint64_t>(file.st_size - at);
    }
}

Messages::Next Messages::next_piece(Item& item) {
    if (read_ == *whole_) {
        return Next::end;
    }
    const std::string_view bytes = file_->read();
    if (bytes.empty()) {
        throw Error(Exit::no_input, "reading standard input: the file became shorter while it was read");
    }
    item = {{.channel = channel_, .payload = bytes.substr(0, *whole_ - read_)}, 1};
    if (read_ == 0) {
        item.message.size = *whole_;
    }
    read_ += item.message.payload.size();
    item.message.more = read_ < *whole_;
    return Next::item;
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

bool Messages::is_alone() const {
    return arguments_.size() == 1 || form_ == MessageForm::whole;
}

bool Messages::reads_terminal() const {
    return file_ && ::isatty(file_->descriptor()) == 1;
}

std::optional<double> Messages::share_read() const {
    struct stat file {};
    if (!file_ || ::fstat(file_->descriptor(), &file) != 0 || !S_ISREG(file.st_mode) || file.st_size == 0) {
        return std::nullopt;
    }
    return std::min(1.0, static_cast<double>(read_) / static_cast<double>(file.st_size));
}

void Messages::read() {
    const std::string_view bytes = file_->read();
    read_ += bytes.size();
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
    if (members_ == MessageMembers::of_rabbitmq) {
        amqp_.parse(line, "reading input line " + std::to_string(item.number));
        item.message.properties = amqp_.properties();
        item.message.fields = amqp_.headers();
        json_payload_ = text_member(line, "payload", item.number);
    } else {
        parse_entry(line, item);
    }
    item.message.payload = json_payload_;
    if (channel_ == "-") {
        json_channel_ = text_member(line, "channel", item.number);
        item.message.channel = json_channel_;
    }
}

void Messages::parse_entry(std::string_view line, Item& item) {
    parse_fields(line, item.number);
    item.message.fields = json_fields_;
    const bool has_payload = json::member(line, "payload") || json::member(line, "payload_base64");
    json_payload_ =
        has_payload || json_fields_.empty() ? text_member(line, "payload", item.number) : std::string();
    if (const auto id = json::member(line, "id"); id && json::kind(*id) == json::Kind::string) {
        json_id_ = json::unquote(*id);
        item.message.id = json_id_;
    }
}

void Messages::parse_fields(std::string_view object, std::uint64_t number) {
    json_texts_.clear();
    json_fields_.clear();
    const auto add = [this](std::string name, std::string value) {
        const std::string& kept_name = json_texts_.emplace_back(std::move(name));
        json_fields_.push_back({.name = kept_name, .value = json_texts_.emplace_back(std::move(value))});
    };
    if (const auto fields = json::member(object, "fields")) {
        if (json::kind(*fields) != json::Kind::object) {
            reject_line(number, "'fields' is not an object");
        }
        for (json::Members members(*fields); members.next();) {
            if (json::kind(members.value()) != json::Kind::string) {
                reject_line(number, "a value in 'fields' is not a string");
            }
            add(json::unquote(members.key()), json::unquote(members.value()));
        }
    } else if (const auto encoded = json::member(object, "fields_base64")) {
        std::vector<std::string> texts;
        if (json::kind(*encoded) != json::Kind::array) {
            reject_line(number, "'fields_base64' is not an array");
        }
        for (json::Elements elements(*encoded); elements.next();) {
            auto text = json::kind(elements.value()) == json::Kind::string
                            ? base::base64_decode(json::unquote(elements.value()))
                            : std::nullopt;
            if (!text) {
                reject_line(number, "'fields_base64' has an element that is not base64");
            }
            texts.push_back(std::move(*text));
        }
        if (texts.size() % 2 != 0) {
            reject_line(number, "'fields_base64' has a name without a value");
        }
        for (std::size_t i = 0; i < texts.size(); i += 2) {
            add(std::move(texts[i]), std::move(texts[i + 1]));
        }
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
