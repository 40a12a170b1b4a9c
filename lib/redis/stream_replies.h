// The replies to the commands for streams, put together from their pieces and checked.
//
// Shape:   each command that is sent is announced with expect(); replies come in the same order. At most one
//          entry is kept in memory, and of an entry with one field not even that.
// Throws:  take() Error(bad_reply) for a reply of another shape than its command has, and what the sink
//          throws.
// Source:  as lib/redis/stream_commands.h. An entry that was deleted while it was pending has no fields: in
//          Redis 6.2 its place is nil or its fields are.

#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/redis/codec.h"
#include "lib/redis/stream_id.h"

namespace hail::redis {

enum class StreamReply {
    read,     // XREAD, XREADGROUP: entries by stream, or nil
    claimed,  // XCLAIM: entries
    idle,     // XAUTOCLAIM with JUSTID: a cursor, ids, ids of deleted entries
    pending,  // XPENDING with a range
    info,     // XINFO STREAM FULL
    number,   // XACK
    status,   // XGROUP CREATE
};

// Views, valid only during the call.
struct StreamEntry {
    std::string_view key;  // empty in a reply to XCLAIM
    StreamId id;
    std::span<const std::pair<std::string_view, std::string_view>> fields;
    bool deleted = false;
};

struct PendingEntry {
    StreamId id;
    std::string consumer{};
    std::uint64_t deliveries = 0;
};

struct GroupInfo {
    std::string name;
    StreamId delivered{};                 // the last one that some consumer was given
    std::optional<std::uint64_t> read{};  // how many of all that were ever added come before or are it
};

struct StreamInfo {
    std::uint64_t length = 0;
    StreamId last{};                       // of the entries ever added
    std::optional<StreamId> first{};       // of those that were not removed
    std::optional<std::uint64_t> added{};  // ever; since Redis 7
    StreamId last_deleted{};               // since Redis 7
    std::vector<GroupInfo> groups{};
};

class StreamSink {
  public:
    StreamSink() = default;
    StreamSink(const StreamSink&) = delete;
    StreamSink& operator=(const StreamSink&) = delete;
    virtual ~StreamSink() = default;

    virtual void entry(const StreamEntry& entry) = 0;
    virtual void idle(std::string_view cursor, std::vector<StreamId> ids, std::vector<StreamId> deleted) = 0;
    virtual void pending(const PendingEntry& entry) = 0;
    virtual void info(const StreamInfo& info) = 0;
    virtual void end(StreamReply reply) = 0;  // after all of a reply, unless it is an error
    virtual void error(StreamReply reply, std::string_view text) = 0;
};

class StreamReplies : public TokenSink {
  public:
    // `where` is the broker in messages; the sink must outlive this.
    StreamReplies(std::string where, StreamSink& sink) : where_(std::move(where)), sink_(sink) {}

    void expect(StreamReply reply) { expected_.push_back(reply); }
    std::size_t awaited() const { return expected_.size(); }

    void take(const Token& token) override;

  private:
    struct Slice {
        std::size_t begin;
        std::size_t size;
    };

    void begin(const Token& token);
    void take_read(const Token& token);
    void take_entry(const Token& token, int depth);
    void take_field(const Token& token);
    void take_idle(const Token& token);
    void take_pending(const Token& token);
    void take_info(const Token& token);
    void take_group(const Token& token);
    void hand_over(std::string_view last_value);
    void finish();
    StreamId id_of(const Token& token) const;
    std::uint64_t number_of(const Token& token) const;
    void require(bool fits, const char* what) const;

    const std::string where_;
    StreamSink& sink_;
    std::deque<StreamReply> expected_;
    std::vector<std::int64_t> open_;  // for each array around the next piece, how many elements are missing

    std::string key_;  // of the entry
    StreamId id_{};
    std::string bytes_;  // its names and values, but for the last value
    std::vector<Slice> slices_;
    std::vector<std::pair<std::string_view, std::string_view>> fields_;

    std::string cursor_;
    std::vector<StreamId> ids_;
    std::vector<StreamId> deleted_;
    bool in_deleted_ = false;
    PendingEntry pending_{};
    StreamInfo info_{};
    std::string name_;        // of a member of XINFO's reply
    std::string group_name_;  // of a member of one of its groups
};

// How many entries after a place were removed before they could be read.
struct StreamLoss {
    std::optional<std::uint64_t> count;  // empty: some, but nobody knows how many
};

// `counted`: how many of all that were ever added come before the place or are it, as far as it is known.
// Servers before Redis 7 do not tell; then nothing is found.
std::optional<StreamLoss> lost_after(const StreamInfo& info, const StreamId& place,
                                     const std::optional<std::uint64_t>& counted);

}  // namespace hail::redis
