#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/options/parser.h"
#include "lib/base/deadline.h"
#include "lib/json/path.h"

// What hail rest makes of a reply, and how often it asks: views of it, expectations, pages. Options alone.

namespace hail::cli::rest {

struct Show {
    std::string headers_to;  // a file; empty: none
    bool envelope = false;
    bool sorted = false;
    bool raw = false;
    std::optional<std::string> pick;  // a path
    bool curl = false;
    bool show_secrets = false;

    std::vector<std::string> expect;
    std::vector<std::string> until;
    std::optional<base::Milliseconds> every = base::Milliseconds(2'000);
    std::optional<base::Milliseconds> deadline = base::Milliseconds(300'000);

    bool paginate = false;
    std::optional<std::string> next;    // [PARAMETER=]PATH
    std::optional<std::string> page;    // a parameter
    std::optional<std::string> offset;  // a parameter
    std::optional<std::string> items;   // a path
    bool array = false;
    std::uint64_t most_pages = 0;  // 0: all of them

    bool judges() const { return !expect.empty() || !until.empty(); }
    bool views() const { return envelope || sorted || pick || !headers_to.empty(); }
    bool goes_on() const { return paginate || next || page || offset; }
    bool pages() const { return goes_on() || items; }
};

void declare_show(options::Parser& parser, Show& show);

json::Path pick_path(const std::string& text);

// Throws: Error(usage) for options that say no one thing together, and for expectations and paths that are none.
void check(const Show& show);

}  // namespace hail::cli::rest
