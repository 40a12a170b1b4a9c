#include "lib/rpc/discovery.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "lib/base/text.h"

using namespace hail;
using namespace hail::rpc;

namespace {

std::string names(Way way, std::string_view result) {
    const auto found = method_names(way, result);
    return found ? base::join(*found, " ") : "-";
}

std::string describe(Way way, std::string_view result, std::string_view method) {
    const auto found = description(way, result, method);
    return found ? readable(*found, method) : "-";
}

}  // namespace

TEST_CASE("discovery: names come in every shape that services have, and nothing from other shapes") {
    struct Case {
        Way way;
        std::string result;
        std::string names;
    };
    const std::vector<Case> cases{
        {Way::open_rpc, R"({"openrpc":"1.2.6","methods":[{"name":"a.b"},{"name":"c\u0064"}]})", "a.b cd"},
        {Way::open_rpc, R"({"openrpc":"1.2.6","methods":[]})", "-"},
        {Way::open_rpc, R"("rpc.discover is disabled")", "-"},
        {Way::open_rpc, "null", "-"},
        {Way::list_methods, R"(["aria2.addUri","system.listMethods"])", "aria2.addUri system.listMethods"},
        {Way::list_methods, R"([1,2])", "-"},
        {Way::list_methods, R"({"a":1})", "-"},
        {Way::core_describe, R"({"core.get_version":{},"core.mixer.mute":{}})",
         "core.get_version core.mixer.mute"},
        {Way::system_describe, R"({"sdversion":"1.0","procs":[{"name":"sum"}]})", "sum"},
        {Way::system_describe, R"({"services":{"sum":{},"dif":{}}})", "sum dif"},
        {Way::rpc_methods, R"({"methods":["chain_getBlock"],"version":1})", "chain_getBlock"},
        {Way::rpc_modules, R"({"eth":"1.0","net":"1.0"})", "eth_* net_*"},
        {Way::help,
         R"("== Blockchain ==\ngetblock \"hash\" ( verbosity )\ngetblockcount\n\n== Wallet ==\nsend\n")",
         "getblock getblockcount send"},
        {Way::help, R"("method name not recognized")", "-"},
        {Way::help, R"(["getinfo","stop"])", "getinfo stop"},
    };
    for (const Case& one : cases) {
        CAPTURE(one.result);
        CHECK(names(one.way, one.result) == one.names);
    }
}

TEST_CASE("discovery: a description is readable, whatever form it has") {
    const std::string open_rpc =
        R"({"methods":[{"name":"add","summary":"Adds.","description":"Adds two\nnumbers.\n","params":[)"
        R"({"name":"a","required":true,"schema":{"type":"number"}},)"
        R"({"name":"b","schema":{"$ref":"#/x/Num"}}],)"
        R"("result":{"name":"sum","schema":{"type":"number"}}}]})";
    CHECK(describe(Way::open_rpc, open_rpc, "add") ==
          "add(a: number, b?: Num) -> number\nAdds.\nAdds two\nnumbers.\n");
    CHECK(describe(Way::open_rpc, open_rpc, "sub") == "-");
    CHECK(
        describe(
            Way::core_describe,
            R"({"core.seek":{"description":"Seeks.","params":[{"name":"ms"},{"name":"x","default":null}]}})",
            "core.seek") == "core.seek(ms, x = null)\nSeeks.\n");
    CHECK(
        describe(Way::system_describe,
                 R"({"procs":[{"name":"sum","params":[{"name":"a","type":"num"}],"return":{"type":"num"}}]})",
                 "sum") == "sum(a: num) -> num\n");
    CHECK(describe(Way::method_help, R"("Adds.\n\n")", "add") == "Adds.\n");
    CHECK(describe(Way::method_help, R"("")", "add") == "-");
    CHECK(describe(Way::method_signature, R"([["int","string","int"],["int"]])", "f") ==
          "f(string, int) -> int\nf() -> int\n");
    CHECK(describe(Way::method_signature, R"(["int","string"])", "f") == "f(string) -> int\n");
    CHECK(describe(Way::method_signature, R"("undef")", "f") == "-");
}
