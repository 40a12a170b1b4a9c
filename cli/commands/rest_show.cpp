#include "cli/commands/rest_show.h"

#include <algorithm>
#include <initializer_list>
#include <string_view>
#include <utility>

#include "cli/options/group.h"
#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/rest/expectation.h"
#include "lib/rest/page_rule.h"

namespace hail::cli::rest {

namespace {

using base::Error;
using base::Exit;

struct Named {
    std::string_view name;
    bool given;
};

void at_most_one(std::initializer_list<Named> options, const std::string& why) {
    std::string both;
    for (const Named& option : options) {
        if (option.given) {
            both += (both.empty() ? "" : " and ") + std::string(option.name);
        }
    }
    if (both.find(' ') != both.npos) {
        throw Error(Exit::usage, "options " + both + ": " + why);
    }
}

void needs(const Named& option, const Named& other) {
    if (option.given && !other.given) {
        throw Error(Exit::usage, "option " + std::string(option.name) + ": it is nothing without " +
                                     std::string(other.name));
    }
}

void check_syntax(const Show& show) {
    for (const auto* texts : {&show.expect, &show.until}) {
        for (const std::string& text : *texts) {
            hail::rest::parse_expectation(text);
        }
    }
    if (show.pick) {
        pick_path(*show.pick);
    }
    if (show.next) {
        hail::rest::parse_next(*show.next);
    }
    if (show.items) {
        hail::rest::parse_items_path(*show.items);
    }
}

}  // namespace

json::Path pick_path(const std::string& text) {
    json::ParsedPath parsed = json::parse_path(text);
    if (parsed.problem) {
        throw Error(Exit::usage,
                    "option --pick: path '" + base::one_line(text) + "': " + parsed.problem->what +
                        " at column " + std::to_string(parsed.problem->begin + 1),
                    parsed.problem->mend);
    }
    return std::move(parsed.path);
}

void check(const Show& show) {
    at_most_one({{"--envelope", show.envelope},
                 {"--pick", show.pick.has_value()},
                 {"--sorted", show.sorted},
                 {"--items", show.items.has_value()}},
                "the reply is shown in one of these ways");
    at_most_one({{"--next", show.next.has_value()},
                 {"--page", show.page.has_value()},
                 {"--offset", show.offset.has_value()}},
                "the next page is found in one of these ways");
    at_most_one({{"--until", !show.until.empty()}, {"--paginate", show.pages()}},
                "a call is repeated for one reason");
    needs({"--array", show.array}, {"--items", show.items.has_value()});
    needs({"--show-secrets", show.show_secrets}, {"--curl", show.curl});
    const bool values = show.pick || show.items;
    needs({"--raw-output", show.raw}, {"--pick or --items", values});
    check_syntax(show);
}

void declare_show(options::Parser& parser, Show& show) {
    options::Group views(parser, "Views");
    views.text_once("--pick", show.pick, "PATH",
                    "Print what the path picks from a JSON reply, a line each: items[][id]");
    views.flag("-r,--raw-output", show.raw, "Print strings that are picked as their text, without quotes");
    views.flag("--sorted", show.sorted, "Sort the members of objects in a JSON reply by name");
    views.flag("--envelope", show.envelope, "Print status, headers, body and times as one JSON object");
    views.text("--headers-to", show.headers_to, "FILE", "Write the reply's head to FILE as well");
    views.flag("--curl", show.curl, "Print the call as a curl command line and send nothing");
    views.flag("--show-secrets", show.show_secrets, "Leave secrets readable in what --curl prints");
    options::Group checks(parser, "Expectations");
    checks.list("--expect", show.expect, "EXPECTATION",
                "End with 10 unless it holds: status==200, header:Name==text, a[b]==JSON; also != < <= > >=");
    checks.list("--until", show.until, "EXPECTATION", "Repeat the call until this holds");
    checks.duration("--every", show.every, "Wait this long between two calls of --until (default 2s)",
                    "HAIL_EVERY");
    checks.duration("--deadline", show.deadline, "Give --until up after this time, with 10 (default 5m)",
                    "HAIL_DEADLINE");
    options::Group pages(parser, "Pages");
    pages.flag("--paginate", show.paginate,
               "Go on with the next page for as long as a Link header names one");
    pages.text("--next", show.next, "PATH",
               "The same, with a URL in the body, links[next], or a cursor, PARAMETER=meta[cursor]");
    pages.text("--page", show.page, "PARAMETER", "The same, with a query parameter that counts pages");
    pages.text("--offset", show.offset, "PARAMETER", "The same, with a query parameter that counts elements");
    pages.text("--items", show.items, "PATH", "Print the elements of the array there, a line each");
    pages.flag("--array", show.array, "Print the elements of --items as one array");
    pages.number("--max-pages", show.most_pages, "Stop after this many pages (default: all)");
}

}  // namespace hail::cli::rest
