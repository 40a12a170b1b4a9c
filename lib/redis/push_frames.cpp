#include "lib/redis/push_frames.h"

#include <algorithm>
#include <array>
#include <utility>

#include "lib/base/error.h"
#include "lib/base/text.h"

namespace hail::redis {

namespace {

// The kinds that the elements of a frame may have after its name.
bool fits(const Token& token, bool counts) {
    const bool last = token.index + 1 == token.siblings;
    return token.kind == (counts && last ? Token::Kind::integer : Token::Kind::string);
}

}  // namespace

PushFrames::PushFrames(std::string where, const std::vector<std::string>& channels,
                       const std::vector<std::string>& patterns, PushSink& sink)
    : where_(std::move(where)),
      channels_(channels.begin(), channels.end()),
      patterns_(patterns.begin(), patterns.end()),
      unconfirmed_(channels.begin(), channels.end()),
      asked_(channels),
      sink_(sink) {
    unconfirmed_.insert(patterns.begin(), patterns.end());
    asked_.insert(asked_.end(), patterns.begin(), patterns.end());
}

void PushFrames::reject(const std::string& why) const {
    throw base::Error(base::Exit::bad_reply, "receiving from " + where_ + ": the broker sent " + why);
}

void PushFrames::take(const Token& token) {
    if (token.depth == 1) {
        if (token.index == 0) {
            begin(token);
        } else {
            take_element(token);
        }
    } else if (token.depth > 1) {
        reject("an array in a message");
    } else if (token.kind == Token::Kind::error) {
        sink_.error(token.text);
    } else if (token.kind == Token::Kind::array ? token.integer < 2
                                                : token.kind != Token::Kind::status || token.text != "PONG") {
        reject("an answer to nothing that was asked");
    } else if (token.kind == Token::Kind::status) {
        sink_.pong();
    }
}

void PushFrames::begin(const Token& token) {
    struct Shape {
        std::string_view name;
        Frame frame;
        std::int64_t elements;
    };
    static constexpr std::array<Shape, 7> shapes{{{"message", Frame::message, 3},
                                                  {"pmessage", Frame::pattern_message, 4},
                                                  {"subscribe", Frame::subscribed, 3},
                                                  {"psubscribe", Frame::subscribed, 3},
                                                  {"unsubscribe", Frame::unsubscribed, 3},
                                                  {"punsubscribe", Frame::unsubscribed, 3},
                                                  {"pong", Frame::pong, 2}}};
    const auto* const shape = std::find_if(shapes.begin(), shapes.end(), [&](const Shape& one) {
        return token.kind == Token::Kind::string && one.name == token.text;
    });
    if (shape == shapes.end()) {
        reject("a frame of an unknown kind, '" + base::one_line(token.text, 60) + "'");
    }
    if (token.siblings != shape->elements) {
        reject("a frame '" + std::string(shape->name) + "' of " + std::to_string(token.siblings) +
               " elements instead of " + std::to_string(shape->elements));
    }
    frame_ = shape->frame;
}

void PushFrames::take_element(const Token& token) {
    const bool counts = frame_ == Frame::subscribed || frame_ == Frame::unsubscribed;
    if (!fits(token, counts)) {
        reject("an element of the wrong type in a frame");
    }
    switch (frame_) {
        case Frame::message:
            take_message(token);
            return;
        case Frame::pattern_message:
            take_pattern_message(token);
            return;
        case Frame::subscribed:
            if (token.index == 1) {
                confirm(token.text);
            }
            return;
        case Frame::unsubscribed:
            if (token.index == 1) {
                sink_.unsubscribed(token.text);
            }
            return;
        case Frame::pong:
            sink_.pong();
            return;
    }
}

// The same channel or pattern usually comes again.
void PushFrames::take_message(const Token& token) {
    if (token.in_pieces) {
        sink_.end_large();
    } else if (token.index == 2) {
        sink_.message(*known_channel_, nullptr, token.text);
    } else if (known_channel_ != token.text) {
        if (channels_.find(token.text) == channels_.end()) {
            reject("a message of '" + base::one_line(token.text, 60) + "', a channel that was not asked for");
        }
        known_channel_ = token.text;
    }
}

void PushFrames::take_pattern_message(const Token& token) {
    if (token.in_pieces) {
        sink_.end_large();
    } else if (token.index == 3) {
        sink_.message(channel_, &*known_pattern_, token.text);
    } else if (token.index == 2) {
        channel_ = token.text;
    } else if (known_pattern_ != token.text) {
        if (patterns_.find(token.text) == patterns_.end()) {
            reject("a message by '" + base::one_line(token.text, 60) + "', a pattern that was not asked for");
        }
        known_pattern_ = token.text;
    }
}

bool PushFrames::begin_large(const Token& place, std::uint64_t size) {
    if (place.depth != 1 || place.index + 1 != place.siblings) {
        return false;
    }
    switch (frame_) {
        case Frame::message:
            return sink_.begin_large(*known_channel_, nullptr, size);
        case Frame::pattern_message:
            return sink_.begin_large(channel_, &*known_pattern_, size);
        case Frame::subscribed:
        case Frame::unsubscribed:
        case Frame::pong:
            break;
    }
    return false;
}

void PushFrames::confirm(std::string_view name) {
    const auto found = unconfirmed_.find(name);
    if (found == unconfirmed_.end()) {
        reject("a confirmation of '" + base::one_line(name, 60) + "', which was not asked for");
    }
    unconfirmed_.erase(found);
    ++confirmed_;
}

}  // namespace hail::redis
