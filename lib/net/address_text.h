// An address as people may see it, be it understood or not.
//
// Throws:  nothing.

#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "lib/net/scheme.h"

namespace hail::net {

bool is_scheme_character(char c);

// Where what stands behind "scheme://" begins.
std::size_t authority_start(std::string_view text);

// user:pa/ss@host: the password's own / ? or # ended the authority too early.
bool may_hide_password(std::string_view text, Family family);

// As typed, for messages: whatever could be a password is masked, even where it is not understood.
std::string masked_address(std::string_view text, Family family);

}  // namespace hail::net
