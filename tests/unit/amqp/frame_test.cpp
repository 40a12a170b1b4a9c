#include "lib/amqp/frame.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "lib/base/error.h"
#include "tests/support/amqp_frames.h"

using namespace hail;
namespace peer = hail::support::amqp;

namespace {

// The frames in the bytes, given in pieces of this size: "type channel payload", or the fault.
std::vector<std::string> frames_in(std::string_view bytes, std::size_t piece) {
    std::vector<std::string> found;
    amqp::FrameReader reader("h");
    try {
        while (!bytes.empty()) {
            const std::string_view part = bytes.substr(0, piece);
            std::copy(part.begin(), part.end(), reader.room().begin());
            reader.filled(part.size());
            bytes.remove_prefix(part.size());
            amqp::Frame frame;
            while (reader.next(frame)) {
                found.push_back(std::to_string(static_cast<int>(frame.type)) + " " +
                                std::to_string(frame.channel) + " " + std::string(frame.payload));
            }
        }
        found.emplace_back(reader.in_frame() ? "more" : "end");
    } catch (const base::Error& error) {
        CHECK(error.exit() == base::Exit::bad_reply);
        found.emplace_back(error.what());
    }
    return found;
}

std::string fault_of(const std::string& bytes) {
    return frames_in(bytes, 1000).back();
}

const std::string first = peer::frame(1, 0, "login");

}  // namespace

TEST_CASE("amqp frames: the same frames are found however the bytes are cut") {
    const std::string body = std::string("b\xCE") + "dy";  // with a byte that also ends frames
    const std::string bytes = first + peer::frame(2, 1, "") + peer::frame(3, 65'535, body) +
                              peer::frame(8, 0, "") + peer::frame(1, 2, std::string(2000, 'x'));
    const auto whole = frames_in(bytes, bytes.size());
    CHECK(whole == std::vector<std::string>{"1 0 login", "2 1 ", "3 65535 " + body, "8 0 ",
                                            "1 2 " + std::string(2000, 'x'), "end"});
    for (const std::size_t piece : {1UL, 2UL, 7UL, 8UL, 100UL}) {
        CHECK(frames_in(bytes, piece) == whole);
    }
    CHECK(frames_in(bytes.substr(0, bytes.size() - 1), 50).back() == "more");
}

TEST_CASE("amqp frames: frames of the largest size pass, in any number") {
    const std::string large = peer::frame(3, 1, std::string(amqp::usual_frame_max - 8, 'z'));
    std::string bytes = first;
    for (int i = 0; i < 5; ++i) {
        bytes += large;
    }
    const auto found = frames_in(bytes, 50'000);
    CHECK(found.size() == 7);
    CHECK(found.back() == "end");
}

TEST_CASE("amqp frames: bytes that are not a frame are refused") {
    CHECK(fault_of(first + "\x05") == "receiving from h: a frame of the unknown type 5");
    CHECK(fault_of(first + peer::u8(3) + peer::u16(1) + peer::u32(131'065)) ==
          "receiving from h: a frame of 131065 bytes, more than was agreed");
    std::string bad_end = peer::frame(3, 1, "abc");
    bad_end.back() = 'x';
    CHECK(fault_of(first + bad_end) == "receiving from h: a frame that does not end where it should");
    CHECK(fault_of(first + peer::frame(8, 1, "")) == "receiving from h: a heartbeat that is not valid");
    CHECK(fault_of(first + peer::frame(8, 0, "x")) == "receiving from h: a heartbeat that is not valid");
}

TEST_CASE("amqp frames: a server that speaks something else is named") {
    const std::string other("AMQP\0\1\0\0", 8);
    CHECK(fault_of(other) == "receiving from h: the server does not speak AMQP 0-9-1, it offers AMQP 1-0-0");
    CHECK(frames_in(other, 1).back() == fault_of(other));
    CHECK(frames_in(other.substr(0, 7), 1).back() == "more");
    const std::string http = "HTTP/1.1 400 Bad Request\r\n\r\n";
    CHECK(fault_of(http) == "receiving from h: the answer is not AMQP but HTTP");
    CHECK(frames_in(http, 1).back() == fault_of(http));
    CHECK(frames_in(http.substr(0, 4), 1).back() == "more");
    CHECK(fault_of("HTML") == "receiving from h: the answer is not AMQP: it begins with 'HTML'");
    CHECK(fault_of(peer::frame(1, 7, "x")).find("is not AMQP") != std::string::npos);
    CHECK(fault_of(std::string("\x15\3\1\0\2\2F", 7)) == "receiving from h: the answer is an alert of TLS");
    CHECK(fault_of("-ERR x\r\n").find("is not AMQP") != std::string::npos);
}
