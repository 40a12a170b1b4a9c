// Readers of the calls in one file, one for each form of input: JSON, lines of words, and a table.
//
// Shape:   feed() takes the input cut at any byte; the view must live until next() returned more. next()
//          returns one of:
//          call     found() is one call, valid until the next call of any function
//          more     call feed() or finish() first
//          end      the input is finished and nothing is left
//          fault    found() says what is wrong and where; reading continues after it
//          broken   the same, but nothing after it can be read
//          refused  the same, and the file is of no use: it gave no call and gives none
//          Lines and columns count from 1, columns in bytes.
// Memory:  one call, and one fed piece.
// Throws:  nothing; a fault is a value.

#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "cli/input/params_template.h"
#include "lib/json/outline.h"

namespace hail::cli::input {

class CallReader {
  public:
    enum class Step { call, more, end, fault, broken, refused };

    struct Found {
        std::string_view text{};                 // JSON; may be empty for a fault
        const json::Outline* outline = nullptr;  // of text, if it has been noted
        std::uint64_t line = 0;
        std::uint64_t column = 0;
        std::string what{};  // the fault
    };

    CallReader() = default;
    CallReader(const CallReader&) = delete;
    CallReader& operator=(const CallReader&) = delete;
    virtual ~CallReader() = default;

    virtual void feed(std::string_view bytes) = 0;
    virtual void finish() = 0;

    // The id goes into a call that is made from its params.
    virtual Step next(std::uint64_t id) = 0;

    const Found& found() const { return found_; }

  protected:
    Step set_fault(std::string what, Step step = Step::fault);

    Found found_;
};

// Calls as JSON values or as the elements of one array; with a method, each value is the params of a call.
std::unique_ptr<CallReader> json_calls(const std::string& method);

// Lines "method param…"; with a method, lines "param…".
std::unique_ptr<CallReader> line_calls(const std::string& method);

// Records of a table whose first record names its columns; they fill in the params. A table that lacks a
// column is refused.
std::unique_ptr<CallReader> table_calls(const std::string& method, const ParamsTemplate& params);

}  // namespace hail::cli::input
