#include "lib/redis/stream_replies.h"

#include "lib/base/error.h"
#include "lib/base/text.h"

namespace hail::redis {

namespace {

using Kind = Token::Kind;

bool is_name(const Token& token) {
    return token.index % 2 == 0;
}

}  // namespace

void StreamReplies::require(bool fits, const char* what) const {
    if (!fits) {
        throw base::Error(base::Exit::bad_reply,
                          "reading a stream of " + where_ + ": the server sent " + what,
                          "check that this is the port of a Redis server");
    }
}

StreamId StreamReplies::id_of(const Token& token) const {
    const auto id = token.kind == Kind::string ? parse_stream_id(token.text) : std::nullopt;
    require(id.has_value(), "something other than the id of an entry");
    return *id;
}

std::uint64_t StreamReplies::number_of(const Token& token) const {
    require(token.kind == Kind::integer && token.integer >= 0, "something other than a number");
    return static_cast<std::uint64_t>(token.integer);
}

void StreamReplies::take(const Token& token) {
    if (token.depth == 0) {
        begin(token);
    } else {
        require(token.kind != Kind::error, "an error within a reply");
        switch (expected_.front()) {
            case StreamReply::read:
                take_read(token);
                break;
            case StreamReply::claimed:
                take_entry(token, 1);
                break;
            case StreamReply::idle:
                take_idle(token);
                break;
            case StreamReply::pending:
                take_pending(token);
                break;
            case StreamReply::info:
                take_info(token);
                break;
            case StreamReply::number:
            case StreamReply::status:
                break;  // begin() lets no array through
        }
    }
    if (token.kind == Kind::array && token.integer > 0) {
        open_.push_back(token.integer);
        return;
    }
    while (!open_.empty() && --open_.back() == 0) {
        open_.pop_back();
    }
    if (open_.empty() && token.kind != Kind::error) {
        finish();
    }
}

void StreamReplies::begin(const Token& token) {
    if (token.kind == Kind::error) {
        // An error that nobody asked for is one that ends the connection.
        const StreamReply reply = expected_.empty() ? StreamReply::status : expected_.front();
        if (!expected_.empty()) {
            expected_.pop_front();
        }
        sink_.error(reply, token.text);
        return;
    }
    require(!expected_.empty(), "an answer to nothing that was asked");
    const StreamReply reply = expected_.front();
    const bool list = token.kind == Kind::array;
    switch (reply) {
        case StreamReply::read:
            require(list || token.kind == Kind::nil, "no list of streams");
            break;
        case StreamReply::claimed:
        case StreamReply::pending:
            require(list, "no list of entries");
            break;
        case StreamReply::idle:
            require(list && (token.integer == 2 || token.integer == 3), "no answer that fits XAUTOCLAIM");
            cursor_.clear();
            ids_.clear();
            deleted_.clear();
            break;
        case StreamReply::info:
            require(list && token.integer > 0 && token.integer % 2 == 0, "no answer that fits XINFO");
            info_ = {};
            break;
        case StreamReply::number:
            require(token.kind == Kind::integer, "no answer that fits XACK");
            break;
        case StreamReply::status:
            require(token.kind == Kind::status, "no answer that fits XGROUP");
            break;
    }
    key_.clear();
}

void StreamReplies::finish() {
    const StreamReply reply = expected_.front();
    expected_.pop_front();
    if (reply == StreamReply::idle) {
        sink_.idle(cursor_, std::move(ids_), std::move(deleted_));
        ids_ = {};
        deleted_ = {};
    } else if (reply == StreamReply::info) {
        sink_.info(info_);
    }
    sink_.end(reply);
}

void StreamReplies::take_read(const Token& token) {
    if (token.depth == 1) {
        require(token.kind == Kind::array && token.integer == 2, "a stream of the wrong shape");
    } else if (token.depth == 2 && token.index == 0) {
        require(token.kind == Kind::string, "a stream without a name");
        key_ = token.text;
    } else if (token.depth == 2) {
        require(token.kind == Kind::array, "a stream without a list of entries");
    } else {
        take_entry(token, 3);
    }
}

// `depth` is that of the entries.
void StreamReplies::take_entry(const Token& token, int depth) {
    if (token.depth == depth) {
        if (token.kind != Kind::nil) {  // else it was deleted, as the missing id shows
            require(token.kind == Kind::array && token.integer == 2, "an entry of the wrong shape");
        }
    } else if (token.depth == depth + 1 && token.index == 0) {
        id_ = id_of(token);
        bytes_.clear();
        slices_.clear();
    } else if (token.depth == depth + 1) {
        if (token.kind == Kind::nil) {
            sink_.entry({.key = key_, .id = id_, .fields = {}, .deleted = true});
            return;
        }
        require(token.kind == Kind::array && token.integer > 0 && token.integer % 2 == 0,
                "an entry without a list of fields");
    } else {
        require(token.depth == depth + 2, "a list within an entry");
        take_field(token);
    }
}

void StreamReplies::take_field(const Token& token) {
    require(token.kind == Kind::string, "a field that is not a string");
    if (token.index + 1 == token.siblings) {
        hand_over(token.text);
        return;
    }
    slices_.push_back({bytes_.size(), token.text.size()});
    bytes_ += token.text;
}

void StreamReplies::hand_over(std::string_view last_value) {
    const std::string_view bytes = bytes_;
    fields_.clear();
    for (std::size_t at = 0; at < slices_.size(); at += 2) {
        const std::string_view name = bytes.substr(slices_[at].begin, slices_[at].size);
        const std::string_view value =
            at + 1 < slices_.size() ? bytes.substr(slices_[at + 1].begin, slices_[at + 1].size) : last_value;
        fields_.emplace_back(name, value);
    }
    sink_.entry({.key = key_, .id = id_, .fields = fields_});
}

void StreamReplies::take_idle(const Token& token) {
    if (token.depth == 1 && token.index == 0) {
        require(token.kind == Kind::string && parse_stream_id(token.text).has_value(), "no cursor");
        cursor_ = token.text;
    } else if (token.depth == 1) {
        require(token.kind == Kind::array, "no list of ids");
    } else {
        require(token.depth == 2, "a list within a list of ids");
        (in_deleted_ ? deleted_ : ids_).push_back(id_of(token));
    }
    in_deleted_ = token.depth == 1 ? token.index == 2 : in_deleted_;
}

void StreamReplies::take_pending(const Token& token) {
    if (token.depth == 1) {
        require(token.kind == Kind::array && token.integer == 4, "a pending entry of the wrong shape");
    } else {
        require(token.depth == 2, "a list within a pending entry");
        if (token.index == 0) {
            pending_ = {.id = id_of(token)};
        } else if (token.index == 1) {
            require(token.kind == Kind::string, "a pending entry without a consumer");
            pending_.consumer = token.text;
        } else if (token.index == 2) {
            require(token.kind == Kind::integer, "a pending entry without its time");
        } else {
            pending_.deliveries = number_of(token);
            sink_.pending(pending_);
        }
    }
}

// Members that are not known are skipped: later versions have more of them.
void StreamReplies::take_info(const Token& token) {
    if (token.depth == 1 && is_name(token)) {
        require(token.kind == Kind::string, "a member without a name");
        name_ = token.text;
    } else if (token.depth == 1) {
        if (name_ == "length") {
            info_.length = number_of(token);
        } else if (name_ == "last-generated-id") {
            info_.last = id_of(token);
        } else if (name_ == "max-deleted-entry-id") {
            info_.last_deleted = id_of(token);
        } else if (name_ == "entries-added") {
            info_.added = number_of(token);
        }
    } else if (name_ == "entries") {
        if (token.depth == 3 && token.index == 0 && !info_.first) {
            info_.first = id_of(token);
        }
    } else if (name_ == "groups") {
        take_group(token);
    }
}

void StreamReplies::take_group(const Token& token) {
    if (token.depth == 2) {
        require(token.kind == Kind::array, "a group of the wrong shape");
        info_.groups.emplace_back();
        return;
    }
    if (token.depth > 3) {
        return;
    }
    GroupInfo& group = info_.groups.back();
    if (is_name(token)) {
        require(token.kind == Kind::string, "a member without a name");
        group_name_ = token.text;
    } else if (group_name_ == "name") {
        group.name = token.text;
    } else if (group_name_ == "last-delivered-id") {
        group.delivered = id_of(token);
    } else if (group_name_ == "entries-read" && token.kind != Kind::nil) {
        group.read = number_of(token);
    }
}

std::optional<StreamLoss> lost_after(const StreamInfo& info, const StreamId& place,
                                     const std::optional<std::uint64_t>& counted) {
    // As long as an entry at the place or before it is there, nothing after it was trimmed.
    if (!info.added || info.last <= place || (info.first && *info.first <= place)) {
        return std::nullopt;
    }
    if (!counted) {
        return info.last_deleted > place ? std::optional<StreamLoss>(StreamLoss{}) : std::nullopt;
    }
    if (*info.added <= *counted + info.length) {
        return std::nullopt;
    }
    return StreamLoss{*info.added - *counted - info.length};
}

}  // namespace hail::redis
