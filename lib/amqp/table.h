// Headers, arguments and properties: tables of typed values, with JSON as the text of the types.
//
// Shape:   a long string is its bytes. Every other value is JSON: true, false, null, numbers, arrays and
//          objects stand for themselves, and objects with one member for the types that JSON lacks:
//          {"timestamp":1767323045}, {"decimal":"1.25"}, {"base64":"AAE="} for bytes, {"float":"nan"},
//          which is only read: the broker fails at it.
//          Within JSON a string that is not UTF-8 is {"base64":…} too. Back, a whole number becomes one of
//          32 bits, or of 64 if it does not fit, and any other number a double.
//          A name may come twice, and stays so.
// Throws:  reading: Error(bad_reply) for bytes that do not fit, and for values that are nested deeper than
//          most_nesting. Writing: Error(usage) for names over 255 bytes, text that is not JSON, and numbers
//          that do not fit.
// Source:  AMQP 0-9-1, 4.2.5, with RabbitMQ's letters for the types.

#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hail::amqp {

inline constexpr std::size_t most_nesting = 128;

// In the order of the protocol, without the headers.
inline constexpr std::array<std::string_view, 13> property_names{
    "content_type", "content_encoding", "delivery_mode", "priority",  "correlation_id",
    "reply_to",     "expiration",       "message_id",    "timestamp", "type",
    "user_id",      "app_id",           "cluster_id"};

struct TableField {
    std::string_view name;
    std::string_view value;
    bool is_json = false;
};

// The properties and headers of a message, as views of the bytes that were read, or of this.
class Properties {
  public:
    // Reads the bytes that follow the body size in a header frame.
    void read(std::string_view bytes);

    // In the order of property_names, without the headers.
    std::span<const TableField> properties() const { return properties_; }
    std::span<const TableField> headers() const { return headers_; }

    std::optional<std::string_view> property(std::string_view name) const;
    std::optional<std::uint64_t> stream_offset() const { return stream_offset_; }

  private:
    friend class PropertiesReader;
    std::vector<TableField> properties_;
    std::vector<TableField> headers_;
    std::string texts_;  // of the values that are JSON
    std::optional<std::uint64_t> stream_offset_;
};

// Refuses what a person cannot have meant: {"decimal":"-1"}, which would be sent as a table.
void check_typed(std::span<const TableField> headers);

// The bytes that follow the body size in a header frame. An unknown name is an Error.
std::string properties_text(std::span<const TableField> properties, std::span<const TableField> headers);

}  // namespace hail::amqp
