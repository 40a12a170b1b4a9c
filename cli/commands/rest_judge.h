#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/http/call.h"
#include "lib/http/message.h"
#include "lib/rest/expectation.h"

// What a reply has to be like to count as a success: whole, of a good status, and as --expect says.
//
// Throws:  Error with the exit status of what is wrong.

namespace hail::cli::rest {

struct Performance;

// Those of --expect, or of --until. Throws: Error(usage) for one that is none.
class Expectations {
  public:
    explicit Expectations(const std::vector<std::string>& typed);

    bool empty() const { return all_.empty(); }
    bool are_about(hail::rest::Expectation::Subject subject) const;

    // What the first one that does not hold found instead; none if all hold.
    std::optional<std::string> disappointment(const http::ReplyHead& head, std::string_view body) const;

  private:
    std::vector<hail::rest::Expectation> all_;
};

// "GET http://localhost:8080/users", as it was answered.
std::string name_of(const http::CallResult& answer);

// Throws the failure of an exchange, if there is one.
void check_failure(const Performance& performance, const http::CallResult& answer);

// Throws Error(redirected) and its like for a status that is no success, whatever is asked for.
void insist_on_success(const http::CallResult& answer, const std::string& hint = {});

// Whether a status that is no success is none of our business.
bool takes_any_status(const Performance& performance);

// Throws Error(unexpected) for what does not hold, and unless a status was expected what insist_on_success() throws.
void judge(const Performance& performance, const http::CallResult& answer, std::string_view body,
           const std::string& hint = {});

}  // namespace hail::cli::rest
