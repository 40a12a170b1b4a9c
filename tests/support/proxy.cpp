#include "tests/support/proxy.h"

#include <arpa/inet.h>
#include <sys/socket.h>

#include <stdexcept>
#include <string>
#include <utility>

namespace hail::support {

namespace {

// Empty if nothing listens there.
base::Descriptor connect_to(std::uint16_t port) {
    base::Descriptor server(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto* const generic = reinterpret_cast<sockaddr*>(&address);  // as the socket interface requires
    return ::connect(server.number(), generic, sizeof address) == 0 ? std::move(server) : base::Descriptor();
}

Step tunnel(std::uint16_t port) {
    return [port](Connection& connection) {
        const base::Descriptor server = connect_to(port);
        if (!server) {
            throw std::runtime_error("the proxy cannot connect to port " + std::to_string(port));
        }
        connection.pass_on(server);
    };
}

std::string read(Connection& connection, std::size_t count) {
    std::string bytes;
    if (!connection.read_count(count, bytes)) {
        throw std::runtime_error("the client went in the middle of the SOCKS handshake");
    }
    return bytes;
}

std::size_t number(char byte) {
    return static_cast<unsigned char>(byte);
}

void greet(Connection& connection) {
    read(connection, number(read(connection, 2)[1]));  // the login methods of the client
    connection.send({"\x05\x00", 2});                  // none is needed
    const std::string request = read(connection, 5);
    if (request[3] != 3) {
        throw std::runtime_error("the client resolved the name itself");
    }
    const std::string name = read(connection, number(request[4]));
    const std::string port = read(connection, 2);
    Received received;
    received.head = name + ":" + std::to_string(number(port[0]) * 256 + number(port[1]));
    connection.record(std::move(received));
    connection.send({"\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00", 10});
}

}  // namespace

Script http_proxy(std::uint16_t port) {
    return {read_request(), send("HTTP/1.1 200 Connection established\r\n\r\n"), tunnel(port)};
}

Script socks_proxy(std::uint16_t port) {
    return {greet, tunnel(port)};
}

Script damaged_tunnel(std::uint16_t port, std::vector<Damage> damages) {
    return {[port, damages = std::move(damages)](Connection& connection) {
        const base::Descriptor server = connect_to(port);
        bool open = static_cast<bool>(server);
        for (const Damage& damage : damages) {
            if (!open || !connection.pass_on(server, damage.after)) {
                open = false;
                break;
            }
            switch (damage.kind) {
                case Damage::Kind::delay:
                    connection.pause(base::Milliseconds(20));
                    break;
                case Damage::Kind::stall:
                    connection.pause(base::Milliseconds(100));
                    open = false;
                    break;
                case Damage::Kind::reset:
                    connection.reset();
                    open = false;
                    break;
                case Damage::Kind::cut:
                    open = false;
                    break;
            }
        }
        if (open) {
            connection.pass_on(server);
        }
        connection.close();
    }};
}

}  // namespace hail::support
