// ResultStream: passes on a large result of a reply as it arrives, and keeps the rest of the reply to be
// judged at its end: an error may follow the result, or the id of another request.
//
// Shape:   feed() takes the reply, one JSON object, in pieces of any size. If its member "result" is a
//          string, an array or an object of more than `hold` bytes, they go to the sink. text() is the reply,
//          with a 0 instead of a result that was passed on. read_reply() reads it, even if it is not JSON.
// Memory:  `hold` bytes and everything that is not the result: the caller limits text().
// Throws:  whatever the sink throws; a fault is a value.

#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "lib/json/indent.h"

namespace hail::rpc {

class ResultStream {
  public:
    using Sink = std::function<void(std::string_view)>;

    ResultStream(std::size_t hold, Sink sink) : hold_(hold), sink_(std::move(sink)) {}

    void feed(std::string_view bytes);

    const std::string& text() const { return text_; }
    // Whether part of a result was passed on.
    bool is_passed_on() const { return passed_on_; }

    // At the end of the reply: why the passed on result is not valid, empty if it is. Number text is not
    // checked.
    std::string finish();

  private:
    enum class Place { before, key, in_key, colon, before_value, in_value, after };

    void take(char c);
    void take_structure(char c);
    bool is_result() const;
    std::size_t result_length(std::string_view bytes);
    void take_result(std::string_view bytes);
    void pass_on(std::string_view bytes);
    void end_result();

    std::size_t hold_;
    Sink sink_;
    std::string text_;

    Place place_ = Place::before;
    std::string key_;  // with its quotes
    std::size_t depth_ = 0;
    bool in_string_ = false;
    bool escaped_ = false;

    bool in_result_ = false;
    bool ended_ = false;
    std::string held_;
    bool passes_on_ = false;  // this result
    bool passed_on_ = false;  // this one or an earlier one
    bool twice_ = false;
    bool broken_ = false;
    json::Indenter checker_;
    std::string dropped_;  // what the checker writes
};

}  // namespace hail::rpc
