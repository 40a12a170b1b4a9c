// The path grammar "a[b][0][]", which builds documents (items) and selects values from them (--pick).
//
//   path = root seg*     root = TEXT | "[" NUMBER "]" | "[]" | nothing (the key "")
//                        seg  = "[" TEXT "]" | "[" NUMBER "]" | "[]"
//
// NUMBER is digits only, at most most_index. "\[", "\]" and "\\" are the plain characters; a backslash before
// a whole number ("\5", "\-1") makes it text; any other backslash is an ordinary character.
//
// Shape:   begin and end are byte offsets in the path's text, with end one past the last byte; if the text
//          ends too early, begin is its length.
// Throws:  nothing, unless stated; a fault is a value.
// Source:  HTTPie's nested JSON syntax, with the changes listed in hail-rest(1), ITEMS.

#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hail::json {

inline constexpr std::size_t most_index = 65'535;
inline constexpr std::size_t most_segments = 1'000;

struct Segment {
    enum class Kind { key, index, append };
    Kind kind = Kind::key;
    std::string key;
    std::size_t index = 0;
    std::size_t begin = 0;
    std::size_t end = 0;
};

struct PathProblem {
    std::size_t begin = 0;
    std::size_t end = 0;
    std::string what;  // "expected ']'"
    std::string mend;  // "for the key \"-1\", write [\\-1]"; may be empty
};

struct Path {
    std::string text;
    std::vector<Segment> segments;  // at least one
};

struct ParsedPath {
    Path path;
    std::optional<PathProblem> problem;
};

ParsedPath parse_path(std::string_view text);

// Parses the path given as `what`, such as "--pick".
// Throws:  Error(usage) with the place of the fault.
Path require_path(const std::string& what, std::string_view text);

}  // namespace hail::json
