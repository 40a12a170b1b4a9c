#include "cli/input/call_reader.h"

#include <utility>

namespace hail::cli::input {

CallReader::Step CallReader::set_fault(std::string what, Step step) {
    found_.what = std::move(what);
    return step;
}

}  // namespace hail::cli::input
