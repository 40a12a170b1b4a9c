// The text of an address as messages show it, whether or not the address is valid.
//
// Throws:  nothing.

#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "lib/net/scheme.h"

namespace hail::net {

bool is_scheme_character(char c);

// The offset of the text after "scheme://"; 0 without a scheme.
std::size_t authority_start(std::string_view text);

// True for an address such as user:pa/ss@host: a / ? or # of the password ended the authority too early.
bool may_hide_password(std::string_view text, Family family);

// The address as typed, for messages: anything that could be a password is masked, even if it is invalid.
std::string masked_address(std::string_view text, Family family);

}  // namespace hail::net
