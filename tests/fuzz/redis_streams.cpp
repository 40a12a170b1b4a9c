#include "lib/redis/stream_replies.h"

#include <cstdint>
#include <string>
#include <string_view>

#include "lib/base/error.h"
#include "tests/fuzz/require.h"

// The first byte chooses the command, and the rest is the reply. However the bytes are cut, the same is read,
// and a reply of the wrong shape is reported as one.

using namespace hail;

namespace {

class Transcript : public redis::StreamSink {
  public:
    void entry(const redis::StreamEntry& entry) override {
        text += "e" + std::string(entry.key) + entry.id.text() + (entry.deleted ? "-" : "+");
        require(entry.deleted == entry.fields.empty());
        for (const auto& [name, value] : entry.fields) {
            text += std::string(name) + "=" + std::string(value) + ";";
        }
    }
    void idle(std::string_view cursor, std::vector<redis::StreamId> ids,
              std::vector<redis::StreamId> deleted) override {
        text += "i" + std::string(cursor) + std::to_string(ids.size()) + "," + std::to_string(deleted.size());
    }
    void pending(const redis::PendingEntry& entry) override {
        text += "p" + entry.id.text() + "x" + std::to_string(entry.deliveries);
    }
    void info(const redis::StreamInfo& info) override {
        text += "n" + std::to_string(info.length) + info.last.text() + std::to_string(info.groups.size());
        if (const auto loss = redis::lost_after(info, {1, 0}, 1)) {
            require(loss->count && *loss->count > 0);
        }
    }
    void end(redis::StreamReply) override { text += "."; }
    void error(redis::StreamReply, std::string_view what) override { text += "!" + std::string(what); }

    std::string text;
};

std::string read(redis::StreamReply kind, std::string_view bytes, std::size_t piece) {
    Transcript transcript;
    redis::StreamReplies replies("here", transcript);
    replies.expect(kind);
    replies.expect(kind);
    redis::ReplyReader reader(replies);
    try {
        while (!bytes.empty()) {
            reader.feed(bytes.substr(0, piece));
            bytes.remove_prefix(std::min(piece, bytes.size()));
        }
    } catch (const base::Error& error) {
        require(error.exit() == base::Exit::bad_reply);
        transcript.text += "?";
    }
    return transcript.text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) {
        return 0;
    }
    const auto kind = static_cast<redis::StreamReply>(data[0] % 7);
    const std::string bytes(data + 1, data + size);
    const std::string whole = read(kind, bytes, size);
    require(read(kind, bytes, 1) == whole);
    require(read(kind, bytes, 3) == whole);
    return 0;
}
