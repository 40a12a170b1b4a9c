// Reports on stderr what happens between the exchanges of a call: redirects, and waits before retries.

#pragma once

#include "cli/output/console.h"
#include "lib/http/call.h"

namespace hail::cli::output {

class CallLog : public http::CallEvents {
  public:
    CallLog(Console& console, const http::RetryOptions& retry) : console_(console), retry_(retry) {}

    void redirected(const http::Redirect& next, int status) override;
    void retrying(const http::Attempt& attempt, const http::Result& result,
                  base::Milliseconds delay) override;

  private:
    Console& console_;
    http::RetryOptions retry_;
};

}  // namespace hail::cli::output
