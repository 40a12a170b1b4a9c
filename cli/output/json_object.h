// A JSON object that hail itself writes: errors, summaries, envelopes.
//
// Shape:   one line without spaces; members keep the order in which they were added. Bytes that are not UTF-8
//          become U+FFFD. JSON that passes through is added as bytes and stays unchanged.
// Throws:  nothing.
// Source:  RFC 8259.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hail::cli::output {

class JsonObject {
  public:
    void text(std::string_view name, std::string_view value);
    void texts(std::string_view name, const std::vector<std::string>& values);
    void number(std::string_view name, std::uint64_t value);
    void number(std::string_view name, double value);
    void object(std::string_view name, const JsonObject& value) { json(name, value.str()); }
    void json(std::string_view name, std::string_view bytes);

    std::string str() const { return "{" + members_ + "}"; }

  private:
    std::string members_;
};

}  // namespace hail::cli::output
