#include <csignal>
#include <cstdlib>
#include <string>
#include <vector>

#include "cli/app.h"
#include "cli/options/error_format.h"
#include "cli/output/console.h"
#include "lib/base/standard_descriptors.h"

int main(int argc, char** argv) {
    hail::base::fill_standard_descriptors();
    const std::vector<std::string> words(argv + 1, argv + argc);
    try {
        return static_cast<int>(hail::cli::run(words));
    } catch (const hail::cli::output::OutputClosed&) {
        std::signal(SIGPIPE, SIG_DFL);
        std::raise(SIGPIPE);
        return 128 + SIGPIPE;
    } catch (const hail::base::Error& error) {
        hail::cli::output::write_error(failure_text(error, hail::cli::options::error_format(words)));
        return static_cast<int>(error.exit());
    }
}
