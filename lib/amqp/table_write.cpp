// Tables and properties that are sent.

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <limits>
#include <new>

#include "lib/amqp/codec.h"
#include "lib/amqp/rabbitmq_c.h"
#include "lib/amqp/table.h"
#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/json/scan.h"
#include "lib/json/string.h"

namespace hail::amqp {

namespace {

using base::Error;
using base::Exit;

// Makes the values of one field in a pool.
class ValueMaker {
  public:
    ValueMaker(Pool& pool, std::string what, Misfits misfits)
        : pool_(pool), what_(std::move(what)), misfits_(misfits) {}

    amqp_field_value_t make(std::string_view text, std::size_t depth = 0) {
        if (depth > most_nesting) {
            reject("is nested too deeply");
        }
        switch (json::kind(text)) {
            case json::Kind::object:
                return object(text, depth);
            case json::Kind::array:
                return array(text, depth);
            case json::Kind::string:
                return bytes(AMQP_FIELD_KIND_UTF8, pool_.copy(json::unquote(text)));
            case json::Kind::number:
                return number(text);
            case json::Kind::boolean: {
                amqp_field_value_t value = of(AMQP_FIELD_KIND_BOOLEAN);
                value.value.boolean = text.starts_with('t') ? 1 : 0;
                return value;
            }
            case json::Kind::null:
                break;
        }
        return of(AMQP_FIELD_KIND_VOID);
    }

    [[noreturn]] void reject(const std::string& why, const std::string& hint = {}) const {
        throw Error(Exit::usage, what_ + " " + why, hint);
    }

  private:
    static amqp_field_value_t of(amqp_field_value_kind_t kind) {
        amqp_field_value_t value{};
        value.kind = static_cast<std::uint8_t>(kind);
        return value;
    }
    static amqp_field_value_t bytes(amqp_field_value_kind_t kind, amqp_bytes_t text) {
        amqp_field_value_t value = of(kind);
        value.value.bytes = text;
        return value;
    }
    static amqp_field_value_t real(double number) {
        amqp_field_value_t value = of(AMQP_FIELD_KIND_F64);
        value.value.f64 = number;
        return value;
    }

    amqp_field_value_t number(std::string_view text) const {
        const char* const end = text.data() + text.size();
        std::int64_t whole = 0;
        if (text.find_first_of(".eE") == text.npos) {
            const auto [last, problem] = std::from_chars(text.data(), end, whole);
            if (problem == std::errc{} && last == end) {
                amqp_field_value_t value = of(AMQP_FIELD_KIND_I64);
                value.value.i64 = whole;
                if (whole >= std::numeric_limits<std::int32_t>::min() &&
                    whole <= std::numeric_limits<std::int32_t>::max()) {
                    value = of(AMQP_FIELD_KIND_I32);
                    value.value.i32 = static_cast<std::int32_t>(whole);
                }
                return value;
            }
        }
        double fraction = 0;
        if (std::from_chars(text.data(), end, fraction).ec != std::errc{}) {
            reject("has the number " + base::one_line(text, 40) + ", which does not fit");
        }
        return real(fraction);
    }

    amqp_field_value_t array(std::string_view text, std::size_t depth) {
        std::vector<amqp_field_value_t> values;
        for (json::Elements elements(text); elements.next();) {
            values.push_back(make(elements.value(), depth + 1));
        }
        amqp_field_value_t value = of(AMQP_FIELD_KIND_ARRAY);
        value.value.array.num_entries = static_cast<int>(values.size());
        value.value.array.entries = pool_.array<amqp_field_value_t>(values.size());
        std::copy(values.begin(), values.end(), value.value.array.entries);
        return value;
    }

    amqp_field_value_t object(std::string_view text, std::size_t depth) {
        std::vector<amqp_table_entry_t> entries;
        std::string_view only;
        for (json::Members members(text); members.next();) {
            const std::string name = json::unquote(members.key());
            if (name.size() > longest_name) {
                reject("has a name that is longer than 255 bytes");
            }
            entries.push_back({pool_.copy(name), make(members.value(), depth + 1)});
            only = members.value();
        }
        if (entries.size() == 1) {
            if (const auto marked = marked_value(view_of(entries.front().key), only)) {
                return *marked;
            }
            check_fit(view_of(entries.front().key));
        }
        amqp_field_value_t value = of(AMQP_FIELD_KIND_TABLE);
        value.value.table.num_entries = static_cast<int>(entries.size());
        value.value.table.entries = pool_.array<amqp_table_entry_t>(entries.size());
        std::copy(entries.begin(), entries.end(), value.value.table.entries);
        return value;
    }

    void check_fit(std::string_view name) const {
        if (misfits_ == Misfits::are_refused &&
            (name == "timestamp" || name == "base64" || name == "decimal")) {
            reject(
                "has a " + std::string(name) + " that does not fit",
                R"(write {"timestamp":1767323045}, {"base64":"AAE="} or {"decimal":"1.25"}, without a sign)");
        }
    }

    // The types that JSON lacks.
    std::optional<amqp_field_value_t> marked_value(std::string_view name, std::string_view text) {
        const bool is_text = json::kind(text) == json::Kind::string;
        const std::string content = is_text ? json::unquote(text) : std::string(text);
        if (name == "timestamp" && !is_text) {
            if (const auto seconds = base::parse_number(content)) {
                amqp_field_value_t value = of(AMQP_FIELD_KIND_TIMESTAMP);
                value.value.u64 = *seconds;
                return value;
            }
        }
        if (name == "base64" && is_text) {
            if (const auto decoded = base::base64_decode(content)) {
                return bytes(AMQP_FIELD_KIND_BYTES, pool_.copy(*decoded));
            }
        }
        if (name == "decimal" && is_text) {
            return decimal(content);
        }
        const bool is_float = name == "float" && (content == "nan" || content == "inf" || content == "-inf");
        if (is_float && is_text) {
            reject("is not a finite number", "RabbitMQ carries such numbers only as text");
        }
        return std::nullopt;
    }

    static std::optional<amqp_field_value_t> decimal(std::string text) {
        const auto dot = text.find('.');
        const std::size_t decimals = dot == text.npos ? 0 : text.size() - dot - 1;
        if (dot != text.npos) {
            text.erase(dot, 1);
        }
        const auto digits = base::parse_number(text);
        if (!digits || *digits > std::numeric_limits<std::uint32_t>::max() || decimals > 255) {
            return std::nullopt;
        }
        amqp_field_value_t value = of(AMQP_FIELD_KIND_DECIMAL);
        value.value.decimal = {static_cast<std::uint8_t>(decimals), static_cast<std::uint32_t>(*digits)};
        return value;
    }

    Pool& pool_;
    std::string what_;
    Misfits misfits_;
};

// Sets the properties of a message by their names.
class PropertyMaker {
  public:
    explicit PropertyMaker(amqp_basic_properties_t& into) : into_(into) {}

    void set(const TableField& field) {
        struct Text {
            std::string_view name;
            amqp_flags_t flag;
            amqp_bytes_t amqp_basic_properties_t::*member;
        };
        using All = amqp_basic_properties_t;
        static constexpr std::array<Text, 10> texts{
            {{"content_type", AMQP_BASIC_CONTENT_TYPE_FLAG, &All::content_type},
             {"content_encoding", AMQP_BASIC_CONTENT_ENCODING_FLAG, &All::content_encoding},
             {"correlation_id", AMQP_BASIC_CORRELATION_ID_FLAG, &All::correlation_id},
             {"reply_to", AMQP_BASIC_REPLY_TO_FLAG, &All::reply_to},
             {"expiration", AMQP_BASIC_EXPIRATION_FLAG, &All::expiration},
             {"message_id", AMQP_BASIC_MESSAGE_ID_FLAG, &All::message_id},
             {"type", AMQP_BASIC_TYPE_FLAG, &All::type},
             {"user_id", AMQP_BASIC_USER_ID_FLAG, &All::user_id},
             {"app_id", AMQP_BASIC_APP_ID_FLAG, &All::app_id},
             {"cluster_id", AMQP_BASIC_CLUSTER_ID_FLAG, &All::cluster_id}}};
        const auto found = std::find_if(texts.begin(), texts.end(),
                                        [&](const Text& text) { return text.name == field.name; });
        if (found == texts.end()) {
            set_number(field);
            return;
        }
        check_text(field);
        into_.*found->member = bytes_of(field.value);
        into_._flags |= found->flag;
    }

  private:
    [[noreturn]] static void reject(const TableField& field, const std::string& why,
                                    const std::string& hint = {}) {
        throw Error(Exit::usage, "property " + base::one_line(field.name, 60) + ": " + why, hint);
    }

    static void check_text(const TableField& field) {
        if (field.value.size() > longest_name) {
            reject(field, "it is longer than 255 bytes");
        }
        if (field.name == "expiration" && !base::parse_number(field.value)) {
            reject(field, "'" + base::one_line(field.value, 40) + "' is not a number of milliseconds");
        }
    }

    void set_number(const TableField& field) {
        const auto number = base::parse_number(field.value);
        const auto between = [&](std::uint64_t least, std::uint64_t most) {
            if (!number || *number < least || *number > most) {
                reject(field, "'" + base::one_line(field.value, 40) + "' is not a number from " +
                                  std::to_string(least) + " to " + std::to_string(most));
            }
            return static_cast<std::uint8_t>(*number);
        };
        if (field.name == "delivery_mode") {
            into_.delivery_mode = between(1, 2);
            into_._flags |= AMQP_BASIC_DELIVERY_MODE_FLAG;
        } else if (field.name == "priority") {
            into_.priority = between(0, 255);
            into_._flags |= AMQP_BASIC_PRIORITY_FLAG;
        } else if (field.name == "timestamp") {
            if (!number) {
                reject(field, "'" + base::one_line(field.value, 40) + "' is not a number of seconds");
            }
            into_.timestamp = *number;
            into_._flags |= AMQP_BASIC_TIMESTAMP_FLAG;
        } else {
            reject(field, "there is no such property", "a name of your own belongs into the headers");
        }
    }

    amqp_basic_properties_t& into_;
};

// RabbitMQ would close the channel, without telling which message was at fault.
void check_copies(const amqp_table_t& headers) {
    for (int i = 0; i < headers.num_entries; ++i) {
        const amqp_table_entry_t& entry = headers.entries[i];
        const std::string_view name = view_of(entry.key);
        if ((name == "CC" || name == "BCC") && entry.value.kind != AMQP_FIELD_KIND_ARRAY) {
            throw Error(Exit::usage, "header '" + std::string(name) + "' is not a list of routing keys",
                        "write it as JSON, such as " + std::string(name) + ":=[\"audit\"]");
        }
    }
}

}  // namespace

void* Pool::allocate(std::size_t size) {
    void* const memory = amqp_pool_alloc(&pool_, std::max<std::size_t>(size, 1));
    if (memory == nullptr) {
        throw std::bad_alloc();
    }
    std::memset(memory, 0, size);
    return memory;
}

amqp_bytes_t Pool::copy(std::string_view text) {
    char* const memory = array<char>(text.size());
    std::copy(text.begin(), text.end(), memory);
    return {text.size(), memory};
}

void throw_too_large() {
    throw Error(Exit::usage, "the properties and headers, or the arguments, are larger than 128 KiB");
}

amqp_table_t make_table(Pool& pool, std::span<const TableField> fields, std::string_view what,
                        Misfits misfits) {
    auto* const entries = pool.array<amqp_table_entry_t>(fields.size());
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const TableField& field = fields[i];
        ValueMaker maker(pool, std::string(what) + " '" + base::one_line(field.name, 60) + "'", misfits);
        if (field.name.size() > longest_name) {
            maker.reject("has a name that is longer than 255 bytes");
        }
        entries[i].key = bytes_of(field.name);
        if (field.is_json) {
            const std::string_view text = json::trim(field.value);
            if (const auto problem = json::check(text)) {
                maker.reject("is not JSON: " + json::describe(text, *problem),
                             "quote text for JSON, or give it as text");
            }
            entries[i].value = maker.make(text);
        } else {
            entries[i].value.kind = AMQP_FIELD_KIND_UTF8;
            entries[i].value.value.bytes = bytes_of(field.value);
        }
    }
    return {static_cast<int>(fields.size()), entries};
}

void check_typed(std::span<const TableField> headers) {
    Pool pool;
    make_table(pool, headers, "header", Misfits::are_refused);
}

std::string properties_text(std::span<const TableField> properties, std::span<const TableField> headers) {
    Pool pool;
    amqp_basic_properties_t all{};
    PropertyMaker maker(all);
    for (const TableField& field : properties) {
        maker.set(field);
    }
    if (!headers.empty()) {
        all.headers = make_table(pool, headers, "header");
        check_copies(all.headers);
        all._flags |= AMQP_BASIC_HEADERS_FLAG;
    }
    return encoded(
        [&](amqp_bytes_t buffer) { return amqp_encode_properties(AMQP_BASIC_CLASS, &all, buffer); });
}

}  // namespace hail::amqp
