#include "cli/output/ready_signal.h"

#include <fcntl.h>
#include <unistd.h>

#include <string_view>
#include <utility>

#include "lib/base/error.h"
#include "lib/base/text.h"

namespace hail::cli::output {

ReadySignal::ReadySignal(const std::string& number) {
    if (number.empty()) {
        return;
    }
    const auto parsed = base::parse_number(number);
    descriptor_ = parsed && *parsed < 1'000'000 ? static_cast<int>(*parsed) : -1;
    if (descriptor_ < 0 || ::fcntl(descriptor_, F_GETFD) < 0) {
        throw base::Error(base::Exit::usage,
                          "option --ready-fd: '" + base::one_line(number) + "' is not an open descriptor",
                          "open it in the shell, as in 9> ready");
    }
}

void ReadySignal::send() {
    if (descriptor_ < 0) {
        return;
    }
    constexpr std::string_view text = "ready\n";
    // A failure is ignored: the reader may have gone away.
    [[maybe_unused]] const auto written = ::write(descriptor_, text.data(), text.size());
    if (descriptor_ > STDERR_FILENO) {
        ::close(descriptor_);
    }
    descriptor_ = -1;
}

}  // namespace hail::cli::output
