// The one pass over JSON text that is not known to be valid: it checks a value, finds its end and notes the
// members of an object. check(), Splitter and CheckedElements are made of it.
//
// Shape:   every function takes the first byte of a value and returns the place after it, or null if it set a
//          fault. White space around the value is left to the caller. No recursion, no allocation.
// Throws:  nothing; a fault is a value.
// Source:  RFC 8259; RFC 3629 for the bytes of strings.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "lib/json/outline.h"
#include "lib/json/scan.h"

namespace hail::json {

template <Encoding encoding>
class Scanner {
  public:
    // `depth` is the number of containers around the values, in which the caller is.
    explicit Scanner(const char* end, std::size_t depth = 0) : end_(end), most_(most_depth - depth) {}

    const char* value(const char* at);
    // The same; the members are noted if it is an object.
    const char* value(const char* at, Outline& outline);

    // The fault after a null.
    std::string_view what() const { return what_; }
    const char* fault() const { return fault_; }
    // Whether the value may be valid with more bytes after the end.
    bool may_be_cut() const;

    std::nullptr_t fail(const char* at, std::string_view what) {
        fault_ = at;
        what_ = what;
        return nullptr;
    }

  private:
    // One bit for each container around the innermost one: whether it is an object.
    class Nesting {  // NOLINT(cppcoreguidelines-pro-type-member-init): only bits below depth_ are read
      public:
        std::size_t depth() const { return depth_; }
        void push(bool object) {
            std::uint64_t& word = bits_[depth_ / 64];
            const std::uint64_t bit = std::uint64_t{1} << (depth_ % 64);
            word = object ? word | bit : word & ~bit;
            ++depth_;
        }
        bool pop() {
            --depth_;
            return (bits_[depth_ / 64] >> (depth_ % 64) & 1U) != 0;
        }

      private:
        std::size_t depth_ = 0;
        std::array<std::uint64_t, most_depth / 64 + 1> bits_;
    };

    const char* container(const char* at);
    const char* object(const char* at, Outline& outline);
    const char* close(const char* at, bool& in_object, Nesting& nesting);
    const char* key(const char* at, const char*& key_end);
    const char* scalar(const char* at);
    const char* string(const char* at);
    const char* string_from(const char* open, const char* at);
    const char* escape(const char* at);
    const char* beyond_ascii(const char* at);
    const char* literal(const char* at, std::string_view word);
    const char* number(const char* at);
    const char* fraction(const char* at);
    const char* digits(const char* at) const;

    const char* end_;
    std::size_t most_;
    const char* fault_ = nullptr;
    std::string_view what_;
};

extern template class Scanner<Encoding::utf8>;
extern template class Scanner<Encoding::any>;

}  // namespace hail::json
