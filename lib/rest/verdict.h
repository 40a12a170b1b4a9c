// The verdict on a reply: whether it is complete, its status is a success, and it is as expected.
//
// Throws:  Error with the exit status of the first thing that is wrong.
// Source:  hail(1), EXIT STATUS; RFC 9110 15 (statuses), 10.2.3 (Retry-After), 11.6.1 (WWW-Authenticate).

#pragma once

#include <string>
#include <string_view>

#include "lib/http/call.h"
#include "lib/rest/expectation.h"
#include "lib/rest/reply.h"

namespace hail::rest {

// The conditions under which a whole reply is a success.
struct Terms {
    Expectations expected;
    bool any_status = false;  // the status does not matter, or an expectation judges it
};

// "GET http://localhost:8080/users": the request that was answered, after redirects.
std::string name_of(const http::CallResult& call);

// Throws the failure of the exchange, if it failed.
void throw_on_failure(const http::CallResult& call);

// Throws Error(redirected), Error(client_error) or Error(server_error) for a status that is not a success.
// The hint is used unless the reply itself gives a better one.
void throw_on_status(const http::CallResult& call, const std::string& hint = {});

// Throws Error(bad_reply) for a part of a body that was not asked for, Error(unexpected) for the first
// expectation that fails, else what throw_on_status() throws.
void judge(const Terms& terms, const http::CallResult& call, std::string_view body,
           const std::string& hint = {});

// "the reply says: …" with the beginning of a body, or nothing for an empty one.
std::string quote_reply(std::string_view body);

}  // namespace hail::rest
