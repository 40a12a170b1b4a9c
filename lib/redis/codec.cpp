#include "lib/redis/codec.h"

#include <hiredis/hiredis.h>
#include <hiredis/read.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <new>
#include <utility>
#include <vector>

#include "lib/base/characters.h"
#include "lib/base/error.h"
#include "lib/base/text.h"

namespace hail::redis {

namespace {

#if HIREDIS_MAJOR >= 1
using ElementCount = std::size_t;
#else
using ElementCount = int;
#endif

// After each kilobyte read, hiredis moves the rest of its buffer down: small portions keep that cheap.
constexpr std::size_t portion = 4UL * 1024;
constexpr std::size_t most_unused = 1024UL * 1024;
// No reply that hail asks for is larger; without a limit a lying peer could make the reader wait for ever.
constexpr std::int64_t most_elements = 1'000'000;
constexpr std::size_t most_digits = 20;  // of a length; hiredis would collect them for ever
constexpr std::size_t most_line = 64UL * 1024;

bool is_resp2(int type) {
    return type == REDIS_REPLY_STRING || type == REDIS_REPLY_ARRAY || type == REDIS_REPLY_INTEGER ||
           type == REDIS_REPLY_STATUS || type == REDIS_REPLY_ERROR;
}

[[noreturn]] void throw_bad_reply(const std::string& why) {
    throw base::Error(base::Exit::bad_reply, "reading a reply: " + why,
                      "check that this is the port of a Redis server");
}

}  // namespace

// hiredis asks for an object for each piece; it gets a constant, unless something was thrown.
struct ReplyReader::Hooks {
    static void* hand_over(const redisReadTask* task, Token token) {
        static char object = 0;
        token.index = task->idx;
        if (task->parent != nullptr) {
            token.siblings = task->parent->elements;
            for (const redisReadTask* up = task->parent; up != nullptr; up = up->parent) {
                ++token.depth;
            }
        }
        auto* const reader = static_cast<ReplyReader*>(task->privdata);
        try {
            if (!is_resp2(task->type)) {  // hiredis 1.x reads RESP3 too, which hail never asks for
                throw_bad_reply("a type that RESP2 does not have");
            }
            reader->take(token);
        } catch (...) {
            reader->thrown_ = std::current_exception();  // feed() throws it again, outside C
            return nullptr;
        }
        return &object;
    }

    static void* refuse(const redisReadTask* task, const std::string& why) {
        auto* const reader = static_cast<ReplyReader*>(task->privdata);
        try {
            throw_bad_reply(why);
        } catch (...) {
            reader->thrown_ = std::current_exception();
            return nullptr;
        }
    }

    static void* text(const redisReadTask* task, char* bytes, std::size_t size) {
        const auto kind = task->type == REDIS_REPLY_ERROR    ? Token::Kind::error
                          : task->type == REDIS_REPLY_STATUS ? Token::Kind::status
                                                             : Token::Kind::string;
        // hiredis has both bytes after a string, and looks at neither.
        if (kind == Token::Kind::string && std::string_view(bytes + size, 2) != "\r\n") {
            return refuse(task, "a string that is longer than its length");
        }
        auto* const reader = static_cast<ReplyReader*>(task->privdata);
        return hand_over(
            task,
            {.kind = kind, .text = {bytes, size}, .in_pieces = std::exchange(reader->in_pieces_, false)});
    }
    static void* array(const redisReadTask* task, ElementCount count) {
        return hand_over(
            task, {.kind = Token::Kind::array, .text = {}, .integer = static_cast<std::int64_t>(count)});
    }
    static void* integer(const redisReadTask* task, long long value) {
        return hand_over(task, {.kind = Token::Kind::integer, .text = {}, .integer = value});
    }
    static void* nil(const redisReadTask* task) {
        return hand_over(task, {.kind = Token::Kind::nil, .text = {}});
    }
#if HIREDIS_MAJOR >= 1
    // Without these two, hiredis would drop such a reply silently.
    static void* real(const redisReadTask* task, double /*value*/, char* /*bytes*/, std::size_t /*size*/) {
        return refuse(task, "a type that RESP2 does not have");
    }
    static void* boolean(const redisReadTask* task, int /*value*/) {
        return refuse(task, "a type that RESP2 does not have");
    }
#endif
    static void release(void*) {}

    static redisReplyObjectFunctions* table() {
        static redisReplyObjectFunctions functions = [] {
            redisReplyObjectFunctions made{};
            made.createString = text;
            made.createArray = array;
            made.createInteger = integer;
            made.createNil = nil;
            made.freeObject = release;
#if HIREDIS_MAJOR >= 1
            made.createDouble = real;
            made.createBool = boolean;
#endif
            return made;
        }();
        return &functions;
    }
};

ReplyReader::ReplyReader(TokenSink& sink, const ReaderLimits& limits)
    : sink_(sink), reader_(redisReaderCreateWithFunctions(Hooks::table()), redisReaderFree), limits_(limits) {
    if (!reader_) {
        throw std::bad_alloc();
    }
    reader_->privdata = this;
    reader_->maxbuf = most_unused;
}

ReplyReader::~ReplyReader() = default;

void ReplyReader::take(const Token& token) {
    if (token.kind == Token::Kind::array && token.integer > most_elements) {
        throw base::Error(base::Exit::bad_reply, "reading a reply: the array has " +
                                                     std::to_string(token.integer) + " elements, at most " +
                                                     std::to_string(most_elements) + " are accepted");
    }
    sink_.take(token);
}

void ReplyReader::feed(std::string_view bytes) {
    while (!bytes.empty()) {
        if (left_ > 0) {
            const std::string_view piece = bytes.substr(0, left_);
            left_ -= piece.size();
            bytes.remove_prefix(piece.size());
            sink_.take_piece(piece);
            continue;
        }
        const std::string_view part = bytes.substr(0, portion);
        if (redisReaderFeed(reader_.get(), part.data(), part.size()) != REDIS_OK) {
            throw std::bad_alloc();
        }
        bytes.remove_prefix(part.size());
        parse();
    }
}

void ReplyReader::parse() {
    for (;;) {
        void* reply = nullptr;
        if (redisReaderGetReply(reader_.get(), &reply) != REDIS_OK) {
            if (thrown_) {
                std::rethrow_exception(thrown_);
            }
            throw_bad_reply(base::one_line(static_cast<const char*>(reader_->errstr)));
        }
        if (reply == nullptr) {
            judge_announced_length();
            return;
        }
    }
}

// hiredis would collect as many bytes as a peer announces.
void ReplyReader::judge_announced_length() {
    if (reader_->ridx < 0) {
        return;
    }
    if (current().type != REDIS_REPLY_STRING) {
        // All that is left is the beginning of a line.
        if (reader_->len - reader_->pos > most_line) {
            throw_bad_reply("a line of more than " + base::format_size(most_line));
        }
        return;
    }
    const std::string_view left(reader_->buf + reader_->pos, reader_->len - reader_->pos);
    const auto* const end = std::find_if_not(left.begin(), left.end(), base::is_digit);
    const std::string_view digits = left.substr(0, static_cast<std::size_t>(end - left.begin()));
    const bool complete = left.substr(digits.size()).starts_with("\r\n");
    const bool too_long = digits.size() > most_digits;
    if (!complete && !too_long) {
        return;
    }
    const std::uint64_t size = base::parse_number(digits).value_or(limits_.most + 1);
    if (too_long || size > limits_.most) {
        throw_bad_reply("a string of " + base::one_line(digits, 40) + " bytes");
    }
    if (size >= limits_.large) {
        begin_pieces(digits.size() + 2, size);
    }
}

// The reader is left waiting for the end of an empty string, which the end of the large one will be.
void ReplyReader::begin_pieces(std::size_t header, std::uint64_t size) {
    const redisReadTask& task = current();
    Token place{.kind = Token::Kind::string, .text = {}, .index = task.idx};
    if (task.parent != nullptr) {
        place.depth = 1;
        place.siblings = static_cast<std::int64_t>(task.parent->elements);
    }
    if (!sink_.begin_large(place, size)) {
        return;
    }
    const std::string begun(reader_->buf + reader_->pos + header, reader_->len - reader_->pos - header);
    const std::string_view first = std::string_view(begun).substr(0, size);
    const std::string next = "0\r\n" + begun.substr(first.size());
    reader_->pos = reader_->len;
    if (redisReaderFeed(reader_.get(), next.data(), next.size()) != REDIS_OK) {
        throw std::bad_alloc();
    }
    in_pieces_ = true;
    left_ = size - first.size();
    sink_.take_piece(first);
}

const redisReadTask& ReplyReader::current() const {
#if HIREDIS_MAJOR >= 1
    return *reader_->task[reader_->ridx];
#else
    return reader_->rstack[reader_->ridx];
#endif
}

bool ReplyReader::in_reply() const {
    if (reader_->ridx != 0) {
        return reader_->ridx > 0;
    }
    return current().type >= 0 || reader_->pos < reader_->len;
}

std::string encode(std::span<const std::string> words) {
    std::vector<const char*> starts;
    std::vector<std::size_t> sizes;
    starts.reserve(words.size());
    sizes.reserve(words.size());
    for (const auto& word : words) {
        starts.push_back(word.data());
        sizes.push_back(word.size());
    }
    char* command = nullptr;
    const auto length =
        redisFormatCommandArgv(&command, static_cast<int>(words.size()), starts.data(), sizes.data());
    if (length < 0) {
        throw std::bad_alloc();
    }
    const std::unique_ptr<char, void (*)(char*)> owner(command, redisFreeCommand);
    return {command, static_cast<std::size_t>(length)};
}

PublishEncoder::PublishEncoder(std::string_view channel)
    : channel_(channel),
      prefix_("*3\r\n$7\r\nPUBLISH\r\n$" + std::to_string(channel.size()) + "\r\n" + channel_ + "\r\n$") {}

void PublishEncoder::append(net::OutBlocks& out, std::string_view payload) const {
    std::array<char, 24> length{};
    char* end = std::to_chars(length.data(), length.data() + length.size() - 2, payload.size()).ptr;
    *end++ = '\r';
    *end++ = '\n';
    const auto digits = static_cast<std::size_t>(end - length.data());
    const std::size_t size = prefix_.size() + digits + payload.size() + 2;
    if (char* to = out.reserve(size); to != nullptr) {
        const auto put = [&to](const char* from, std::size_t count) {
            std::memcpy(to, from, count);
            to += count;
        };
        put(prefix_.data(), prefix_.size());
        put(length.data(), digits);
        if (!payload.empty()) {
            put(payload.data(), payload.size());
        }
        put("\r\n", 2);
        out.commit(size);
        return;
    }
    out.append(prefix_);
    out.append({length.data(), digits});
    out.append(payload);
    out.append("\r\n");
}

}  // namespace hail::redis
