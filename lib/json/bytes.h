// The innermost loops over JSON bytes. They skip runs of bytes that need no attention, 16 at a time if the
// processor can.
//
// Shape:   [at, end); each loop returns the first byte that stops it, or end.

#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace hail::json {

inline bool is_space(char c) {
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

inline const char* skip_space(const char* at, const char* end) {
    // Mostly there is none.
    while (at != end && static_cast<unsigned char>(*at) <= ' ' && is_space(*at)) {
        ++at;
    }
    return at;
}

enum class HighBytes { pass, stop, stop_and_delete };  // the last one also stops at DEL

template <HighBytes high>
inline bool is_plain(char c) {
    const auto byte = static_cast<unsigned char>(c);
    constexpr unsigned end = high == HighBytes::pass ? 0x100 : high == HighBytes::stop ? 0x80 : 0x7F;
    return byte >= 0x20 && c != '"' && c != '\\' && byte < end;
}

inline bool is_structure(char c) {
    return c == '"' || c == '{' || c == '}' || c == '[' || c == ']';
}

#ifdef __SSE2__
// One bit for each byte at which plain_end() stops.
template <HighBytes high>
inline unsigned not_plain(__m128i bytes) {
    const __m128i quotes = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'));
    const __m128i escapes = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'));
    const __m128i controls = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(0x1f)), bytes);
    __m128i stops = _mm_or_si128(_mm_or_si128(quotes, escapes), controls);
    if constexpr (high != HighBytes::pass) {
        stops = _mm_or_si128(stops, bytes);  // only the top bit of each byte counts
    }
    if constexpr (high == HighBytes::stop_and_delete) {
        stops = _mm_or_si128(stops, _mm_cmpeq_epi8(bytes, _mm_set1_epi8(0x7F)));
    }
    return static_cast<unsigned>(_mm_movemask_epi8(stops));
}

inline unsigned structures(__m128i bytes) {
    const __m128i quotes = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'));
    const __m128i folded = _mm_or_si128(bytes, _mm_set1_epi8(0x20));  // '[' becomes '{', ']' becomes '}'
    const __m128i opens = _mm_cmpeq_epi8(folded, _mm_set1_epi8('{'));
    const __m128i closes = _mm_cmpeq_epi8(folded, _mm_set1_epi8('}'));
    return static_cast<unsigned>(_mm_movemask_epi8(_mm_or_si128(quotes, _mm_or_si128(opens, closes))));
}

inline __m128i load16(const char* at) {
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
}
#endif

// In a string: the first quote, backslash, control character, or (stop) byte of a longer UTF-8 sequence.
template <HighBytes high>
inline const char* plain_end(const char* at, const char* end) {
#ifdef __SSE2__
    for (; end - at >= 16; at += 16) {
        if (const unsigned stops = not_plain<high>(load16(at)); stops != 0) {
            return at + __builtin_ctz(stops);
        }
    }
#endif
    while (at != end && is_plain<high>(*at)) {
        ++at;
    }
    return at;
}

// Outside strings: the first quote, bracket or brace.
inline const char* structure(const char* at, const char* end) {
#ifdef __SSE2__
    for (; end - at >= 16; at += 16) {
        if (const unsigned stops = structures(load16(at)); stops != 0) {
            return at + __builtin_ctz(stops);
        }
    }
#endif
    while (at != end && !is_structure(*at)) {
        ++at;
    }
    return at;
}

// The place after the string that begins at `at`.
inline const char* string_end(const char* at, const char* end) {
    for (++at; at < end; at += *at == '\\' ? 2 : 1) {
        at = plain_end<HighBytes::pass>(at, end);
        if (at == end || *at == '"') {
            break;
        }
    }
    return at < end ? at + 1 : end;
}

// The place after the valid container that begins at `at`.
inline const char* container_end(const char* at, const char* end) {
    std::size_t depth = 0;
    while ((at = structure(at, end)) != end) {
        if (*at == '"') {
            at = string_end(at, end);
            continue;
        }
        const bool opens = *at == '{' || *at == '[';
        ++at;
        depth += opens ? 1 : std::size_t(0) - 1;
        if (depth == 0) {
            break;
        }
    }
    return at;
}

// The place after the valid value that begins at `at`.
inline const char* value_end(const char* at, const char* end) {
    if (at == end) {
        return end;
    }
    if (*at == '"') {
        return string_end(at, end);
    }
    if (*at == '{' || *at == '[') {
        return container_end(at, end);
    }
    return std::find_if(at, end, [](char c) { return is_space(c) || c == ',' || c == ']' || c == '}'; });
}

inline std::string_view span(const char* begin, const char* end) {
    return {begin, static_cast<std::size_t>(end - begin)};
}

}  // namespace hail::json
