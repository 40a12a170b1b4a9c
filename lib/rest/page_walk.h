// PageWalk fetches a list page by page, judges each page, and follows it to the next.
//
// Shape:   the pages of one origin, in order; a page that was already fetched, or that equals the one before
//          it, ends the walk with an error. So does a series of counted pages that comes twice in a row.
// Throws:  whatever judge() throws for the first page. A later page must also be a success, or the list would
//          look complete.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "lib/http/body_collector.h"
#include "lib/json/path.h"
#include "lib/rest/page_rule.h"
#include "lib/rest/reply.h"
#include "lib/rest/verdict.h"

namespace hail::rest {

struct WalkOptions {
    std::optional<PageRule> rule;       // nothing: the first page is the only one
    std::optional<json::Path> items;    // the path of the elements of a page; nothing: the body itself
    std::uint64_t last_status = 0;      // of a page after the first: the list has ended; 0: none
    std::uint64_t most_pages = 10'000;  // 0: no limit
    enum class AtLimit { stop, fail };
    AtLimit at_limit = AtLimit::stop;
    std::uint64_t max_reply = http::usual_max_reply;
};

class PageWalk {
  public:
    // The terms must outlive the walk.
    PageWalk(Send send, http::Request first, WalkOptions options, const Terms& terms);

    // Fetches the next page, which is valid until the next call; false after the last page.
    bool next();

    const Reply& reply() const { return reply_; }

    // The elements of the page as spans of its body; empty if neither the rule nor an items path needs them.
    const std::vector<std::string_view>& items() const { return items_; }

    std::uint64_t pages() const { return pages_; }  // fetched and judged

    // The next page, if next() stopped at most_pages.
    const std::optional<std::string>& left_out() const { return left_out_; }

  private:
    bool find_next();
    bool fetch_page();  // false: the list has ended
    std::string hint_for_status() const;
    void refuse_repeated() const;
    void refuse_cycle();
    void read_items();

    Send send_;
    http::Request request_;
    WalkOptions options_;
    const Terms& terms_;
    std::set<std::string> seen_;
    Reply reply_;
    std::vector<std::string_view> items_;
    std::vector<std::size_t> hashes_;  // of the bodies of counted pages
    std::uint64_t pages_ = 0;
    std::optional<std::string> left_out_;
};

}  // namespace hail::rest
