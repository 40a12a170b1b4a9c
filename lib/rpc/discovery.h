// Reads the answers of a service to questions about its methods. Each kind of service is asked in its own
// way.
//
// Shape:   a way is a method to call; its result is JSON that json::check() accepted. Names and texts are
//          decoded UTF-8 in the order of the service, not yet safe for a terminal.
// Throws:  nothing; a result of another shape gives nothing.
// Source:  OpenRPC (rpc.discover); XML-RPC introspection (system.listMethods, system.methodHelp,
//          system.methodSignature); JSON-RPC 1.1 working draft (system.describe); Mopidy (core.describe);
//          Substrate (rpc_methods); Ethereum (rpc_modules); Bitcoin Core (help).

#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hail::rpc {

enum class Way {
    open_rpc,
    list_methods,
    core_describe,
    system_describe,
    method_help,
    method_signature,
    rpc_methods,
    rpc_modules,
    help,
};

std::string_view method_of(Way way);

// In the order in which to try them.
std::span<const Way> ways_to_list();
std::span<const Way> ways_to_describe();

// Whether the way takes the name of the method to describe as its param.
bool takes_name(Way way);

// The names of the methods. A service that names only its modules gives "eth_*".
std::optional<std::vector<std::string>> method_names(Way way, std::string_view result);

// The part of the result that describes one method.
std::optional<std::string_view> description(Way way, std::string_view result, std::string_view method);

// A description as lines for a person: "add(a: number, b?: number) -> number", the summary, the explanation.
std::string readable(std::string_view description, std::string_view method);

}  // namespace hail::rpc
