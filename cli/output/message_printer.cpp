#include "cli/output/message_printer.h"

#include "lib/base/text.h"

namespace hail::cli::output {

void MessagePrinter::take(const pubsub::Message& message) {
    line_.clear();
    format_.append(line_, message);
    if (console_.to_terminal()) {
        console_.write(base::printable(line_));
    } else {
        console_.write(line_);
    }
}

void MessagePrinter::ready() {
    ready_.send();
    console_.say("subscribed to " + std::to_string(names_) +
                 (names_ == 1 ? " channel" : " channels or patterns"));
}

}  // namespace hail::cli::output
