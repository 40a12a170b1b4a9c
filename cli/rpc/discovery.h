// Asks a service for its methods, in each of the ways that services know, until one has an answer.
//
// Throws:  Error(refused) if the service offers none of them; the errors of require_reply() if the address is
//          not a JSON-RPC service, a login is missing or an exchange failed.
// Source:  hail-rpc(1), DISCOVERY.

#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "cli/output/console.h"
#include "cli/rpc/caller.h"
#include "cli/rpc/view.h"
#include "lib/base/error.h"
#include "lib/http/message.h"
#include "lib/rpc/discovery.h"

namespace hail::cli::rpc {

// The bodies of the requests that list the methods, or describe one, in their order.
std::vector<std::string> bodies_to_list();
std::vector<std::string> bodies_to_describe(const std::string& method);

class Discovery {
  public:
    // The request has everything but its body. The caller and the console must outlive the discovery.
    Discovery(Caller& caller, http::Request request, output::Console& console);

    // Prints the names, one per line, or as JSON the whole answer. Returns the names of methods, none if the
    // service names only its modules.
    std::vector<std::string> list(bool as_json);

    // Prints what the service says about a method.
    void describe(const std::string& method, bool as_json);

  private:
    Answer ask(hail::rpc::Way way, const std::string& method);
    void note(const Answer& answer);
    [[noreturn]] void throw_none(const std::string& doing, std::span<const hail::rpc::Way> tried) const;
    void print_lines(const std::string& lines);

    Caller& caller_;
    http::Request request_;
    output::Console& console_;
    View view_;
    bool is_service_ = false;                // some answer was JSON-RPC
    std::optional<base::Error> no_service_;  // why the first one was not
    std::string last_error_;                 // one that does not say that there is no such method
};

}  // namespace hail::cli::rpc
