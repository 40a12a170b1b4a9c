#include <cstdint>
#include <optional>
#include <string>

#include "lib/amqp/table.h"
#include "lib/base/error.h"
#include "lib/json/scan.h"
#include "tests/fuzz/require.h"

// Any bytes are read as properties or refused. What is JSON is valid, and what was read and written once is
// read as the same from then on.

using namespace hail;

namespace {

struct Read {
    std::string text;
    std::string written;
};

void add(std::string& text, std::span<const amqp::TableField> fields) {
    for (const amqp::TableField& field : fields) {
        require(!field.is_json || json::is_json(field.value));
        text += std::string(field.name) + (field.is_json ? ":=" : ":") + std::string(field.value) + "\n";
    }
}

std::optional<Read> read(const std::string& bytes) {
    amqp::Properties properties;
    try {
        properties.read(bytes);
    } catch (const base::Error& error) {
        require(error.exit() == base::Exit::bad_reply);
        return std::nullopt;
    }
    Read result;
    add(result.text, properties.properties());
    add(result.text, properties.headers());
    try {
        result.written = amqp::properties_text(properties.properties(), properties.headers());
    } catch (const base::Error& error) {
        require(error.exit() == base::Exit::usage);
        return std::nullopt;
    }
    return result;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto first = read(std::string(data, data + size));
    if (first) {
        const auto second = read(first->written);
        require(second.has_value());
        const auto third = read(second->written);
        require(third && third->text == second->text);
    }
    // The same bytes as the text of a header.
    const std::string text(data, data + size);
    const amqp::TableField header{"h", text, true};
    try {
        require(read(amqp::properties_text({}, {&header, 1})).has_value());
    } catch (const base::Error& error) {
        require(error.exit() == base::Exit::usage);
    }
    return 0;
}
