// Times two commands in turn, A B A B ..., and prints what A needs of what B needs.
//
// Usage:   pairs RUNS COMMAND-A COMMAND-B
// Shape:   a command is one text, split at spaces; its stdin and stdout are /dev/null, so that a program
//          which knows it may is free to skip its output in neither case. Prints "wall 0.71 cpu 0.52 seconds
//          0.123 elapsed 0.201 peak 12.1": the medians of the ratios of neighbours, which hold on a noisy
//          machine as absolute times do not, of the CPU and the wall time of A, and the most MiB that A had
//          in memory. Exit 1 if a run of either fails.
// Source:  wait4(2), getrusage(2), posix_spawn(3).

#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <sstream>
#include <string>
#include <vector>

namespace {

struct Cost {
    double wall = 0;
    double cpu = 0;
    double peak = 0;  // MiB
};

std::vector<std::string> split(const std::string& text) {
    std::istringstream stream(text);
    std::vector<std::string> words;
    for (std::string word; stream >> word;) {
        words.push_back(word);
    }
    return words;
}

double seconds(const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
}

Cost run(std::vector<std::string> words, char** environment) {
    std::vector<char*> arguments;
    arguments.reserve(words.size() + 1);
    for (auto& word : words) {
        arguments.push_back(word.data());
    }
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t files{};
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    pid_t child = 0;
    int status = 0;
    rusage usage{};
    const auto start = std::chrono::steady_clock::now();
    const int problem = posix_spawnp(&child, arguments[0], &files, nullptr, arguments.data(), environment);
    if (problem != 0 || wait4(child, &status, 0, &usage) != child || status != 0) {
        std::fprintf(stderr, "pairs: %s failed\n", arguments[0]);
        std::exit(1);
    }
    const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - start;
    posix_spawn_file_actions_destroy(&files);
    return {wall.count(), seconds(usage.ru_utime) + seconds(usage.ru_stime),
            static_cast<double>(usage.ru_maxrss) / 1024};
}

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

}  // namespace

int main(int argc, char** argv, char** environment) {
    if (argc != 4) {
        std::fprintf(stderr, "usage: pairs RUNS COMMAND-A COMMAND-B\n");
        return 64;
    }
    const int runs = std::atoi(argv[1]);
    const auto a = split(argv[2]);
    const auto b = split(argv[3]);
    std::vector<double> wall;
    std::vector<double> cpu;
    std::vector<double> seconds_of_a;
    std::vector<double> elapsed_of_a;
    double peak = 0;
    const int warm_ups = runs < 10 ? 0 : 2;  // what is run that seldom is too long for it to matter
    for (int i = -warm_ups; i < runs; ++i) {
        const Cost of_a = run(a, environment);
        const Cost of_b = run(b, environment);
        if (i >= 0) {
            wall.push_back(of_a.wall / of_b.wall);
            cpu.push_back(of_a.cpu / of_b.cpu);
            seconds_of_a.push_back(of_a.cpu);
            elapsed_of_a.push_back(of_a.wall);
            peak = std::max(peak, of_a.peak);
        }
    }
    std::printf("wall %.2f cpu %.2f seconds %.3f elapsed %.3f peak %.1f\n", median(wall), median(cpu),
                median(seconds_of_a), median(elapsed_of_a), peak);
    return 0;
}
