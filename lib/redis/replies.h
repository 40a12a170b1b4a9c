// The error replies of Redis: what each means for the client, and what a person can do about it.
//
// Shape:   pure functions of the text of a reply, without its '-'. This is the only list of such texts.
// Source:  Redis 6 to 8, src/server.c (createSharedObjects), acl.c and networking.c; each was provoked on a
//          real server.

#pragma once

#include <string>
#include <string_view>

#include "lib/base/error.h"

namespace hail::redis {

enum class Meaning {
    command,  // only this command failed, as far as is known
    passing,  // a state of the server that may pass: nothing was executed, and a later try may succeed
    channel,  // this user may not use the channel
    client,   // nothing of the kind that this client sends will ever be accepted
    login,    // the password is not valid, or no longer
};

Meaning meaning(std::string_view reply);

// The error that a server sends once, before it closes a connection from which it has read nothing.
bool turns_away(std::string_view reply);

// The error that ends a command after an error reply: what was being done, the server's words, and a hint.
// throw_refusal() throws a net::NotReached for a passing state, because another try may succeed, and a
// net::LoginRefused for a login.
base::Error refusal(const std::string& what, std::string_view reply);
[[noreturn]] void throw_refusal(const std::string& what, std::string_view reply);

}  // namespace hail::redis
