// The calls of a bulk run, read from files or stdin as they are needed. The input is one JSON array or a
// series of JSON values (NDJSON or concatenated JSON), each of them a request; or it is lines "method
// param…", with the types of rpc; or it is a table. With a method, each value, line or record is the params
// of one call of that method.
//
// Shape:   a file named "-" is stdin. Memory: one call and one piece of input.
//          A record that is not a call has a fault, which names file, line and column.
// Throws:  Error(no_input) for a file that cannot be read; Error(usage) for a template that is not valid;
//          Error(bad_input) for a table that lacks a column, before any record.

#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/input/call_reader.h"
#include "cli/input/input_files.h"
#include "lib/bulk/record.h"
#include "lib/rpc/message.h"

namespace hail::cli::input {

enum class CallsForm {
    detect,  // by the first byte of each file: '[' and '{' begin JSON
    json,
    lines,
};

struct CallsOptions {
    std::vector<std::string> files;  // none: stdin
    std::string method;              // empty: each call names its own
    CallsForm form = CallsForm::detect;
    std::string table;     // the file of a table; empty: the input is not a table
    std::string params;    // the template of a table's calls
    bool add_ids = false;  // to the calls without one, which would be notifications
    // Calls of the methods that match one of these patterns of glob(7) may be executed twice.
    std::vector<std::string> repeatable;
};

class Calls : public bulk::Source {
  public:
    explicit Calls(CallsOptions options);

    // Makes rewind() possible. The stop ends the wait for an input that must be copied.
    void keep(const base::Stop& stop) { files_.keep(stop); }
    // All calls come again.
    void rewind();

    Next next(bulk::Record& record) override;
    int descriptor() const override { return file_ ? file_->descriptor() : -1; }

    // The share of the input that has been read, from 0 to 1; nothing if its size is unknown.
    std::optional<double> share_read() const { return files_.share_read(file_); }

    // The file whose rest could not be read, for messages; empty if all was read.
    const std::string& broken_file() const { return broken_file_; }

  private:
    enum class Read { some, nothing_yet };

    bool open_next();
    Read read();
    void detect_form(std::string_view piece);
    void take(const CallReader::Found& found, bulk::Record& record);
    void add_id(rpc::Request& request);
    bool is_repeatable(std::string_view method) const;
    void give_fault(const CallReader::Found& found, const std::string& what, bulk::Record& record);

    CallsOptions options_;
    std::optional<ParamsTemplate> params_;
    InputFiles files_;

    // The state of the current file.
    std::optional<InputFile> file_;
    std::unique_ptr<CallReader> reader_;  // empty: the form is not known yet
    std::string lead_;                    // the bytes of the first line, until the form is known
    std::uint64_t lead_lines_ = 0;        // the empty lines before it

    std::uint64_t count_ = 0;
    std::string call_;   // with an id that was added
    std::string fault_;  // "'calls.ndjson', line 3, column 1: it has no member \"method\""
    std::string broken_file_;
};

}  // namespace hail::cli::input
