#include "lib/redis/codec.h"

#include <hiredis/hiredis.h>
#include <hiredis/read.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <new>
#include <vector>

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
            reader->take(token);
        } catch (...) {
            reader->thrown_ = std::current_exception();  // feed() throws it again, outside C
            return nullptr;
        }
        return &object;
    }

    static void* text(const redisReadTask* task, char* bytes, std::size_t size) {
        const auto kind = task->type == REDIS_REPLY_ERROR    ? Token::Kind::error
                          : task->type == REDIS_REPLY_STATUS ? Token::Kind::status
                                                             : Token::Kind::string;
        return hand_over(task, {.kind = kind, .text = {bytes, size}});
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
    static void release(void*) {}

    static redisReplyObjectFunctions* table() {
        static redisReplyObjectFunctions functions = [] {
            // The other members of 1.x are for RESP3, which hail never asks for.
            redisReplyObjectFunctions made{};
            made.createString = text;
            made.createArray = array;
            made.createInteger = integer;
            made.createNil = nil;
            made.freeObject = release;
            return made;
        }();
        return &functions;
    }
};

ReplyReader::ReplyReader(TokenSink& sink)
    : sink_(sink), reader_(redisReaderCreateWithFunctions(Hooks::table()), redisReaderFree) {
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
            throw base::Error(base::Exit::bad_reply,
                              "reading a reply: " + base::one_line(static_cast<const char*>(reader_->errstr)),
                              "check that this is the port of a Redis server");
        }
        if (reply == nullptr) {
            return;
        }
    }
}

bool ReplyReader::in_reply() const {
    if (reader_->ridx != 0) {
        return reader_->ridx > 0;
    }
#if HIREDIS_MAJOR >= 1
    const bool typed = reader_->task[0]->type >= 0;
#else
    const bool typed = reader_->rstack[0].type >= 0;
#endif
    return typed || reader_->pos < reader_->len;
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
