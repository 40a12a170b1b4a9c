#include "cli/output/value_printer.h"

#include <string>

#include "cli/output/json_printer.h"
#include "lib/base/text.h"
#include "lib/json/rewrite.h"
#include "lib/json/scan.h"
#include "lib/json/string.h"

namespace hail::cli::output {

void print_value_unchanged(std::string_view value, Strings strings, Console& console) {
    if (strings == Strings::raw && json::kind(value) == json::Kind::string) {
        const std::string text = json::unquote(value);
        console.write(console.to_terminal() ? base::printable(text) : text);
        console.write("\n");
        return;
    }
    print_json(value, console);
}

void print_value(std::string_view value, Strings strings, Console& console) {
    const bool raw = strings == Strings::raw && json::kind(value) == json::Kind::string;
    if (raw || console.indents()) {
        print_value_unchanged(value, strings, console);
        return;
    }
    std::string line;
    json::append_compact(line, value);
    console.write(line += '\n');
}

}  // namespace hail::cli::output
