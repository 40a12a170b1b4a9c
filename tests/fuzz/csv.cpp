// The records do not depend on how the input is cut, and a table that is written as RFC 4180 says comes back
// unchanged.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "cli/input/csv.h"
#include "tests/fuzz/require.h"

namespace {

using hail::cli::input::Csv;
using Table = std::vector<std::vector<std::string>>;

struct Reading {
    Table records;
    std::string faults;
    friend bool operator==(const Reading&, const Reading&) = default;
};

Reading read(std::string_view input, std::size_t piece) {
    Csv csv;
    Reading reading;
    while (true) {
        switch (csv.next()) {
            case Csv::Step::record:
                reading.records.emplace_back(csv.fields().begin(), csv.fields().end());
                break;
            case Csv::Step::more:
                if (input.empty()) {
                    csv.finish();
                }
                csv.feed(input.substr(0, piece));
                input.remove_prefix(std::min(piece, input.size()));
                break;
            case Csv::Step::fault:
                reading.faults += std::to_string(reading.records.size()) + " " + std::to_string(csv.line()) +
                                  ":" + std::to_string(csv.column()) + " " + csv.what() + "\n";
                break;
            case Csv::Step::end:
                return reading;
        }
    }
}

std::string written(const Table& table) {
    std::string text;
    for (const auto& record : table) {
        for (std::size_t i = 0; i < record.size(); ++i) {
            text += i == 0 ? "\"" : ",\"";
            for (const char c : record[i]) {
                text += c == '"' ? "\"\"" : std::string(1, c);
            }
            text += '"';
        }
        text += "\r\n";
    }
    return text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) {
        return 0;
    }
    const std::string text(data + 1, data + size);
    const Reading whole = read(text, text.size() + 1);
    require(whole == read(text, data[0] % 16U + 1U));
    for (const auto& record : whole.records) {
        require(!record.empty());
    }
    require(read(written(whole.records), 1000).records == whole.records);
    return 0;
}
