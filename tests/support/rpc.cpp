#include "tests/support/rpc.h"

namespace hail::support {

Script answer(const std::string& body, const std::string& status, const std::string& headers) {
    return {read_request(), send("HTTP/1.1 " + status + "\r\n" + headers +
                                 "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body)};
}

Outcome call(const Peer& peer, std::vector<std::string> more) {
    std::vector<std::string> arguments{"rpc", peer.address("/rpc"), "m"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return hail(arguments);
}

std::string result_reply(const std::string& value) {
    return R"({"jsonrpc":"2.0","id":1,"result":)" + value + "}";
}

std::string error_reply(int code, const std::string& message) {
    return R"({"jsonrpc":"2.0","id":1,"error":{"code":)" + std::to_string(code) + R"(,"message":")" +
           message + "\"}}";
}

}  // namespace hail::support
