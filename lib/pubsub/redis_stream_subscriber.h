// Subscriber to streams of a Redis server: XREAD, or XREADGROUP for a consumer of a group.
//
// Shape:   with a group, the entries come in this order: those that this consumer was given before and did
//          not acknowledge, those that other consumers have kept for too long, new ones. One command is under
//          way at a time, and acknowledgements precede the next one. A command that waits for new entries
//          ends after seconds, so that its silence shows a dead peer and no PING is needed. Pending entries
//          are fetched by XCLAIM and not by a reading of the history, which would count a delivery of those
//          that are being handled, and would not tell how often each was delivered.
// Throws:  as Subscriber; Error(refused) for a key that is not a stream.
// Source:  lib/redis/stream_commands.h; the behaviour of real servers: NOGROUP and UNBLOCKED after the key or
//          the group was deleted. A consumer is never deleted, because its pending entries would go with it.

#pragma once

#include <deque>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/net/address.h"
#include "lib/net/connect_options.h"
#include "lib/pubsub/stream_state.h"
#include "lib/pubsub/subscriber.h"
#include "lib/redis/codec.h"
#include "lib/redis/session.h"
#include "lib/redis/stream_replies.h"

namespace hail::pubsub {

class RedisStreamSubscriber : public Subscriber, private redis::StreamSink {
  public:
    RedisStreamSubscriber(const net::Address& address, const net::ConnectOptions& connect,
                          const std::vector<std::string>& keys, const SubscriberOptions& options,
                          MessageSink& messages, const base::Stop& stop);

    bool ready() const override { return ready_; }
    bool in_message() const override { return in_entries_ && reader_.in_reply(); }
    bool receive() override;
    net::Ready wait(const base::Deadline& deadline, const base::Stop* stop,
                    std::span<pollfd> others) override;
    void settle(std::uint64_t delivery, Settlement settlement) override;
    bool settled() const override;
    bool resumes() const override { return true; }
    bool at_end() const override { return at_end_; }
    void stop_reading() override { wanted_ = false; }
    const std::vector<std::string>& warnings() const override { return session_.warnings(); }

  private:
    enum class Step {
        prepare,    // make the groups, or find the places
        own,        // ask for a page of this consumer's pending entries
        claim,      // take over ids of other consumers
        look_up,    // ask how often these were delivered
        fetch,      // ask for the bodies of what is pending
        turn_page,  // go on to the next page or stream
        check,      // look for entries that were trimmed
        read,       // ask for new entries
    };
    using Stream = StreamState::Stream;

    void entry(const redis::StreamEntry& entry) override;
    void idle(std::string_view cursor, std::vector<redis::StreamId> ids,
              std::vector<redis::StreamId> deleted) override;
    void pending(const redis::PendingEntry& entry) override;
    void info(const redis::StreamInfo& info) override;
    void end(redis::StreamReply reply) override;
    void error(redis::StreamReply reply, std::string_view text) override;

    void advance();
    void next_step();
    void prepare();
    void begin_pass(Step step);
    void look_up();
    void fetch();
    void turn_page();
    void check();
    void read();
    void acknowledge();
    void send(redis::StreamReply reply, const std::string& command);
    base::Milliseconds block() const;
    std::uint64_t wanted_count(std::uint64_t most) const;

    Stream& stream_of(std::string_view key);
    void deliver(std::size_t index, const redis::StreamEntry& entry, std::uint64_t deliveries);
    void give_up(Stream& stream, const redis::PendingEntry& entry);
    void report_deleted(Stream& stream, const redis::StreamId& id);
    void find_place(Stream& stream, const redis::StreamInfo& info);
    void report_loss(Stream& stream, const redis::StreamInfo& info);
    void made_again(Stream& stream);
    void finish_command();
    bool is_tolerated(redis::StreamReply reply, std::string_view text);
    [[noreturn]] void lost() const;

    const std::string where_;
    const SubscriberOptions settings_;
    const std::shared_ptr<StreamState> state_;
    const StreamOptions& options_;
    MessageSink& messages_;
    redis::Session session_;
    redis::StreamReplies replies_;
    redis::ReplyReader reader_;
    std::unique_ptr<char[]> buffer_;

    Step step_ = Step::prepare;
    Step pass_ = Step::own;              // the one that the pages belong to
    std::size_t asked_ = 0;              // commands without an answer, apart from acknowledgements
    std::size_t at_ = 0;                 // the stream of a pass
    std::vector<std::size_t> asked_of_;  // the streams that were asked in this step, and so far answered
    std::size_t answers_ = 0;
    redis::StreamId cursor_{};  // of the own pending entries
    std::string claim_cursor_ = "0-0";
    bool last_page_ = false;
    std::vector<redis::StreamId> claimed_;
    std::vector<redis::PendingEntry> page_;  // after fetch: those that were asked for
    std::set<redis::StreamId> ours_;         // of these, pending for this consumer just before
    std::size_t last_known_ = 0;             // the stream that came last
    std::uint64_t entries_ = 0;              // in the answer to this reading, and their bytes
    std::uint64_t bytes_ = 0;
    std::uint64_t read_count_ = 16;
    struct Acknowledging {
        std::size_t stream;
        std::size_t count;
    };
    std::deque<Acknowledging> acknowledging_;
    std::vector<std::size_t> sent_;  // for each stream, so many of its done entries
    std::vector<Field> fields_;
    base::Deadline alive_until_;
    base::Deadline claim_due_;
    base::Deadline check_due_;
    bool ready_ = false;
    bool in_entries_ = false;
    bool may_check_ = true;
    bool may_make_groups_ = true;
    bool wanted_ = true;  // until stop_reading()
    bool ending_ = false;
    bool at_end_ = false;
};

// The bytes of the first commands, for a dry run.
std::string redis_stream_commands(const std::vector<std::string>& keys, const StreamOptions& options);

}  // namespace hail::pubsub
