#include "tests/support/rest.h"

#include <utility>

namespace hail::support {

Outcome rest(std::vector<std::string> arguments, std::string input) {
    arguments.insert(arguments.begin(), "rest");
    return hail(std::move(arguments), std::move(input));
}

Outcome rest_in(const TemporaryDirectory& folder, std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "rest");
    Command command = hail_command(std::move(arguments));
    command.directory = folder.path();
    return run(command);
}

Outcome rest_on_terminal(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "rest");
    Command command = hail_command(std::move(arguments));
    command.terminal = Command::Terminal::all;
    return run(command);
}

std::string http_answer(const std::string& body, const std::string& extra, const std::string& status) {
    return "HTTP/1.1 " + status + "\r\n" + extra + "Content-Length: " + std::to_string(body.size()) +
           "\r\n\r\n" + body;
}

std::vector<Script> always(std::function<std::string(const Received&)> give) {
    return {{serve(std::move(give))}};
}

}  // namespace hail::support
