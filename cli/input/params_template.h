// The params of a call as JSON with the names of columns in it, which each record of a table fills in.
//
//   "{NAME}"        the value of the column as a JSON string
//   "a {NAME} b"    the same, inside a longer string; the name of a member may contain columns, too
//   "{NAME:json}"   the value as JSON: a number, true, null, an array … It is the whole string.
//   "{NAME:text}"   as {NAME}, for a column whose name ends in :json or :text
//   {{ and }}       a brace
//
// Shape:   the template is a JSON array or object; everything outside the braces is kept byte for byte.
// Throws:  Error(usage) for braces that do not name a column, or a template without any.

#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hail::cli::input {

class ParamsTemplate {
  public:
    // Takes JSON, as whole_params() returns it.
    explicit ParamsTemplate(std::string_view params);

    // Finds each column by its name. Returns the fault, such as "the table has no column 'adress'; its
    // columns are …", or an empty string.
    std::string bind(std::span<const std::string> columns);

    // Writes the params of one record, which has a value for each column. Returns the fault, or an empty
    // string.
    std::string fill(std::span<const std::string> values, std::string& params) const;

  private:
    enum class Form { text, json };
    // A column, and the part of the template before it.
    struct Place {
        std::string before;
        std::string name;
        Form form = Form::text;
        std::size_t column = 0;
    };

    void read_string(std::string_view string, bool is_key);
    void add_place(std::string_view between, std::string_view string, bool is_key);

    std::vector<Place> places_;
    std::string pending_;  // the template from the last place on
};

}  // namespace hail::cli::input
