#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <csignal>

int main(int argc, char** argv) {
    std::signal(SIGPIPE, SIG_IGN);  // as hail does: a closed pipe is an error in the call that meets it
    return doctest::Context(argc, argv).run();
}
