#include "lib/bulk/outcome.h"

namespace hail::bulk {

std::string_view name(Outcome outcome) {
    switch (outcome) {
        case Outcome::open:
            return "open";
        case Outcome::ok:
            return "ok";
        case Outcome::error:
            return "error";
        case Outcome::not_sent:
            return "not-sent";
        case Outcome::refused:
            return "refused";
        case Outcome::unknown:
            return "unknown";
    }
    return "open";
}

}  // namespace hail::bulk
