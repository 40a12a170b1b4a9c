#include "lib/redis/push_frames.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "lib/base/error.h"

using namespace hail;

namespace {

class Events : public redis::PushSink {
  public:
    void message(std::string_view channel, const std::string* pattern, std::string_view payload) override {
        text += std::string(channel) + "|" + (pattern == nullptr ? "-" : *pattern) + "|" +
                std::string(payload) + " ";
    }
    bool begin_large(std::string_view channel, const std::string* pattern, std::uint64_t) override {
        text += std::string(channel) + "|" + (pattern == nullptr ? "-" : *pattern) + "|";
        return true;
    }
    void piece(std::string_view bytes) override { text += bytes; }
    void end_large() override { text += " "; }
    void unsubscribed(std::string_view name) override { text += "left " + std::string(name) + " "; }
    void error(std::string_view what) override { text += "error " + std::string(what) + " "; }

    std::string text;
};

std::string frame(const std::vector<std::string>& words) {
    return redis::encode(words);
}

std::string confirmed(const std::string& kind, const std::string& name) {
    return "*3\r\n$" + std::to_string(kind.size()) + "\r\n" + kind + "\r\n$" + std::to_string(name.size()) +
           "\r\n" + name + "\r\n:1\r\n";
}

// The events, or why the bytes were refused.
std::string events(const std::string& bytes, std::size_t piece = 10'000) {
    Events sink;
    redis::PushFrames frames("here", {"a", "b"}, {"p*"}, sink);
    redis::ReplyReader reader(frames, {.large = 10});
    try {
        for (std::size_t at = 0; at < bytes.size(); at += piece) {
            reader.feed(std::string_view(bytes).substr(at, piece));
        }
    } catch (const base::Error& error) {
        CHECK(error.exit() == base::Exit::bad_reply);
        return error.what();
    }
    return sink.text + (frames.ready() ? "ready" : "");
}

}  // namespace

TEST_CASE("push frames: messages by channel and by pattern, once all is confirmed") {
    CHECK(events(confirmed("subscribe", "a") + confirmed("subscribe", "b") + frame({"message", "a", "1"}) +
                 confirmed("psubscribe", "p*") + frame({"pmessage", "p*", "p1", ""}) +
                 frame({"message", "b", "\r\n"})) == "a|-|1 p1|p*| b|-|\r\n ready");
    CHECK(events(confirmed("subscribe", "a") + confirmed("unsubscribe", "a")) == "left a ");
}

TEST_CASE("push frames: an error, a PONG and a pong frame are answers to PING") {
    CHECK(events("+PONG\r\n-BUSY x\r\n" + frame({"pong", ""})) == "error BUSY x ");
}

TEST_CASE("push frames: one name is not confirmed twice in place of another") {
    CHECK(events(confirmed("subscribe", "a") + confirmed("subscribe", "a")) ==
          "receiving from here: the broker sent a confirmation of 'a', which was not asked for");
}

TEST_CASE("push frames: frames that are too short, too long or of an unknown kind are bad") {
    for (const auto& bytes :
         {frame({"message", "a"}), frame({"message", "a", "x", "y"}), frame({"pmessage", "p*", "x"}),
          frame({"subscribe", "a"}), frame({"surprise", "a", "x"}), frame({"message"}), std::string("*0\r\n"),
          std::string("*-1\r\n"), std::string("$-1\r\n"), std::string(":5\r\n"), std::string("+OK\r\n"),
          std::string("$2\r\nhi\r\n"), std::string("*1\r\n*1\r\n:1\r\n")}) {
        CAPTURE(bytes);
        CHECK(events(bytes).starts_with("receiving from here: the broker sent "));
    }
}

TEST_CASE("push frames: elements of another type and channels never asked for are bad") {
    for (const std::string bytes :
         {"*3\r\n$7\r\nmessage\r\n$1\r\na\r\n:1\r\n", "*3\r\n$7\r\nmessage\r\n$1\r\na\r\n$-1\r\n",
          "*3\r\n$7\r\nmessage\r\n$1\r\nz\r\n$1\r\nx\r\n", "*3\r\n$7\r\nmessage\r\n$0\r\n\r\n$1\r\nx\r\n",
          "*3\r\n:1\r\n$1\r\na\r\n$1\r\nx\r\n", "*3\r\n$9\r\nsubscribe\r\n$1\r\na\r\n$1\r\n1\r\n",
          "*3\r\n$7\r\nmessage\r\n$1\r\na\r\n*1\r\n:1\r\n",
          "*4\r\n$8\r\npmessage\r\n$1\r\na\r\n$1\r\na\r\n$1\r\nx\r\n"}) {
        CAPTURE(bytes);
        CHECK(events(bytes).starts_with("receiving from here: the broker sent "));
    }
}

TEST_CASE("push frames: only a large payload comes in pieces, however the bytes are cut") {
    const std::string all = confirmed("subscribe", "a") + confirmed("subscribe", "b") +
                            confirmed("psubscribe", "p*") + frame({"message", "a", "0123456789ab"}) +
                            frame({"message", "b", "small"}) +
                            frame({"pmessage", "p*", "p-with-a-long-name", "\r\n0123456789"});
    for (std::size_t piece = 1; piece < 40; ++piece) {
        CAPTURE(piece);
        CHECK(events(all, piece) == "a|-|0123456789ab b|-|small p-with-a-long-name|p*|\r\n0123456789 ready");
    }
    CHECK(events(all.substr(0, all.size() - 2) + "xy").find("longer than its length") != std::string::npos);
}
