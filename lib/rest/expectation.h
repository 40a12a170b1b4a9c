// Expectations about a reply, as --expect and --until state them: parsed from text, and judged.
//
//   status==200     status<400             the status as a number
//   header:ETag==x  header:ETag!=x         the first header of that name, as text; a missing one equals none
//   state=="done"   items[][count]>=1.5    the values that a path picks from a JSON body, compared with JSON
//   body:status==1                         the same for a path that begins with a reserved word
//   body:==[]                              the whole body
//   !errors         !header:Location       nothing: the path picks no value, the reply has no such header
//
// Operators: == != < <= > >=. The first one outside [...] counts; white space around it does not. == and !=
// compare JSON by meaning: numbers exactly by value, strings by their text, arrays in order, objects with
// their members in any order. The others compare numbers with numbers, and strings with strings by their
// bytes. If a path picks several values, all of them must match; if it picks none, the expectation fails.
//
// Shape:   parsing and judging are pure; `why` tells on one line what was found instead, shortened.
// Throws:  parse_expectation() throws Error(usage) with the text and a caret.
// Source:  hail-rest(1), EXPECTATIONS.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/http/message.h"
#include "lib/json/path.h"

namespace hail::rest {

enum class Comparison { equal, different, less, at_most, greater, at_least, absent };

struct Expectation {
    enum class Subject { status, header, body };

    Subject subject = Subject::status;
    std::string header;
    json::Path path;
    Comparison comparison = Comparison::equal;
    std::string value;  // status and body: JSON; header: text
    std::string typed;
};

Expectation parse_expectation(std::string_view text);

struct Verdict {
    bool holds = false;
    std::string why;  // "the status is 503", "state is \"pending\"", "the reply has no 'state'"
};

// `body` is the whole body, decoded.
Verdict judge(const Expectation& expectation, const http::ReplyHead& head, std::string_view body);

// All expectations of --expect, or all of --until.
class Expectations {
  public:
    Expectations() = default;
    explicit Expectations(const std::vector<std::string>& typed);  // throws as parse_expectation() does

    bool empty() const { return all_.empty(); }
    bool are_about(Expectation::Subject subject) const;

    // The first expectation that fails, as a sentence; nothing if all hold.
    std::optional<std::string> first_failure(const http::ReplyHead& head, std::string_view body) const;

  private:
    std::vector<Expectation> all_;
};

}  // namespace hail::rest
