#include "lib/http/failure.h"

#include "lib/base/error.h"
#include "lib/base/text.h"

namespace hail::http {

base::Exit exit_of(int status) {
    if (status >= 500) {
        return base::Exit::server_error;
    }
    if (status >= 400) {
        return base::Exit::client_error;
    }
    return status >= 300 ? base::Exit::redirected : base::Exit::ok;
}

void throw_failure(const Request& request, const net::Failure& failure) {
    throw base::Error(failure.exit, request.method + " " + base::one_line(request.url) + ": " + failure.why,
                      failure.hint);
}

}  // namespace hail::http
