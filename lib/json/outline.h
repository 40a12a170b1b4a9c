// JSON text that is not known to be valid, read in one pass: each value is checked, its end is found and the
// members of an object are noted, so that nobody needs to walk over it again.
//
// Shape:   spans of the given text. No allocation.
// Throws:  nothing; a fault is a value, the same that check() finds.

#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

#include "lib/json/scan.h"

namespace hail::json {

// The first members of an object, in order.
class Outline {  // NOLINT(cppcoreguidelines-pro-type-member-init): only members below count_ are read
  public:
    struct Member {
        const char* key;  // raw, with its quotes
        const char* key_end;
        const char* value;
        const char* value_end;
    };
    // More than a message of JSON-RPC has.
    static constexpr std::size_t most = 8;

    void clear() { count_ = 0; }
    void note(const Member& member) {
        if (count_ < most) {
            members_[count_] = member;
        }
        ++count_;
    }

    // Whether every member of the object was noted.
    bool whole() const { return count_ <= most; }
    const Member* begin() const { return members_.data(); }
    const Member* end() const { return members_.data() + (whole() ? count_ : most); }

  private:
    std::size_t count_ = 0;
    std::array<Member, most> members_;
};

// check(), which also notes the members if the text is an object.
std::optional<Problem> check(std::string_view text, Encoding encoding, Outline& outline);

// Walks over the elements of an array, and checks each of them on the way: those before a fault still come.
// The text begins with '['.
class CheckedElements {
  public:
    CheckedElements(std::string_view array, Encoding encoding);

    bool next();

    std::string_view value() const { return value_; }
    const Outline& outline() const { return outline_; }  // of an element that is an object

    // After next() returned false: the fault of the whole text, if it has one.
    const std::optional<Problem>& problem() const { return problem_; }

  private:
    template <Encoding encoding>
    bool step();
    bool set_problem(const char* at, std::string_view what);

    std::string_view text_;
    Encoding encoding_;
    const char* at_;
    bool first_ = true;
    std::string_view value_;
    Outline outline_;
    std::optional<Problem> problem_;
};

}  // namespace hail::json
