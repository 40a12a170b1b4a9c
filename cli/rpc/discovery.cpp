#include "cli/rpc/discovery.h"

#include <utility>

#include "lib/base/text.h"
#include "lib/json/string.h"
#include "lib/rpc/message.h"

namespace hail::cli::rpc {

namespace {

using base::Error;
using base::Exit;
using hail::rpc::Reply;
using hail::rpc::Way;

constexpr std::int64_t no_such_method = -32601;

// Another way would meet the same.
bool ends_discovery(const Answer& answer) {
    const int status = answer.status();
    const bool is_problem = answer.reply.kind == Reply::Kind::problem;
    return answer.made.result.failure || (is_problem && (status == 401 || status == 403 || status == 407 ||
                                                         (status >= 300 && status < 400)));
}

// The params are a list even if it is empty: some services read params that are missing.
std::string body_of(Way way, const std::string& method) {
    const bool named = !method.empty() && hail::rpc::takes_name(way);
    return hail::rpc::write_request({.method = hail::rpc::method_of(way),
                                     .params = named ? "[" + json::quote(method) + "]" : "[]",
                                     .id = "1"});
}

std::vector<std::string> bodies(std::span<const Way> ways, const std::string& method) {
    std::vector<std::string> all;
    for (const Way way : ways) {
        all.push_back(body_of(way, method));
    }
    return all;
}

}  // namespace

std::vector<std::string> bodies_to_list() {
    return bodies(hail::rpc::ways_to_list(), "");
}

std::vector<std::string> bodies_to_describe(const std::string& method) {
    return bodies(hail::rpc::ways_to_describe(), method);
}

Discovery::Discovery(Caller& caller, http::Request request, output::Console& console)
    : caller_(caller), request_(std::move(request)), console_(console) {}

Answer Discovery::ask(Way way, const std::string& method) {
    request_.body = body_of(way, method);
    view_.doing = "calling " + std::string(hail::rpc::method_of(way));
    Answer answer = caller_.call(request_, "1");
    if (ends_discovery(answer)) {
        require_reply(answer, view_, console_);
    }
    note(answer);
    return answer;
}

void Discovery::note(const Answer& answer) {
    is_service_ = is_service_ || answer.reply.kind != Reply::Kind::problem;
    if (!is_service_ && !no_service_) {
        try {
            require_reply(answer, view_, console_);
        } catch (const Error& error) {
            no_service_ = error;
        }
    }
    if (answer.reply.kind == Reply::Kind::error && answer.reply.error.number() != no_such_method) {
        last_error_ = view_.doing + ": " + one_line(answer.reply.error);
    }
}

void Discovery::throw_none(const std::string& doing, std::span<const Way> tried) const {
    if (!is_service_ && no_service_) {
        throw Error(*no_service_);
    }
    std::vector<std::string_view> names;
    for (const Way way : tried) {
        names.push_back(hail::rpc::method_of(way));
    }
    throw Error(Exit::refused, doing + ": the service has none of " + base::join(names, ", "),
                last_error_.empty() ? "" : "an error that may matter: " + last_error_);
}

void Discovery::print_lines(const std::string& lines) {
    console_.write(console_.to_terminal() ? base::printable(lines) : lines);
}

std::vector<std::string> Discovery::list(bool as_json) {
    for (const Way way : hail::rpc::ways_to_list()) {
        const Answer answer = ask(way, "");
        if (answer.reply.kind != Reply::Kind::result) {
            continue;
        }
        auto names = hail::rpc::method_names(way, answer.reply.result);
        if (!names) {
            continue;
        }
        if (as_json) {
            output::print_value_unchanged(answer.reply.result, output::Strings::as_json, console_);
        } else {
            print_lines(base::join(*names, "\n") + "\n");
        }
        if (way == Way::rpc_modules) {
            console_.say("the service names its modules, but not the methods in them");
            names->clear();
        }
        return *std::move(names);
    }
    throw_none("listing the methods", hail::rpc::ways_to_list());
}

void Discovery::describe(const std::string& method, bool as_json) {
    for (const Way way : hail::rpc::ways_to_describe()) {
        const Answer answer = ask(way, method);
        const auto found = answer.reply.kind == Reply::Kind::result
                               ? hail::rpc::description(way, answer.reply.result, method)
                               : std::nullopt;
        if (found && as_json) {
            output::print_value_unchanged(*found, output::Strings::as_json, console_);
            return;
        }
        if (found) {
            print_lines(hail::rpc::readable(*found, method));
            return;
        }
    }
    throw_none("describing " + base::one_line(method), hail::rpc::ways_to_describe());
}

}  // namespace hail::cli::rpc
