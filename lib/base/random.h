// Random numbers from the system, for names that nobody can guess and for jitter.
//
// Throws:  Error(system_failed) if the system provides none.
// Source:  getrandom(2).

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace hail::base {

std::uint32_t random_number();

// Two digits per byte, in lower case; at most 256 bytes.
std::string random_hex(std::size_t bytes);

}  // namespace hail::base
