#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/input/files.h"
#include "lib/bulk/run.h"
#include "lib/json/split.h"

// The requests of a bulk run, read from files or stdin as they are needed: one JSON array, or values one after another (NDJSON and
// concatenated JSON), each a request; or, with a method, each the params of a call of it.
//
// Shape:   a file named "-" is stdin. Lines count from 1 in each file. Memory: one request and one piece of input.
// Throws:  Error(no_input) for a file that cannot be read. What is wrong in it is told by problem().

namespace hail::cli::input {

class Calls : public bulk::Source {
  public:
    // An empty method: the input is requests.
    Calls(std::vector<std::string> files, std::string method);

    Next next(Item& item) override;
    int descriptor() const override { return file_ ? file_->descriptor() : -1; }

    // After Next::bad: "calls.ndjson, line 3: it has no member \"method\"".
    const std::string& problem() const { return problem_; }

  private:
    enum class Read { some, nothing_yet, end };

    Next take(Item& item);
    Next fail(const std::string& what);
    Read read();
    bool open_next();
    void new_splitter();

    std::vector<std::string> files_;
    std::string method_;
    std::size_t opened_ = 0;  // how many of files_
    std::optional<InputFile> file_;
    json::Splitter splitter_;
    std::uint64_t count_ = 0;
    std::string call_;  // one that was made from params
    std::string problem_;
};

}  // namespace hail::cli::input
