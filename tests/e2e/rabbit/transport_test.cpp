#include <sstream>
#include <string>
#include <vector>

#include "tests/e2e/rabbit/shared_rabbit.h"
#include "tests/support/certificates.h"
#include "tests/support/proxy.h"

// The same exchange of messages on every way to the broker.

using namespace hail::support;

namespace {

struct Transport {
    std::string name;
    std::string address;
    std::vector<std::string> options;
};

Outcome hail_by(const Transport& transport, std::vector<std::string> words, const std::string& input = {}) {
    words.insert(words.begin() + 1, transport.address);
    words.insert(words.end(), transport.options.begin(), transport.options.end());
    return rabbit_hail(words, input);
}

// Every line begins with its time.
std::string without_times(const std::string& captured) {
    std::istringstream lines(captured);
    std::string text;
    for (std::string line; std::getline(lines, line);) {
        text += line.substr(line.find(",\"channel\"")) + "\n";
    }
    return text;
}

// Messages are refused, delivered, acknowledged, captured and replayed.
void check_transport(const RabbitServer& server, const Transport& transport) {
    CAPTURE(transport.name);
    const RabbitQueue queue(server, "ways");
    const std::string lines = R"({"channel":")" + queue + R"(","payload":")" + std::string(300'000, 'x') +
                              R"("}
{"channel":")" + queue + R"(-missing","payload":"lost"}
{"channel":")" + queue + R"(","payload_base64":"AP8=","properties":{"headers":{"n":7},"type":"t"}}
)";
    const Outcome sent = hail_by(transport, {"publish", "-", "--json"}, lines);
    CHECK_MESSAGE(sent.code == 1, sent.err);
    CHECK_MESSAGE(mentions(sent.err, "input line 2: "), sent.err);
    CHECK_MESSAGE(mentions(sent.err, "no queue '" + queue + "-missing'"), sent.err);
    const std::vector<std::string> capture{"subscribe", queue, "--json", "--count", "2"};
    const Outcome first = hail_by(transport, capture);
    CHECK_MESSAGE(first.code == 0, first.err);
    CHECK(
        mentions(first.out,
                 R"("properties":{"headers":{"n":7},"delivery_mode":2,"type":"t"},"payload_base64":"AP8=")"));
    const Outcome replayed = hail_by(transport, {"publish", "-", "--json"}, first.out);
    CHECK_MESSAGE(replayed.code == 0, replayed.err);
    const Outcome second = hail_by(transport, capture);
    const bool equal = without_times(second.out) == without_times(first.out);  // nothing came again
    CHECK_MESSAGE(equal, second.err);
}

}  // namespace

TEST_CASE("rabbit transport: plain, TLS and client certificates carry the same messages") {
    const RabbitServer server;
    const Certificates& pems = server.certificates();
    const std::vector<std::string> trust{"--cacert", pems.ca.string()};
    const std::vector<std::string> certificate{
        "--cacert", pems.ca.string(), "--cert", pems.client.string(), "--key", pems.client_key.string()};
    const std::string nobody = "amqps://localhost:" + std::to_string(server.tls_port());
    check_transport(server, {"plain", server.address(), {}});
    check_transport(server, {"TLS", server.tls_address(), trust});
    check_transport(server, {"EXTERNAL", nobody, certificate});
    check_transport(server, {"EXTERNAL on demand", nobody + "?auth_mechanism=external", certificate});
    check_transport(server, {"a certificate and a user", server.tls_address(), certificate});
}

TEST_CASE("rabbit transport: SOCKS and HTTP proxies carry the same messages, plain and with TLS") {
    const RabbitServer server;
    for (const bool tls : {false, true}) {
        const std::uint16_t port = tls ? server.tls_port() : server.port();
        const std::string address = tls ? server.tls_address() : server.address();
        const std::string target = "localhost:" + std::to_string(port);
        const std::string ca = server.certificates().ca.string();
        Peer http({http_proxy(port)}, Peer::Others::repeat);
        check_transport(server, {tls ? "TLS by HTTP" : "HTTP",
                                 address,
                                 {"--cacert", ca, "--proxy", "http://" + http.address("")}});
        CHECK(mentions(http.received().front().head, "CONNECT " + target));
        Peer socks({socks_proxy(port)}, Peer::Others::repeat);
        check_transport(server, {tls ? "TLS by SOCKS" : "SOCKS",
                                 address,
                                 {"--cacert", ca, "--proxy", "socks5h://" + socks.address("")}});
        CHECK(socks.received().front().head == target);
    }
}
