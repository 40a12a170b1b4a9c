// Keeps the RabbitMQ server that all tests of a build share.
//
// Usage:   hail_rabbit_keeper FOLDER start    starts the server in the background, unless it is there already
//          hail_rabbit_keeper FOLDER end      ends it as soon as no test uses it
// Shape:   FOLDER has no more than locks and `ready`, in which the keeper writes where the server is; the
//          server's own folder is temporary. A test that uses the server holds a shared lock on FOLDER/use,
//          which the kernel releases however the test ends. After two minutes without such a lock the server
//          ends, so that it never outlives a run that was aborted. The server ends with its keeper, even if
//          that is killed. FOLDER/keeper is locked by the keeper, FOLDER/start by the test that starts one.

#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <ctime>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>

#include "lib/base/owned.h"
#include "tests/support/directory.h"
#include "tests/support/rabbit_server.h"
#include "tests/support/system_error.h"

namespace {

using hail::base::Descriptor;
using namespace hail::support;

constexpr std::time_t idle_limit = 120;  // seconds
constexpr int look_every = 500;          // milliseconds

Descriptor open_locked_file(const std::string& path) {
    Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (!file) {
        throw_system_error(path);
    }
    return file;
}

// The script, in a session of its own, so that a signal to a terminal does not reach it.
pid_t start_script(const std::string& folder) {
    const pid_t process = ::fork();
    if (process == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        sigset_t none;
        ::sigemptyset(&none);
        ::sigprocmask(SIG_SETMASK, &none, nullptr);
        const int output = ::open((folder + "/script.log").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
        ::dup2(output, STDOUT_FILENO);
        ::dup2(output, STDERR_FILENO);
        ::execlp("sh", "sh", HAIL_TEST_SUPPORT "/rabbit.sh", folder.c_str(), nullptr);
        ::_exit(127);
    }
    if (process < 0) {
        throw_system_error("fork");
    }
    return process;
}

class Keeper {
  public:
    Keeper(std::string places, Descriptor life)
        : places_(std::move(places)), life_(std::move(life)), use_(open_locked_file(places_ + "/use")) {
        prepare_rabbit_folder(directory_.path());
        script_ = start_script(directory_.path());
    }

    // Returns once nobody needs the server, or it has ended.
    void run(const Descriptor& signals) {
        while (!ended() && !may_end()) {
            if (!announced_ && directory_.has("ready")) {
                announce("folder=" + directory_.path() + "\n" + read_file(directory_.path("ready")));
            }
            pollfd entry{signals.number(), POLLIN, 0};
            if (::poll(&entry, 1, look_every) > 0) {
                signalfd_siginfo information{};
                static_cast<void>(::read(signals.number(), &information, sizeof information));
                end_wanted_ = end_wanted_ || information.ssi_signo == SIGTERM;
            }
        }
        if (!announced_) {
            announce("failed=" + read_file(directory_.path("script.log")) + "\n");
        } else {
            std::filesystem::remove(places_ + "/ready");
        }
        ::kill(script_, SIGKILL);
        ::waitpid(script_, nullptr, 0);
        life_ = {};  // before the lock on `use`: who waits for that may start a keeper
    }

  private:
    bool ended() {
        const bool gone = ::waitpid(script_, nullptr, WNOHANG) == script_;
        script_ = gone ? 0 : script_;
        return gone;
    }

    // If so, the lock keeps those out who come now.
    bool may_end() {
        if (::flock(use_.number(), LOCK_EX | LOCK_NB) != 0) {
            last_use_ = std::time(nullptr);
            return false;
        }
        struct stat file {};
        ::fstat(use_.number(), &file);
        last_use_ = std::max(last_use_, file.st_mtime);
        if (end_wanted_ || std::time(nullptr) - last_use_ > idle_limit) {
            return true;
        }
        ::flock(use_.number(), LOCK_UN);
        return false;
    }

    void announce(const std::string& text) {
        std::ofstream(places_ + "/ready.new") << text;
        std::filesystem::rename(places_ + "/ready.new", places_ + "/ready");
        announced_ = true;
    }

    std::string places_;
    Descriptor life_;
    Descriptor use_;
    TemporaryDirectory directory_;
    pid_t script_ = 0;
    std::time_t last_use_ = std::time(nullptr);
    bool announced_ = false;
    bool end_wanted_ = false;
};

Descriptor signals_as_descriptor() {
    sigset_t set;
    ::sigemptyset(&set);
    for (const int number : {SIGTERM, SIGINT, SIGHUP}) {
        ::sigaddset(&set, number);
    }
    ::sigprocmask(SIG_BLOCK, &set, nullptr);
    return Descriptor(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
}

// Of a keeper that was killed.
void remove_traces(const std::string& places) {
    std::string line;
    std::ifstream ready(places + "/ready");
    std::getline(ready, line);
    if (line.starts_with("folder=")) {
        std::filesystem::remove_all(line.substr(line.find('=') + 1));
    }
    std::filesystem::remove(places + "/ready");
}

int start(const std::string& places) {
    if (!RabbitServer::is_installed()) {
        std::cout << "rabbitmq-server is not installed: its tests are left out\n";
        return 0;
    }
    std::filesystem::create_directories(places);
    Descriptor life = open_locked_file(places + "/keeper");
    if (::flock(life.number(), LOCK_EX | LOCK_NB) != 0) {
        return 0;
    }
    remove_traces(places);
    const pid_t process = ::fork();
    if (process != 0) {
        return process < 0 ? 1 : 0;
    }
    ::setsid();
    const Descriptor nothing(::open("/dev/null", O_RDWR | O_CLOEXEC));
    for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        ::dup2(nothing.number(), stream);
    }
    const Descriptor signals = signals_as_descriptor();
    std::ofstream(places + "/pid") << ::getpid();
    Keeper(places, std::move(life)).run(signals);
    return 0;
}

// Only the keeper that still holds its lock is meant by the number.
int end(const std::string& places) {
    const Descriptor life = open_locked_file(places + "/keeper");
    if (::flock(life.number(), LOCK_EX | LOCK_NB) == 0) {
        return 0;
    }
    pid_t process = 0;
    std::ifstream(places + "/pid") >> process;
    return process <= 0 || ::kill(process, SIGTERM) == 0 ? 0 : 1;
}

}  // namespace

int main(int count, char** words) {
    const std::string what = count == 3 ? words[2] : "";
    try {
        if (what == "start") {
            return start(words[1]);
        }
        if (what == "end") {
            return std::filesystem::exists(words[1]) ? end(words[1]) : 0;
        }
        std::cerr << "usage: hail_rabbit_keeper FOLDER start|end\n";
    } catch (const std::exception& error) {
        std::cerr << error.what() << '\n';
    }
    return 1;
}
