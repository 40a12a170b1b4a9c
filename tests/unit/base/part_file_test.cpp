#include "lib/base/part_file.h"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <optional>
#include <string>
#include <thread>

#include "lib/base/error.h"
#include "tests/support/directory.h"

using namespace hail;
using namespace hail::base;

namespace {

std::optional<base::Descriptor> try_open(const std::string& file) {
    try {
        return open_part(file);
    } catch (const base::Error&) {
        return std::nullopt;
    }
}

// Writes the file 300 times, while others do the same; false: a part could not be written or renamed.
bool write_files(const std::string& file, char letter) {
    const std::string part = part_of(file);
    const std::string text(1000, letter);
    for (int written = 0; written < 300;) {
        const auto descriptor = try_open(file);
        if (!descriptor) {
            continue;
        }
        ++written;
        const bool done = ::ftruncate(descriptor->number(), 0) == 0 &&
                          ::write(descriptor->number(), text.data(), text.size()) == 1000 &&
                          std::rename(part.c_str(), file.c_str()) == 0;
        if (!done) {
            return false;
        }
    }
    return true;
}

mode_t mode_of(int descriptor) {
    struct stat facts {};
    REQUIRE(::fstat(descriptor, &facts) == 0);
    return facts.st_mode & 0777U;
}

}  // namespace

TEST_CASE("part: a second writer is refused") {
    const support::TemporaryDirectory folder;
    const base::Descriptor first = open_part(folder.path("f"));
    CHECK_THROWS_WITH_AS(open_part(folder.path("f")),
                         doctest::Contains("f.part: another hail process is writing it"), base::Error);
}

TEST_CASE("part: one that has become the file is not written again") {
    const support::TemporaryDirectory folder;
    const std::string file = folder.path("f");
    bool whole = true;
    std::thread other([&] { whole = write_files(file, 'b'); });
    const bool mine = write_files(file, 'a');
    other.join();
    CHECK(mine);
    CHECK(whole);
    const std::string text = support::read_file(file);
    CHECK(text == std::string(1000, text.front()));
}

TEST_CASE("part: it has the permissions of the file that it replaces") {
    const support::TemporaryDirectory folder;
    const std::string file = folder.file("f", "secret");
    REQUIRE(::chmod(file.c_str(), 0600) == 0);
    CHECK(mode_of(open_part(file).number()) == 0600);
    REQUIRE(::chmod(part_of(file).c_str(), 0644) == 0);  // left over
    CHECK(mode_of(open_part(file).number()) == 0600);
}

TEST_CASE("part: neither a link nor a pipe in its place is written to") {
    const support::TemporaryDirectory folder;
    const std::string precious = folder.file("precious", "precious");
    REQUIRE(::symlink(precious.c_str(), folder.path("f.part").c_str()) == 0);
    CHECK_THROWS_WITH_AS(open_part(folder.path("f")), doctest::Contains("it is a symbolic link"),
                         base::Error);
    REQUIRE(::mkfifo(folder.path("g.part").c_str(), 0600) == 0);
    CHECK_THROWS_WITH_AS(open_part(folder.path("g")), doctest::Contains("it is not a regular file"),
                         base::Error);
}

TEST_CASE("part: a hard link and a file of another user are left alone") {
    const support::TemporaryDirectory folder;
    const std::string victim = folder.file("victim", "keep");
    REQUIRE(::link(victim.c_str(), folder.path("f.part").c_str()) == 0);
    CHECK_THROWS_WITH_AS(open_part(folder.path("f")),
                         doctest::Contains("f.part: it has another name as well"), base::Error);
    CHECK(support::read_file(victim) == "keep");
    if (::geteuid() == 0) {
        REQUIRE(::chown(folder.file("g.part", "").c_str(), 12'345, 12'345) == 0);
        CHECK_THROWS_WITH_AS(open_part(folder.path("g")),
                             doctest::Contains("g.part: it belongs to another user"), base::Error);
    }
}

TEST_CASE("part: a folder that does not exist is an error, not an endless attempt") {
    const support::TemporaryDirectory folder;
    CHECK_THROWS_WITH_AS(open_part(folder.path("none/f")), doctest::Contains("No such file or directory"),
                         base::Error);
}
