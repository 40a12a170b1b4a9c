#include "lib/http/loose_text.h"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

using hail::http::mask_loose_text;

TEST_CASE("loose text: secrets are masked in whatever form they come") {
    const std::vector<std::pair<std::string, std::string>> all{
        {"password=LEAK&a=1", "password=***&a=1"},
        {"a=1&pass%77ord=LEAK", "a=1&pass%77ord=***"},
        {"user=ada password=LEAK LEAK\na=1", "user=ada password=***\na=1"},
        {R"({"password":"LEAK",})", R"({"password":"***",})"},
        {R"({"password" : "LE\"AK", "a":1)", R"({"password" : "***", "a":1)"},
        {R"({"password":"LEAK)", R"({"password":"***)"},
        {R"({"token":LEAK,"a":1,})", R"({"token":***,"a":1,})"},
        {R"({"token":{"x":["LEAK"]},"a":1,})", R"({"token":***,"a":1,})"},
        {R"({"token":["LEAK")", R"({"token":***)"},
        {R"({"a":"{\"password\":\"LEAK\"}",})", R"({"a":"{\"password\":\"***\"}",})"},
        {"{'password': 'LEAK', a: 1}", "{'password': '***', a: 1}"},
        {"{password: LEAK}", "{password: ***}"},
        {"db:\n  password: LEAK\n  name: x\n", "db:\n  password: ***\n  name: x\n"},
        {"API_KEY=LEAK\nNAME=x", "API_KEY=***\nNAME=x"},
        {R"({"password":"LEAK"} {"password":"LEAK"})", R"({"password":"***"} {"password":"***"})"},
        {"see https://ann:LEAK@host/?sig=LEAK.", "see https://ann:***@host/?sig=***"},
    };
    for (const auto& [given, shown] : all) {
        const std::string text = given;
        CAPTURE(text);
        CHECK(mask_loose_text(text) == shown);
    }
}

TEST_CASE("loose text: all other text stays") {
    for (const std::string text : {"", "password", "password=", "\"password\":", "{\"code\":404,}",
                                   "no news: here", "a=1&b=2", "{\"password\":\"\",}"}) {
        CAPTURE(text);
        CHECK(mask_loose_text(text) == text);
    }
}
