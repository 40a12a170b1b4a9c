#include "cli/output/json_printer.h"

namespace hail::cli::output {

namespace {

// Only the eight colours that every terminal has, so that its theme applies.
constexpr json::Colours colours{.key = "\x1b[1;34m",
                                .string = "\x1b[32m",
                                .number = "\x1b[36m",
                                .literal = "\x1b[35m",
                                .punctuation = {},
                                .reset = "\x1b[0m"};

json::IndentOptions options_for(const Console& console) {
    json::IndentOptions options;
    if (console.to_terminal()) {
        options.controls = json::IndentOptions::Controls::escape;
    }
    if (console.colours()) {
        options.colours = colours;
    }
    return options;
}

}  // namespace

JsonPrinter::JsonPrinter(Console& console) : console_(console), indenter_(options_for(console)) {}

void JsonPrinter::feed(std::string_view bytes) {
    if (!console_.indents()) {
        last_ = bytes.empty() ? last_ : bytes.back();
        console_.write(bytes);
        return;
    }
    out_.clear();
    indenter_.feed(bytes, out_);
    write();
}

void JsonPrinter::finish() {
    if (console_.indents()) {
        out_.clear();
        indenter_.finish(out_);
        write();
    }
    if (console_.to_terminal() && last_ != '\n') {
        console_.write("\n");  // so that a truncated document does not run into the next diagnostic
        last_ = '\n';
    }
}

void JsonPrinter::write() {
    last_ = out_.empty() ? last_ : out_.back();
    console_.write(out_);
}

std::string shown_json(std::string_view value, const Console& console) {
    json::Indenter indenter(options_for(console));
    std::string out;
    indenter.feed(value, out);
    indenter.finish(out);
    return out;
}

void print_json(std::string_view value, Console& console) {
    if (!console.indents()) {
        console.write(value);
        console.write("\n");
        return;
    }
    JsonPrinter printer(console);
    printer.feed(value);
    printer.finish();
}

}  // namespace hail::cli::output
