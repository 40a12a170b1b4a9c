#include <span>

#include "cli/input/call_reader.h"
#include "cli/input/files.h"
#include "cli/input/params.h"
#include "cli/input/records.h"
#include "cli/input/words.h"
#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/rpc/message.h"

namespace hail::cli::input {

namespace {

constexpr std::size_t most_line_bytes = std::size_t{64} << 20U;

class LineCalls : public CallReader {
  public:
    explicit LineCalls(std::string method) : method_(std::move(method)) {}

    void feed(std::string_view bytes) override { lines_.feed(bytes); }

    void finish() override {
        lines_.finish();
        ended_ = true;
    }

    Step next(std::uint64_t id) override {
        found_.text = {};
        found_.outline = nullptr;
        try {
            while (const auto line = lines_.next()) {
                const std::string_view words = base::trim(*line);
                if (!words.empty()) {
                    found_.line = lines_.number();
                    found_.column = static_cast<std::uint64_t>(words.data() - line->data()) + 1;
                    return make_call(words, id);
                }
            }
        } catch (const base::Error& error) {  // a line that is too large
            found_.line = lines_.number() + 1;
            found_.column = 1;
            return set_fault(error.what(), Step::broken);
        }
        return ended_ ? Step::end : Step::more;
    }

  private:
    Step make_call(std::string_view line, std::uint64_t id) {
        if (method_.empty() && std::string_view("{[\"#").find(line.front()) != std::string_view::npos) {
            return set_fault(std::string("a method cannot begin with '") + line.front() +
                             "'; --from json reads the input as JSON");
        }
        const auto words = words_of(line);
        if (!words) {
            return set_fault("it ends within a string, an array or an object");
        }
        if (!base::is_utf8(line)) {
            return set_fault("it is not UTF-8");
        }
        const std::span<const std::string> params(*words);
        try {
            call_ = rpc::write_request({.method = method_.empty() ? params.front() : method_,
                                        .params = params_of(params.subspan(method_.empty() ? 1 : 0), none_),
                                        .id = std::to_string(id)});
        } catch (const base::Error& error) {  // one wrong line does not end the command
            return set_fault(error.what() + (error.hint().empty() ? "" : "; " + error.hint()));
        }
        found_.text = call_;
        return Step::call;
    }

    std::string method_;
    Files none_ = Files::forbidden();  // lines may not name any files
    Records lines_{Framing::lines, most_line_bytes};
    bool ended_ = false;
    std::string call_;
};

}  // namespace

std::unique_ptr<CallReader> line_calls(const std::string& method) {
    return std::make_unique<LineCalls>(method);
}

}  // namespace hail::cli::input
