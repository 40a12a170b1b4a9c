// The pure functions of rabbitmq-c, its memory pool and its strings, for the sources of this folder alone.

#pragma once

#if __has_include(<rabbitmq-c/amqp.h>)
#include <rabbitmq-c/amqp.h>
#include <rabbitmq-c/framing.h>
#else
#include <amqp.h>
#include <amqp_framing.h>
#endif

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "lib/amqp/table.h"

namespace hail::amqp {

class Pool {
  public:
    Pool() { init_amqp_pool(&pool_, page); }
    Pool(const Pool&) = delete;
    Pool& operator=(const Pool&) = delete;
    ~Pool() { empty_amqp_pool(&pool_); }

    amqp_pool_t* get() { return &pool_; }
    void recycle() { recycle_amqp_pool(&pool_); }

    // An array of so many, with zeros.
    template <typename T>
    T* array(std::size_t count);

    amqp_bytes_t copy(std::string_view text);

  private:
    static constexpr std::size_t page = 4096;
    void* allocate(std::size_t size);

    amqp_pool_t pool_{};
};

template <typename T>
T* Pool::array(std::size_t count) {
    return static_cast<T*>(allocate(count * sizeof(T)));
}

// The library takes void*, and only reads.
inline amqp_bytes_t bytes_of(std::string_view text) {
    return {text.size(), const_cast<char*>(text.data())};
}
inline std::string_view view_of(amqp_bytes_t bytes) {
    return {static_cast<const char*>(bytes.bytes), bytes.len};
}

// Objects of JSON with the one member timestamp, base64 or decimal, but another value.
enum class Misfits { are_tables, are_refused };

// The fields as a table in the pool; `what` is "header" or "argument".
amqp_table_t make_table(Pool& pool, std::span<const TableField> fields, std::string_view what,
                        Misfits misfits = Misfits::are_tables);

// Calls encode(buffer), which returns the size or -2 for a buffer that is too small, with larger and larger
// buffers. Throws Error(usage) if the result would not fit a frame.
template <typename Encode>
std::string encoded(const Encode& encode);

[[noreturn]] void throw_too_large();

template <typename Encode>
std::string encoded(const Encode& encode) {
    for (std::size_t size : {std::size_t{1024}, std::size_t{16} * 1024, std::size_t{128} * 1024}) {
        std::string buffer(size, '\0');
        const int used = encode(amqp_bytes_t{buffer.size(), buffer.data()});
        if (used >= 0) {
            buffer.resize(static_cast<std::size_t>(used));
            return buffer;
        }
    }
    throw_too_large();
}

}  // namespace hail::amqp
