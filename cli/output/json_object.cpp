#include "cli/output/json_object.h"

#include <nlohmann/json.hpp>

namespace hail::cli::output {

namespace {

template <typename Value>
std::string dumped(const Value& value) {
    using nlohmann::json;
    return json(value).dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace

void JsonObject::json(std::string_view name, std::string_view bytes) {
    members_ += members_.empty() ? "" : ",";
    members_ += dumped(name) + ":";
    members_ += bytes;
}

void JsonObject::text(std::string_view name, std::string_view value) {
    json(name, dumped(value));
}

void JsonObject::texts(std::string_view name, const std::vector<std::string>& values) {
    json(name, dumped(values));
}

void JsonObject::number(std::string_view name, std::uint64_t value) {
    json(name, dumped(value));
}

void JsonObject::number(std::string_view name, double value) {
    const auto whole = static_cast<std::int64_t>(value);
    json(name, static_cast<double>(whole) == value ? dumped(whole) : dumped(value));
}

}  // namespace hail::cli::output
