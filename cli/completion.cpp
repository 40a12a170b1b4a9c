#include "cli/completion.h"

#include "cli/completion/facts.h"
#include "lib/base/error.h"

namespace hail::cli {

std::string completion_script(std::string_view shell, const std::vector<CompletedCommand>& commands) {
    if (shell == "bash") {
        return completion::bash_script(commands);
    }
    if (shell == "zsh") {
        return completion::zsh_script(commands);
    }
    if (shell == "fish") {
        return completion::fish_script(commands);
    }
    throw base::Error(base::Exit::usage,
                      "making a completion script: unsupported shell '" + std::string(shell) + "'",
                      "write hail --completion bash, zsh or fish");
}

}  // namespace hail::cli
