#include "lib/net/address.h"

#include <doctest/doctest.h>

#include <fstream>
#include <string>

#include "lib/base/error.h"

using namespace hail;
using net::Address;
using net::AddressRules;

namespace {

std::string unescape(const std::string& text) {
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text.compare(at, 2, "\\x") == 0) {
            out += static_cast<char>(std::stoi(text.substr(at + 2, 2), nullptr, 16));
            at += 3;
        } else {
            out += text[at];
        }
    }
    return out;
}

AddressRules rules_of(const std::string& word) {
    AddressRules rules;
    const auto slash = word.find('/');
    rules.family = word.starts_with("http") ? AddressRules::Family::http : AddressRules::Family::broker;
    rules.default_scheme = slash == std::string::npos ? "" : word.substr(slash + 1);
    return rules;
}

std::string parts(const Address& address) {
    std::string out(net::name(address.scheme));
    out += " " + address.host + " " + std::to_string(address.port);
    const auto add = [&](const char* key, const std::string& value) {
        out += " " + std::string(key) + "=" + value;
    };
    const auto add_if = [&](const char* key, const std::string& value) {
        value.empty() ? void() : add(key, value);
    };
    add_if("path", address.path);
    add_if("query", address.query);
    if (address.user) {
        add("user", *address.user);
    }
    if (address.password) {
        add("password", *address.password);
    }
    add_if("socket", address.unix_socket);
    const bool redis = address.scheme == net::Scheme::redis || address.scheme == net::Scheme::rediss;
    if (redis && net::redis_database(address) != 0) {
        add("db", std::to_string(net::redis_database(address)));
    }
    return out;
}

void check_error(const std::string& text, const AddressRules& rules, const std::string& expected) {
    const auto hint_at = expected.find(" ## ");
    try {
        FAIL_CHECK("parsed as ", parts(net::parse_address(text, rules)));
    } catch (const base::Error& error) {
        const std::string message = error.what();
        CAPTURE(message);
        CAPTURE(error.hint());
        CHECK(error.exit() == base::Exit::usage);
        CHECK(message.find(expected.substr(0, hint_at)) != std::string::npos);
        CHECK_FALSE(error.hint().empty());
        CHECK((hint_at == std::string::npos ||
               error.hint().find(expected.substr(hint_at + 4)) != std::string::npos));
        CHECK(message.find("secret") == std::string::npos);
        CHECK(message.find("cret") == std::string::npos);
    }
}

}  // namespace

TEST_CASE("address: every case in the table of the grammar holds") {
    std::ifstream file(HAIL_DATA "/address.cases");
    REQUIRE(file);
    std::size_t cases = 0;
    for (std::string line; std::getline(file, line);) {
        if (line.empty() || line[0] == '#') {
            continue;
        }
        CAPTURE(line);
        const auto space = line.find(' ');
        const auto arrow = line.find(" => ");
        REQUIRE(arrow != std::string::npos);
        const AddressRules rules = rules_of(line.substr(0, space));
        const std::string text = unescape(line.substr(space + 1, arrow - space - 1));
        const std::string expected = unescape(line.substr(arrow + 4));
        ++cases;
        if (expected.starts_with("error: ")) {
            check_error(text, rules, expected.substr(7));
            continue;
        }
        const Address address = net::parse_address(text, rules);
        CHECK(parts(address) == expected);
        const std::string shown = net::display(address);
        CHECK(net::display(net::parse_address(shown, rules)) == shown);
    }
    CHECK(cases > 100);
}

TEST_CASE("address: the error for an empty one says what to write") {
    CHECK_THROWS_WITH_AS(net::parse_address("", {}), "address '': it is empty", base::Error);
}

TEST_CASE("address: the display masks the password and omits default ports") {
    const AddressRules broker{.family = AddressRules::Family::broker, .default_scheme = {}};
    CHECK(net::display(net::parse_address("http://me:pw@h:80/x?y", {})) == "http://me:***@h/x?y");
    CHECK(net::display(net::parse_address("redis://:pw@h:1/2", broker)) == "redis://:***@h:1/2");
    CHECK(net::display(net::parse_address("a%40b@[fe80::1%eth0]", {})) == "http://a%40b@[fe80::1%25eth0]");
    CHECK(net::display(net::parse_address("unix:///a%20b?db=1", broker)) == "redis+unix:///a%20b?db=1");
}
