#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "lib/http/content_range.h"
#include "lib/http/decode.h"
#include "lib/http/message.h"
#include "lib/http/secrets.h"
#include "tests/fuzz/require.h"

// The first byte of the input selects the kind of the rest: the lines of a head, or a body in gzip or
// deflate. The fields of a head lie within its bytes and are found by name. A body decodes to the same bytes
// and the same end, however it is cut.

using namespace hail::http;

namespace {

struct Text : Receiver {
    void head(const ReplyHead& /*head*/) override {}
    void body(std::string_view bytes) override {
        size += bytes.size();
        constexpr std::size_t most = 1 << 20;  // a decompression bomb is not kept, only survived
        text += bytes.substr(0, most - std::min(most, text.size()));
    }
    std::size_t size = 0;
    std::string text;
};

void check_head(std::string_view bytes) {
    ReplyHead head;
    // The first masking can hide the words that make a name harmless, such as max-tokens.
    const bool has_parameter = bytes.find('=') != bytes.npos;
    while (!bytes.empty()) {
        const std::size_t length = std::min(bytes.find('\n'), bytes.size() - 1) + 1;
        require(line_fault(head, bytes.substr(0, length)).value_or("").size() < 250);
        head.add_line(bytes.substr(0, length));
        bytes.remove_prefix(length);
    }
    const std::string_view all = head.bytes();
    require(head.status() >= 0 && head.status() <= 999);
    require(head.reason().size() <= all.size() && head.version().size() <= all.size());
    for (const auto& field : head.fields()) {
        require(field.name.data() >= all.data() && field.value.size() <= all.size());
        require(head.find(field.name).has_value());
    }
    const std::string masked = mask_secrets(all);
    require(has_parameter || mask_secrets(masked) == masked);
    require(mask_urls(mask_urls(all)) == mask_urls(all));
    require(has_parameter || mask_fact(mask_fact(all)) == mask_fact(all));
    require(length_fault(head).value_or("").size() < 250);
    require(coding_of(head) == Coding::other || !undecoded_warning({}, head));
    Request part;
    part.headers = {{"Range", "bytes=5-9"}};
    require(range_fault(part, head).value_or("").size() < 400);
}

Decoder::State decode(Coding coding, std::string_view bytes, std::size_t piece, Text& into) {
    Decoder decoder(coding);
    Decoder::State state = decoder.state();
    for (std::size_t at = 0;
         at < bytes.size() && state != Decoder::State::corrupt && state != Decoder::State::trailing;
         at += piece) {
        state = decoder.feed(bytes.substr(at, piece), into);
    }
    return state;
}

void check_body(Coding coding, std::string_view bytes) {
    Text whole;
    Text cut;
    const Decoder::State state = decode(coding, bytes, std::max<std::size_t>(1, bytes.size()), whole);
    require(decode(coding, bytes, 1, cut) == state);
    require(state == Decoder::State::corrupt || (whole.size == cut.size && whole.text == cut.text));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) {
        return 0;
    }
    const std::string text(data + 1, data + size);
    switch (data[0] % 3) {
        case 0:
            check_head(text);
            break;
        case 1:
            check_body(Coding::gzip, text);
            break;
        default:
            check_body(Coding::deflate, text);
            break;
    }
    return 0;
}
