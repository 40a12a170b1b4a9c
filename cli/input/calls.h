// The requests of a bulk run, read from files or stdin as they are needed. The input is one JSON array or a
// series of JSON values (NDJSON or concatenated JSON), each of them a request; or it is lines "method
// param…", with the types of rpc. With a method, each value or line is the params of one call of that method.
//
// Shape:   a file named "-" is stdin. Lines count from 1 in each file. Memory: one request and one piece of
//          input.
//          A record that is not a request has a fault, which names file and line.
// Throws:  Error(no_input) for a file that cannot be read.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/input/files.h"
#include "cli/input/records.h"
#include "lib/bulk/record.h"
#include "lib/json/split.h"

namespace hail::cli::input {

enum class CallsForm {
    detect,  // by the first byte of each file: '[' and '{' begin JSON
    json,
    lines,
};

class Calls : public bulk::Source {
  public:
    // An empty method: each call in the input names its own.
    Calls(std::vector<std::string> files, std::string method, CallsForm form = CallsForm::detect);

    Next next(bulk::Record& record) override;
    // Calls of the methods that match one of these patterns of glob(7) may be executed twice.
    void may_run_twice(std::vector<std::string> patterns) { repeatable_ = std::move(patterns); }

    int descriptor() const override { return file_ ? file_->descriptor() : -1; }

    // Why the rest of the input could not be read; empty if it could.
    const std::string& problem() const { return problem_; }

  private:
    using Step = json::Splitter::Step;
    enum class Read { some, nothing_yet, end };

    Step step(std::string_view& text);
    void take(std::string_view text, bulk::Record& record);
    std::string make_call(std::string_view params_or_line);
    std::string call_of_value(std::string_view params);
    std::string call_of_line(std::string_view line);
    bool is_repeatable(std::string_view method) const;
    void give_fault(std::string_view text, const std::string& what, bulk::Record& record);
    Read read();
    bool open_next();

    std::vector<std::string> files_;
    std::string method_;
    CallsForm wanted_;
    Files access_;
    Files none_ = Files::forbidden();  // lines may not name any files
    std::size_t opened_ = 0;           // how many of files_ have been opened

    // The state of the current file.
    std::optional<InputFile> file_;
    CallsForm form_ = CallsForm::detect;
    bool begun_ = false;  // the file has given bytes
    bool ended_ = false;
    json::Splitter splitter_;
    Records lines_{Framing::lines};
    std::uint64_t line_ = 0;

    std::vector<std::string> repeatable_;
    std::uint64_t count_ = 0;
    std::string call_;   // made from params or a line
    std::string fault_;  // "calls.ndjson, line 3: it has no member \"method\""
    std::string problem_;
};

}  // namespace hail::cli::input
