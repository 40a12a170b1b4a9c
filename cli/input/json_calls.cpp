#include <optional>
#include <utility>

#include "cli/input/call_reader.h"
#include "lib/json/split.h"
#include "lib/rpc/message.h"

namespace hail::cli::input {

namespace {

class JsonCalls : public CallReader {
  public:
    explicit JsonCalls(std::string method) : method_(std::move(method)), splitter_(options(method_)) {}

    void feed(std::string_view bytes) override { splitter_.feed(bytes); }
    void finish() override { splitter_.finish(); }

    Step next(std::uint64_t id) override {
        const json::Splitter::Step step =
            delayed_ ? *std::exchange(delayed_, std::nullopt) : splitter_.next();
        if (step != json::Splitter::Step::more) {
            if (const auto skipped = splitter_.take_skipped(); skipped.first > 0) {
                delayed_ = step;
                return report(skipped);
            }
        }
        found_.text = {};
        found_.line = splitter_.line();
        found_.column = splitter_.column();
        switch (step) {
            case json::Splitter::Step::value:
                break;
            case json::Splitter::Step::problem:
                return problem();
            case json::Splitter::Step::more:
                return Step::more;
            case json::Splitter::Step::end:
                return Step::end;
        }
        found_.text = splitter_.value();
        found_.outline = &splitter_.outline();
        return method_.empty() ? Step::call : make_call(id);
    }

  private:
    static json::SplitOptions options(const std::string& method) {
        json::SplitOptions options;
        options.encoding = json::Encoding::any;
        options.shape =
            method.empty() ? json::SplitOptions::Shape::detect : json::SplitOptions::Shape::values;
        return options;
    }

    // Lines that may have been calls: it must not look as if they had never been there.
    Step report(const json::Splitter::Skipped& skipped) {
        found_.text = {};
        found_.line = skipped.first;
        found_.column = 1;
        const std::string lines = skipped.first == skipped.last
                                      ? "it is skipped"
                                      : "the lines up to " + std::to_string(skipped.last) + " are skipped";
        return set_fault(lines + ": after a fault, reading resumes at a line that begins with '{'" +
                         (method_.empty() ? "" : " or '['"));
    }

    Step problem() {
        std::string what = splitter_.what();
        if (splitter_.resume(method_.empty() ? "{" : "{[")) {
            return set_fault(std::move(what));
        }
        return set_fault(std::move(what) + "; the rest of the array cannot be read", Step::broken);
    }

    Step make_call(std::uint64_t id) {
        const json::Kind kind = json::kind(found_.text);
        if (kind != json::Kind::array && kind != json::Kind::object) {
            return set_fault("params must be an array or an object, not " +
                             std::string(json::name_with_article(kind)));
        }
        call_ = rpc::write_request({.method = method_, .params = found_.text, .id = std::to_string(id)});
        found_.text = call_;
        found_.outline = nullptr;
        return Step::call;
    }

    std::string method_;
    json::Splitter splitter_;
    std::optional<json::Splitter::Step> delayed_;  // after the report of skipped lines
    std::string call_;
};

}  // namespace

std::unique_ptr<CallReader> json_calls(const std::string& method) {
    return std::make_unique<JsonCalls>(method);
}

}  // namespace hail::cli::input
