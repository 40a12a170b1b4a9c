#include <csignal>
#include <cstdlib>
#include <new>
#include <string>
#include <system_error>
#include <vector>

#include "cli/app.h"
#include "cli/options/error_format.h"
#include "cli/output/console.h"
#include "cli/signals.h"
#include "lib/base/descriptors.h"
#include "lib/base/error.h"

namespace {

int report(const hail::base::Error& error, const std::vector<std::string>& words) {
    hail::cli::output::write_error(failure_text(error, hail::cli::options::error_format(words)),
                                   hail::cli::installed_stop());
    return static_cast<int>(error.exit());
}

}  // namespace

int main(int argc, char** argv) {
    using hail::base::Error;
    using hail::base::Exit;
    hail::base::fill_standard_descriptors();
    const std::vector<std::string> words(argv + 1, argv + argc);
    try {
        return static_cast<int>(hail::cli::run(words));
    } catch (const hail::cli::output::OutputClosed&) {
        std::signal(SIGPIPE, SIG_DFL);
        std::raise(SIGPIPE);
        return 128 + SIGPIPE;
    } catch (const Error& error) {
        return report(error, words);
    } catch (const std::bad_alloc&) {
        return report({Exit::system_failed, "out of memory; the state of the current request is unknown"},
                      words);
    } catch (const std::system_error& error) {
        return report({Exit::system_failed, std::string("system call failed: ") + error.what()}, words);
    }
}
