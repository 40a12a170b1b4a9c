#include "lib/net/netrc.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>

#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/error.h"

using namespace hail;
using net::find_netrc;
using net::Netrc;
using std::nullopt;

namespace {

const std::string file =
    "# comment\n"
    "machine h.example login ann password a1\n"
    "machine H.EXAMPLE\n\tlogin bob\n\tpassword \"b 2\\\"#\"\n"
    "machine token.example password t3\n"
    "macdef init\ncd /pub\nlogin nobody\n\n"
    "machine hash.example login #1 account x password #2 # the rest\n"
    "default login anonymous password me@\n";

std::string failure(const std::string& text) {
    try {
        find_netrc(text, "h");
        return "none";
    } catch (const base::Error& error) {
        return std::string(base::name(error.exit())) + " " + error.what();
    }
}

}  // namespace

TEST_CASE("netrc: the first entry of the host counts") {
    CHECK(find_netrc(file, "h.example") == Netrc{"ann", "a1"});
    CHECK(find_netrc(file, "token.example") == Netrc{nullopt, "t3"});
}

TEST_CASE("netrc: a password is used only with its own login") {
    CHECK(find_netrc(file, "h.example", "bob") == Netrc{"bob", "b 2\"#"});
    CHECK(find_netrc(file, "h.example", "eve") == nullopt);
    CHECK(find_netrc(file, "h.example", "ANN") == nullopt);
    CHECK(find_netrc(file, "token.example", "ann") == nullopt);
}

TEST_CASE("netrc: a host without an entry takes the default") {
    CHECK(find_netrc(file, "other.example") == Netrc{"anonymous", "me@"});
    CHECK(find_netrc(file, "other.example", "anonymous") == Netrc{"anonymous", "me@"});
    CHECK(find_netrc(file, "sub.h.example") == Netrc{"anonymous", "me@"});
    CHECK(find_netrc("machine h login a password b", "other") == nullopt);
}

TEST_CASE("netrc: a hash begins a comment between entries, but is part of a value") {
    CHECK(find_netrc(file, "hash.example") == Netrc{"#1", "#2"});
}

TEST_CASE("netrc: an empty entry is skipped") {
    CHECK(find_netrc("machine h\nmachine h login a password b", "h") == Netrc{"a", "b"});
    CHECK(find_netrc("", "h") == nullopt);
}

TEST_CASE("netrc: an error names the line, but never its words") {
    CHECK(failure("machine h\nlogin a\npasswrd secret") ==
          "bad_input reading netrc: line 3: expected machine, default, login, password, account "
          "or macdef");
    CHECK(failure("machine h login") == "bad_input reading netrc: line 1: 'login' needs a value");
    CHECK(failure("machine h\npassword \"secret\nlogin a") ==
          "bad_input reading netrc: line 2: the quotes are not closed");
}

TEST_CASE("netrc: a file that others may read is not private") {
    std::string path = "/tmp/hail-netrc-XXXXXX";
    const int number = ::mkstemp(path.data());
    REQUIRE(number >= 0);
    ::close(number);
    std::ofstream(path) << "default login a password b\n";
    CHECK(net::read_netrc(path)->is_private);
    ::chmod(path.c_str(), 0644);
    CHECK_FALSE(net::read_netrc(path)->is_private);
    CHECK(net::read_netrc(path)->text == "default login a password b\n");
    ::unlink(path.c_str());
    CHECK_FALSE(net::read_netrc(path).has_value());
}

TEST_CASE("netrc: a byte order mark in front of the file is skipped") {
    CHECK(find_netrc("\xEF\xBB\xBFmachine h login ann password one\r\n", "h")->password == "one");
    CHECK(find_netrc("\xEF\xBB\xBF", "h") == nullopt);
}
