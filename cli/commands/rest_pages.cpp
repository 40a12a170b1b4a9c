#include <set>
#include <string>
#include <vector>

#include "cli/commands/rest_judge.h"
#include "cli/commands/rest_perform.h"
#include "cli/input/pages.h"
#include "cli/output/reply_views.h"
#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/http/body_collector.h"

// Many pages of one list.

namespace hail::cli::rest {

using base::Error;
using base::Exit;

namespace {

input::PageRule rule_of(const Show& show) {
    input::PageRule rule;
    if (show.next) {
        return input::parse_next(*show.next);
    }
    if (show.page) {
        rule.kind = input::PageRule::Kind::page;
        rule.parameter = *show.page;
    } else if (show.offset) {
        rule.kind = input::PageRule::Kind::offset;
        rule.parameter = *show.offset;
    }
    return rule;
}

// One list, page by page.
class Pages {
  public:
    explicit Pages(const Performance& performance)
        : performance_(performance),
          show_(performance.options.show),
          rule_(rule_of(show_)),
          elements_(performance.console,
                    show_.array ? output::ElementPrinter::Shape::array : output::ElementPrinter::Shape::lines,
                    strings_of(performance.options)) {
        if (show_.items) {
            path_ = input::parse_items_path(*show_.items);
        }
    }

    void run() {
        http::Request request = performance_.request;
        std::set<std::string> seen{request.url};
        try {
            while (const auto next = take(request)) {
                if (show_.most_pages != 0 && pages_ >= show_.most_pages) {
                    performance_.console.say("stopped at --max-pages; the next page is " + *next);
                    break;
                }
                if (!seen.insert(*next).second) {
                    throw Error(Exit::bad_reply, "reading the page " + base::one_line(request.url) +
                                                     ": its next page was there already");
                }
                request.url = *next;
            }
        } catch (const Error&) {
            finish();
            if (pages_ > 0) {
                performance_.console.say("the list is not whole: it ends behind page " +
                                         std::to_string(pages_));
            }
            throw;
        }
        finish();
    }

  private:
    // Prints one page and says where the next one is. The request becomes the one that was answered.
    std::optional<std::string> take(http::Request& request) {
        http::BodyCollector collector;
        const auto begin = pages_ == 0 ? output::Begin::anew : output::Begin::behind;
        output::FrontReceiver front(collector, performance_.console, show_.headers_to, begin);
        const http::CallResult answer = performance_.make(request, front, {});
        check_failure(performance_, answer);
        const std::string hint =
            collector.body().empty() ? "" : "the reply says: " + base::one_line(collector.body());
        judge(performance_, answer, collector.body(), hint);
        if (pages_ > 0 && !performance_.expect.are_about(input::Expectation::Subject::status)) {
            insist_on_success(answer, hint);  // or the list would look whole
        }
        const std::size_t count = print(answer, collector.body());
        ++pages_;
        request = answer.request;
        return show_.goes_on()
                   ? input::next_page(rule_, {request.url, &answer.result.head, collector.body()}, count)
                   : std::nullopt;
    }

    // The number of elements, where it matters.
    std::size_t print(const http::CallResult& answer, const std::string& body) {
        using Kind = input::PageRule::Kind;
        const bool counts = rule_.kind == Kind::page || rule_.kind == Kind::offset;
        std::vector<std::string_view> items;
        const bool empty = answer.result.head.status() == 204;
        if (!empty && (show_.items || counts)) {
            items = input::page_items(path_, body);
        }
        if (show_.items) {
            for (const std::string_view item : items) {
                elements_.print(item);
            }
            performance_.console.flush();
        } else {
            show(performance_, answer, body);
            if (!show_.pick && !body.ends_with('\n') && !show_.envelope && !show_.sorted &&
                !performance_.console.indents()) {
                performance_.console.write("\n");
            }
        }
        return items.size();
    }

    void finish() {
        if (show_.items) {
            elements_.finish();
        }
        performance_.console.flush();
    }

    const Performance& performance_;
    const Show& show_;
    input::PageRule rule_;
    std::optional<json::Path> path_;
    output::ElementPrinter elements_;
    std::uint64_t pages_ = 0;
};

}  // namespace

void perform_pages(const Performance& performance) {
    Pages(performance).run();
}

}  // namespace hail::cli::rest
