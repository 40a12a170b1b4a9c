#include "cli/input/csv.h"

#include <doctest/doctest.h>

#include <algorithm>

using hail::cli::input::Csv;

namespace {

// "a|b;" for each record, "!LINE:COLUMN what;" for each fault, when fed in pieces of this size.
std::string read(std::string_view input, std::size_t piece, std::size_t most_bytes) {
    Csv csv(most_bytes);
    std::string out;
    while (true) {
        switch (csv.next()) {
            case Csv::Step::record:
                for (const std::string& field : csv.fields()) {
                    out += (&field == &csv.fields().front() ? "" : "|") + field;
                }
                out += ";";
                break;
            case Csv::Step::more:
                if (input.empty()) {
                    csv.finish();
                }
                csv.feed(input.substr(0, piece));
                input.remove_prefix(std::min(piece, input.size()));
                break;
            case Csv::Step::end:
                return out;
            case Csv::Step::fault:
                out += "!" + std::to_string(csv.line()) + ":" + std::to_string(csv.column()) + " " +
                       csv.what() + ";";
                break;
        }
    }
}

void check_read(std::string_view input, std::string_view expected, std::size_t most_bytes = 1000) {
    for (const std::size_t piece : {1U, 2U, 3U, 7U, 1000U}) {
        CAPTURE(piece);
        CHECK(read(input, piece, most_bytes) == expected);
    }
}

}  // namespace

TEST_CASE("csv: records end in LF or CR LF, and the last one at the end of the input") {
    check_read("a,b\nc,d\n", "a|b;c|d;");
    check_read("a,b\r\nc,d", "a|b;c|d;");
    check_read("a,b\r", "a|b;");
    check_read("", "");
    check_read("\n\r\n\na\n\n", "a;");
}

TEST_CASE("csv: fields may be empty, and blanks belong to them") {
    check_read(",\n,,\na, b ,\n", "|;||;a| b |;");
    check_read("a,", "a|;");
    check_read("\"\"\n", ";");
}

TEST_CASE("csv: quotes protect commas, line breaks and doubled quotes") {
    check_read("\"a,b\",\"c\"\"d\"\n", "a,b|c\"d;");
    check_read("\"a\r\nb\",c\r\nd,\"e\"\r\n", "a\r\nb|c;d|e;");
    check_read("\"a\"\"\"", "a\";");
}

TEST_CASE("csv: a byte order mark is skipped at the beginning only") {
    check_read("\xEF\xBB\xBF\"a\",b\n", "a|b;");
    check_read("\xEF\xBB\xBF", "");
    check_read("\xEF\xBB", "\xEF\xBB;");
    check_read("\xEF\xBBx,b\n", "\xEF\xBBx|b;");
    check_read("a\n\xEF\xBB\xBF\n", "a;\xEF\xBB\xBF;");
}

TEST_CASE("csv: a fault costs its line, and reading continues after it") {
    check_read("a\nb\"c,d\ne\n", "a;!2:2 a quote inside a field that does not begin with one;e;");
    check_read("\"a\"b,c\nd\n", "!1:4 text after the closing quote of a field;d;");
    check_read("\"a\"\rb\nd\n", "!1:5 text after the closing quote of a field;d;");
    check_read("x\n\"a\nb\" c\nd\n",
               "x;!3:3 text after the closing quote of a field that begins in line 2;d;");
    check_read("a\n\"b\nc\n", "a;!4:1 the input ends within the quotes that open in line 2;");
}

TEST_CASE("csv: a record larger than allowed is a fault, in quotes or not") {
    const std::string large(50, 'x');
    CHECK(read(large + "\na\n", 1000, 20) == "!1:1 the record is larger than 20 B;a;");
    CHECK(read("\"" + large + "\"\na\n", 1000, 20) == "!1:2 the record is larger than 20 B;a;");
    CHECK(read(large + "\na\n", 7, 20).ends_with("the record is larger than 20 B;a;"));
    CHECK(read("x,x,x,x,x,x,x,x,x,x,x\na\n", 1, 20).ends_with("the record is larger than 20 B;a;"));
}
