#include "lib/json/escape.h"

#include <algorithm>
#include <string>

#include "lib/base/text.h"
#include "lib/base/unseen.h"
#include "lib/json/block_writer.h"

namespace hail::json {

namespace {

void append_hex(BlockWriter& out, std::string_view prefix, char c) {
    constexpr std::string_view digits = "0123456789abcdef";
    const auto byte = static_cast<unsigned char>(c);
    out.put(prefix);
    out.put(digits[byte >> 4U]);
    out.put(digits[byte & 15U]);
}

// Beyond U+FFFF as its surrogates, which JSON wants.
std::string json_escape(std::string_view character) {
    if (character.size() < 4) {
        return base::escaped_character(character, character.size());
    }
    const auto low = [&](std::size_t i) { return static_cast<unsigned>(character[i]) & 0x3FU; };
    const unsigned code =
        (((static_cast<unsigned>(character[0]) & 7U) << 18U) | low(1) << 12U | low(2) << 6U | low(3)) -
        0x10000U;
    std::string out;
    for (const unsigned half : {0xD800U + (code >> 10U), 0xDC00U + (code & 0x3FFU)}) {
        out += "\\u";
        base::append_hex(out, static_cast<char>(static_cast<unsigned char>(half >> 8U)));
        base::append_hex(out, static_cast<char>(static_cast<unsigned char>(half & 0xFFU)));
    }
    return out;
}

}  // namespace

std::size_t cut_sequence(std::string_view bytes) {
    for (std::size_t back = 1; back <= std::min<std::size_t>(3, bytes.size()); ++back) {
        const auto byte = static_cast<unsigned char>(bytes[bytes.size() - back]);
        if (byte < 0x80) {
            return 0;
        }
        if (byte >= 0xC0) {
            const std::size_t length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2;
            return length > back ? back : 0;
        }
    }
    return 0;
}

void append_escape(BlockWriter& out, char control) {
    append_hex(out, "\\u00", control);
}

void append_harmless(BlockWriter& out, std::string_view run) {
    while (!run.empty()) {
        const std::string_view whole = run.substr(0, base::first_invalid_utf8(run));
        for (std::size_t i = 0; i < whole.size(); ++i) {
            const bool c1 = whole[i] == '\xC2' && static_cast<unsigned char>(whole[i + 1]) < 0xA0;
            if (c1) {
                append_hex(out, "\\u00", whole[++i]);
            } else if (const std::size_t length = base::unseen_length(whole.substr(i)); length > 0) {
                out.put(json_escape(whole.substr(i, length)));
                i += length - 1;
            } else {
                out.put(whole[i]);
            }
        }
        run.remove_prefix(whole.size());
        if (!run.empty()) {
            append_hex(out, "\\x", run.front());
            run.remove_prefix(1);
        }
    }
}

}  // namespace hail::json
