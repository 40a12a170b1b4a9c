#include "cli/options/connection.h"
#include "cli/options/group.h"

#include <cstdlib>

#include "cli/options/help.h"
#include "cli/options/login.h"
#include "lib/base/error.h"

#include <doctest/doctest.h>

using namespace hail::cli;
using hail::base::Error;
using hail::base::Milliseconds;

namespace {

struct Sample {
    bool flag = false;
    std::string text;
    std::vector<std::string> list;
    std::optional<Milliseconds> duration;
    int mode = 0;
    std::string address;
    std::vector<std::string> words;
    std::optional<std::string> single;
    std::optional<std::string> maybe;
};

void declare(options::Parser& parser, Sample& sample) {
    options::Group group(parser, "Sample");
    group.flag("-f,--flag", sample.flag, "A flag");
    group.text("-t,--text", sample.text, "TEXT", "A text", "HAIL_TEST_TEXT");
    group.list("-l,--list", sample.list, "WORD", "A list");
    group.duration("--wait", sample.duration, "A duration");
    group.text_once("--single", sample.single, "TEXT", "A text that is given once");
    group.text_or_empty("--maybe", sample.maybe, "TEXT", "A text that may be empty");
    group.choice<int>("--mode", sample.mode, {{"one", 1}, {"two", 2}}, "A choice");
    parser.argument("ADDRESS", sample.address, "An address");
    parser.arguments("WORD", sample.words, "Words");
}

Sample parse(const std::vector<std::string>& words) {
    Sample sample;
    options::Parser parser("hail sample ADDRESS [WORD]...");
    declare(parser, sample);
    parser.parse(words);
    return sample;
}

std::string failure(const std::vector<std::string>& words) {
    try {
        parse(words);
    } catch (const Error& error) {
        return error.what();
    }
    return "none";
}

}  // namespace

TEST_CASE("options: arguments arrive exactly as typed") {
    const Sample sample = parse({"here", "{}", "[a,b]", "", "-5", "%%", "--", "--flag"});
    CHECK(sample.address == "here");
    CHECK(sample.words == std::vector<std::string>{"{}", "[a,b]", "", "-5", "%%", "--flag"});
    CHECK(parse({"here", "{}"}).words == std::vector<std::string>{"{}"});
    CHECK_FALSE(sample.flag);
}

TEST_CASE("options: a value may look like a list, and the last one counts") {
    CHECK(parse({"-t", "{}", "here"}).text == "{}");
    CHECK(parse({"-t", "[1,2]", "here"}).text == "[1,2]");
    CHECK(parse({"-l", "[1,2]", "here"}).list == std::vector<std::string>{"[1,2]"});
    CHECK(parse({"--text=-1", "here"}).text == "-1");
    CHECK(parse({"--text", "-1", "here"}).text == "-1");
    CHECK(parse({"--text=a", "here", "--text", "b"}).text == "b");
}

TEST_CASE("options: an option that counts once cannot be given twice") {
    CHECK(parse({"here", "--single", "{}"}).single == "{}");
    CHECK(failure({"here", "--single", "a", "--single", "b"}) == "option --single: given more than once");
}

TEST_CASE("options: an empty value is refused unless the option allows it") {
    CHECK(failure({"-t", "", "here"}) == "option --text: the value is empty");
    CHECK(failure({"--text=", "here"}) == "option --text: the value is empty");
    CHECK(failure({"--single", "", "here"}) == "option --single: the value is empty");
    CHECK(failure({"-l", "a", "-l", "", "here"}) == "option --list: the value is empty");
    CHECK(failure({"--wait", "", "here"}) == "option --wait: the value is empty");
    CHECK(parse({"--maybe", "", "here"}).maybe == "");
    CHECK(parse({"--maybe=", "here"}).maybe == "");
    CHECK(parse({"--maybe", "--text=", "here"}).maybe == "--text=");
    CHECK(parse({"here", "--", "--text="}).words == std::vector<std::string>{"--text="});
    ::setenv("HAIL_TEST_TEXT", "", 1);
    CHECK(parse({"here"}).text.empty());
    ::unsetenv("HAIL_TEST_TEXT");
}

TEST_CASE("options: a list takes one value at a time") {
    const Sample sample = parse({"-l", "a", "here", "-l", "b", "word"});
    CHECK(sample.list == std::vector<std::string>{"a", "b"});
    CHECK(sample.address == "here");
    CHECK(sample.words == std::vector<std::string>{"word"});
}

TEST_CASE("options: a wrong value is rejected, and the message names a right one") {
    CHECK(parse({"here", "--wait", "2s", "--mode", "two"}).mode == 2);
    CHECK(failure({"here", "--wait", "soon"}) == "option --wait: 'soon' is not a duration");
    CHECK(failure({"here", "--mode", "three"}) == "option --mode: 'three' is not one of one|two");
}

TEST_CASE("options: an unknown option is rejected, and the hint suggests a known one") {
    CHECK(failure({"here", "--flga"}) == "reading the command line: unknown option --flga");
    CHECK(failure({"here", "-x"}) == "reading the command line: unknown option -x");
    CHECK(failure({}) == "reading the command line: missing ADDRESS");
    CHECK(failure({"here", "--text"}).find("reading the command line: --text") == 0);
}

TEST_CASE("options: the environment sets the default of an option") {
    ::setenv("HAIL_TEST_TEXT", "from there", 1);
    CHECK(parse({"here"}).text == "from there");
    CHECK(parse({"here", "-t", "typed"}).text == "typed");
    ::unsetenv("HAIL_TEST_TEXT");
}

TEST_CASE("options: help shows names, values, environment and groups") {
    Sample sample;
    options::Parser parser("hail sample ADDRESS [WORD]...");
    parser.describe("What it does.");
    declare(parser, sample);
    const std::string help = options::help_text(parser);
    CHECK(help.find("Usage: hail sample ADDRESS [WORD]...\n\nWhat it does.\n") == 0);
    CHECK(help.find("\nSample:\n  -f, --flag                      A flag\n") != help.npos);
    CHECK(help.find("  -t, --text TEXT                 A text [HAIL_TEST_TEXT]\n") != help.npos);
    CHECK(help.find("      --mode one|two              A choice\n") != help.npos);
}

TEST_CASE("connection: a secret comes from the option, a file or the environment") {
    const options::Ask nobody = [](const std::string&) { return std::nullopt; };
    options::Connection connection;
    connection.user = "ada:pass:word";
    CHECK(options::login(connection, {}, nobody).credentials.password == "pass:word");
    ::setenv("HAIL_TEST_SECRET", "hidden", 1);
    connection.user = "ada:env:HAIL_TEST_SECRET";
    CHECK(options::login(connection, {}, nobody).credentials.password == "hidden");
    ::unsetenv("HAIL_TEST_SECRET");
    CHECK_THROWS_WITH_AS(static_cast<void>(options::login(connection, {}, nobody)),
                         "option --user: the environment variable HAIL_TEST_SECRET is not set", Error);
    connection.user = "ada";
    CHECK_THROWS_WITH_AS(static_cast<void>(options::login(connection, {}, nobody)),
                         "option --user: no password for ada", Error);
    const options::Ask person = [](const std::string& question) { return question + "?"; };
    CHECK(options::login(connection, {}, person).credentials.password == "Password for ada?");
    connection.user = "ada:@/nowhere/at/all";
    CHECK_THROWS_AS(static_cast<void>(options::login(connection, {}, nobody)), Error);
}
