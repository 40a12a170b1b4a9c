#include "cli/input/call_reader.h"
#include "cli/input/csv.h"
#include "lib/base/text.h"
#include "lib/rpc/message.h"

namespace hail::cli::input {

namespace {

class TableCalls : public CallReader {
  public:
    TableCalls(std::string method, const ParamsTemplate& params)
        : method_(std::move(method)), template_(params) {}

    void feed(std::string_view bytes) override { csv_.feed(bytes); }
    void finish() override { csv_.finish(); }

    Step next(std::uint64_t id) override {
        found_.text = {};
        const Csv::Step step = csv_.next();
        found_.line = csv_.line();
        found_.column = csv_.column();
        switch (step) {
            case Csv::Step::record:
                break;
            case Csv::Step::more:
                return Step::more;
            case Csv::Step::end:
                return columns_ > 0
                           ? Step::end
                           : set_fault("the table is empty; its first line names the columns", Step::refused);
            case Csv::Step::fault:
                return set_fault(csv_.what(), columns_ > 0 ? Step::fault : Step::refused);
        }
        if (columns_ == 0) {
            columns_ = csv_.fields().size();
            std::string problem = template_.bind(csv_.fields());
            return problem.empty() ? next(id) : set_fault(std::move(problem), Step::refused);
        }
        return make_call(id);
    }

  private:
    Step make_call(std::uint64_t id) {
        const std::size_t count = csv_.fields().size();
        if (count != columns_) {
            return set_fault("the record has " + std::to_string(count) + " fields, but the table has " +
                             std::to_string(columns_) + " columns");
        }
        std::string problem = template_.fill(csv_.fields(), params_);
        if (!problem.empty()) {
            return set_fault(std::move(problem));
        }
        call_ = rpc::write_request({.method = method_, .params = params_, .id = std::to_string(id)});
        found_.text = call_;
        return Step::call;
    }

    std::string method_;
    ParamsTemplate template_;
    Csv csv_;
    std::size_t columns_ = 0;  // 0: the first line has not been read
    std::string params_;
    std::string call_;
};

}  // namespace

std::unique_ptr<CallReader> table_calls(const std::string& method, const ParamsTemplate& params) {
    return std::make_unique<TableCalls>(method, params);
}

}  // namespace hail::cli::input
