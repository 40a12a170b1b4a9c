// Tables and properties that were received.

#include <array>
#include <charconv>
#include <cmath>
#include <utility>

#include "lib/amqp/rabbitmq_c.h"
#include "lib/amqp/table.h"
#include "lib/amqp/table_check.h"
#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/json/string.h"

namespace hail::amqp {

namespace {

template <typename Number>
void append_number(std::string& out, Number number) {
    std::array<char, 32> text{};
    out.append(text.data(), std::to_chars(text.data(), text.data() + text.size(), number).ptr);
}

// A number that is read back as one with a fraction: 3 is written 3.0.
template <typename Number>
void append_float(std::string& out, Number number) {
    if (!std::isfinite(number)) {
        out += std::isnan(number) ? R"({"float":"nan"})"
               : number < 0       ? R"({"float":"-inf"})"
                                  : R"({"float":"inf"})";
        return;
    }
    const std::size_t begin = out.size();
    append_number(out, number);
    if (out.find_first_of(".e", begin) == std::string::npos) {
        out += ".0";
    }
}

void append_base64(std::string& out, std::string_view bytes) {
    out += R"({"base64":")" + base::base64(bytes) + R"("})";
}

void append_text(std::string& out, std::string_view text) {
    if (base::is_utf8(text)) {
        json::append_quoted(out, text);
    } else {
        append_base64(out, text);
    }
}

void append_decimal(std::string& out, const amqp_decimal_t& decimal) {
    std::string digits = std::to_string(decimal.value);
    if (digits.size() <= decimal.decimals) {
        digits.insert(0, decimal.decimals + 1U - digits.size(), '0');
    }
    if (decimal.decimals > 0) {
        digits.insert(digits.size() - decimal.decimals, 1, '.');
    }
    out += R"({"decimal":")" + digits + R"("})";
}

void append_value(std::string& out, const amqp_field_value_t& value);

void append_array(std::string& out, const amqp_array_t& array) {
    out += '[';
    for (int i = 0; i < array.num_entries; ++i) {
        out += i > 0 ? "," : "";
        append_value(out, array.entries[i]);
    }
    out += ']';
}

void append_table(std::string& out, const amqp_table_t& table) {
    out += '{';
    for (int i = 0; i < table.num_entries; ++i) {
        const std::string_view name = view_of(table.entries[i].key);
        out += i > 0 ? "," : "";
        json::append_quoted(out, base::is_utf8(name) ? std::string(name) : base::base64(name) + "_base64");
        out += ':';
        append_value(out, table.entries[i].value);
    }
    out += '}';
}

// The depth was checked.
void append_value(std::string& out, const amqp_field_value_t& field) {
    const auto& value = field.value;
    switch (field.kind) {
        case AMQP_FIELD_KIND_BOOLEAN:
            out += value.boolean != 0 ? "true" : "false";
            return;
        case AMQP_FIELD_KIND_I8:
            return append_number(out, int{value.i8});
        case AMQP_FIELD_KIND_U8:
            return append_number(out, unsigned{value.u8});
        case AMQP_FIELD_KIND_I16:
            return append_number(out, value.i16);
        case AMQP_FIELD_KIND_U16:
            return append_number(out, value.u16);
        case AMQP_FIELD_KIND_I32:
            return append_number(out, value.i32);
        case AMQP_FIELD_KIND_U32:
            return append_number(out, value.u32);
        case AMQP_FIELD_KIND_I64:
            return append_number(out, value.i64);
        case AMQP_FIELD_KIND_U64:
            return append_number(out, value.u64);
        case AMQP_FIELD_KIND_F32:
            return append_float(out, value.f32);
        case AMQP_FIELD_KIND_F64:
            return append_float(out, value.f64);
        case AMQP_FIELD_KIND_DECIMAL:
            return append_decimal(out, value.decimal);
        case AMQP_FIELD_KIND_TIMESTAMP:
            out += R"({"timestamp":)";
            append_number(out, value.u64);
            out += '}';
            return;
        case AMQP_FIELD_KIND_UTF8:
            return append_text(out, view_of(value.bytes));
        case AMQP_FIELD_KIND_BYTES:
            return append_base64(out, view_of(value.bytes));
        case AMQP_FIELD_KIND_ARRAY:
            return append_array(out, value.array);
        case AMQP_FIELD_KIND_TABLE:
            return append_table(out, value.table);
        default:
            out += "null";
    }
}

}  // namespace

// Gathers the fields; those that are JSON get their texts when no more is added.
class PropertiesReader {
  public:
    explicit PropertiesReader(Properties& into) : into_(into) {
        into_.properties_.clear();
        into_.headers_.clear();
        into_.texts_.clear();
        into_.stream_offset_.reset();
    }

    void read(const amqp_basic_properties_t& given) {
        const auto has = [&](amqp_flags_t flag) { return (given._flags & flag) != 0; };
        const auto text = [&](amqp_flags_t flag, std::string_view name, amqp_bytes_t value) {
            if (has(flag)) {
                into_.properties_.push_back({name, view_of(value), false});
            }
        };
        const auto number = [&](amqp_flags_t flag, std::string_view name, std::uint64_t value) {
            if (has(flag)) {
                into_.properties_.push_back({name, {}, true});
                const std::size_t begin = into_.texts_.size();
                append_number(into_.texts_, value);
                property_ends_.emplace_back(begin, into_.texts_.size());
            }
        };
        text(AMQP_BASIC_CONTENT_TYPE_FLAG, "content_type", given.content_type);
        text(AMQP_BASIC_CONTENT_ENCODING_FLAG, "content_encoding", given.content_encoding);
        number(AMQP_BASIC_DELIVERY_MODE_FLAG, "delivery_mode", given.delivery_mode);
        number(AMQP_BASIC_PRIORITY_FLAG, "priority", given.priority);
        text(AMQP_BASIC_CORRELATION_ID_FLAG, "correlation_id", given.correlation_id);
        text(AMQP_BASIC_REPLY_TO_FLAG, "reply_to", given.reply_to);
        text(AMQP_BASIC_EXPIRATION_FLAG, "expiration", given.expiration);
        text(AMQP_BASIC_MESSAGE_ID_FLAG, "message_id", given.message_id);
        number(AMQP_BASIC_TIMESTAMP_FLAG, "timestamp", given.timestamp);
        text(AMQP_BASIC_TYPE_FLAG, "type", given.type);
        text(AMQP_BASIC_USER_ID_FLAG, "user_id", given.user_id);
        text(AMQP_BASIC_APP_ID_FLAG, "app_id", given.app_id);
        text(AMQP_BASIC_CLUSTER_ID_FLAG, "cluster_id", given.cluster_id);
        if (has(AMQP_BASIC_HEADERS_FLAG)) {
            read_headers(given.headers);
        }
        point(into_.properties_, property_ends_);
        point(into_.headers_, header_ends_);
    }

  private:
    using Range = std::pair<std::size_t, std::size_t>;

    void read_headers(const amqp_table_t& headers) {
        for (int i = 0; i < headers.num_entries; ++i) {
            const amqp_table_entry_t& entry = headers.entries[i];
            const std::string_view name = view_of(entry.key);
            if (entry.value.kind == AMQP_FIELD_KIND_UTF8) {
                into_.headers_.push_back({name, view_of(entry.value.value.bytes), false});
                continue;
            }
            if (name == "x-stream-offset" && entry.value.kind == AMQP_FIELD_KIND_I64) {
                into_.stream_offset_ = static_cast<std::uint64_t>(entry.value.value.i64);
            }
            into_.headers_.push_back({name, {}, true});
            const std::size_t begin = into_.texts_.size();
            append_value(into_.texts_, entry.value);
            header_ends_.emplace_back(begin, into_.texts_.size());
        }
    }

    void point(std::vector<TableField>& fields, const std::vector<Range>& ranges) const {
        auto range = ranges.begin();
        for (TableField& field : fields) {
            if (field.is_json) {
                field.value =
                    std::string_view(into_.texts_).substr(range->first, range->second - range->first);
                ++range;
            }
        }
    }

    Properties& into_;
    std::vector<Range> property_ends_;
    std::vector<Range> header_ends_;
};

void Properties::read(std::string_view bytes) {
    PropertiesReader reader(*this);
    check_headers(bytes);
    Pool pool;
    void* decoded = nullptr;
    const int status = amqp_decode_properties(AMQP_BASIC_CLASS, pool.get(), bytes_of(bytes), &decoded);
    if (status < 0 || decoded == nullptr) {
        throw base::Error(base::Exit::bad_reply, "the broker sent a message with properties that do not fit");
    }
    reader.read(*static_cast<const amqp_basic_properties_t*>(decoded));
}

std::optional<std::string_view> Properties::property(std::string_view name) const {
    for (const TableField& field : properties_) {
        if (field.name == name) {
            return field.value;
        }
    }
    return std::nullopt;
}

}  // namespace hail::amqp
