#include "lib/redis/stream_commands.h"

#include "lib/redis/codec.h"

namespace hail::redis {

namespace {

using Words = std::vector<std::string>;

void add_limits(Words& words, const ReadLimits& limits) {
    words.insert(words.end(), {"COUNT", std::to_string(limits.count)});
    if (limits.block) {
        words.insert(words.end(), {"BLOCK", std::to_string(limits.block->count())});
    }
    words.emplace_back("STREAMS");
}

std::string with_ids(Words words, std::span<const StreamId> ids) {
    for (const StreamId& id : ids) {
        words.push_back(id.text());
    }
    return encode(words);
}

std::string header(char type, std::size_t number) {
    return type + std::to_string(number) + "\r\n";
}

}  // namespace

std::string xread(const StreamPlaces& streams, const ReadLimits& limits) {
    Words words{"XREAD"};
    add_limits(words, limits);
    for (const auto& [key, after] : streams) {
        words.push_back(key);
    }
    for (const auto& [key, after] : streams) {
        words.push_back(after);
    }
    return encode(words);
}

std::string xreadgroup(const Consumer& consumer, const std::vector<std::string>& keys,
                       const ReadLimits& limits) {
    Words words{"XREADGROUP", "GROUP", consumer.group, consumer.name};
    add_limits(words, limits);
    words.insert(words.end(), keys.begin(), keys.end());
    words.insert(words.end(), keys.size(), ">");
    return encode(words);
}

std::string xgroup_create(const std::string& key, const std::string& group, const std::string& from) {
    return encode(Words{"XGROUP", "CREATE", key, group, from, "MKSTREAM"});
}

std::string xack(const std::string& key, const std::string& group, std::span<const StreamId> ids) {
    return with_ids({"XACK", key, group}, ids);
}

std::string xautoclaim(const std::string& key, const Consumer& consumer, std::chrono::milliseconds idle,
                       const std::string& cursor, std::uint64_t count) {
    return encode(Words{"XAUTOCLAIM", key, consumer.group, consumer.name, std::to_string(idle.count()),
                        cursor, "COUNT", std::to_string(count), "JUSTID"});
}

std::string xclaim(const std::string& key, const Consumer& consumer, std::span<const StreamId> ids) {
    return with_ids({"XCLAIM", key, consumer.group, consumer.name, "0"}, ids);
}

std::string xpending_after(const std::string& key, const Consumer& consumer, const StreamId& after,
                           std::uint64_t count) {
    return encode(Words{"XPENDING", key, consumer.group, "(" + after.text(), "+", std::to_string(count),
                        consumer.name});
}

std::string xpending_one(const std::string& key, const std::string& group, const StreamId& id) {
    return encode(Words{"XPENDING", key, group, id.text(), id.text(), "1"});
}

std::string xinfo(const std::string& key) {
    return encode(Words{"XINFO", "STREAM", key, "FULL", "COUNT", "1"});
}

void append_xadd(net::OutBlocks& out, std::string_view key, std::string_view id, const XaddOptions& options,
                 std::span<const std::pair<std::string_view, std::string_view>> fields) {
    const std::size_t limit_words = options.most ? 3 : 0;
    std::string head = header('*', 3 + limit_words + 2 * fields.size());
    const auto add = [](std::string& to, std::string_view word) {
        to += header('$', word.size());
        to += word;
        to += "\r\n";
    };
    add(head, "XADD");
    add(head, key);
    if (options.most) {
        add(head, "MAXLEN");
        add(head, "~");
        add(head, std::to_string(*options.most));
    }
    add(head, id);
    for (const auto& [name, value] : fields) {
        add(head, name);
        head += header('$', value.size());
        out.append(head);
        out.append(value);
        head = "\r\n";
    }
    out.append(head);
}

}  // namespace hail::redis
