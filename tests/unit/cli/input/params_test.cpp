#include "cli/input/params.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "lib/base/error.h"

using namespace hail;
using namespace hail::cli::input;

namespace {

// The params, or the exit code, message and hint in one line.
std::string of(const std::vector<std::string>& words) {
    Files files;
    try {
        return params_of(words, files);
    } catch (const base::Error& error) {
        return std::to_string(static_cast<int>(error.exit())) + " " + error.what() + " | " + error.hint();
    }
}

std::string whole(const std::string& given) {
    Files files;
    try {
        return whole_params(given, files);
    } catch (const base::Error& error) {
        return std::to_string(static_cast<int>(error.exit())) + " " + error.what() + " | " + error.hint();
    }
}

}  // namespace

TEST_CASE("params: a bare word is JSON if it is valid JSON, otherwise a string") {
    CHECK(of({}).empty());
    CHECK(of({"1", "true", "foo", "null", "1.10", " [1] "}) == R"([1,true,"foo",null,1.10,[1]])");
    CHECK(of({"0x1f", "01", "NaN", "", "a b", "{\"a\":1"}) == R"(["0x1f","01","NaN","","a b","{\"a\":1"])");
    CHECK(of({"{\"a\":\"x=y\"}", "\"a=b\""}) == R"([{"a":"x=y"},"a=b"])");
    CHECK(of({"12345678901234567890123"}) == "[12345678901234567890123]");
}

TEST_CASE("params: an empty name forces one value by position") {
    CHECK(of({"=123", ":=[1, 2]", "=", "=a=b", "=:=1"}) == R"(["123",[1, 2],"","a=b",":=1"])");
    CHECK(of({"=@" HAIL_DATA "/items/text.txt", ":=@" HAIL_DATA "/items/data.json"}) ==
          R"(["line one\nline two\n\n",{"a": 1, "b": [true, null], "a": 2}])");
    CHECK(of({"=\\@alice"}) == R"(["@alice"])");
}

TEST_CASE("params: names with text or JSON build one object") {
    CHECK(of({"a=b", "n:=1.10", "a_b.c-d=", "$x=y"}) == R"({"a":"b","n":1.10,"a_b.c-d":"","$x":"y"})");
    CHECK(of({"a[b][]=1", "a[b][]:=2", "a[x=y]=3"}) == R"({"a":{"b":["1",2],"x=y":"3"}})");
    CHECK(of({"f:=@" HAIL_DATA "/items/data.json"}) == R"({"f":{"a": 1, "b": [true, null], "a": 2}})");
    CHECK(of({"a=x=y", "b=\\@bob"}) == R"({"a":"x=y","b":"@bob"})");
}

TEST_CASE("params: a word that does not begin with a name is a string by position") {
    CHECK(of({"http://x?a=b", "1=2", "-x=1", "a b=c", "a/b=c", "x:y=z", "a[b=c"}) ==
          R"(["http://x?a=b","1=2","-x=1","a b=c","a/b=c","x:y=z","a[b=c"])");
}

TEST_CASE("params: base64 padding is not silently read as a name") {
    CHECK(
        of({"dGVzdA=="}) ==
        "64 param 1: 'dGVzdA==' is ambiguous: 'name==' is a query parameter in hail rest | to pass this text "
        "by position, write '=dGVzdA=='; to pass it by name, write 'dGVzdA:=\"=...\"'");
    CHECK(of({"=dGVzdA=="}) == R"(["dGVzdA=="])");
}

TEST_CASE("params: a name without a value is refused unless another word shows that it is a name") {
    CHECK(of({"ZGQ="}) ==
          "64 param 1: 'ZGQ=' is ambiguous: a name without a value, or text that ends in '=' | to pass this "
          "text "
          "by position, write '=ZGQ='; to pass an empty string by name, write 'ZGQ:=\"\"'");
    CHECK(of({"ZGQ=", "ZGE="}).starts_with("64 param 1: 'ZGQ=' is ambiguous"));
    CHECK(of({"=ZGQ="}) == R"(["ZGQ="])");
    CHECK(of({"ZGQ:=\"\""}) == R"({"ZGQ":""})");
    CHECK(of({"a=b", "note="}) == R"({"a":"b","note":""})");
}

TEST_CASE("params: a bare word that begins like JSON but is not valid is doubted") {
    const auto doubts = [](const std::vector<std::string>& words) { return doubts_about(words); };
    CHECK(doubts({"{\"a\":1"}) ==
          std::vector<std::string>{
              "param 1: '{\"a\":1' is passed as text: it begins like JSON, but is not valid: "
              "the text ends too early at column 7; '=' before it says that it is text"});
    CHECK(doubts({"1", "{a:1}", "['x']", "\"open"}).size() == 3);
    CHECK(doubts({"{\"a\":1}", "[1]", "\"x\"", "={a", "a={b", "text", "1e", ""}).empty());
}

TEST_CASE("params: members beside the params have names, and not those of every request") {
    const auto members = [](const std::vector<std::string>& words) {
        Files files;
        try {
            return members_of(words, files);
        } catch (const base::Error& error) {
            return std::to_string(static_cast<int>(error.exit())) + " " + error.what() + " | " + error.hint();
        }
    };
    CHECK(members({}).empty());
    CHECK(members({"auth=038e", "a[b]:=1.50", "e="}) == R"({"auth":"038e","a":{"b":1.50},"e":""})");
    CHECK(members({"auth"}) == "64 option --member: 'auth' is not a member | write name=TEXT or name:=JSON");
    CHECK(members({"id:=1"}) ==
          "64 option --member: 'id:=1': 'id' is a member of every request | --id, --params and METHOD set "
          "those");
    CHECK(members({"params[]=1"}).starts_with("64 "));
}

TEST_CASE("params: names and positions cannot be mixed") {
    CHECK(of({"1", "a=b"}) ==
          "64 param 2: 'a=b' mixes params by name ('a=b') and by position ('1') | a call has one or the "
          "other; to pass the text by position, write '=a=b'");
    CHECK(of({"a=b", ":=1"})
              .starts_with("64 param 2: ':=1' mixes params by name ('a=b') and by position (':=1')"));
}

TEST_CASE("params: an error names the param and says what to write") {
    CHECK(of({":=tru"}) ==
          "64 param 1: ':=tru' is not JSON: expected a value at column 1 | to pass text, write '=' instead "
          "of ':='");
    CHECK(of({"a:="}).starts_with("64 param 1: 'a:=' is not JSON: expected a value"));
    CHECK(of({"a[-1]=1"}).starts_with("64 param 1: 'a[-1]=1': an index cannot be negative | for the key"));
    CHECK(of({"a=1", "a[b]=1"})
              .starts_with("64 param 2: 'a[b]=1': 'a' is a string, but a key needs an object"));
    CHECK(of({"=@/nowhere"}).starts_with("66 param 1: '=@/nowhere': opening '/nowhere': No such file"));
    CHECK(of({"=\xff"}).starts_with("64 param 1: '=\\xff' is not UTF-8"));
    CHECK(of({"a=@-", "b=@-"}).find("64 ") == 0);
}

TEST_CASE("params: --params must be an array or an object") {
    CHECK(whole(" {\"a\": 1.10, \"a\": 2}\n") == "{\"a\": 1.10, \"a\": 2}");
    CHECK(whole("@" HAIL_DATA "/items/data.json") == R"({"a": 1, "b": [true, null], "a": 2})");
    CHECK(whole("7") ==
          "64 option --params: '7' is a number, but params must be an array or an object | to pass one param "
          "by position, write [7]");
    CHECK(whole("[1,").starts_with(
        "64 option --params: '[1,' is not JSON: the text ends too early at column 4"));
    CHECK(whole("@/nowhere").starts_with("66 "));
}

TEST_CASE("params: a name that is not UTF-8 is refused, as a value is") {
    CHECK(of({"a[\xa1]=0"}).find("has a name that is not UTF-8") != std::string::npos);
    CHECK(of({"a[\xa1]:=0"}).starts_with("64 param 1: "));
}
